"""The fields of what the hub tells, by kind, as docs/deliveries.md lists them; a name that is none is a mistake."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from orderloom.adapters.kit.notes import DeclarationNotes, Place
from orderloom.domain.after_sale import ANSWERS

_PERSON = ("name", "phone", "country", "province", "city", "district", "detail", "postcode", "token")


def _people(*ends: str) -> str:
    return " ".join(f"{end}.{part}" for end in ends for part in _PERSON)


BODIES: Mapping[str, str] = {
    "work": "work_no order_no channel shop external_id placed_at paid_at currency paid to_collect freight discount "
    f"note warehouse {_people('receiver')} lines.line_no lines.external_line_id lines.sku lines.title lines.quantity "
    "lines.price lines.amount lines.discount",
    "work_cancel": "work_no order_no external_id warehouse reason",
    "shipment": "external_id marketplace carrier waybill shipped_at is_partial lines.external_line_id lines.quantity",
    "stock": "figures.sku_external figures.quantity figures.listing",
    "purge": "paths",
    "watch": "carrier waybill phone_last4 order_no",
    "label": "label_no work_no order_no channel external_id box purpose carrier product weight_g warehouse currency "
    f"worth to_collect note {_people('sender', 'receiver')} lines.sku lines.title lines.quantity",
    "label_cancel": "label_no work_no order_no external_id box purpose carrier waybill reason",
    "pickup": "pickup_no label_no waybill work_no order_no channel external_id box purpose carrier product weight_g "
    f"weight_kg days_ahead from_at until_at warehouse currency worth note {_people('sender', 'receiver')} lines.sku "
    "lines.title lines.quantity",
    "pickup_cancel": "pickup_no booking reference label_no work_no order_no external_id box purpose carrier waybill "
    "reason",
    "decision": "application order_no external_id asked state native decision answer amount currency reason "
    "lines.external_line_id lines.sku_external lines.quantity",
    "promise": "external_id order_no reason was promised_at",
    "event": "type timestamp data",
    "message": "to title text language severity template count at fields field address",
}
DECISION, DECISION_NEEDS = "decision", ("application", "answer")
PARCEL = ("carrier", "product", "weight_g", "weight_kg",
          *(f"{end}.{part}" for end in ("sender", "receiver") for part in ("country", "province", "city", "district")))
"""What a price is asked by: regions, and nobody's name, phone or street."""
OPEN = ("figures.listing", "data", "fields")
"""What is below these is the channel's own, or free."""


def check_told(kind: str, said: Mapping[str, Any], place: Place, notes: DeclarationNotes) -> None:
    """Note a kind that nobody tells, fields that no body of it has, and what is used but not let out."""
    if kind not in BODIES:
        notes.unknown(place, kind, BODIES)
        return
    allowed, fields = said.get("fields", {}), BODIES[kind].split()
    _check_ways(kind, said, place, notes)
    if not allowed:
        notes.wrong(place, "缺少 fields：没有写在其中的一概不送出 / fields is missing: what is not named there "
                           "does not leave, see docs/deliveries.md")
    for name in allowed:
        if not _is_of(name, fields):
            notes.unknown((*place, "fields", name), name, fields)
    needed = (((*place, "needs", n), str(name)) for n, name in enumerate(said.get("needs", [])))
    for at, name in (*needed, *_names(said, place)):
        path = _path(name, kind)
        if not path:
            continue
        if not _is_of(path, fields):
            notes.unknown(at, name, [_name(field, name) for field in fields])
        elif allowed and not _is_of(path, allowed):
            notes.wrong(at, f"fields 中没有 {path}，不会送出 / {path} is not in fields: it would not leave")


def _check_ways(kind: str, said: Mapping[str, Any], place: Place, notes: DeclarationNotes) -> None:
    """Note answers that nobody gives, and a decision that says of no answer how it is told."""
    ways = said.get("ways", {})
    if (kind == DECISION) is not bool(ways):
        notes.wrong(place, "ways 写明每种答复如何告知，只有 decision 有 / a decision, and nothing else, says in "
                           "ways how each answer is told")
    for answer in ways:
        if answer not in ANSWERS:
            notes.unknown((*place, "ways", answer), answer, ANSWERS)
    for name in DECISION_NEEDS if kind == DECISION else ():
        if name not in said.get("fields", {}):
            notes.wrong((*place, "fields"), f"缺少 {name} / {name} is missing: by it is told")


def check_parcel(said: Mapping[str, Any], place: Place, notes: DeclarationNotes) -> None:
    """Note what a question for a price names of a parcel that none has."""
    needed = (((*place, "needs", n), str(name)) for n, name in enumerate(said.get("needs", [])))
    for at, name in (*needed, *_names(said, place)):
        path = _path(name, "parcel")
        if path and not _is_of(path, PARCEL):
            notes.unknown(at, name, [f"parcel.{field}" for field in PARCEL])


def _path(name: str, kind: str) -> str:
    """The field of the body that a name leads to; "" when it leads elsewhere, or to the whole."""
    root, _, rest = name.partition(".")
    steps = [step for step in rest.split(".") if step and not step.isdecimal()]
    if root == "group":
        steps = ["figures", *steps[1:]] if steps[:1] in (["figures"], ["first"]) else []
    elif root == "figure":
        steps = ["figures", *steps] if steps else []
    elif root == "line":
        steps = ["lines", *steps] if steps and any(field.startswith("lines.") for field in BODIES[kind].split()) else []
    elif root != kind:
        steps = []
    return ".".join(steps)


def _name(field: str, name: str) -> str:
    """A field as the name would be written that was meant."""
    root = name.partition(".")[0]
    below = {"figure": "figures.", "line": "lines."}.get(root, "")
    return f"{root}.{field.removeprefix(below)}"


def _is_of(path: str, fields: Collection[str]) -> bool:
    """Whether a path is a field, a part of an open one, or a block of several."""
    return any(path == one or one.startswith(f"{path}.") or (one in OPEN and path.startswith(f"{one}."))
               for one in fields)


def _names(said: Any, at: Place) -> Iterator[tuple[Place, str]]:
    """Every `$name` in a block, with its place."""
    if isinstance(said, str) and said.startswith("$"):
        yield at, said[1:]
    for key, one in said.items() if isinstance(said, dict) else enumerate(said) if isinstance(said, list) else ():
        yield from _names(one, (*at, key))
