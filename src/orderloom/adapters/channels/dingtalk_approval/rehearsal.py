"""DingTalk's part in the rehearsed world: a company whose rush orders come by an approval."""

from __future__ import annotations

from orderloom.adapters.channels.dingtalk_approval.simulator import CREDENTIALS, SETTINGS, Simulator
from orderloom.adapters.rehearsed import OVERLAP_SECONDS, Scene, WorldPart

ACCOUNT = {"app_key": "dingrehearsal", "app_secret": "rehearsal-secret", "push_token": "rehearsalpush",
           "access_token": "rehearsal-token", **CREDENTIALS}  # fmt: skip
"""Made up; they open the simulator and nothing else."""
PAUSE_SECONDS = 600 + OVERLAP_SECONDS
"""Nobody decides later than that there."""


def _simulator(scene: Scene) -> Simulator:
    return Simulator(ACCOUNT, scene.now, scene.shop | SETTINGS)


PART = WorldPart("DT01", "钉钉加急审批 DingTalk approvals", "Asia/Shanghai", ACCOUNT, _simulator,
            lambda _: {**SETTINGS, "overlap_seconds": PAUSE_SECONDS}, weight=3,
            topics={"placed": "start", "paid": "finish", "cancelled": "terminate"}, shows_unpaid=False)
