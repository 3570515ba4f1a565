"""WeChat messages in the rehearsed world."""

from __future__ import annotations

from orderloom.adapters.messengers.wechat.simulator import Simulator
from orderloom.adapters.rehearsed import Scene, WorldPart
from orderloom.domain.words import ROLES

CREDENTIALS = {"appid": "wxrehearsal", "appsecret": "rehearsal"}
"""Made up; they open the simulator and nothing else."""
SETTINGS = {"code_case": "T1", "code_digest": "T2", "code_other": "T3",
            "field_names": {"kind": "thing1", "severity": "phrase2", "count": "character_string3"}}  # fmt: skip


def _openid(recipient: str) -> str:
    """Under which the account knows a follower."""
    return f"o-{recipient}"


def _simulator(scene: Scene) -> Simulator:
    return Simulator(CREDENTIALS, scene.now, {
        "followers": [_openid(role) for role in ROLES],
        "templates": {"T1": ["thing1", "phrase2"], "T2": ["phrase2", "character_string3"], "T3": []}})


PART = WorldPart("WM01", "微信消息 WeChat", "Asia/Shanghai", CREDENTIALS, _simulator,
                 lambda _: SETTINGS, pull_every=None, people=_openid, step=2)
