"""Verifies an exported event log without the product: Python and `cryptography` alone, no code shared with it.

    orderloom audit export log.jsonl.gz
    python verify_audit.py log.jsonl.gz [--checkpoints checkpoints.jsonl] [--public-key audit.pub]

Give the checkpoint file and the public key from where you keep them apart from the database; without a key the one in
the export is used, and that proves less. Exit 0: whole; 1: the first fault is named; 2: it could not be read.
The format is described in docs/audit.md.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

Row = dict[str, Any]
FAULTS_SHOWN_MAX = 20
FORMATS = (1, 2)
"""Those of format 1 tell of orders alone."""


class Unreadable(Exception):
    """A file is not what it should be; the text says where."""


def rows(path: Path) -> Iterator[Row]:
    """The JSON objects of a file, one a line. Raises Unreadable."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                row = json.loads(line)
            except ValueError as error:
                raise Unreadable(f"{path}:{number}: not JSON") from error
            if not isinstance(row, dict):
                raise Unreadable(f"{path}:{number}: not an object")
            yield row


class Chains:
    """The chains of one kind of owner - orders, or subjects - checked as they are read; hashes kept for checkpoints."""

    def __init__(self, word: str, key: str, faults: list[str]) -> None:
        self.word, self.key, self.faults = word, key, faults
        self.owners: dict[str, Row] = {}
        self.events = 0
        self.hashes: list[tuple[int, bytes, int, bytes]] = []
        self._owner, self._seq, self._hash = "", 0, b""
        self._is_broken = False
        self._doubtful: list[tuple[int, str, str]] = []

    def event(self, row: Row) -> None:
        """Take the next event; they come by owner and position."""
        self.events += 1
        owner = row[self.key]
        if owner != self._owner:
            self._end_of_owner()
            self._owner, self._seq, self._hash, self._is_broken = owner, 0, owner.encode(), False
        number = str(self.owners.get(owner, {}).get("number", owner))
        stated = bytes.fromhex(row["hash"])
        if not self._is_broken and row["seq"] != self._seq + 1:
            self._fault("deleted or reordered", number, self._seq + 1, f"followed by event {row['seq']}")
            self._is_broken = True
        elif not self._is_broken and expected(self._hash, owner, row) != stated:
            left = hashlib.sha256(row["facts"].encode()).hexdigest()
            self._doubtful.append((row["seq"], row["kind"], f'{{"seq":{row["seq"]},"digest":"{left}"}}'))
        if row["kind"] == "person_erased" and not self._is_broken:  # its facts name what it took words out of
            self._doubtful = [one for one in self._doubtful if one[2] not in row["facts"]]
        self._seq, self._hash = row["seq"], stated
        self.hashes.append((row["xid"], bytes.fromhex(owner.replace("-", "")), row["seq"], stated))

    def end(self) -> None:
        """All are read: who is left has no event."""
        self._end_of_owner()
        for owner in self.owners.values():
            if owner["event_count"]:
                self._fault("cut off", owner["number"], 1, "no event is left")

    def _end_of_owner(self) -> None:
        """Compare what was read with what the owner's own row says."""
        if not self._owner:
            return
        head = self.owners.pop(self._owner, None)
        doubtful, self._doubtful = self._doubtful, []
        if head is None:
            self._fault("deleted", self._owner, 1, f"the {self.word}'s own row is gone")
        elif doubtful and not self._is_broken:
            self._fault("changed, reordered or inserted", head["number"], doubtful[0][0], doubtful[0][1])
        elif self._is_broken:
            return
        elif self._seq != head["event_count"]:
            why = "cut off" if self._seq < head["event_count"] else "inserted"
            self._fault(why, head["number"], min(self._seq, head["event_count"]) + 1, f"{head['event_count']} recorded")
        elif self._hash.hex() != head["event_head"]:
            self._fault("rewritten", head["number"], self._seq, f"the end is not the one that the {self.word} knows")

    def _fault(self, why: str, number: str, seq: int, detail: str) -> None:
        self.faults.append(f"{why}: {self.word} {number} event {seq} ({detail})")


class Log:
    """An export, read once: orders and subjects with their chains, checkpoints."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.orders = Chains("order", "order_id", self.faults)
        self.subjects = Chains("subject", "subject_id", self.faults)
        self.checkpoints: list[Row] = []
        self.key = b""

    def read(self, path: Path) -> None:
        """Read an export. Raises Unreadable."""
        for number, row in enumerate(rows(path), start=1):
            kind = row.get("type")
            if number == 1 and (kind != "orderloom-log" or row.get("format") not in FORMATS):
                raise Unreadable(f"{path}: not an export of format {' or '.join(map(str, FORMATS))}")
            if kind == "orderloom-log":
                self.key = base64.b64decode(row["public_key"])
            elif kind == "checkpoint":
                self.checkpoints.append(row)
            elif kind in ("order", "subject"):
                (self.orders if kind == "order" else self.subjects).owners[row["id"]] = row
            elif kind in ("event", "subject_event"):
                (self.orders if kind == "event" else self.subjects).event(row)
            else:
                raise Unreadable(f"{path}:{number}: unknown type {kind!r}")
        self.orders.end()
        self.subjects.end()

    def covered(self) -> Iterator[tuple[int, bytes]]:
        """(transaction, hash) of orders' events, in the order in which checkpoints cover them."""
        self.orders.hashes.sort()
        return ((xid, value) for xid, _, _, value in self.orders.hashes)

    def subjects_covered(self) -> Iterator[tuple[int, bytes]]:
        """The same of subjects' events, which checkpoints cover as a ledger: by transaction and hash."""
        return iter(sorted((xid, value) for xid, _, _, value in self.subjects.hashes))


