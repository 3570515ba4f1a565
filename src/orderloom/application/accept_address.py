"""Accept the correction that was proposed for an unsure address: it is made again from the stored receiver, and set."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from msgspec.structs import replace

from orderloom.application.commands import AdjustReceiver
from orderloom.application.sealed import Seal
from orderloom.domain.actor import Actor
from orderloom.domain.address_proposal import Proposal, propose
from orderloom.domain.draft import Receiver
from orderloom.domain.refusal import Refusal

Open = Callable[[bytes], Receiver | None]
Stored = Callable[[str], Awaitable[tuple[bytes, bytes | None] | None]]
"""The sealed receiver of an order and the index of its buyer; `hub.ports.stored_receiver`."""


def proposed(receiver: Receiver) -> Proposal | None:
    """The correction of an unsure address in China; None for a sure one, and where nothing can be proposed."""
    if not receiver.is_unsure or receiver.country != "CN":
        return None
    return propose(receiver.province, receiver.city, receiver.district, receiver.detail)


async def accept_address(
    stored: Stored, order_id: str, open_receiver: Open, seal: Seal, actor: Actor, reason: str
) -> AdjustReceiver | Refusal:
    """The command that sets the proposed address of an order, or why there is none. The person stays as it was."""
    found = await stored(order_id)
    if found is None:
        return Refusal("no_such_order", {"order": order_id})
    cipher, buyer_index = found
    receiver = open_receiver(cipher)
    if receiver is None:
        return Refusal("receiver_damaged", {"order": order_id})
    proposal = proposed(receiver)
    if proposal is None:
        return Refusal("no_proposal", {"is_unsure": "yes" if receiver.is_unsure else "no"})
    corrected = replace(
        receiver, province=proposal.province, city=proposal.city, district=proposal.district, detail=proposal.detail,
        is_unsure=False,
    )
    sealed = replace(seal(corrected, ""), buyer_index=buyer_index)
    return AdjustReceiver(actor=actor, order_id=order_id, receiver=corrected, sealed=sealed, reason=reason,
                          of=seal(receiver, "").digest)
