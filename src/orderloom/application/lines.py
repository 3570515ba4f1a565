"""Lines of a channel's order as lines of ours: in base units of our SKUs, and each the continuation of what it was."""

from __future__ import annotations

from collections.abc import Sequence, Set

from msgspec.structs import replace

from orderloom.application.batch import BatchView
from orderloom.application.commands import RecordOrder
from orderloom.application.line_problems import too_many, unknown_sku, unknown_unit
from orderloom.domain.counting import own_units, units_within
from orderloom.domain.draft import DraftLine, OrderDraft, Problem
from orderloom.domain.gift import is_gift
from orderloom.domain.limits import UNITS_MAX
from orderloom.domain.money import apportion
from orderloom.domain.order import Line, Order
from orderloom.domain.states import LineKind

NO_SKU = 0
"""Stands for the SKU of a line that needs none, because nothing of it is ever shipped."""


def resolve_lines(command: RecordOrder, world: BatchView) -> tuple[Line, ...] | list[Problem]:
    """The draft's lines in base units of our SKUs with apportioned amounts, or all that stands in the way.

    `elsewhere` of a line is all that the channel says is shipped, for `merge_lines` to take our own off.
    """
    code, goods = world.directory.accounts[command.account_id].code, world.goods
    problems: list[Problem] = []
    found: list[tuple[DraftLine, str, int, int, LineKind]] = []
    for line, external_id in zip(command.draft.lines, unique_ids(command.draft.lines), strict=True):
        alias = goods.resolve(command.account_id, line.sku_external)
        if alias is None:
            if line.kind in (LineKind.SERVICE, LineKind.VIRTUAL):
                found.append((line, external_id, NO_SKU, 1, LineKind(line.kind)))
            else:
                problems.append(unknown_sku(code, line))
            continue
        sku = goods.skus[alias.sku_id]
        factor = alias.factor * (sku.units.get(line.unit, 0) if line.unit else 1)
        if factor == 0:
            problems.append(unknown_unit(code, line, sku.code))
            continue
        if line.quantity * factor > UNITS_MAX:
            problems.append(too_many(line, factor))
            continue
        kind = sku.kind if line.kind in ("", LineKind.GOODS) else LineKind(line.kind)
        found.append((line, external_id, alias.sku_id, factor, kind))
    if problems:
        return problems
    amounts = line_amounts(command.draft)
    return tuple([
        Line(no, external_id, sku_id, d.sku_external, d.title, d.quantity * factor, d.price, d.discount,
             amounts[no - 1], factor, d.native, d.is_closed, d.is_disputed, kind=kind,
             elsewhere=min(d.fulfilled or 0, d.quantity) * factor,
             parts=goods.skus[sku_id].parts if sku_id else ())
        for no, (d, external_id, sku_id, factor, kind) in enumerate(found, 1)
    ])


def unique_ids(lines: Sequence[DraftLine]) -> list[str]:
    """The lines' own ids; what has none, or one that stands twice, gets its SKU and its place among its like."""
    own = [line.external_id or line.sku_external for line in lines]
    stand = set(own)
    seen: dict[str, int] = {}
    ids = []
    for base in own:
        count = seen.get(base, 0) + 1
        while count > 1 and f"{base}#{count}" in stand:  # the code of another line may look like a made id
            count += 1
        seen[base] = count
        ids.append(base if count == 1 else f"{base}#{count}")
    return ids


def line_amounts(draft: OrderDraft) -> tuple[int, ...]:
    """What the buyer pays for each line: as stated, else the goods' part of the total by largest remainder."""
    stated = [line.amount for line in draft.lines if line.amount is not None]
    if len(stated) == len(draft.lines):
        return tuple(stated)
    goods = draft.total - draft.freight - draft.tax - sum([charge.amount for charge in draft.charges])
    weights = [0 if line.is_closed else max(_worth(line), 0) for line in draft.lines]
    return apportion(goods, weights if any(weights) else [1] * len(weights))


def _worth(line: DraftLine) -> int:
    return (line.price * line.quantity if line.goods is None else line.goods) - line.discount


def silent_lines(draft: OrderDraft) -> frozenset[int]:
    """Numbers of the draft's lines of which the source does not say what is shipped."""
    return frozenset([no for no, line in enumerate(draft.lines, 1) if line.fulfilled is None])


def merge_lines(
    before: Order, lines: tuple[Line, ...], shipped_kept: Set[int] = frozenset(), labelled: Set[int] = frozenset(),
) -> tuple[Line, ...]:
    """The newer lines with the counters of those they continue; a line that is gone is closed and costs nothing. Gifts
    stay as they are: whose the order is knows nothing of them.

    `shipped_kept`: numbers of newer lines of which what was said to be shipped is so, though they say less.
    `labelled`: works of ours that the channel calls shipped before the warehouse does.
    """
    gifts = [line for line in before.lines if is_gift(line)]
    lines = tuple([line for line in lines if not is_gift(line)]) if gifts else lines
    old, taken = [line for line in before.lines if line not in gifts] if gifts else list(before.lines), set[int]()
    pasts = _continued(lines, old, taken)
    merged: list[Line] = []
    number = len(before.lines)
    for line, past in zip(lines, pasts, strict=True):
        if past is None:
            number += 1
            merged.append(replace(line, no=number, external_id=_free_id(line.external_id, old, merged)))
        else:
            merged.append(_continue(before, past, line, past.elsewhere if line.no in shipped_kept else 0, labelled))
    merged += [replace(line, is_closed=True, amount=0) for line in old if line.no not in taken] + gifts
    return tuple(sorted(merged, key=lambda line: line.no))


