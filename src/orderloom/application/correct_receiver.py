"""Correct where an order goes on a person's word: what was not said stays, an address in one text is split."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from orderloom.application.accept_address import Open, Stored
from orderloom.application.commands import AdjustReceiver
from orderloom.application.sealed import Seal
from orderloom.application.translate import clean_receiver, is_reachable
from orderloom.domain.actor import Actor
from orderloom.domain.cleaning import is_hidden
from orderloom.domain.draft import Receiver
from orderloom.domain.refusal import Refusal


async def correct_receiver(
    stored: Stored, order_id: str, open_receiver: Open, seal: Seal, actor: Actor, reason: str,
    said: Mapping[str, str],
) -> AdjustReceiver | Refusal:
    """The command that sends an order where somebody said, or why nothing can be sent there.

    `said`: any of name, phone, address, country and postcode. Refused: what reads as no name, phone or address, and
    an address in China of which the place stays unsure. A damaged receiver counts as one of whom nothing is known.
    """
    found = await stored(order_id)
    if found is None:
        return Refusal("no_such_order", {"order": order_id})
    cipher, buyer_index = found
    receiver = corrected(open_receiver(cipher) or Receiver(), said)
    if (refusal := nobody_there(receiver)) is not None:
        return refusal
    if receiver.is_unsure:
        return Refusal("place_unsure", {"order": order_id})
    sealed = replace(seal(receiver, ""), buyer_index=buyer_index)
    return AdjustReceiver(actor=actor, order_id=order_id, receiver=receiver, sealed=sealed, reason=reason)


def nobody_there(receiver: Receiver) -> Refusal | None:
    """Why nothing can be sent there, if so. What a person gives is clear: stars were copied from a screen."""
    if is_hidden(receiver):
        return Refusal("still_masked", {"country": receiver.country})
    if is_reachable(receiver):
        return None
    return Refusal("nobody_there", {"country": receiver.country})


def corrected(receiver: Receiver, said: Mapping[str, str]) -> Receiver:
    """The receiver with what was said instead of what was known; a platform's token stands for the old person alone."""
    given = {name: text.strip() for name, text in said.items() if text.strip()}
    if "address" in given or "country" in given:
        receiver = replace(receiver, province="", city="", district="", postcode="", is_unsure=False)
    if address := given.pop("address", ""):
        given["detail"] = address
    return clean_receiver(replace(receiver, token="", is_masked=False, **given))
