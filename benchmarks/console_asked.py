"""What pages of the console ask the API: lists by every filter, combinations that hurt, searches, pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from urllib.parse import quote, urlencode

from orderloom.bootstrap import Hub

COLUMNS = "hold,limit,goods,warehouses,waybills,tags"
SAMPLES = 20
MAY_NARROW: frozenset[str] = frozenset()
"""Questions to which the answer may be that the time is to be narrowed."""
Values = tuple[tuple[str, str | int], ...]


class Question(NamedTuple):
    """A question, asked about each of its paths in turn. `has_rows`: an empty page would be wrong."""

    name: str
    paths: Sequence[str]
    has_rows: bool = False


ALONE: dict[str, Values] = {
    "phase, common": (("phase", "delivered"),), "phase, rare": (("phase", "returned"),),
    "phase, absent": (("phase", "failed"),), "phases, common and rare": (("phase", "delivered,returned"),),
    "stage, common": (("stage", "completed"),), "stage, rare": (("stage", "returned"),),
    "stage, absent": (("stage", "awaiting_collection"),),
    "payment, rare": (("payment", "refunded"),), "payment, absent": (("payment", "in_doubt"),),
    "shop, large": (("account", "TB01"),), "shop, small": (("account", "TB10"),),
    "shops, small": (("account", "TB09,TB10"),), "channel": (("channel", "taobao"),),
    "channel, absent": (("channel", "shopify"),),
    "warehouse, common": (("warehouse", "HZ01"),), "warehouse, few old orders": (("warehouse", "WH-OLD"),),
    "warehouse, absent": (("warehouse", "WH-NEW"),),
    "tag, common": (("tag", "直播"),), "tag, rare": (("tag", "催单"),), "tag, of a hundred": (("tag", "企业采购"),),
    "tag, absent": (("tag", "跨境"),),
    "province, common": (("province", "浙江省"),), "province, rare": (("province", "西藏自治区"),),
    "province, absent": (("province", "海南省"),),
    "hold": (("hold", "manual"),), "held": (("is_held", "true"),), "not held": (("is_held", "false"),),
    "case, common": (("case", "oversold"),), "case, rare": (("case", "amount_mismatch"),),
    "case, absent": (("case", "hs_code"),),
    "carrier, common": (("carrier", "ZTO"),), "carrier, rare": (("carrier", "EMS"),),
    "carrier, absent": (("carrier", "JD"),),
    "field": (("field", "invoice_title:采购公司 17"),), "field, absent": (("field", "invoice_title:nobody"),),
    "overdue": (("late", "overdue"),), "due in a day": (("late", "due-24h"),),
    "placed today": (("placed", "today"),), "placed in 30 days": (("placed", "30d"),),
    "a day in spring": (("placed_from", "2026-04-01T00:00:00Z"), ("placed_to", "2026-04-02T00:00:00Z")),
    "recorded in spring": (("from", "2026-04-01T00:00:00Z"), ("to", "2026-04-02T00:00:00Z")),
    "amount, high": (("amount_from", 90_000),), "amount, middle": (("amount_from", 30_000), ("amount_to", 30_100)),
    "amount, none so high": (("amount_from", 10**8),),
    "currency, absent": (("currency", "USD"),),
    "SKU of one order in seven": (("q", "sku-0000"),), "SKU of one in 5,000": (("q", "sku-1000"),),
    "SKU of a handful": (("q", "sku-7777"),), "text, common": (("q", "马克杯"),), "text, absent": (("q", "zzqxzzqx"),),
    "text, two characters": (("q", "12"),),
}
TOGETHER: dict[str, Values] = {
    "rare phase by amount": (("phase", "returned"), ("sort", "-amount")),
    "absent phase by amount": (("phase", "failed"), ("sort", "-amount")),
    "rare payment by amount": (("payment", "refunded"), ("sort", "amount")),
    "rare tag by amount": (("tag", "催单"), ("sort", "-amount")),
    "tag of a hundred by placed": (("tag", "企业采购"), ("sort", "-placed")),
    "common tag by amount": (("tag", "直播"), ("sort", "-amount")),
    "small shop by amount": (("account", "TB10"), ("sort", "-amount")),
    "small shop by number": (("account", "TB10"), ("sort", "number")),
    "rare province by amount": (("province", "西藏自治区"), ("sort", "-amount")),
    "common province by amount": (("province", "浙江省"), ("sort", "-amount")),
    "old warehouse by amount": (("warehouse", "WH-OLD"), ("sort", "-amount")),
    "absent warehouse by amount": (("warehouse", "WH-NEW"), ("sort", "-amount")),
    "common warehouse by amount": (("warehouse", "HZ01"), ("sort", "-amount")),
    "rare carrier by amount": (("carrier", "EMS"), ("sort", "-amount")),
    "held by amount": (("is_held", "true"), ("sort", "-amount")),
    "rare case by amount": (("case", "amount_mismatch"), ("sort", "-amount")),
    "field by amount": (("field", "invoice_title:采购公司 17"), ("sort", "-amount")),
    "overdue by ship-by": (("late", "overdue"), ("sort", "ship_by")),
    "overdue, small shop": (("late", "overdue"), ("account", "TB10"), ("sort", "ship_by")),
    "rare phase by ship-by": (("phase", "returned"), ("sort", "ship_by")),
    "all by ship-by": (("sort", "ship_by"),), "all by amount": (("sort", "-amount"),),
    "all by placed": (("sort", "-placed"),), "all by number": (("sort", "number"),),
    "common phase, rare payment": (("phase", "delivered"), ("payment", "refunded")),
    "common phase and held": (("phase", "delivered"), ("is_held", "true")),
    "absent phase, common tag": (("phase", "failed"), ("tag", "直播")),
    "rare phase, common tag": (("phase", "held"), ("tag", "直播")),
    "rare phase, small shop": (("phase", "returned"), ("account", "TB10")),
    "small shop, rare payment": (("account", "TB10"), ("payment", "refunded")),
    "rare province, rare payment": (("province", "西藏自治区"), ("payment", "refunded")),
    "common province, rare payment": (("province", "浙江省"), ("payment", "refunded")),
    "old warehouse, placed in 30 days": (("warehouse", "WH-OLD"), ("placed", "30d")),
    "common warehouse, rare phase": (("warehouse", "HZ01"), ("phase", "returned")),
    "carrier and rare phase": (("carrier", "ZTO"), ("phase", "returned")),
    "carrier, rare, and province": (("carrier", "EMS"), ("province", "浙江省")),
    "high amount, rare phase": (("amount_from", 90_000), ("phase", "returned")),
    "middle amount, rare payment": (("amount_from", 30_000), ("amount_to", 31_000), ("payment", "refunded")),
    "placed in spring, rare payment": (("placed_from", "2026-04-01T00:00:00Z"), ("placed_to", "2026-04-08T00:00:00Z"),
                                       ("payment", "refunded")),
    "placed in spring, by amount": (("placed_from", "2026-04-01T00:00:00Z"), ("placed_to", "2026-04-08T00:00:00Z"),
                                    ("sort", "-amount")),
    "SKU and rare payment": (("q", "sku-0000"), ("payment", "refunded")),
    "SKU of a handful by amount": (("q", "sku-7777"), ("sort", "-amount")),
    "text and small shop": (("q", "马克杯"), ("account", "TB10")),
    "text by amount": (("q", "马克杯"), ("sort", "-amount")),
    "four that nothing fits": (("phase", "delivered"), ("account", "TB01"), ("tag", "直播"), ("payment", "in_doubt")),
}
EMPTY = ("absent", "none so high", "nothing fits", "by ship-by", "held", "rare payment", "rare phase", "spring")
SAMPLED = """
select number, external_id, receiver_cipher, receiver_phone_last4, (select p.waybill from parcel_item i
    join parcel p on p.id = i.parcel_id where i.order_id = o.id limit 1)
