"""E-mail in the rehearsed world: a server on loopback that takes mail and gives it to nobody."""

from __future__ import annotations

from orderloom.adapters.messengers.email.simulator import Simulator
from orderloom.adapters.rehearsed import Scene, WorldPart

PART = WorldPart("EM01", "邮件 E-mail", "Asia/Shanghai", {"user": "", "password": ""},
                 lambda scene: _simulator(scene), lambda _: {"sender": "hub@rehearsal.example", "is_plain": True},
                 is_served=False, pull_every=None, people=lambda recipient: f"{recipient}@rehearsal.example",
                 refuses=True)


def _simulator(scene: Scene) -> Simulator:
    return Simulator({}, scene.now, {})
