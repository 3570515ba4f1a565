"""Signs checkpoints with the installation's Ed25519 key and keeps them in a file outside the database."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from orderloom.adapters.durable import sync_folder
from orderloom.application.checkpoint import Checkpoint

LINE_BYTES_MAX = 4096


class KeyTrouble(Exception):
    """The signing key cannot be used; the text says which file and how to mend it."""


class BadLine(ValueError):
    """A line of the checkpoint file is not a checkpoint; `number` is the line's."""

    def __init__(self, number: int) -> None:
        super().__init__(f"line {number}")
        self.number = number


class Notary:
    """The keys and the file below `home`. The key is made on first use, readable by its owner alone."""

    def __init__(self, home: Path) -> None:
        self.file = home / "audit" / "checkpoints.jsonl"
        self._secret = _secret_key(home / "keys")
        self.public_key = self._secret.public_key()

    def sign(self, statement: bytes) -> bytes:
        """Ed25519 signature, 64 bytes."""
        return self._secret.sign(statement)

    def is_genuine(self, statement: bytes, signature: bytes) -> bool:
        """Whether this installation's key made the signature."""
        return is_signed_by(self.public_key, statement, signature)

    async def last_number(self) -> int:
        """Number of the last checkpoint in the file; 0 when there is none."""
        return await asyncio.to_thread(self._last_number)

    async def keep(self, checkpoints: list[Checkpoint]) -> None:
        """Append to the file; durable when it returns."""
        if checkpoints:
            await asyncio.to_thread(self._append, checkpoints)

    def _last_number(self) -> int:
        """Only the end of the file is read. A line that a crash cut short is taken away: its row is written again."""
        if not self.file.exists():
            return 0
        with self.file.open("rb+") as lines:
            size = lines.seek(0, os.SEEK_END)
            lines.seek(max(0, size - LINE_BYTES_MAX))
            tail = lines.read()
            cut = len(tail) - (tail.rfind(b"\n") + 1)
            if cut:
                lines.truncate(size - cut)
                tail = tail[:-cut]
        last = tail.rstrip(b"\n").rpartition(b"\n")[2]
        try:
            return int(json.loads(last)["number"]) if last else 0
        except (ValueError, KeyError, TypeError) as error:
            raise KeyTrouble(f"{self.file}: 最后一行无法读取 / its last line cannot be read") from error

    def _append(self, checkpoints: list[Checkpoint]) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        is_new = not self.file.exists()
        with self.file.open("ab") as out:
            out.write(b"".join(map(to_line, checkpoints)))
            out.flush()
            os.fsync(out.fileno())
        if is_new:
            sync_folder(self.file.parent)


def read_public_key(home: Path) -> Ed25519PublicKey | None:
    """The installation's public key, None when it has none yet. Raises KeyTrouble."""
    file = home / "keys" / "audit.pub"
    return key_of(file) if file.exists() else None


def key_of(file: Path) -> Ed25519PublicKey:
    """The public key in a PEM file. Raises KeyTrouble."""
    try:
        key = serialization.load_pem_public_key(file.read_bytes())
    except (OSError, ValueError) as error:
        raise KeyTrouble(f"{file}: {error}") from error
    if not isinstance(key, Ed25519PublicKey):
        raise KeyTrouble(f"{file}: 不是 Ed25519 公钥 / not an Ed25519 public key")
    return key


def key_id(key: Ed25519PublicKey) -> str:
    """What the key is called where signatures name it: the first 16 hex digits of its SHA-256."""
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return sha256(raw).hexdigest()[:16]


def is_signed_by(key: Ed25519PublicKey, statement: bytes, signature: bytes) -> bool:
    """Whether the key's owner signed the statement."""
    try:
        key.verify(signature, statement)
    except InvalidSignature:
        return False
    return True


def read_checkpoints(home: Path) -> Iterator[Checkpoint]:
    """The file's checkpoints in its order. Raises BadLine at the first line that is none."""
    file = home / "audit" / "checkpoints.jsonl"
    if not file.exists():
        return
    with file.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                yield of_line(line)
            except (ValueError, KeyError, TypeError) as error:
                raise BadLine(number) from error


def to_line(checkpoint: Checkpoint) -> bytes:
    """One line of the file."""
    return json.dumps({
        "number": checkpoint.number, "from_xid": checkpoint.from_xid, "to_xid": checkpoint.to_xid,
        "event_count": checkpoint.event_count, "digest": checkpoint.digest.hex(),
        "previous": checkpoint.previous.hex(), "at": checkpoint.at.isoformat(),
        "signature": checkpoint.signature.hex(), **({"ledgers": checkpoint.ledgers} if checkpoint.ledgers else {}),
    }).encode() + b"\n"


def of_line(line: bytes) -> Checkpoint:
    """What `to_line` wrote. Raises ValueError, KeyError or TypeError."""
    row = json.loads(line)
    return Checkpoint(
        int(row["number"]), int(row["from_xid"]), int(row["to_xid"]), int(row["event_count"]),
        bytes.fromhex(row["digest"]), bytes.fromhex(row["previous"]), datetime.fromisoformat(row["at"]),
        bytes.fromhex(row["signature"]), str(row.get("ledgers", "")),
    )


def _secret_key(folder: Path) -> Ed25519PrivateKey:
    """The private key; made with its public half when missing. Two processes at once end up with the same one."""
    file = folder / "audit.key"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write_once(file, Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    try:
        key = serialization.load_pem_private_key(file.read_bytes(), None)
    except (OSError, ValueError, TypeError) as error:
        raise KeyTrouble(f"{file}: {error}; 请从备份恢复 / restore it from your backup") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyTrouble(f"{file}: 不是 Ed25519 私钥 / not an Ed25519 private key")
    public = folder / "audit.pub"
    if not public.exists():
        _write_once(public, key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo))
    return key


def _write_once(file: Path, content: bytes) -> None:
    """Write durably under a name of its own, then link: the first of several writers wins."""
    draft = file.with_suffix(f".{os.getpid()}.new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    sync_folder(file.parent)