def expected(previous: bytes, owner: str, row: Row) -> bytes:
    """The hash of an event after the previous one's."""
    head = "|".join((owner, str(row["seq"]), row["kind"], row["at"], row["actor"], row["message_id"] or "",
                     str(row["blueprint"])))
    return hashlib.sha256(previous + f"{head}\n".encode() + row["facts"].encode()).digest()


def statement(row: Row) -> bytes:
    """The bytes that a checkpoint's signature is over."""
    ledgers = ("ledgers",) if row.get("ledgers") else ()
    names = ("number", "from_xid", "to_xid", "event_count", "digest", "previous", "at", *ledgers)
    return (f"orderloom checkpoint {2 if ledgers else 1}\n" + "".join(f"{row[name]}\n" for name in names)).encode()


class Piece:
    """Hashes in the order of their transactions, taken piece by piece."""

    def __init__(self, hashes: Iterator[tuple[int, bytes]]) -> None:
        self._hashes = hashes
        self._next = next(hashes, None)

    def between(self, from_xid: int, to_xid: int) -> tuple[int, str]:
        """How many the transactions in [from, to) wrote, and SHA-256 over them; earlier ones are passed over."""
        digest, count = hashlib.sha256(), 0
        while self._next is not None and self._next[0] < to_xid:
            if self._next[0] >= from_xid:
                digest.update(self._next[1])
                count += 1
            self._next = next(self._hashes, None)
        return count, digest.hexdigest()


def check_checkpoints(log: Log, key: Ed25519PublicKey, kept: list[Row] | None) -> None:
    """Numbers, links, signatures and contents of the checkpoints, and that the kept file tells the same."""
    before: Row = {"number": 0, "to_xid": 0, "digest": "00" * 32}
    hashes, beside = Piece(log.covered()), Piece(log.subjects_covered())
    for row in log.checkpoints:
        number = row["number"]
        if number != before["number"] + 1:
            log.faults.append(f"checkpoint missing: {before['number'] + 1}")
        elif (row["from_xid"], row["previous"]) != (before["to_xid"], before["digest"]):
            log.faults.append(f"checkpoint forged: {number} does not continue the one before")
        try:
            key.verify(bytes.fromhex(row["signature"]), statement(row))
        except InvalidSignature:
            log.faults.append(f"checkpoint forged: {number} (signature)")
        count, digest = hashes.between(row["from_xid"], row["to_xid"])
        if (count, digest) != (row["event_count"], row["digest"]):
            log.faults.append(f"checkpoint {number}: {row['event_count']} events were sealed, {count} are there"
                              + (" and they are not the same" if count == row["event_count"] else ""))
        count, digest = beside.between(row["from_xid"], row["to_xid"])
        sealed = json.loads(row["ledgers"]).get("subject_event", [0, ""]) if row.get("ledgers") else [count, digest]
        if [count, digest if count else ""] != [sealed[0], sealed[1] if sealed[0] else ""]:
            log.faults.append(f"checkpoint {number}: {sealed[0]} events of subjects were sealed, {count} are there"
                              + (" and they are not the same" if count == sealed[0] else ""))
        before = row
    if kept is not None:
        compare_kept(log, kept)


def compare_kept(log: Log, kept: list[Row]) -> None:
    """The file kept outside the database must hold every checkpoint; a newer one may only follow the export's last."""
    stored = {row["number"]: row for row in log.checkpoints}
    for place, row in enumerate(kept, start=1):
        if row.get("number") != place:
            log.faults.append(f"checkpoint missing in the kept file: {place}")
            return
        if place in stored and {k: v for k, v in stored[place].items() if k != "type"} != row:
            log.faults.append(f"checkpoint forged: {place} differs from the kept file")
        if place not in stored:
            log.faults.append(f"checkpoint missing in the export: {place} (or the export is older than the file)")
    for number in range(len(kept) + 1, len(stored) + 1):
        log.faults.append(f"checkpoint missing in the kept file: {number}")


def public_key(log: Log, path: Path | None) -> Ed25519PublicKey:
    """The key to trust. Raises Unreadable."""
    try:
        key = load_pem_public_key(path.read_bytes()) if path else Ed25519PublicKey.from_public_bytes(log.key)
    except (OSError, ValueError) as error:
        raise Unreadable(f"{path or 'the public key in the export'}: {error}") from error
    if not isinstance(key, Ed25519PublicKey):
        raise Unreadable(f"{path}: not an Ed25519 key")
    return key


def main() -> int:
    """Run the verification; returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("export", type=Path)
    parser.add_argument("--checkpoints", type=Path)
    parser.add_argument("--public-key", type=Path)
    given = parser.parse_args()
    log = Log()
    try:
        log.read(given.export)
        check_checkpoints(log, public_key(log, given.public_key),
                          list(rows(given.checkpoints)) if given.checkpoints else None)
    except (Unreadable, OSError, KeyError, ValueError) as error:
        print(f"cannot be verified: {error}", file=sys.stderr)
        return 2
    for fault in log.faults[:FAULTS_SHOWN_MAX]:
        print(f"FAULT {fault}")
    print(f"{log.orders.events + log.subjects.events} events, {len(log.checkpoints)} checkpoints, "
          f"{len(log.faults)} faults")
    return 1 if log.faults else 0


if __name__ == "__main__":
    sys.exit(main())
