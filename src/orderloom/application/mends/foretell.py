"""What all that waits for a case would become if it were mended so: decided by the route itself, and nothing kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from types import MappingProxyType

import msgspec

from orderloom.application.change import CaseOpened
from orderloom.application.foresee import First, Foreseen
from orderloom.application.mends.shapes import MendPreview, RowTold, ToldGoods
from orderloom.application.preview import (
    GOES_ON,
    HELD,
    REFUSED,
    UNCHANGED,
    EffectsTold,
    PreviewReason,
    PreviewRow,
    SameChange,
)
from orderloom.application.replay_chosen import why_of
from orderloom.application.sort import Became, Landed
from orderloom.domain.axes import axes_of
from orderloom.domain.order import Order

LOOKED_AT_MAX, TOGETHER_MAX = 1_000, 500
"""Messages that are looked at ahead, and how many in one transaction, which holds their orders for that moment."""
PARKED, PHASES_HELD = "parked", ("held", "amending", "blocked")
ENDS = MappingProxyType({"discard": "discarded", "resend": "due", "give_up": "given_up"})
Foresee = Callable[[Sequence[str], First | None], Awaitable[Foreseen]]


async def foretell(
    foresee: Foresee, ids: Sequence[str], first: First | None, same: Sequence[SameChange] = (),
) -> MendPreview:
    """Look ahead at these messages after `first` was done. `same`: what would change alike in all of them."""
    tally, told = EffectsTold(), dict[str, RowTold]()
    looked = ids[:LOOKED_AT_MAX]
    at = None
    for start in range(0, len(looked), TOGETHER_MAX):
        found = await foresee(looked[start : start + TOGETHER_MAX], first)
        if found.world is None or found.change is None:
            continue
        at = at or found.world.at
        rows = _rows(found)
        tally.take(found.world, found.change, [row for row, _ in rows])
        told |= {one.ref: one for _, one in rows}
    assert at is not None, "nothing waits"
    preview = tally.result(at)
    fields = msgspec.structs.asdict(preview) | {"same_change": list(same) or preview.same_change}
    return MendPreview(**fields, told=[told[row.ref] for row in preview.rows if row.ref in told],
                       messages=len(ids), is_cut=len(ids) > len(looked))


def _rows(found: Foreseen) -> list[tuple[PreviewRow, RowTold]]:
    """A row for each message, and what it is about."""
    assert found.change is not None
    made = {message: found.orders[order_id] for order_id, messages in found.made_by.items()
            if order_id in found.orders for message in messages}
    cases: dict[str, CaseOpened] = {}
    for opened in found.change.cases:
        cases.setdefault(opened.order_id or "", opened)
    landed = {message.id: message for message in found.landed}
    rows = []
    for became in found.became:
        order = made.get(became.id, (None, None))[1]
        case = cases.get(order.id) if order else None
        ref = _ref(became, order, landed[became.id])
        rows.append((_row(ref, became, order, case), _told(ref, found, landed[became.id], order)))
    return rows


def _ref(became: Became, order: Order | None, landed: Landed) -> str:
    """The channel's number, which a person can look for; a message that makes no order goes by its own id."""
    return order.external_id if order else landed.headers.get("external_id", "") or became.id


def _row(ref: str, became: Became, order: Order | None, case: CaseOpened | None) -> PreviewRow:
    if became.outcome == PARKED:
        _, mend = why_of(became.detail)
        return PreviewRow(ref, REFUSED, PARKED, PARKED, PreviewReason(became.reason, {"mend": mend}))
    if order is None:
        return PreviewRow(ref, UNCHANGED, PARKED, became.outcome, None)
    phase = axes_of(order).phase
    outcome = HELD if phase in PHASES_HELD else GOES_ON
    return PreviewRow(ref, outcome, PARKED, phase, _why(order, case) if outcome == HELD else None)


def _why(order: Order, case: CaseOpened | None) -> PreviewReason:
    """Why an order would stand still, in the words of the case that would be opened where it has any."""
    evidence = case.evidence if case else {}
    code = order.standing_hold or (case.kind if case else "short_stock" if order.is_short else order.stage)
    return PreviewReason(code, {}, str(evidence.get("zh", "")), str(evidence.get("en", "")))


def _told(ref: str, found: Foreseen, landed: Landed, order: Order | None) -> RowTold:
    if order is None or found.world is None:
        return RowTold(ref, landed.id, landed.received_at)
    world = found.world
    goods = [ToldGoods(world.goods.skus[line.sku_id].code if line.sku_id in world.goods.skus else line.sku_external,
                      line.title, line.ordered // line.factor) for line in order.lines]
    houses = dict.fromkeys(world.directory.warehouse(work.warehouse_id).code for work in order.works)
    return RowTold(ref, landed.id, landed.received_at, order.stage, goods, order.paid or order.total, order.currency,
                   " ".join(houses))


def plain_preview(at: datetime, ids: Sequence[str], mend: str) -> MendPreview:
    """Of what is taken out or sent again there is nothing to foresee but how much it is, and which."""
    rows = [PreviewRow(one, UNCHANGED if mend == "discard" else GOES_ON, PARKED, ENDS[mend]) for one in ids]
    effects = EffectsTold()
    effects.take_rows(rows)
    fields = msgspec.structs.asdict(effects.result(at))
    return MendPreview(**fields, messages=len(ids))