from orders o tablesample system (%s) limit 400"""
BOARDS = ("overview", "orders", "sync", "cases", "shipping", "recovery")
QUICK = frozenset(("no filter", "phase, rare", "rare phase by amount", "search, order number", "order page",
                   "order page, trace", "counts of views", "queue of cases", "stock", "insight, overview", "home",
                   "pasted numbers", "200 pasted numbers, absent"))


async def samples(hub: Hub, orders: int) -> dict[str, list[str]]:
    """Numbers, phones and waybills that orders of all times have."""
    async with hub.pool.connection() as connection:
        found = await (await connection.execute(SAMPLED, (0.05 if orders >= 500_000 else 20.0,))).fetchall()
    whole = [row for row in found if row[4] is not None][:: max(len(found) // (2 * SAMPLES), 1)][:SAMPLES]
    phones = [hub.vault.open_receiver(bytes(row[2])) for row in found if row[3]][:SAMPLES]
    return {"number": [row[0] for row in whole], "external": [row[1] for row in whole],
            "waybill": [row[4] for row in whole], "last4": [row[3] for row in found if row[3]][:SAMPLES],
            "phone": [one.phone for one in phones if one is not None]}


def of_everybody(given: Mapping[str, Sequence[str]]) -> list[Question]:
    """What somebody asks who sees everything."""
    found = [Question("no filter", [_list(())], has_rows=True)]
    pasted = "\n".join([*given["number"], *given["external"], *given["waybill"], "NO-1"])
    lists: dict[str, Values] = {
        "pasted numbers": (("numbers", pasted),),
        "pasted numbers by amount": (("numbers", pasted), ("sort", "-amount")),
        "pasted numbers, rare phase": (("numbers", pasted), ("phase", "returned")),
        "pasted numbers, rare payment, common tag": (("numbers", pasted), ("payment", "refunded"), ("tag", "直播")),
        "200 pasted numbers, absent": (("numbers", "\n".join([f"NO-{n:05}" for n in range(200)])),)}
    for name, values in {**ALONE, **TOGETHER, **lists}.items():
        found.append(Question(name, [_list(values)], has_rows=not any(word in name for word in EMPTY)))
    found += [Question(f"search, {name}", [_search(text) for text in texts])
              for name, texts in (("order number", given["number"]), ("channel's number", given["external"]),
                                  ("phone", given["phone"]), ("last four digits", given["last4"]),
                                  ("waybill", given["waybill"]), ("SKU", ["SKU-0000", "SKU-1000", "SKU-7777"]),
                                  ("title", ["马克杯", "青花茶壶"]), ("nothing", ["zzqxzzqx"]))]
    return [*found, *_pages(given["number"]), *[
        Question(f"insight, {board}", [f"/api/v1/insight/{board}?by=day"]) for board in BOARDS], *[
        Question(f"insight, a year {of}", [f"/api/v1/insight/overview?{urlencode(asked)}"]) for of, asked in (
            ("by week", {"by": "week", "from": "2025-12-01", "to": "2026-11-27"}),
            ("by channel", {"by": "channel", "from": "2025-12-01", "to": "2026-11-27"}))],
        Question("home", ["/api/v1/home"]), Question("figures of connections", ["/api/v1/connections"]),
        Question("messages", ["/api/v1/messages?limit=50"]), Question("deliveries", ["/api/v1/deliveries?limit=50"]),
        Question("times of recovery", ["/api/v1/cases/recovery?by=kind"])]


def of_limited(numbers: Sequence[str], *, sees_price: bool) -> list[Question]:
    """What somebody asks who sees some rows alone; `numbers` are orders of theirs."""
    filters: dict[str, Values] = {
        "no filter": (), "phase, common": (("phase", "delivered"),), "phase, rare": (("phase", "returned"),),
        "phase, absent": (("phase", "failed"),), "shop, small": (("account", "TB10"),),
        "tag, common": (("tag", "直播"),), "tag, rare": (("tag", "催单"),), "held": (("is_held", "true"),),
        "case, common": (("case", "oversold"),), "carrier, rare": (("carrier", "EMS"),),
        "overdue by ship-by": (("late", "overdue"), ("sort", "ship_by")), "placed today": (("placed", "today"),),
        "all by placed": (("sort", "-placed"),), "rare phase by placed": (("phase", "returned"), ("sort", "-placed")),
        "SKU of one in 5,000": (("q", "sku-1000"),), "text, common": (("q", "马克杯"),), 
        "text, absent": (("q", "zzqxzzqx"),), "pasted numbers": (("numbers", "\n".join([*numbers, "NO-1"])),),
    }
    if sees_price:
        filters |= {"all by amount": (("sort", "-amount"),),
                    "rare phase by amount": (("phase", "returned"), ("sort", "-amount"))}
    found = [Question(name, [_list(values)]) for name, values in filters.items()]
    found += [Question("search, order number", [_search(text) for text in numbers]),
              *_pages(numbers)] if numbers else []
    return [*found, Question("search, title", [_search("马克杯")])]


def _pages(numbers: Sequence[str]) -> list[Question]:
    """The order's own page, and the pages that everybody has."""
    return [
        Question("order page", [f"/api/v1/orders/{quote(number)}" for number in numbers]),
        Question("order page, trace", [f"/api/v1/orders/{quote(number)}/trace" for number in numbers]),
        Question("counts of views", ["/api/v1/counts"]), Question("views", ["/api/v1/views"]),
        Question("queue of cases", ["/api/v1/cases?state=open&sort=left&limit=50"]),
        Question("queue of cases, closed", ["/api/v1/cases?state=resolved&sort=newest&limit=50"]),
        Question("cases by kind", ["/api/v1/cases/kinds?state=open"]),
        Question("stock", ["/api/v1/stock/skus?limit=50"]),
        Question("stock, one SKU", ["/api/v1/stock/sku?sku=SKU-0000", "/api/v1/stock/sku?sku=SKU-1000"]),
        Question("stock, who holds it", ["/api/v1/stock/holders?sku=SKU-0000", "/api/v1/stock/holders?sku=SKU-1000"]),
        Question("stock, ledger", ["/api/v1/stock/movements?sku=SKU-0000", "/api/v1/stock/movements?sku=SKU-1000"]),
        Question("lifecycle", ["/api/v1/lifecycle"]),
    ]


def _list(values: Values) -> str:
    return f"/api/v1/orders?{urlencode((*values, ('columns', COLUMNS), ('limit', 50)))}"


def _search(text: str) -> str:
    return f"/api/v1/search?q={quote(text)}"
