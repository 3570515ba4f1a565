"""Buy the labels of a wave in advance, so that the bench waits for no carrier: each once, however often it is asked."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from orderloom.application.box_wishes import WishingHub, wish_label
from orderloom.application.buy_label import WEIGHT_MAX, LabelWish
from orderloom.application.commands import Outcome
from orderloom.application.floor.box_label import WEIGHT_UNKNOWN_G
from orderloom.domain.actor import Actor


class WorkToLabel(msgspec.Struct, frozen=True):
    """A work that is to have a label: the carrier that was chosen for it, and what its goods weigh, 0 for not known."""

    number: str
    carrier: str
    weight_g: int


class NotLabelled(msgspec.Struct, frozen=True):
    """A work that got none, and why: the refusal's code, and what its words need."""

    work: str
    reason: str
    particulars: dict[str, str] = {}


class WaveLabelled(msgspec.Struct, frozen=True):
    """Labels asked for now, such as were there or on their way, and works without one."""

    wave: str
    asked: int
    known: int
    refused: list[NotLabelled]


async def label_wave(hub: WishingHub, wave: str, works: Sequence[WorkToLabel], doer: Actor) -> WaveLabelled:
    """Ask for the label of each work's first box. They are printed where the box is closed, not here."""
    asked, known, refused = 0, 0, list[NotLabelled]()
    for one in works:
        wish = LabelWish("", one.carrier, "", 1, "out", min(one.weight_g or WEIGHT_UNKNOWN_G, WEIGHT_MAX))
        found = await wish_label(hub, one.number, wish, doer)
        if isinstance(found, Outcome):
            refused.append(NotLabelled(one.number, found.refusal, found.particulars))
        elif found.is_known:
            known += 1
        else:
            asked += 1
    return WaveLabelled(wave, asked, known, refused)
