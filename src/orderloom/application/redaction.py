"""Takes what may not be seen out of an answer: fields by their names, at any depth, whatever endpoint made it.

A new field of a known name is hidden from the first day on. In what is no declared field - facts, evidence, bodies -
a number is shown only under a name that is known to count things: an unknown one might be money.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec

GROUPS: Mapping[str, frozenset[str]] = {
    "price": frozenset((
        "price", "prices", "unit_price", "list_price", "discount", "discounts", "amount", "amounts", "tax", "subsidy",
        "expected", "stated", "difference", "terms", "rounding", "value_of_goods")),
    "paid": frozenset((
        "total", "paid", "refunded", "freight", "owed", "decision_amount", "money", "value", "revenue", "sales",
        "money_at_stake", "at_stake", "amount_paid", "order_value", "gmv")),
    "cost": frozenset((
        "cost", "costs", "fee", "fees", "commission", "payout", "payouts", "profit", "margin", "purchase_price",
        "unit_cost")),
    "payload": frozenset(("body", "answer", "payload", "raw", "decoded")),
    "receiver": frozenset((
        "receiver", "buyer", "buyer_name", "consignee", "phone", "receiver_name", "receiver_phone", "receiver_province",
        "receiver_city", "recipient_name", "address_detail")),
}
"""Names of fields by the group that they belong to."""
GROUP_OF = {name: group for group, names in GROUPS.items() for name in names}
WITHIN: Mapping[tuple[str, str], str] = {
    ("MoneyView", "amount"): "paid", ("AfterSaleView", "amount"): "paid", ("after_sale", "amount"): "paid",
    ("after_sale_decided", "amount"): "paid", ("money_recorded", "amount"): "paid",
    ("Stake", "amount"): "paid", ("Cost", "amount"): "paid", ("ShopToday", "amounts"): "paid",
    ("Amount", "amount"): "paid",
    ("PayloadPlace", "shown"): "payload",
    ("Price", "amount"): "cost", ("DocumentRow", "amount"): "cost", ("StockDocumentView", "amount"): "cost",
    ("document_submitted", "amount"): "cost", ("PurchaseRow", "amount"): "cost", ("PurchaseView", "amount"): "cost",
    ("PriceList", "prices"): "",
    ("ReplayRun", "total"): "", ("BoardRow", "total"): "", ("StageCount", "total"): "",
    ("Recovery", "total"): "", ("SetSetting", "value"): "", ("NoteWritten", "body"): "",
    ("order_recorded", "province"): "receiver", ("order_recorded", "city"): "receiver",
    ("traits", "province"): "receiver", ("traits", "city"): "receiver", ("traits", "goods"): "price",
    ("order_amended", "province"): "receiver", ("order_amended", "city"): "receiver",
    ("receiver_changed", "province"): "receiver", ("receiver_changed", "city"): "receiver",
}
"""Names that mean something else where they stand: by the struct or field that holds them, or the kind of fact."""
OPEN = frozenset(("facts", "evidence", "detail", "told", "body", "particulars", "sample"))
"""Fields whose content nobody declared."""
OF_UNITS = frozenset((("ScanAnswer", "particulars"),))
"""Such as tell of slots, units and grams alone, and never of money, by what holds them."""
OF_BOTH = frozenset(("expected", "stated", "difference"))
"""What was compared may be prices or totals: hidden with either."""
PLAIN = frozenset(("value", "expected", "stated", "total", "terms"))
"""Of these only numbers and what is made of parts are hidden: as words they say other things as well."""
COUNTS = re.compile(
    r"(^|_)(no|seq|line|lines|version|blueprint|count|counts|messages|orders|units|quantity|ordered|cancelled|shipped|"
    r"fulfilled|returned|elsewhere|unpaid|factor|days|hours|minutes|seconds|bytes|size|status|attempts|tries|id|ids|"
    r"sku|warehouse|score|km|parcel|box|hold|step|found|asked|rows|items|into|work|limit|index|at|apart|waiting|over|"
    r"on_hand|reserved|allocated|safety|frozen|short|event|weight_g|percent|deliveries|members)$")
"""Names of numbers that count things."""
SIDES = ("value", "from", "to", "before", "after", "old", "new", "known", "stated")
"""What stands beside `field` where something says how a field changed."""
CHART = ("now", "before", "points")
"""What a chart's numbers stand in; of money they are totals."""
_NUMBER = re.compile(r"[-+−]?[0-9][0-9,]*(\.[0-9]+)?")


