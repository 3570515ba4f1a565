"""The fact that a person was forgotten, and the older facts from which their words were taken."""

from __future__ import annotations

import msgspec

from orderloom.domain.fact import Event


class ErasedText(msgspec.Struct, frozen=True):
    """Which event of the order: its position, and SHA-256 (hex) of the facts that are left."""

    seq: int
    digest: str


class PersonErased(Event, frozen=True, tag="person_erased"):
    """The person was forgotten on request. `receiver`: digest of the region that is left; `texts` prove the facts that
    were rewritten, `vouchers` are the messages that were emptied."""

    erasure: str
    receiver: str
    province: str
    country: str
    city: str
    texts: tuple[ErasedText, ...] = ()
    vouchers: tuple[str, ...] = ()
