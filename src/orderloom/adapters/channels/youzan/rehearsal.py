"""Youzan's part in the rehearsed world."""

from __future__ import annotations

from orderloom.adapters.channels.youzan.simulator import Simulator
from orderloom.adapters.rehearsed import Scene, WorldPart, put_up

CREDENTIALS = {"client_id": "rehearsal-client", "client_secret": "rehearsal-secret", "kdt_id": "40419900",
               "access_token": "rehearsal-token", "refresh_token": "rehearsal-refresh"}  # fmt: skip
"""Made up; they open the simulator and nothing else."""
COMPANIES = {"jtexpress": "138", "jd": "139"}


def _simulator(scene: Scene) -> Simulator:
    # Which numbers its carriers have is not public: this shop takes the others under the hub's names.
    return Simulator(CREDENTIALS, scene.now, scene.shop | {"companies": COMPANIES})


PART = WorldPart("YZ01", "有赞店铺 Youzan", "Asia/Shanghai", CREDENTIALS, _simulator,
            lambda _: {"guessed_carriers": True}, list_all=put_up(item_id="item", sku_id="variant"),
            topics={"placed": "", "paid": "", "cancelled": ""})
