"""Wangdiantong's part in the rehearsed world: the seller's warehouses."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from orderloom.adapters.rehearsed import OVERLAP_SECONDS, Scene, WorldPart
from orderloom.adapters.systems.wangdiantong.simulator import Simulator
from orderloom.adapters.systems.wangdiantong.trade import compose
from orderloom.application.ports import Terminal

SHOP_NO = "zhidan-01"
CREDENTIALS = {"sid": "rehearsal", "app_key": "rehearsal-key", "app_secret": "rehearsalsecret:rehearsalsalt"}
"""Made up; they open the simulator and nothing else."""


def _simulator(scene: Scene) -> Simulator:
    return Simulator(CREDENTIALS, scene.now, scene.floor | {"shop_no": SHOP_NO, "slow_address_seconds": 0.2})


def _take_again(simulator: Simulator, body: dict[str, Any], at: datetime) -> None:
    try:
        _, trades, lines = compose(body, {"shop_no": SHOP_NO, "is_auto_wms": True})
    except Terminal:
        return  # it was refused then, too, and is in a case
    simulator.floor.take(trades[0], lines, at)


PART = WorldPart("WD01", "旺店通 Wangdiantong", "Asia/Shanghai", CREDENTIALS, _simulator, lambda _: {
    "shop_no": SHOP_NO, "stock_pull": False, "page_size": 200, "overlap_seconds": OVERLAP_SECONDS,
}, is_usual=True, is_leading=True, take_again=_take_again)
