"""Taobao's part in the rehearsed world."""

from __future__ import annotations

from collections.abc import Sequence

from orderloom.adapters.channels.taobao.simulator import Simulator
from orderloom.adapters.channels.taobao.trade_book import listing_ids
from orderloom.adapters.rehearsed import OVERLAP_SECONDS, Listings, Scene, WorldPart

CREDENTIALS = {"app_key": "rehearsal-key", "app_secret": "rehearsal-secret", "session": "rehearsal-session",
               "refresh_token": "rehearsal-refresh"}
"""Made up; they open the simulator and nothing else."""


def _simulator(scene: Scene) -> Simulator:
    return Simulator(CREDENTIALS, scene.now, scene.shop | {"encoding": "utf-8"})


def _list_all(simulator: Simulator, spellings: Sequence[str]) -> Listings:
    found: Listings = {}
    for text in spellings:
        simulator.list_sku(text)
        item, sku = listing_ids(text)
        found[text] = {"num_iid": str(item), "sku_id": str(sku)}
    return found


PART = WorldPart("TB01", "淘宝旗舰店 Taobao", "Asia/Shanghai", CREDENTIALS, _simulator,
            lambda _: {"overlap_seconds": OVERLAP_SECONDS, "page_size": 100}, path="/router/rest", list_all=_list_all,
            weight=50)
