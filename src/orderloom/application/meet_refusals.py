"""Labels that a carrier refused: the work falls back to its next service, and the label is asked for there.

Only a label of the carrier that sourcing chose falls back; one that somebody wanted of another carrier does not. Each
refusal is met once: should a worker die between both steps the label stays refused, and is asked for at the next
carrier by whoever closes the box.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec

from orderloom.application.box_wishes import WishingHub, wish_label
from orderloom.application.buy_label import LabelWish, that_carry
from orderloom.application.within import Within
from orderloom.application.work_commands import FallBack
from orderloom.domain.actor import Actor

AT_ONCE = 50
MEETS = Actor("refusals", "clock", frozenset(("warehouse",)))
"""It asks in the place of whoever asked the carrier that refused."""


class RefusedLabel(msgspec.Struct, frozen=True):
    """A label that its carrier did not sell. `goes_by`: the carrier by which the work is to go now; `account`: who was
    asked, and is asked again where it sells the next one's, too."""

    number: str
    work: str
    box: int
    weight_g: int
    station: str
    account: str
    carrier: str
    goes_by: str


class RefusedLabels(Protocol):
    """Where labels are kept, in one transaction."""

    async def refused(self, limit: int) -> list[RefusedLabel]:
        """Those on their way out that are not met yet, of work that can go another way."""
    async def carriers_of(self, works: Sequence[str]) -> dict[str, str]:
        """By which carrier these works are to go."""
    async def met(self, numbers: Sequence[str]) -> None:
        """Nothing more is done about these refusals."""


class RefusedPorts(Protocol):
    """Ports of the hub."""

    @property
    def refused(self) -> Within[RefusedLabels]: ...


async def meet_refusals(hub: WishingHub, ports: RefusedPorts, tells: frozenset[str]) -> int:
    """Meet what was refused; returns how many. `tells`: connectors whose channels can be told of a promise."""
    async with ports.refused() as labels:
        found = await labels.refused(AT_ONCE)
    if not found:
        return 0
    await hub.handler.handle([FallBack(actor=MEETS, work_no=one.work, carrier=one.carrier, tells=tells)
                              for one in found if one.goes_by == one.carrier])
    async with ports.refused() as labels:
        goes_by = await labels.carriers_of([one.work for one in found])
        await labels.met([one.number for one in found])
    accounts = (await hub.directory()).accounts.values()
    for one in found:
        carrier = goes_by.get(one.work, "")
        if one.goes_by == one.carrier != carrier:
            able = {account.code for account in that_carry(carrier, accounts, hub.manifests)}
            wish = LabelWish(one.account if one.account in able else "", carrier, "", one.box, "out", one.weight_g,
                             station=one.station)
            await wish_label(hub, one.work, wish, MEETS)
    return len(found)
