"""What may leave to a target: only the fields its contract names, none longer than it takes (ING-9, FUL-5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from orderloom.domain.draft import Receiver

Lengths = Mapping[str, int | None]


People = dict[str, Any]
TOKENS = ("receiver.token", "sender.token")
"""What stands for a person is whole or nothing: it is never cut."""
NO_TOKEN = (
    "平台只给了带星号的收件人，没有令牌；请到平台查到后用 orderloom receiver 更正，再重发 | "
    "the platform gave stars and no token: look the receiver up there, correct it with orderloom receiver, then resend"
)
NOT_TAKEN = (
    "目标不收收件人令牌，面单会印成星号；换用收令牌的仓库或承运商，或更正收件人后重发 | the target takes no token and "
    "would print stars: use a warehouse or carrier that takes one, or correct the receiver, then resend"
)


class Obeyed(msgspec.Struct, frozen=True):
    """The body that may leave, what was cut (field → its length), and what must not leave at all."""

    body: dict[str, Any]
    cut: dict[str, int]
    not_cut: dict[str, int]


def obey(body: Mapping[str, Any], lengths: Lengths, rules: Mapping[str, str]) -> Obeyed:
    """Keep the named fields. An oversize text is refused where the rule says `refuse`, else cut.

    Nested fields are named with dots: `receiver.detail`, `lines.sku` (each line).
    """
    found = Obeyed({}, {}, {})
    kept = _keep(body, "", lengths, rules, found)
    return Obeyed(kept, found.cut, found.not_cut)


def _keep(
    value: Mapping[str, Any], prefix: str, lengths: Lengths, rules: Mapping[str, str], found: Obeyed,
) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for name, part in value.items():
        path = f"{prefix}{name}"
        inner = f"{path}."
        if isinstance(part, Mapping) and any(k.startswith(inner) for k in lengths):
            kept[name] = _keep(part, inner, lengths, rules, found)
        elif isinstance(part, list) and any(k.startswith(inner) for k in lengths):
            kept[name] = [_keep(x, inner, lengths, rules, found) for x in part]
        elif path in lengths:
            kept[name] = _fit(part, path, lengths[path], rules, found)
    return kept


def _fit(value: Any, path: str, longest: int | None, rules: Mapping[str, str], found: Obeyed) -> Any:
    if longest is None or not isinstance(value, str) or len(value) <= longest:
        return value
    if rules.get(path) == "refuse" or path in TOKENS:
        found.not_cut[path] = len(value)
        return value
    found.cut[path] = len(value)
    return value[:longest]


def people_in(kind: str, receiver: Receiver, settings: Mapping[str, Any], body: People) -> People:
    """What a delivery's body says of people, put in at the moment of sending: no stored body names anybody."""
    return _PEOPLE[kind](receiver, settings, body)


def prints_stars(kind: str, body: People, lengths: Lengths | None) -> str:
    """Why a masked receiver may not leave in this body: without a token nobody knows who it is, and a target whose
    contract names none cannot ask the platform. Empty where it may."""
    if kind == "watch":  # it is asked about a number, and gets no digits of a masked phone
        return ""
    side = "sender" if body.get("purpose") == "back" else "receiver"
    if not body[side]["token"]:
        return NO_TOKEN
    return "" if lengths is None or f"{side}.token" in lengths else NOT_TAKEN


def _receiver(receiver: Receiver, _settings: Mapping[str, Any], _body: People) -> People:
    return {"receiver": {k: v for k, v in msgspec.structs.asdict(receiver).items() if isinstance(v, str)}}


def _last_digits(receiver: Receiver, _settings: Mapping[str, Any], _body: People) -> People:
    return {"phone_last4": receiver.phone[-4:] if not receiver.is_masked else ""}


def _ends(receiver: Receiver, settings: Mapping[str, Any], body: People) -> People:
    """Who sends and who receives: the seller as the account's settings say, and the buyer; back, the other way."""
    buyer = _receiver(receiver, settings, body)["receiver"]
    seller = {part: str(settings.get(f"sender_{part}") or "") for part in buyer}
    seller["country"] = seller["country"] or "CN"
    is_back = body["purpose"] == "back"
    return {"sender": buyer, "receiver": seller} if is_back else {"sender": seller, "receiver": buyer}


_PEOPLE: Mapping[str, Callable[[Receiver, Mapping[str, Any], People], People]] = {
    "work": _receiver, "watch": _last_digits, "label": _ends, "pickup": _ends,
}
"""By the kind of the delivery."""
