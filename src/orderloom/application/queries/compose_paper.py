"""Put papers together from what is known: whose label a box gets, what a slip and a list name. Nothing is read here.

A carrier's own document is the label where it gave one; else the label is drawn of the waybill that it sold. Of a
receiver that the platform hides no label can be made here: that is the platform's own printing component.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from orderloom.application.buy_label import Label
from orderloom.application.masking import ReceiverView
from orderloom.application.queries.waves import PickTaskView, WaveView
from orderloom.application.queries.works import HandLine, HandWork, PickList
from orderloom.domain import carriers
from orderloom.domain.paper.code_label import draw_code_label
from orderloom.domain.paper.label import BoxLabel, Party, draw_label
from orderloom.domain.paper.listed_paper import (
    PickLine,
    SlipHead,
    SlipLine,
    WaveLine,
    draw_pick_list,
    draw_slip,
    draw_wave_sheet,
)
from orderloom.domain.paper.sheet import Paper, Sheet
from orderloom.domain.refusal import Refusal

PLACE = ("province", "city", "district", "detail")
ROUTES = ("destRouteLabel", "destRouteCode", "markDestination", "shortAddress")
"""What carriers call the word for the way in what they say of a label; drawn large, for their own people."""


def compose_label(
    work: HandWork, label: Label, told: str, sender: Mapping[str, Any], size: str, *, is_again: bool = False,
) -> Paper | Refusal:
    """The label of a box. `told`: what the carrier gave to print it; `sender`: settings of the account that sold it."""
    if label.state != "bought":
        return Refusal("label_not_there", {"label": label.number, "state": label.state})
    if work.receiver.is_masked or work.receiver.is_damaged:
        return Refusal("label_hidden", {"label": label.number})
    to, ours = _theirs(work.receiver), _ours(sender)
    if label.purpose == "back":
        to, ours = ours, to
    drawn = draw_label(BoxLabel(
        carriers.name(label.carrier), label.waybill, _route(told), to, ours, label.number, work.order, label.box,
        tuple([f"{line.sku} {line.title} × {line.quantity}" for line in work.lines]), work.note, is_again), size)
    return drawn if isinstance(drawn, Refusal) else Paper((drawn,), told.encode())


def compose_slip(work: HandWork, size: str) -> Paper:
    """The packing slip of a work: what is in no box that is out yet."""
    lines = [SlipLine(line.sku, line.title, left_in(line)) for line in work.lines if left_in(line)]
    head = SlipHead(work.number, work.order, work.account, work.external_id, work.note)
    return Paper(tuple(draw_slip(head, lines, size)))


def compose_pick_list(found: PickList, number: str, size: str) -> Paper:
    """What to fetch, warehouse by warehouse."""
    lines = [PickLine("", row.sku, row.name, "", row.units, tuple(row.works)) for row in found.rows]
    houses = " ".join(sorted({row.warehouse for row in found.rows}))
    return Paper(tuple(draw_pick_list(f"拣货单 Pick list {houses}".rstrip(), number, lines, size)))


def compose_wave_sheet(works: Sequence[HandWork], number: str, size: str) -> Paper:
    """Which works are picked together; each gets a slot, in their order."""
    lines = [WaveLine(str(slot), work.number, work.order, len(work.lines), sum([left_in(x) for x in work.lines]))
             for slot, work in enumerate(works, 1)]
    return Paper(tuple(draw_wave_sheet(number, lines, size)))


def compose_wave_picks(wave: WaveView, size: str) -> Paper:
    """What of a wave is still to be fetched, in the order of the walk; goods at a place once for all that want them."""
    rows: dict[tuple[str, str, str, str], list[PickTaskView]] = {}
    for task in wave.tasks:
        if task.rest:
            lot = f"  {task.lot} {task.expires_on or ''}".rstrip()
            rows.setdefault((task.place, task.sku, task.name, lot), []).append(task)
    lines = [PickLine(place, sku, name + lot, "", sum([task.rest for task in tasks]),
                      tuple([f"[{task.slot}]×{task.rest}" if task.slot else task.work for task in tasks]))
             for (place, sku, name, lot), tasks in rows.items()]
    return Paper(tuple(draw_pick_list(f"拣货单 Pick list {wave.warehouse}", wave.number, lines, size)))


def compose_sheet_of(wave: WaveView, size: str) -> Paper:
    """The works of a wave, each with its slot."""
    skus = {work.work: len({task.sku for task in wave.tasks if task.work == work.work}) for work in wave.works}
    lines = [WaveLine(str(one.slot or ""), one.work, one.order, skus[one.work], one.units)
             for one in wave.works if one.is_live]
    return Paper(tuple(draw_wave_sheet(wave.number, lines, size)))


def compose_code_labels(codes: Sequence[str], title: str, size: str) -> Paper | Refusal:
    """Labels of places or totes, a sheet each."""
    drawn: list[Sheet] = []
    for code in codes:
        sheet = draw_code_label(code, title, size)
        if isinstance(sheet, Refusal):
            return sheet
        drawn.append(sheet)
    return Paper(tuple(drawn))


def left_in(line: HandLine) -> int:
    """Units of a line that are in no box that is out."""
    return line.quantity - line.boxed


def _theirs(to: ReceiverView) -> Party:
    abroad = f" {to.country}" if to.country not in ("", "CN") else ""
    parts = [to.province, to.city if to.city != to.province else "", to.district]
    region = "".join([part for part in parts if part and part not in to.detail])
    return Party(to.name, to.phone, f"{region}{to.detail} {to.postcode}".rstrip() + abroad)


def _ours(sender: Mapping[str, Any]) -> Party:
    name, phone = (str(sender.get(f"sender_{part}") or "") for part in ("name", "phone"))
    return Party(name, phone, "".join([str(sender.get(f"sender_{part}") or "") for part in PLACE]))


def _route(told: str) -> str:
    """The word for the way in a carrier's data; empty where it says none."""
    try:
        said = msgspec.json.decode(told)
    except msgspec.DecodeError:
        return ""
    if not isinstance(said, dict):
        return ""
    found = next((said[name] for name in ROUTES if isinstance(said.get(name), str)), "")
    return str(found)[:40]
