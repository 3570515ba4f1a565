"""Voice calls in the rehearsed world."""

from __future__ import annotations

import zlib

from orderloom.adapters.messengers.voice.simulator import Simulator
from orderloom.adapters.rehearsed import Scene, WorldPart

CREDENTIALS = {"access_key_id": "rehearsal", "access_key_secret": "rehearsal"}
"""Made up; they open the simulator and nothing else."""
TEMPLATES = {"code_case": "T1", "code_digest": "T2", "code_other": "T3"}


def _phone(recipient: str) -> str:
    """A number that nobody has, the recipient's own."""
    return f"199000{zlib.crc32(recipient.encode()) % 100_000:05d}"


def _simulator(scene: Scene) -> Simulator:
    return Simulator(CREDENTIALS, scene.now, {"templates": {"T1": ["kind"], "T2": ["count"], "T3": []}})


PART = WorldPart("VC01", "语音电话 Voice", "Asia/Shanghai", CREDENTIALS, _simulator,
                 lambda _: TEMPLATES, path="/", pull_every=None, people=_phone, step=3)
