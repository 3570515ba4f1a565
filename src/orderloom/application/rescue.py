"""Send an order that was missed: one call finds its goods, has them picked before all others, and buys its label.

Nothing here is a way of its own (FUL-7): works are accepted or waved as ever, labels bought once as ever; a step that
is not possible is told with its reason, and the others are done. Called again, it goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from hashlib import sha256
from typing import Annotated, Protocol

import msgspec

from orderloom.application.box_wishes import WishingHub, wish_label
from orderloom.application.buy_label import LabelWish
from orderloom.application.commands import Outcome
from orderloom.application.floor.plan_wave import Planning, WaveCall, WaveWish, plan_wave
from orderloom.application.rescue_shapes import OrderToRescue, Rescued, RescueStep, RescueWork
from orderloom.application.work_commands import AcceptWork
from orderloom.domain.actor import Actor
from orderloom.domain.refusal import Refusal

Name = Annotated[str, msgspec.Meta(max_length=200)]
RUSH = "RUSH"
"""Their word for the wave where a warehouse has no floor."""


class RescuingHub(WishingHub, Protocol):
    """What of the hub is needed."""

    @property
    def planning(self) -> Planning: ...


class RescueWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose label is bought; all empty where one account sells labels. `weight_g`: of the parcel, in grams."""

    account: Name = ""
    carrier: Name = ""
    product: Name = ""
    weight_g: int = 1_000


async def rescue(
    hub: RescuingHub, read: Callable[[], Awaitable[OrderToRescue]], order_id: str, wish: RescueWish, actor: Actor,
    new_id: Callable[[], str],
) -> Rescued | Refusal:
    """`read` tells where the order stands. Refused: nothing_to_rescue, with that."""
    order = await read()
    if order.is_cancelled or not any(one.is_open for one in order.works):
        return Refusal("nothing_to_rescue", {
            "order": order.number, "stage": order.stage,
            "works": ", ".join([f"{one.number} {one.system or one.state}" for one in order.works]) or "-"})
    refused = {one.number: await _rush(hub, one, wish, actor, new_id) for one in order.works if one.is_open}
    order = await read()
    return Rescued(order.number, order_id, order.stage, [
        msgspec.structs.replace(one, refused=refused.get(one.number, [])) for one in order.works])


async def _rush(
    hub: RescuingHub, work: RescueWork, wish: RescueWish, actor: Actor, new_id: Callable[[], str],
) -> list[RescueStep]:
    """What could not be done of a work."""
    refused = [] if work.accepted_by else await _pick(hub, work, actor, new_id)
    if not work.label:
        label = LabelWish(wish.account, wish.carrier, wish.product, 1, "out", wish.weight_g)
        asked = await wish_label(hub, work.number, label, actor)
        if isinstance(asked, Outcome):
            refused.append(RescueStep("label", asked.refusal, dict(asked.particulars)))
    return refused


async def _pick(
    hub: RescuingHub, work: RescueWork, actor: Actor, new_id: Callable[[], str],
) -> list[RescueStep]:
    """A wave of its own where the house is run here, else the work is the actor's."""
    if work.is_floor:
        wave = WaveWish(work.warehouse, [work.number])
        key = f"rescue/{work.number}/{new_id()}"
        made = await plan_wave(hub.planning, WaveCall(new_id(), wave, actor, key, sha256(key.encode()).digest()),
                               hub.now)
        return [RescueStep("pick", made.code, dict(made.particulars))] if isinstance(made, Refusal) else []
    (outcome,) = await hub.handler.handle([AcceptWork(actor=actor, work_no=work.number, wave=RUSH)])
    return [RescueStep("pick", outcome.refusal, dict(outcome.particulars))] if outcome.refusal else []