def redacted(value: Any, hides: frozenset[str]) -> Any:
    """The value as plain data without what is hidden: numbers and texts become null, a receiver one without content."""
    return _walk(value, hides, "", False)


def group_of(name: str, holder: str = "") -> str:
    """The group that a field belongs to, by its name and that of what holds it; empty: it is never hidden."""
    found = WITHIN.get((holder, name))
    return GROUP_OF.get(name, "") if found is None else found


def _walk(value: Any, hides: frozenset[str], holder: str, is_open: bool) -> Any:
    if isinstance(value, msgspec.Struct):
        # Not `structs.fields`: it reads every annotation again, for each value, and took most of a request's time.
        fields = zip(value.__struct_encode_fields__, value.__struct_fields__, strict=True)
        named = {encoded: getattr(value, field) for encoded, field in fields}
        if isinstance(tag := value.__struct_config__.tag, str):
            named = {str(value.__struct_config__.tag_field): tag, **named}
        return _mapping(named, hides, type(value).__name__, is_open)
    if isinstance(value, Mapping):
        return _mapping(value, hides, holder, is_open)
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_walk(one, hides, holder, is_open) for one in value]
    return value


def _mapping(given: Mapping[Any, Any], hides: frozenset[str], holder: str, is_open: bool) -> dict[Any, Any]:
    of_field = _group_of_path(given.get("field") or given.get("path"))
    is_money = given.get("unit") == "money" and "paid" in hides
    shown: dict[Any, Any] = {}
    for name, value in given.items():
        group = "cost" if name == "amount" and given.get("kind") == "fee" else group_of(str(name), holder)
        is_side = (of_field in hides and name in SIDES) or (is_money and name in CHART)
        if is_side or _is_hidden(str(name), value, group, hides, is_open):
            shown[name] = _blank(value)
        else:
            fact = str(given.get("kind", "")) if name == "facts" else str(name)
            shown[name] = _walk(value, hides, fact, is_open or (name in OPEN and (holder, name) not in OF_UNITS))
    return shown


def _is_hidden(name: str, value: Any, group: str, hides: frozenset[str], is_open: bool) -> bool:
    if group:
        is_hidden = group in hides or (name in OF_BOTH and "paid" in hides)
        return is_hidden and (name not in PLAIN or _is_number(value) or isinstance(value, (Mapping, list, tuple)))
    return is_open and "price" in hides and _is_number(value) and not COUNTS.search(name)


def _group_of_path(path: Any) -> str:
    """The group of what a path such as `lines.0.price` leads to."""
    names = [part for part in re.split(r"[.\[\]/]+", str(path or "")) if part and not part.isdigit()]
    if not names:
        return ""
    return group_of(names[-1], names[-2] if len(names) > 1 else "") or GROUP_OF.get(names[0], "")


def _is_number(value: Any) -> bool:
    if isinstance(value, bool):
        return False
    return isinstance(value, (int, float)) or (isinstance(value, str) and bool(_NUMBER.fullmatch(value)))


def _blank(value: Any) -> Any:
    """What stands for a hidden value: null; of a receiver its shape without content, for screens that draw one."""
    if isinstance(value, msgspec.Struct) and hasattr(value, "is_masked"):
        named = msgspec.structs.asdict(value)
        return {n: n == "is_masked" or (v if isinstance(v, bool) else "") for n, v in named.items()}
    return [] if isinstance(value, (list, tuple)) else None
