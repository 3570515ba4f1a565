"""The second door: vouchers in local files, encrypted and fsynced, while the database is away; drained when it is back.

One file per group, written under another name, fsynced, then renamed, folder fsynced: a file that is there is whole.
It is deleted only after the database has committed its vouchers, and a voucher that got in twice is passed over by its
identity, so a crash at any point loses nothing and doubles nothing. What a disk damages afterwards is set aside into
`aside/` when all that can be read of it is stored; the others go on. What was acknowledged is counted beside the folder
(`spool_tally.py`), so that a file which somebody removed is missed.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path
from time import time, time_ns

import structlog

from orderloom.adapters.durable import sync_folder
from orderloom.adapters.ids import new_id
from orderloom.adapters.spool_file import Read, read, written
from orderloom.adapters.spool_tally import File, SpoolTally
from orderloom.adapters.vault import Vault
from orderloom.application.draining import FileTrouble
from orderloom.application.land import MessageStore, Voucher, pieces, store_each
from orderloom.application.ports import OnDisk, StoreAway

FILES_PER_DRAIN_MAX = 200
ASIDE = "aside"
DRAFT_SECONDS_MAX = 3_600.0
"""A draft of before is what a crash left: nobody was told that it is kept."""
QUIET_NS = 50_000_000
"""A folder whose time stamp is older than this when it is listed cannot have changed unseen since."""
log = structlog.get_logger()


class Spool:
    """See `application.land.MessageStore`. `folder` is on local disk."""

    def __init__(self, folder: Path, vault: Vault) -> None:
        self._folder, self._vault = folder, vault
        self._tally = SpoolTally(tally_of(folder))
        self._last_stamp = 0
        self._no_key: dict[str, int] = {}
        """Files whose key is not in the keyring: they stay where they are until a process starts that has it."""
        self._why: dict[str, str] = {}
        self._counts: dict[str, int] = {}
        self._listed: dict[Path, tuple[int, list[Path]]] = {}

    async def store(self, vouchers: Sequence[Voucher]) -> set[str]:
        """Write the group durably. Raises OSError when the disk is full: then the door must not acknowledge."""
        await asyncio.to_thread(self._write, list(vouchers), self._folder)
        return {v.id for v in vouchers}

    def waiting(self) -> list[Path]:
        """Files that wait, oldest first."""
        return self._files(self._folder)

    def count(self) -> int:
        """Messages on disk that are not in the database, those of damaged files among them."""
        return sum(map(self._messages, (*self.waiting(), *self._files(self._folder / ASIDE))))

    def on_disk(self) -> OnDisk:
        """What is not in the database: on disk, lost, and written off by a person."""
        return OnDisk(self.count(), sum(self.lost().values()), sum(f.gone for f in self._tally.files().values()))

    def lost(self) -> dict[str, int]:
        """Messages that were acknowledged and are neither stored nor on disk, by the stem of the file they were in."""
        owed = {stem: f.owed for stem, f in self._tally.files().items() if f.owed}
        if owed:
            files = [*self.waiting(), *self._files(self._folder / ASIDE)]
            there = set(map(_stem, files))
            now = self._tally.files()  # read again: what was drained meanwhile is not lost
            owed = {stem: now[stem].owed for stem in owed if stem not in there and stem in now and now[stem].owed}
        return owed

    def write_off(self, lost: dict[str, int]) -> None:
        """A person has owned up to what is lost."""
        self._tally.write_off(lost)

    def troubles(self) -> list[FileTrouble]:
        """Files that do not drain, for whoever has to look."""
        aside = [FileTrouble(f.name, self._why.get(f.name, "damaged"), self._messages(f))
                 for f in self._files(self._folder / ASIDE)]
        return [*[FileTrouble(name, "no_key", n) for name, n in self._no_key.items()], *aside]

    async def drain(self, store: MessageStore) -> int:
        """Move waiting vouchers to the database; returns how many. Stops quietly when it is away again."""
        moved = done = 0
        for file in self.waiting():
            if file.name in self._no_key:
                continue
            if done == FILES_PER_DRAIN_MAX:
                break
            done += 1
            try:
                moved += await self._drain_file(file, store)
            except StoreAway:
                break
        if moved:
            log.info("spool_drained", vouchers=moved)
        await asyncio.to_thread(self._sweep)
        return moved

    async def _drain_file(self, file: Path, store: MessageStore) -> int:
        try:
            raw = await asyncio.to_thread(file.read_bytes)
        except FileNotFoundError:  # another worker was first
            return 0
        except OSError as error:
            log.error("spool_unreadable", file=file.name, why=error.strerror)
            self._set_aside(file, self._messages(file), "damaged")
            return 0
        found = read(raw, self._vault)
        unstorable: list[Voucher] = []
        for piece in pieces(found.vouchers):
            kept = await store_each(store, piece)
            unstorable += [v for v in piece if v.id in kept.unstorable]
        if unstorable:
            await asyncio.to_thread(self._write, unstorable, self._folder / ASIDE, "refused")
        await asyncio.to_thread(self._finish, file, found)
        return len(found.vouchers) - len(unstorable)

    def _finish(self, file: Path, found: Read) -> None:
        if found.keyless:
            self._no_key[file.name] = found.keyless
            log.error("spool_no_key", file=file.name, messages=found.keyless)
        elif found.is_whole:
            self._tally.leave(_stem(file), self._owed(file).owed)
            file.unlink(missing_ok=True)
        else:
            books = self._owed(file)  # its name says less once it was set aside and put back
            lost = max(books.taken - sum([v.is_message for v in found.vouchers]), 0)
            log.error("spool_damaged", file=file.name, read=len(found.vouchers), unread=lost)
            self._tally.leave(_stem(file), books.owed - lost)
            self._set_aside(file, lost, "damaged")

    def _owed(self, file: Path) -> File:
        """What the books say of a file; of one from before there were books, what it says itself."""
        return self._tally.files().get(_stem(file)) or File(self._messages(file))

    def _set_aside(self, file: Path, messages: int, why: str) -> None:
        """Move a file out of the way; its name says how many of its messages are nowhere else."""
        (self._folder / ASIDE).mkdir(exist_ok=True, mode=0o700)
        name = _named(_stem(file), messages)
        try:
            file.rename(self._folder / ASIDE / name)
            self._why[name] = why
        except FileNotFoundError:  # another worker was first
            return

    def _write(self, vouchers: list[Voucher], folder: Path, why: str = "") -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        messages = sum([v.is_message for v in vouchers])
        final = folder / _named(f"{self._stamp():020d}-{new_id()}", messages)
        draft = final.with_suffix(".part")
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                out.write(written(vouchers, self._vault))
                out.flush()
                os.fsync(out.fileno())
            draft.rename(final)
        except OSError:
            draft.unlink(missing_ok=True)  # a full disk needs the room
            raise
        if why:
            self._why[final.name] = why
        sync_folder(folder)
        try:
            self._tally.take(_stem(final), messages)
        except OSError:
            final.unlink(missing_ok=True)  # whoever sent it is told to send it again
            raise

    def _stamp(self) -> int:
        """Nanoseconds that never run back, also when the clock does: files drain in the order in which they came."""
        if not self._last_stamp and (files := self.waiting()):
            newest = files[-1].name.split("-")[0]
            self._last_stamp = int(newest) if newest.isdigit() else 0
        self._last_stamp = max(time_ns(), self._last_stamp + 1)
        return self._last_stamp

    def _files(self, folder: Path) -> list[Path]:
        """The spool files of a folder, oldest first; it is only listed again when it has changed."""
        try:
            changed = folder.stat().st_mtime_ns
        except FileNotFoundError:
            return []
        known = self._listed.get(folder)
        if known is not None and known[0] == changed:
            return known[1]
        begun = time_ns()
        files = sorted(folder.glob("*.spool"))
        if changed < begun - QUIET_NS:
            self._listed[folder] = (changed, files)
        return files

    def _messages(self, file: Path) -> int:
        """How many messages a file's name says it holds; one of before 0.2 says nothing and is opened once."""
        if (told := told_by(file.name)) >= 0:
            return told
        if file.name not in self._counts:
            try:
                vouchers = read(file.read_bytes(), self._vault).vouchers
            except OSError:
                vouchers = []
            self._counts[file.name] = sum([v.is_message for v in vouchers]) or 1
        return self._counts[file.name]

    def _sweep(self) -> None:
        """Remove drafts that a crash left."""
        if not self._folder.is_dir():
            return
        for draft in self._folder.glob("*.part"):
            if draft.stat().st_mtime < time() - DRAFT_SECONDS_MAX:
                draft.unlink(missing_ok=True)


def tally_of(folder: Path) -> Path:
    """Where the books of a spool folder are: beside it, for the folder itself may be moved."""
    return folder.with_name(f"{folder.name}.tally")


def _stem(file: Path) -> str:
    return file.name.split(".")[0]


def told_by(name: str) -> int:
    """The number of messages in a spool file's name, -1 when it has none."""
    parts = name.split(".")
    return int(parts[1]) if len(parts) == 3 and parts[1].isdigit() else -1


def counted(folder: Path) -> tuple[int, int, int]:
    """Messages that wait in a spool folder, those set aside, those lost, by the names alone and without a key."""
    there = {_stem(file) for place in (folder, folder / ASIDE) for file in place.glob("*.spool")}
    books = SpoolTally(tally_of(folder)).files()
    return _sum(folder), _sum(folder / ASIDE), sum([f.owed for stem, f in books.items() if stem not in there])


def _sum(folder: Path) -> int:
    names = [file.name for file in folder.glob("*.spool")] if folder.is_dir() else []
    return sum([n if (n := told_by(name)) >= 0 else 1 for name in names])


def _named(stem: str, messages: int) -> str:
    return f"{stem}.{messages}.spool"
