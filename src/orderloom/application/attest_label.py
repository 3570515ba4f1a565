"""Attest a label that is in doubt on a person's word: the carrier has it, under this waybill, and where that was seen.

The label counts as bought from here on, so no second one is bought for the box; its request is given up, with the
evidence, and asked no more.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from orderloom.application.give_up import Carry, ParkedDeliveries, give_up
from orderloom.application.within import Within
from orderloom.domain.actor import Actor
from orderloom.domain.paper.code128 import can_be_barred
from orderloom.domain.refusal import Refusal
from orderloom.domain.waybill import plain_waybill

WAYBILL_MAX = 40


class DoubtedLabels(Protocol):
    """Where labels are kept, in one transaction."""

    async def attest(self, number: str, waybill: str, at: datetime) -> str | None:
        """The label counts as bought; its parked request, empty for none. None: it is not in doubt."""


class AttestingPorts(Protocol):
    """Where labels and deliveries are kept."""

    @property
    def labels(self) -> Within[DoubtedLabels]: ...
    @property
    def outbox(self) -> Within[ParkedDeliveries]: ...


async def attest_label(
    carry: Carry, ports: AttestingPorts, number: str, waybill: str, evidence: str, by: Actor, at: datetime,
) -> Refusal | None:
    """The label was bought after all."""
    plain = plain_waybill(waybill)
    if len(plain) > WAYBILL_MAX or not can_be_barred(plain):
        return Refusal("wrong_waybill", {"most": str(WAYBILL_MAX)})
    async with ports.labels() as labels:
        delivery = await labels.attest(number, plain, at)
    if delivery is None:
        return Refusal("label_not_doubted", {"label": number})
    if delivery:
        said = f"{plain}：{evidence}"
        await give_up(carry, ports.outbox, [delivery], said, by, at)
    return None
