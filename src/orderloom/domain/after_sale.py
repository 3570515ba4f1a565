"""What a buyer asked for after the sale, as the order keeps it: each application as of its newest news."""

from __future__ import annotations

from datetime import datetime

import msgspec

from orderloom.domain.states import AfterSaleKind, AfterSaleState


class AfterSale(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a buyer asked for after the sale, as of `revision`: one application of the channel's after-sale list."""

    external_id: str
    kind: AfterSaleKind
    state: AfterSaleState
    revision: datetime
    currency: str = ""
    amount: int | None = None
    """What is asked for or agreed; None: the channel does not say."""
    refunded: int = 0
    """What went back by it."""
    refund_external_id: str = ""
    reason: str = ""
    native: str = ""
    asked_at: datetime | None = None
    waybill: str = ""
    carrier: str = ""
    lines: tuple[tuple[str, str, int], ...] = ()
    """(the line's external id, the channel's SKU, units; 0: all of it); none: the whole order."""

    @property
    def refund_id(self) -> str:
        """The id under which the order itself states the money that went back by it."""
        return self.refund_external_id or self.external_id
