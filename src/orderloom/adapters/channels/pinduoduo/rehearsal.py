"""Pinduoduo's part in the rehearsed world."""

from __future__ import annotations

from orderloom.adapters.channels.pinduoduo.simulator import Simulator
from orderloom.adapters.rehearsed import Scene, WorldPart, put_up

CREDENTIALS = {"client_id": "rehearsal-client", "client_secret": "rehearsal-secret",
               "access_token": "rehearsal-token", "refresh_token": "rehearsal-refresh"}  # fmt: skip
"""Made up; they open the simulator and nothing else."""


def _simulator(scene: Scene) -> Simulator:
    return Simulator(CREDENTIALS, scene.now, scene.shop)


PART = WorldPart("PD01", "拼多多旗舰店 Pinduoduo", "Asia/Shanghai", CREDENTIALS, _simulator,
            lambda _: {"guessed_carriers": True}, path="/api/router",
            list_all=put_up(goods_id="item", sku_id="variant"), weight=20, is_usual=True)
