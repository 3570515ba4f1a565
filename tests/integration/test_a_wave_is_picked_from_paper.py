"""Who picks from paper reads places, lots and slots in the order of the walk, and never what is fetched already."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from orderloom.application.queries.compose_paper import compose_sheet_of, compose_wave_picks
from orderloom.application.queries.waves import show_wave
from orderloom.domain.paper.sheet import Paper, TextBlock
from tests.support.floor import Floor, a_floor


@pytest.fixture
async def floor(home: Path, database: str) -> AsyncIterator[Floor]:
    async with a_floor(home, database) as floor:
        yield floor


def texts(paper: Paper) -> list[str]:
    return [block.text for sheet in paper.sheets for block in sheet.blocks if isinstance(block, TextBlock)]


async def test_a_pick_list_names_what_is_still_to_be_fetched(floor: Floor) -> None:
    await floor.put("A-01-01", 2)
    await floor.put("A-02-01", 5)
    await floor.world.record(3)
    wave = await floor.ask("POST", "/waves", {"warehouse": "HZ", "rule": {"kind": "cluster"}}, status=201)
    await floor.beep("picked", wave["tasks"][0]["task"], "M-001")
    async with floor.world.hub.pool.connection() as connection:
        found = await show_wave(connection, wave["number"])
    assert found is not None
    told = texts(compose_wave_picks(found, "a4"))
    places = [one for one in told if one.startswith("A-0")]
    assert places == ["A-01-01", "A-02-01"] and "[2]×1" in told and "[3]×1" in told and "[1]×1" not in told
    assert [one for one in texts(compose_sheet_of(found, "a4")) if one in ("1", "2", "3")].count("3") == 1
    for paper in ("pick", "wave"):
        answer = await floor.by.get(f"/api/v1/floor/waves/{wave['number']}/paper", params={"paper": paper})
        assert answer.status_code == 200 and answer.content.startswith(b"%PDF"), answer.text
    assert (await floor.by.get("/api/v1/floor/waves/W-20200101-0001/paper")).status_code == 404
    wrong = await floor.by.get(f"/api/v1/floor/waves/{wave['number']}/paper", params={"size": "60x40"})
    assert wrong.status_code == 409 and wrong.json()["code"] == "wrong_size"
