"""Waits until messages are through the route, helping the workers, and tells what became of them and why."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from time import monotonic
from typing import Any

import msgspec
import typer

from orderloom.application.queries.landed import held_of, outcomes_of, stayed_of
from orderloom.application.queries.vocabulary import Vocabulary
from orderloom.bootstrap import Hub
from orderloom.domain.words import Words
from orderloom.entrypoints.cli import names
from orderloom.entrypoints.cli.screen import screen

STILL_SECONDS_MAX = 60.0
"""How long nothing may move before waiting is given up: another worker may hold what is left."""
PAUSE_SECONDS = 0.2
COUNT_SECONDS = 1.0
"""How often the ends of many messages are counted while there is work: a hundred thousand take a while."""
SHOWN_MAX = 50
FAULTY = Words("文件有误", "wrong in the file")

class Stayed(msgspec.Struct, frozen=True):
    """A message that waits for a person: where it came from, why, and how to mend it."""

    message: str
    file: str
    row: str
    reason: str
    field: str
    mend: str


class Held(msgspec.Struct, frozen=True):
    """An order that is recorded and does not ship before its holds are gone."""

    order: str
    external_id: str
    holds: list[str]


class Outcomes(msgspec.Struct, frozen=True):
    """What became of messages; `stayed` are the first of those that were parked, `held` of the orders on hold."""

    outcomes: dict[str, int]
    stayed: list[Stayed]
    held: list[Held]

    @property
    def waiting(self) -> int:
        """How many are not through: parked, or not yet processed."""
        return self.outcomes.get("parked", 0) + self.outcomes.get("pending", 0)


async def handled(hub: Hub, ids: Sequence[str]) -> Outcomes:
    """Help until none of these waits any more, or nothing moves for `STILL_SECONDS_MAX`."""
    outcomes: dict[str, int] = {}
    still_since, counted_at = monotonic(), 0.0
    with screen.progress("处理", "Processing") as advance:
        while True:
            taken = await hub.handler.handle_messages()
            if taken and monotonic() - counted_at < COUNT_SECONDS:
                continue
            counted_at = monotonic()
            before, outcomes = outcomes, await _count(hub, ids)
            advance(len(ids) - outcomes.get("pending", 0), len(ids))
            if not outcomes.get("pending"):
                break
            if taken or before != outcomes:
                still_since = monotonic()
            elif monotonic() - still_since > STILL_SECONDS_MAX:
                break
            else:
                await asyncio.sleep(PAUSE_SECONDS)
    return Outcomes(outcomes, await _stayed(hub, ids), await _held(hub, ids))


async def _count(hub: Hub, ids: Sequence[str]) -> dict[str, int]:
    async with hub.ports.reading() as one:
        return await outcomes_of(one, ids)


async def _stayed(hub: Hub, ids: Sequence[str]) -> list[Stayed]:
    async with hub.ports.reading() as one:
        found = [_stay(*row) for row in await stayed_of(one, ids, SHOWN_MAX)]
    return sorted(found, key=lambda one: (one.file, int(one.row or 0), one.message))


async def _held(hub: Hub, ids: Sequence[str]) -> list[Held]:
    async with hub.ports.reading() as one:
        return [Held(*row) for row in await held_of(one, ids, SHOWN_MAX)]


def _stay(message: str, headers: str, reason: str, detail: str) -> Stayed:
    known: dict[str, Any] = json.loads(headers or "{}")
    told: list[dict[str, str]] = json.loads(detail or "[]")
    row = str(known.get("reason_row") or known.get("row") or "")
    row = row if row.isdigit() else ""
    fields = ", ".join(one.get("field", "") for one in told)
    why = str(known.get("reason") or reason)
    return Stayed(message, str(known.get("file") or ""), row, why, fields, why_of(detail))


def why_of(detail: str) -> str:
    """How to mend what stands in a message's way, in the asked language; a detail that is no list stands for itself."""
    if not detail.startswith("["):
        return detail
    try:
        told: list[dict[str, str]] = json.loads(detail)
    except ValueError:  # masked or cut: it is shown as it is
        return detail
    return " ".join(dict.fromkeys(screen.one_of(one.get("mend", "")) for one in told))


def tell(found: Outcomes, called: Vocabulary) -> None:
    """Show the sums, why each of the rest stayed, and which orders are on hold."""
    screen.table({"结果": "Outcome", "数量": "Count"}, [
        (names.shown(names.OUTCOMES, name), count)
        for name, count in sorted(found.outcomes.items())])
    if found.stayed:
        screen.table(
            {"文件": "File", "行": "Row", "原因": "Reason", "怎样处理": "How to mend"},
            [(one.file, one.row, _reason(one, called), one.mend) for one in found.stayed])
    more = found.outcomes.get("parked", 0) - len(found.stayed)
    if more > 0:
        screen.say(f"另有 {more} 条：orderloom messages list --outcome parked",
                   f"{more} more: orderloom messages list --outcome parked")
    if found.held:
        screen.say("以下订单已收下但挂起，解除前不发货：",
                   "These orders were taken in and are on hold: they do not ship yet.")
        screen.table(
            {"订单": "Order", "平台单号": "External id", "原因": "Reason", "怎样处理": "How to mend"},
            [(one.order, one.external_id, "; ".join(screen.called(called.hold(type)) for type in one.holds),
              " ".join(screen.called(called.mend(type)) for type in one.holds)) for one in found.held])
    if pending := found.outcomes.get("pending", 0):
        look = "orderloom messages list --outcome pending"
        screen.say(f"{pending} 条还没有处理完：请确认 orderloom up 在运行，再用 {look} 查看。",
                   f"{pending} are not through yet: see that orderloom up runs, then {look}.")


def _reason(one: Stayed, called: Vocabulary) -> str:
    """What is wrong by a word; a file's own fault is told by how it is mended."""
    known = called.case(one.reason)
    return screen.called(known if known.zh != one.reason else FAULTY)


def exit_with(found: Outcomes) -> None:
    """Exit 1 when something stayed: a script must not take it for done."""
    if found.waiting:
        raise typer.Exit(1)
