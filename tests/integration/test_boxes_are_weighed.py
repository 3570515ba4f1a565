"""A box is held against what its goods and its material weigh: what is off stops it, and who leads says why it goes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from orderloom.application.verify import Report
from orderloom.bootstrap.auditing import verify_all
from orderloom.testing.proof import prove
from tests.support.floor import Floor, a_floor

CARTON = {"code": "CTN-3", "name": "3 号箱", "length_mm": 200, "width_mm": 150, "height_mm": 100, "weight_g": 80,
          "cost": 95}


@pytest.fixture
async def floor(home: Path, database: str) -> AsyncIterator[Floor]:
    async with a_floor(home, database) as floor:
        await floor.put("A-01-01", 50)
        yield floor


async def _boxed(floor: Floor) -> str:
    """A work whose box of one cup (400 g) is closed."""
    floor.world.rows("update sku set weight_g = 400, length_mm = 90, width_mm = 90, height_mm = 110"
                     " where code = 'M-001' returning id")
    await floor.world.record(1)
    wave = await floor.ask("POST", "/waves", {"warehouse": "HZ", "rule": {}}, status=201)
    (task,) = wave["tasks"]
    for action, subject in (("picked", task["task"]), ("packed", task["work"])):
        assert (await floor.beep(action, subject, "M-001"))["verdict"] == "right"
    return str(task["work"])


def _said(answer: Any) -> tuple[str, str]:
    return answer["verdict"], answer["reason"]


async def test_a_box_that_weighs_too_little_stops_until_who_leads_says_why(floor: Floor) -> None:
    bag = CARTON | {"code": "BAG-1", "length_mm": 60, "weight_g": 5}
    assert (await floor.ask("PUT", "/materials", {"materials": [CARTON, bag]}))["kept"] == 2
    work = await _boxed(floor)
    (listed,) = (await floor.ask("GET", "/list", warehouse="HZ"))["waves"][0]["works"]
    assert (listed["fits"], listed["material"], listed["weight_g"]) == ("CTN-3", "", 0), "the bag is too small"
    assert _said(await floor.beep("packed_in", work, "CTN-9")) == ("unknown", "no_such_material")
    assert _said(await floor.beep("packed_in", work, "CTN-3")) == ("right", "packed_in")
    for wrong in ("0", "-1", "4.5", "9999999", "", "９"):
        assert _said(await floor.beep("weighed", work, wrong)) == ("refused", "no_weight"), wrong
    light = await floor.beep("weighed", work, "81")
    assert (_said(light), light["particulars"]) == (
        ("refused", "weight_off"), {"weighed": "81", "wanted": "480", "band": "24"})
    by = floor.by
    async with await floor.world.user("picker", {"warehouse": ["HZ"]}) as packer:
        floor.by = packer
        mine = await floor.beep("weighed", work, "81", note="空箱", device="T2")
        assert _said(mine) == ("refused", "weight_off"), "a packer does not say so"
        assert mine["particulars"] == light["particulars"], "figures of scans are no money: whoever packs sees them"
        fits = await floor.beep("weighed", work, "504", device="T2")
        assert (_said(fits), fits["box"]["material"]) == (("right", "weight_fits"), "CTN-3")
    floor.by = by
    assert _said(await floor.beep("weighed", work, "530", note="多放一张说明书")) == ("right", "weight_overridden")
    (carton,) = [one for one in (await floor.ask("GET", "/materials"))["materials"] if one["code"] == "CTN-3"]
    assert (carton["used"], carton["cost"]) == (1, 95)
    assert floor.world.rows("select weight_g, material from wave_work") == [(530, "CTN-3")]
    assert _said(await floor.beep("out", work, "SF1234567890", carrier="shunfeng")) == ("right", "out")
    assert _said(await floor.beep("weighed", work, "504")) == ("over", "out_already")
    assert await prove(floor.world.hub) == []
    report = Report()
    await verify_all(floor.world.hub.settings, floor.world.dsn, report, lambda *_: None)
    assert not report.faults, "rows are what their events say"


async def test_a_box_of_goods_without_a_weight_is_weighed_and_not_judged(floor: Floor) -> None:
    await floor.world.record(1)
    wave = await floor.ask("POST", "/waves", {"warehouse": "HZ", "rule": {}}, status=201)
    weighed = await floor.beep("weighed", wave["works"][0]["work"], "1234")
    assert (_said(weighed), weighed["particulars"]["wanted"]) == (("right", "weight_unknown"), "0")
    assert _said(await floor.beep("weighed", "nobody's", "1234")) == ("unknown", "no_such_work")
