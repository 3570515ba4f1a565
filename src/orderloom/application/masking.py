"""What people without the right to see it get instead of personal data: enough to recognise, too little to misuse."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from orderloom.domain.draft import Receiver

_PHONE = re.compile(r"(?<![0-9])(?:\+?86[ -]?)?(1[3-9][0-9])[ -]?([0-9]{4})[ -]?([0-9]{4})(?![0-9])")
_MAIL = re.compile(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)")
_TEXTS = frozenset({"note", "reason", "message", "text", "mend", "detail", "resolution"})
_PERSONAL = re.compile(r"(^|[._])(receiver|buyer|consignee|address|name|phone|mobile|tel|email|detail)", re.IGNORECASE)


class ReceiverView(msgspec.Struct, frozen=True):
    """A receiver as shown; `is_masked` is true when values are hidden by us or came hidden from the platform.

    `is_damaged`: what is stored of it cannot be opened, and nothing of it is told.
    """

    name: str
    phone: str
    country: str
    province: str
    city: str
    district: str
    detail: str
    postcode: str
    is_masked: bool
    is_unsure: bool
    is_damaged: bool = False


DAMAGED = ReceiverView("", "", "", "", "", "", "", "", is_masked=True, is_unsure=False, is_damaged=True)


def masked(receiver: Receiver | None) -> ReceiverView:
    """A receiver whose person and door cannot be told from it; the region stays, work is planned by it."""
    if receiver is None:
        return DAMAGED
    return ReceiverView(
        mask_name(receiver.name), mask_phone(receiver.phone), receiver.country, receiver.province, receiver.city,
        receiver.district, "***" if receiver.detail else "", "", True, receiver.is_unsure,
    )


def clear(receiver: Receiver | None) -> ReceiverView:
    """A receiver as it is stored, for those who may see it."""
    if receiver is None:
        return DAMAGED
    return ReceiverView(
        receiver.name, receiver.phone, receiver.country, receiver.province, receiver.city, receiver.district,
        receiver.detail, receiver.postcode, receiver.is_masked, receiver.is_unsure,
    )


def mask_name(name: str) -> str:
    """First character and two stars, whatever the length."""
    return f"{name[:1]}**" if name else ""


def mask_phone(phone: str) -> str:
    """`138****1234`; a short number keeps nothing but its last two digits."""
    digits = re.sub(r"[^0-9]", "", phone)
    if not digits:
        return "****" if phone else ""
    if len(digits) == 13 and digits.startswith("86"):
        digits = digits[2:]
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 10 else f"****{digits[-2:]}"


def mask_text(text: str) -> str:
    """Free text without the phone numbers and mail addresses that people write into it."""
    return _MAIL.sub(r"***@\1", _PHONE.sub(r"\1****\3", text))


def mask_nested(value: Any, key: str = "") -> Any:
    """What an event, a case or a delivery says, with free text masked, and the value of a personal field hidden."""
    if isinstance(value, dict):
        is_personal = bool(_PERSONAL.search(str(value.get("field", ""))))
        return {k: "***" if k == "value" and is_personal and v else mask_nested(v, k) for k, v in value.items()}
    if isinstance(value, list):
        return [mask_nested(item, key) for item in value]
    return mask_text(value) if isinstance(value, str) and key in _TEXTS else value
