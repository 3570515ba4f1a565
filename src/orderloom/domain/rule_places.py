"""The places where rules are asked: a closed set. Each next one is an entry here and a verb that carries it out."""

from __future__ import annotations

from collections.abc import Mapping

from orderloom.domain.limits import UNITS_MAX
from orderloom.domain.phase import AXES
from orderloom.domain.rule import Fact, FactType, Outcome, Place
from orderloom.domain.words import Words

REVIEW = "review"
GIFT, UNITS, ONCE, KEEP, WAITS = "gift", "units", "once_per_buyer", "keep", "waits"
ORDER_FACTS = (
    Fact("channel", FactType.TEXT, Words("渠道", "Channel"), "a_channel"),
    Fact("shop", FactType.TEXT, Words("店铺", "Shop"), "s1"),
    Fact("currency", FactType.TEXT, Words("币种", "Currency"), "CNY"),
    Fact("payment", FactType.TEXT, Words("付款状态", "Payment"), "paid", tuple(AXES["payment"])),
    Fact("total", FactType.MONEY, Words("订单金额", "Order total"), 12900),
    Fact("paid", FactType.MONEY, Words("实付金额", "Amount paid"), 12900),
    Fact("freight", FactType.MONEY, Words("运费", "Freight"), 800),
    Fact("discount", FactType.MONEY, Words("优惠", "Discount"), 0),
    Fact("tax", FactType.MONEY, Words("税费", "Tax"), 0),
    Fact("goods", FactType.MONEY, Words("货款", "Price of the goods"), 12100),
    Fact("quantity", FactType.NUMBER, Words("件数", "Units"), 2),
    Fact("line_count", FactType.NUMBER, Words("行数", "Lines"), 1),
    Fact("skus", FactType.TEXTS, Words("商品编码", "SKUs"), ("TEA-01",)),
    Fact("categories", FactType.TEXTS, Words("类目", "Categories"), ("茶",)),
    Fact("weight_g", FactType.NUMBER, Words("重量（克）", "Weight in grams"), 500),
    Fact("flags", FactType.TEXTS, Words("标记", "Flags"), ("address_unsure",)),
    Fact("country", FactType.TEXT, Words("国家", "Country"), "CN"),
    Fact("province", FactType.TEXT, Words("省", "Province"), "浙江省"),
    Fact("city", FactType.TEXT, Words("市", "City"), "杭州市"),
    Fact("native", FactType.TEXT, Words("系统原话", "Native word"), "WAIT_SELLER_SEND_GOODS"),
    Fact("placed_at", FactType.INSTANT, Words("下单时间", "Placed at"), 1_790_000_000),
    Fact("paid_at", FactType.INSTANT, Words("付款时间", "Paid at"), 1_790_000_000),
)
"""What may be asked of any order. Of the person only the region: names, telephones and notes are no facts."""
PLACES: Mapping[str, Place] = {
    REVIEW: Place(
        REVIEW, Words("审单送赠品", "Gifts at review"),
        (*ORDER_FACTS,
         Fact("orders_before", FactType.NUMBER, Words("此前订单数", "Orders before"), 0)),
        (Outcome(GIFT, "sku", Words("赠品", "Gift")),
         Outcome(UNITS, "number", Words("数量", "Units"), 1, 1, UNITS_MAX),
         Outcome(ONCE, "flag", Words("每位买家一次", "Once per buyer"), False),
         Outcome(KEEP, "number", Words("至少留存", "Keep at least"), 0, 0, UNITS_MAX),
         Outcome(WAITS, "flag", Words("缺货时等待", "Waits when short"), False)),
        ("first", "every"),
    ),
}
"""`keep`: given only while so many units are left to sell after it. `waits`: the order waits for the gift."""
