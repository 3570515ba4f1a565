"""Result files of background work, sealed on disk in pieces: a copy of the disk tells nobody what was exported."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from orderloom.adapters.vault import Vault

PIECE_BYTES_MAX = 8 << 20
LENGTH = 4
"""Bytes before each piece that say how long it is, the first first."""


class JobFiles:
    """See `application.jobs.shapes.ResultFiles`. One file a job, named by its id; `.part` while it is written."""

    def __init__(self, folder: Path, vault: Vault) -> None:
        self._folder, self._vault = folder, vault

    def append(self, job_id: str, at: int, piece: bytes) -> int:
        """Put a piece at byte `at`; what a step that died wrote behind it is dropped."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(self._part(job_id), os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(handle, "r+b") as file:
            file.truncate(at)
            file.seek(at)
            file.write(self._sealed(piece))
            return file.tell()

    def draft(self, job_id: str) -> Iterator[bytes]:
        """The clear pieces of a draft; nothing when nothing was written."""
        part = self._part(job_id)
        return self._pieces(part) if part.exists() else iter(())

    def finish(self, job_id: str, pieces: Iterator[bytes] | None = None) -> int:
        """Make the draft, or what is given, the file; returns its size in bytes."""
        part, final = self._part(job_id), self._folder / job_id
        if pieces is not None:
            made = self._folder / f"{job_id}.made"
            handle = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "wb") as file:
                for piece in pieces:
                    file.write(self._sealed(piece))
            part.unlink(missing_ok=True)
            part = made
        size = sum(len(piece) for piece in self._pieces(part))
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.replace(final)
        return size

    def read(self, job_id: str) -> Iterator[bytes] | None:
        """The clear pieces of a file; None when it is not on this machine."""
        file = self._folder / job_id
        return self._pieces(file) if file.is_file() else None

    def drop(self, job_id: str) -> None:
        """Remove the file and what was written of it."""
        for name in (job_id, f"{job_id}.part", f"{job_id}.made"):
            (self._folder / name).unlink(missing_ok=True)

    def _part(self, job_id: str) -> Path:
        return self._folder / f"{job_id}.part"

    def _sealed(self, piece: bytes) -> bytes:
        assert len(piece) <= PIECE_BYTES_MAX, len(piece)
        cipher = self._vault.encrypt(piece)
        return len(cipher).to_bytes(LENGTH, "big") + cipher

    def _pieces(self, file: Path) -> Iterator[bytes]:
        with file.open("rb") as source:
            while head := source.read(LENGTH):
                yield self._vault.decrypt(source.read(int.from_bytes(head, "big")))
