"""The closed words of stock documents."""

from __future__ import annotations

from orderloom.domain.states import State


class DocumentKind(State):
    """What a document does to stock."""

    RECEIPT = "receipt"
    COUNT = "count"
    ADJUSTMENT = "adjustment"
    TRANSFER = "transfer"
    RETURN_TO_STOCK = "return_to_stock"
    SCRAP = "scrap"


class DocumentState(State):
    """How far it is. `counting`: its units are frozen meanwhile; `posting`: a transfer's goods are on the way."""

    DRAFT = "draft"
    COUNTING = "counting"
    WAITING_APPROVAL = "waiting_approval"
    POSTING = "posting"
    POSTED = "posted"
    REFUSED = "refused"
    CANCELLED = "cancelled"

    @property
    def is_over(self) -> bool:
        """Whether nothing happens to it any more."""
        return self.rank >= DocumentState.POSTED.rank
