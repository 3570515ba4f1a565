"""A receiver made safe to store, as commands and orders carry it."""

from __future__ import annotations

from typing import Protocol

import msgspec

from orderloom.domain.draft import Receiver


class SealedReceiver(msgspec.Struct, frozen=True):
    """A receiver made safe to store: cipher text, blind indexes and the few parts that are no personal data."""

    cipher: bytes
    digest: str
    name_index: bytes | None
    phone_index: bytes | None
    buyer_index: bytes | None
    merge_key: bytes | None
    last4: str
    country: str
    province: str
    city: str
    digest_before: str = ""
    """Of a masked receiver: the digest that it had before 0.2, when masked texts were part of it."""


class Seal(Protocol):
    """Makes a receiver safe to store."""

    def __call__(self, receiver: Receiver, buyer: str) -> SealedReceiver: ...
