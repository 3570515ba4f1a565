"""The last scan is taken back by a scan of its own: units are where they were, and nothing else is changed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from orderloom.adapters.ids import new_id
from orderloom.application.verify import Report
from orderloom.bootstrap.auditing import verify_all
from orderloom.testing.builders import a_line
from orderloom.testing.proof import prove
from tests.support.floor import Floor, a_floor


@pytest.fixture
async def floor(home: Path, database: str) -> AsyncIterator[Floor]:
    async with a_floor(home, database) as floor:
        await floor.put("A-01-01", 9)
        yield floor


async def _wave(floor: Floor) -> tuple[str, str]:
    """Two works of two cups; task and work of the first."""
    await floor.world.record(2, lines=(a_line("M-001", 2, 5_000),))
    wave = await floor.ask("POST", "/waves", {"warehouse": "HZ", "rule": {"kind": "cluster"}}, status=201)
    return wave["tasks"][0]["task"], wave["tasks"][0]["work"]


def _said(answer: Any) -> tuple[str, str]:
    return answer["verdict"], answer["reason"]


async def test_what_was_fetched_or_packed_last_is_where_it_was(floor: Floor) -> None:
    task, work = await _wave(floor)
    one = await floor.beep("picked", task, "M-001", 2)
    undone = await floor.beep("undone", "", one["id"])
    assert (_said(undone), undone["task"]["picked"], undone["task"]["rest"]) == (("right", "undone"), 0, 2)
    assert await floor.lies("A-01-01") == {("M-001", ""): 9}
    assert _said(await floor.beep("undone", "", one["id"])) == ("refused", "nothing_to_undo"), "once"
    assert _said(await floor.beep("picked", task, "M-001", 2)) == ("right", "")
    packed = await floor.beep("packed", work, "M-001")
    assert _said(await floor.beep("undone", "", packed["id"])) == ("right", "undone")
    assert await floor.lies("PACK") == {}
    first = await floor.beep("packed", work, "M-001")
    closed = await floor.beep("packed", work, "M-001")
    assert _said(await floor.beep("undone", "", first["id"])) == ("refused", "nothing_to_undo"), "not the last one"
    assert _said(await floor.beep("undone", "", closed["id"])) == ("over", "box_closed")
    assert _said(await floor.beep("out", work, "SF1234567890", carrier="shunfeng")) == ("right", "out")
    assert floor.world.rows("select count(*) from scan") == [(11,)], "nothing is deleted"
    assert await prove(floor.world.hub) == []
    report = Report()
    await verify_all(floor.world.hub.settings, floor.world.dsn, report, lambda *_: None)
    assert not report.faults


async def test_nobody_takes_back_what_another_one_scanned_or_what_went_on(floor: Floor) -> None:
    task, work = await _wave(floor)
    one = await floor.beep("picked", task, "M-001")
    assert (await floor.beep("packed", work, "M-001", device="T2"))["verdict"] == "right"
    assert _said(await floor.beep("undone", "", one["id"])) == ("refused", "packed_already")
    for code in ("", "x", new_id(), one["id"].upper()):
        assert _said(await floor.beep("undone", "", code)) == ("refused", "nothing_to_undo"), code
    two = await floor.beep("picked", task, "M-001")
    by = floor.by
    async with await floor.world.user("picker", {"warehouse": ["HZ"]}) as other:
        floor.by = other
        assert _said(await floor.beep("undone", "", two["id"], device="T3")) == ("refused", "nothing_to_undo")
    floor.by = by
    assert await prove(floor.world.hub) == []


async def test_a_full_place_proposes_another_one(floor: Floor) -> None:
    await floor.ask("PUT", "/places", {"warehouse": "HZ", "places": [
        {"code": "A-01-01", "units_max": 9}, {"code": "A-01-02", "is_closed": True}]})
    goods = {"warehouse": "HZ", "reason": "x", "lines": [{"sku": "M-001", "quantity": 3}]}
    await floor.ask("POST", "/receive", goods, status=201)
    full = await floor.beep("put_away", "A-01-01", "M-001", 3)
    assert (_said(full), full["particulars"]["elsewhere"]) == (("refused", "place_full"), "A-02-01")
    closed = await floor.beep("put_away", "A-01-02", "M-001", 3)
    assert (_said(closed), closed["particulars"]["elsewhere"]) == (("refused", "place_closed"), "A-02-01")
    assert _said(await floor.beep("put_away", "A-02-01", "M-001", 3)) == ("right", "")
