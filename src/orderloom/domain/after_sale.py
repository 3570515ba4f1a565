"""What a buyer asked for after the sale, as the order keeps it: each application as of its newest news."""

from __future__ import annotations

from datetime import datetime

import msgspec

from orderloom.domain.states import AfterSaleKind, AfterSaleState

GRANTED, DECLINED = DECISIONS = ("granted", "declined")
TO_TELL, TOLD, NOT_TAKEN, NEVER_TOLD, PAST = DECISION_STATES = ("to_tell", "told", "refused", "given_up", "past")
"""On its way to the channel; taken by it; refused by it; given up by a person before anybody knew; and the channel has
told of the application anew since."""
_GRANTS = {kind: str(kind) for kind in AfterSaleKind} | {
    AfterSaleKind.REFUND_ONLY: "refund", AfterSaleKind.RETURN_REFUND: "return",
}
ANSWERS = (*_GRANTS.values(), "receipt", "decline", "decline_receipt")
"""What the seller can say: yes to each kind of application; yes to goods that came back, so that the money goes; no to
the application; no to goods that came back."""


class TakesDecisions(msgspec.Struct, frozen=True):
    """Which answers to applications a channel can be told, and whether with a sum."""

    answers: tuple[str, ...]
    with_amount: bool = False


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
    decision: str = ""
    """What the seller answers to it as it stands: one of DECISIONS; empty: nothing yet."""
    decision_amount: int | None = None
    """What is granted, where a person named it; None: what is asked for."""
    decision_state: str = ""
    """How far the channel has heard of it: one of DECISION_STATES."""

    @property
    def is_decided(self) -> bool:
        """Whether the seller has answered it as it stands: the channel took the answer, or is being told."""
        return self.decision_state in (TO_TELL, TOLD)

    def answer(self, decision: str) -> str:
        """The one of ANSWERS that a decision means as it stands; empty while it does not wait for the seller."""
        if self.state is AfterSaleState.ASKED:
            return _GRANTS[self.kind] if decision == GRANTED else "decline"
        if self.state in (AfterSaleState.RETURNING, AfterSaleState.RECEIVED) and \
                self.kind is AfterSaleKind.RETURN_REFUND:
            return "receipt" if decision == GRANTED else "decline_receipt"
        return ""

    def asks_the_same(self, other: AfterSale) -> bool:
        """Whether it waits for the same answer as of another time: a decision stands until something else is asked."""
        mine, theirs = [(x.kind, x.state, x.native, x.amount) for x in (self, other)]
        return mine == theirs

    @property
    def refund_id(self) -> str:
        """The id under which the order itself states the money that went back by it."""
        return self.refund_external_id or self.external_id
