"""In the rehearsed world platforms fail at times; none is asked for a failure that it cannot have."""

from __future__ import annotations

import random
from pathlib import Path

from orderloom.rehearsal.catalogue import Assortment
from orderloom.rehearsal.doings import Doings
from orderloom.rehearsal.ledger import PlantedCauses
from orderloom.rehearsal.options import WorldOptions
from orderloom.rehearsal.planting import Planter
from orderloom.rehearsal.platforms import Platforms, chosen
from orderloom.testing.clock import STORY_BEGINS

OFTEN_SECONDS = 1e6


def test_every_connector_of_the_world_may_fail_and_none_as_it_cannot(tmp_path: Path) -> None:
    options = WorldOptions(has_all=True)
    catalogue = Assortment(1, options.sku_count, tuple(chosen(options, "channels")))
    platforms = Platforms(options, catalogue, tmp_path, lambda: STORY_BEGINS)
    planter = Planter(PlantedCauses(), platforms, catalogue, options)
    doings = Doings(options, platforms, planter, "http://127.0.0.1:1", random.Random(1))
    for _ in range(2_000):
        doings.upset(OFTEN_SECONDS)
    failing = {name for name, one in platforms.all.items() if getattr(one, "trouble", None) and one.trouble.waiting}
    assert {"own_site", "edi", "taobao"} <= failing
