"""Taobao's part in the rehearsed world."""

from __future__ import annotations

from collections.abc import Sequence

from orderloom.adapters.channels.taobao.simulator import Simulator
from orderloom.adapters.channels.taobao.trade_book import listing_ids
from orderloom.adapters.rehearsed import OVERLAP_SECONDS, Listings, Scene, WorldPart
from orderloom.adapters.simulated.receivers import is_masked

CREDENTIALS = {"app_key": "rehearsal-key", "app_secret": "rehearsal-secret", "session": "rehearsal-session",
               "refresh_token": "rehearsal-refresh"}
"""Made up; they open the simulator and nothing else."""
TRIES_PER_ORDER = 64
"""The simulator masks by the order's id: among so many there is one of either kind."""
GBK_SHARE = 0.2


def _simulator(scene: Scene) -> Simulator:
    return Simulator(CREDENTIALS, scene.now, scene.shop | {"encoding": "utf-8"})


def _list_all(simulator: Simulator, spellings: Sequence[str]) -> Listings:
    found: Listings = {}
    for text in spellings:
        simulator.list_sku(text)
        item, sku = listing_ids(text)
        found[text] = {"num_iid": str(item), "sku_id": str(sku)}
    return found


def _masks(external_id: str) -> bool:
    return is_masked(external_id, {})


def _vary(simulator: Simulator, chance: float) -> None:
    simulator.settings["encoding"] = "gbk" if chance < GBK_SHARE else "utf-8"


PART = WorldPart("TB01", "淘宝旗舰店 Taobao", "Asia/Shanghai", CREDENTIALS, _simulator,
            lambda _: {"overlap_seconds": OVERLAP_SECONDS, "page_size": 100}, path="/router/rest", list_all=_list_all,
            weight=50, is_usual=True, ids_per_order=TRIES_PER_ORDER, masks=_masks, vary=_vary)
