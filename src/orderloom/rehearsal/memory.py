"""What the world remembers between runs: its seed, how many orders it ever placed, and its port."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

BLOCK = 500
"""Order numbers are set aside in blocks, so that a run that is killed never uses one twice."""


@dataclass(slots=True)
class Memory:
    """Kept in `world.json` of the data folder."""

    path: Path
    seed: int
    next_order: int = 0
    port: int = 0
    set_aside: int = 0

    def take(self) -> int:
        """The next order's number, never given before."""
        if self.next_order >= self.set_aside:
            self.set_aside = self.next_order + BLOCK
            self._write(self.set_aside)
        self.next_order += 1
        return self.next_order - 1

    def close(self) -> None:
        """A clean end: the numbers that were set aside and not used are free again."""
        self.set_aside = self.next_order
        self._write(self.next_order)

    def note_port(self, port: int) -> None:
        """Use the same port at the next start."""
        self.port = port
        self._write(max(self.next_order, self.set_aside))

    def _write(self, next_order: int) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        half = self.path.with_suffix(".new")
        half.write_text(json.dumps({"seed": self.seed, "next_order": next_order, "port": self.port}) + "\n")
        half.replace(self.path)


def remember(home: Path, seed: int) -> Memory:
    """The memory of a data folder. A world that began with another seed keeps its own: its goods are in the hub."""
    path = home / "world.json"
    if not path.exists():
        return Memory(path, seed)
    kept = json.loads(path.read_text())
    return Memory(path, int(kept["seed"]), int(kept["next_order"]), int(kept["port"]))
