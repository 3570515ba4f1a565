"""Move spooled messages into the database, and say by cases what waits on disk and what cannot be moved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from platform import node
from typing import NamedTuple, Protocol

from orderloom.application.batch import open_case
from orderloom.application.change import Change
from orderloom.application.directory import Directory
from orderloom.application.land import MessageStore
from orderloom.application.within import Within

WAITING_MAX = timedelta(seconds=60)
"""Messages that wait on disk for longer than this while the database is there are a case."""
DAMAGED, STUCK = "spool_damaged", "spool_waiting"
WAITING = f"spool:{node()}"
"""Subject of the case of what waits: each machine has a spool of its own."""
GAP = "accounting_gap"
"""Messages that are gone; and every case of a blueprint that was published before there were kinds for the spool."""
LOST, BY, NAMED_MAX = "lost", "drain_spool", 5
MEND = {
    "damaged": "磁盘损坏了该文件：能读的消息已入库；请从备份恢复该文件到 spool/，或让渠道重发后关闭本单"
               " | the disk damaged this file: what could be read is stored; restore it from a backup into spool/, or "
               "have the channel send again, then close the case",
    "no_key": "密钥环里没有它的密钥：恢复 keys/ 后重启 | its key is not in the keyring: restore keys/ and start again",
    "lost": "这些文件已从 spool/ 消失：请放回，或让渠道重发；关闭本单即核销"
            " | these files are gone from spool/: put them back, or have the channel send again; closing the case "
            "writes them off",
    "refused": "数据库不接受这些消息：查看 spool/aside/ 中的文件 | the database does not take these messages: "
               "look at the file in spool/aside/",
}


class FileTrouble(NamedTuple):
    """A file that cannot be drained: `why` is damaged | no_key | refused | lost; `messages` are not in the database."""

    name: str
    why: str
    messages: int
    files: str = ""
    """Of those that are lost, the first ones."""


class SpoolFiles(Protocol):
    """Messages on this machine's disk."""

    async def drain(self, store: MessageStore) -> int: ...
    def troubles(self) -> list[FileTrouble]: ...
    def lost(self) -> dict[str, int]: ...
    def write_off(self, lost: dict[str, int]) -> None: ...
    def waiting(self) -> list[Path]: ...
    def count(self) -> int: ...


class SpoolCases(Protocol):
    """Where cases are opened and closed by programs, in one transaction."""

    async def directory(self) -> Directory: ...
    async def save(self, change: Change, at: datetime, by: str) -> None: ...
    async def is_closed_by_hand(self, kind: str, subject: str, opener: str) -> bool: ...
    async def of_spool(self, waiting: str, machine: str) -> set[str]:
        """Subjects of open cases about what lies on a machine's disk."""


class DrainingPorts(Protocol):
    """Where they are kept."""

    @property
    def desk(self) -> Within[SpoolCases]: ...


class DrainingHub(Protocol):
    """What of the hub is needed."""

    @property
    def spool(self) -> SpoolFiles: ...
    @property
    def store(self) -> MessageStore: ...
    @property
    def ports(self) -> DrainingPorts: ...
    @property
    def now(self) -> Callable[[], datetime]: ...


class Drainer:
    """Drains one machine's spool, step by step."""

    def __init__(self, hub: DrainingHub) -> None:
        self._hub = hub
        self._told: set[str] | None = None
        """Subjects of the open cases, those that a process before this one opened among them; None until asked for."""

    async def step(self) -> int:
        """Drain some files; returns how many messages were moved."""
        if self._told is None:
            self._told = await self._told_before()
        moved = await self._hub.spool.drain(self._hub.store)
        troubles = [*self._hub.spool.troubles(), *await self._lost()]
        waited = self._waited()
        if troubles or waited is not None or self._told:
            await self._tell(troubles, waited)
        return moved

    async def _lost(self) -> list[FileTrouble]:
        """What was acknowledged and is gone, as one trouble; none once a person has closed its case."""
        lost = self._hub.spool.lost()
        if not lost:
            return []
        stems = sorted(lost)
        trouble = FileTrouble(f"{node()}-{sha256(' '.join(stems).encode()).hexdigest()[:12]}", LOST, sum(lost.values()),
                          " ".join(stems[:NAMED_MAX]) + " …" * (len(stems) > NAMED_MAX))
        async with self._hub.ports.desk() as desk:
            is_accepted = await desk.is_closed_by_hand(GAP, f"spool:{trouble.name}", BY)
        if is_accepted:
            self._hub.spool.write_off(lost)
            return []
        return [trouble]

    def _waited(self) -> timedelta | None:
        """How long the oldest file waits, when that is too long."""
        stamps = [file.name.split("-")[0] for file in self._hub.spool.waiting()[:1]]
        if not stamps or not stamps[0].isdigit():
            return None
        waited = timedelta(seconds=self._hub.now().timestamp() - int(stamps[0]) / 1e9)
        return waited if waited > WAITING_MAX else None

    async def _told_before(self) -> set[str]:
        async with self._hub.ports.desk() as desk:
            return await desk.of_spool(WAITING, node())

    async def _tell(self, troubles: list[FileTrouble], waited: timedelta | None) -> None:
        """Open a case for each file that is stuck and one for what waits; close those that are over."""
        subjects = {f"spool:{t.name}": t for t in troubles}
        current = set(subjects) | ({WAITING} if waited is not None else set())
        told = self._told or set()
        if current == told:
            return
        async with self._hub.ports.desk() as desk:
            change = self._change(subjects, current, told, await desk.directory())
            await desk.save(change, self._hub.now(), BY)
        self._told = current

    def _change(
        self, subjects: dict[str, FileTrouble], current: set[str], told: set[str], directory: Directory,
    ) -> Change:
        change = Change()
        blueprint = directory.blueprints.get(directory.blueprint_active)
        if blueprint is None:
            return change
        damaged, waiting, gap = [k if k in blueprint.cases else GAP for k in (DAMAGED, STUCK, GAP)]
        at = self._hub.now()
        for subject in sorted(current - told - {WAITING}):
            t = subjects[subject]
            open_case(change, blueprint, at, gap if t.why == LOST else damaged, subject,
                      {"file": t.files or t.name, "messages": t.messages, "why": t.why, "mend": MEND[t.why],
                       "machine": node()})
        if WAITING in current - told:
            open_case(change, blueprint, at, waiting, WAITING, {"messages": self._hub.spool.count()})
        change.resolved += [(kind, s) for s in sorted(told - current)
                            for kind in ((waiting,) if s == WAITING else (damaged, gap))]
        return change
