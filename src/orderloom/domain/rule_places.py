"""The places where rules are asked: a closed set. Each next one is an entry here and a verb that carries it out."""

from __future__ import annotations

from collections.abc import Mapping

from orderloom.domain.limits import UNITS_MAX
from orderloom.domain.phase import AXES
from orderloom.domain.rule import OutcomeColumn, RulePlace, RuleTrait, TraitType
from orderloom.domain.words import Words

REVIEW, MERGE, SPLIT = "review", "merge", "split"
MERGES = "merges"
WEIGHT_MAX, VOLUME_MAX, BY_GROUP = "weight_max_g", "volume_max_cm3", "by_group"
BEFORE = "orders_before"
GIFT, UNITS, ONCE, KEEP, WAITS = "gift", "units", "once_per_buyer", "keep", "waits"
ORDER_TRAITS = (
    RuleTrait("channel", TraitType.TEXT, Words("渠道", "Channel"), "a_channel"),
    RuleTrait("shop", TraitType.TEXT, Words("店铺", "Shop"), "s1"),
    RuleTrait("currency", TraitType.TEXT, Words("币种", "Currency"), "CNY"),
    RuleTrait("payment", TraitType.TEXT, Words("付款状态", "Payment"), "paid", tuple(AXES["payment"])),
    RuleTrait("total", TraitType.MONEY, Words("订单金额", "Order total"), 12900),
    RuleTrait("paid", TraitType.MONEY, Words("实付金额", "Amount paid"), 12900),
    RuleTrait("freight", TraitType.MONEY, Words("运费", "Freight"), 800),
    RuleTrait("discount", TraitType.MONEY, Words("优惠", "Discount"), 0),
    RuleTrait("tax", TraitType.MONEY, Words("税费", "Tax"), 0),
    RuleTrait("goods", TraitType.MONEY, Words("货款", "Price of the goods"), 12100),
    RuleTrait("quantity", TraitType.NUMBER, Words("件数", "Units"), 2),
    RuleTrait("line_count", TraitType.NUMBER, Words("行数", "Lines"), 1),
    RuleTrait("skus", TraitType.TEXTS, Words("商品编码", "SKUs"), ("TEA-01",)),
    RuleTrait("categories", TraitType.TEXTS, Words("类目", "Categories"), ("茶",)),
    RuleTrait("weight_g", TraitType.NUMBER, Words("重量（克）", "Weight in grams"), 500),
    RuleTrait("flags", TraitType.TEXTS, Words("标记", "Flags"), ("address_unsure",)),
    RuleTrait("campaign", TraitType.TEXT, Words("活动", "Campaign"), "1111"),
    RuleTrait("country", TraitType.TEXT, Words("国家", "Country"), "CN"),
    RuleTrait("province", TraitType.TEXT, Words("省", "Province"), "浙江省"),
    RuleTrait("city", TraitType.TEXT, Words("市", "City"), "杭州市"),
    RuleTrait("native", TraitType.TEXT, Words("系统原话", "Native word"), "WAIT_SELLER_SEND_GOODS"),
    RuleTrait("placed_at", TraitType.INSTANT, Words("下单时间", "PlacedMoves at"), 1_790_000_000),
    RuleTrait("paid_at", TraitType.INSTANT, Words("付款时间", "Paid at"), 1_790_000_000),
)
"""What may be asked of any order. Of the person only the region: names, telephones and notes are no traits."""
PLACES: Mapping[str, RulePlace] = {
    REVIEW: RulePlace(
        REVIEW, Words("审单送赠品", "Gifts at review"),
        (*ORDER_TRAITS,
         RuleTrait(BEFORE, TraitType.NUMBER, Words("此前订单数", "Orders before"), 0)),
        (OutcomeColumn(GIFT, "sku", Words("赠品", "Gift")),
         OutcomeColumn(UNITS, "number", Words("数量", "Units"), 1, 1, UNITS_MAX),
         OutcomeColumn(ONCE, "flag", Words("每位买家一次", "Once per buyer"), False),
         OutcomeColumn(KEEP, "number", Words("至少留存", "Keep at least"), 0, 0, UNITS_MAX),
         OutcomeColumn(WAITS, "flag", Words("缺货时等待", "Waits when short"), False)),
        ("first", "every"),
    ),
    MERGE: RulePlace(
        MERGE, Words("自动合单", "Merging by itself"), ORDER_TRAITS,
        (OutcomeColumn(MERGES, "flag", Words("合单", "Merges"), True),), ("first",),
    ),
    SPLIT: RulePlace(
        SPLIT, Words("拆单", "Splitting"), ORDER_TRAITS,
        (OutcomeColumn(WEIGHT_MAX, "number", Words("每包最多（克）", "Grams a parcel"), 0, 0, 1_000_000),
         OutcomeColumn(VOLUME_MAX, "number", Words("每包最多（立方厘米）", "Cubic centimetres a parcel"), 0, 0,
                       10_000_000),
         OutcomeColumn(BY_GROUP, "flag", Words("按类目分开", "Apart by group"), False)), ("first",),
    ),
}
"""`keep`: given only while so many units are left to sell after it. `waits`: the order waits for the gift. `merges`:
works of the order are joined with others for the same receiver. Of a split 0 is no bound; `by_group`: goods of
different groups go in parcels of their own."""