def raise_shipped(before: Order, lines: tuple[Line, ...], labelled: Set[int]) -> tuple[Line, ...]:
    """The known lines, with what these others say is shipped where they say more."""
    old = list(before.lines)
    pasts = _continued(lines, [line for line in old if not is_gift(line)], set())
    more = {past.no: line.elsewhere - past.shipped - units_within(before, past, labelled)
            for line, past in zip(lines, pasts, strict=True) if past is not None}  # fmt: skip
    return tuple([
        replace(o, elsewhere=min(more[o.no], o.ordered - o.cancelled)) if more.get(o.no, 0) > o.elsewhere else o
        for o in old
    ])


def _continued(lines: tuple[Line, ...], old: list[Line], taken: set[int]) -> list[Line | None]:
    """For each newer line the older one that it is: the one with its id, which for lines whose id is only a place
    among their like must also cost the same; else one of the same SKU whose own id is nowhere any more."""
    pasts: list[Line | None] = [None] * len(lines)
    for is_alike in (_is_same, _is_same_but_for_place, _has_same_id, _is_same_but_for_id, _is_same_goods):
        for place, line in enumerate(lines):
            if pasts[place] is None:
                past = next((o for o in old if o.no not in taken and is_alike(line, o)), None)
                if past is not None:
                    pasts[place] = past
                    taken.add(past.no)
    return pasts


def _is_same(line: Line, past: Line) -> bool:
    return _has_same_id(line, past) and _costs_the_same(line, past)


def _is_same_but_for_place(line: Line, past: Line) -> bool:
    return _base(line) == _base(past) and _costs_the_same(line, past)


def _costs_the_same(line: Line, past: Line) -> bool:
    known = (past.sku_external, past.price, past.ordered)
    return (line.sku_external, line.price, line.ordered) == known


def _has_same_id(line: Line, past: Line) -> bool:
    """The same line; but where other goods stand in it now than those that left, they are another one."""
    is_exchanged = past.shipped > 0 and line.sku_external != past.sku_external
    return line.external_id == past.external_id and not is_exchanged


def _is_same_but_for_id(line: Line, past: Line) -> bool:
    return not past.is_closed and _costs_the_same(line, past)


def _is_same_goods(line: Line, past: Line) -> bool:
    """A channel that renames its lines, or leaves their ids out, sells nothing twice by that."""
    return not past.is_closed and line.sku_external == past.sku_external


def _base(line: Line) -> str:
    """The id without the place among its like that `unique_ids` put behind it."""
    base, mark, count = line.external_id.rpartition("#")
    return base if mark and count.isdigit() else line.external_id


def _free_id(wanted: str, old: list[Line], merged: list[Line]) -> str:
    known = {line.external_id for line in (*old, *merged)}
    if wanted not in known:
        return wanted
    return next(made for n in range(2, len(known) + 3) if (made := f"{wanted}#{n}") not in known)


def _continue(before: Order, past: Line, line: Line, elsewhere_least: int, labelled: Set[int]) -> Line:
    """The newer line with the older one's counters; what is in work or out beyond a lowered order is not the line's,
    and is again once the order is raised.

    What the channel says is shipped and we shipped is one and the same: only the rest went out elsewhere.
    """
    is_begun = past.sku_id == line.sku_id and past.fulfilled > 0
    parts = past.parts if is_begun and past.parts else line.parts
    as_now = replace(past, sku_id=line.sku_id, parts=parts)
    in_work, out = own_units(before, as_now)
    ours = max(past.shipped, out) + (units_within(before, as_now, labelled) if labelled else 0)
    cancelled = min(past.cancelled, line.ordered)
    most = line.ordered - cancelled
    fulfilled = min(max(past.fulfilled, in_work), most)
    shipped = min(max(past.shipped, out), fulfilled)
    return replace(
        line, no=past.no, external_id=past.external_id, cancelled=cancelled, fulfilled=fulfilled, shipped=shipped,
        returned=min(past.returned, shipped), unpaid=min(past.unpaid, most),
        parts=parts, elsewhere=max(line.elsewhere - ours, min(elsewhere_least, most), 0),
    )


def mark_unpaid(before: Order, lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The lines with what was added to the order since it was paid marked as waiting for its money."""
    had = {line.no: 0 if line.is_closed else line.ordered for line in before.lines}
    return tuple([
        replace(line, unpaid=line.unpaid + added) if (added := line.ordered - had.get(line.no, 0)) > 0 else line
        for line in lines
    ])


def demand_of(lines: tuple[Line, ...]) -> list[tuple[int, int, int]]:
    """(line, SKU, units) that are ours to ship: when it is the same as before, nothing need be decided anew."""
    return [(line.no, line.sku_id, needed) for line in lines if (needed := line.needed)]
