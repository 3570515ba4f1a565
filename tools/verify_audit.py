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


class Log:
    """An export, read once: heads of orders, chains checked on the way, hashes kept for the checkpoints."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.orders: dict[str, Row] = {}
        self.checkpoints: list[Row] = []
        self.key = b""
        self.events = 0
        self._order, self._seq, self._hash = "", 0, b""
        self._is_broken = False
        self._doubtful: list[tuple[int, str, str]] = []
        self._hashes: list[tuple[int, bytes, int, bytes]] = []

    def read(self, path: Path) -> None:
        """Read an export. Raises Unreadable."""
        for number, row in enumerate(rows(path), start=1):
            kind = row.get("type")
            if number == 1 and (kind != "orderloom-log" or row.get("format") != 1):
                raise Unreadable(f"{path}: not an export of format 1")
            if kind == "orderloom-log":
                self.key = base64.b64decode(row["public_key"])
            elif kind == "checkpoint":
                self.checkpoints.append(row)
            elif kind == "order":
                self.orders[row["id"]] = row
            elif kind == "event":
                self.event(row)
            else:
                raise Unreadable(f"{path}:{number}: unknown type {kind!r}")
        self.end_of_order()
        for order in self.orders.values():
            if order["event_count"]:
                self.fault("cut off", order["number"], 1, "no event is left")

    def event(self, row: Row) -> None:
        """Take the next event; they come by order and position."""
        self.events += 1
        if row["order_id"] != self._order:
            self.end_of_order()
            self._order, self._seq, self._hash, self._is_broken = row["order_id"], 0, row["order_id"].encode(), False
        number = self.orders.get(self._order, {}).get("number", self._order)
        stated = bytes.fromhex(row["hash"])
        if not self._is_broken and row["seq"] != self._seq + 1:
            self.fault("deleted or reordered", number, self._seq + 1, f"followed by event {row['seq']}")
            self._is_broken = True
        elif not self._is_broken and expected(self._hash, row) != stated:
            left = hashlib.sha256(row["facts"].encode()).hexdigest()
            self._doubtful.append((row["seq"], row["kind"], f'{{"seq":{row["seq"]},"digest":"{left}"}}'))
        if row["kind"] == "person_erased" and not self._is_broken:  # its facts name what it took words out of
            self._doubtful = [one for one in self._doubtful if one[2] not in row["facts"]]
        self._seq, self._hash = row["seq"], stated
        self._hashes.append((row["xid"], bytes.fromhex(row["order_id"].replace("-", "")), row["seq"], stated))

    def end_of_order(self) -> None:
        """Compare what was read of an order with what its own row says."""
        if not self._order:
            return
        head = self.orders.pop(self._order, None)
        doubtful, self._doubtful = self._doubtful, []
        if head is None:
            self.fault("deleted", self._order, 1, "the order's own row is gone")
        elif doubtful and not self._is_broken:
            self.fault("changed, reordered or inserted", head["number"], *doubtful[0][:2])
        elif self._is_broken:
            return
        elif self._seq != head["event_count"]:
            why = "cut off" if self._seq < head["event_count"] else "inserted"
            self.fault(why, head["number"], min(self._seq, head["event_count"]) + 1, f"{head['event_count']} recorded")
        elif self._hash.hex() != head["event_head"]:
            self.fault("rewritten", head["number"], self._seq, "the end is not the one that the order knows")

    def fault(self, why: str, order: str, seq: int, detail: str) -> None:
        """Note a fault."""
        self.faults.append(f"{why}: order {order} event {seq} ({detail})")

    def covered(self) -> Iterator[tuple[int, bytes]]:
        """(transaction, hash) in the order in which checkpoints cover them."""
        self._hashes.sort()
        return ((xid, value) for xid, _, _, value in self._hashes)


def expected(previous: bytes, row: Row) -> bytes:
    """The hash of an event after the previous one's."""
    head = "|".join((row["order_id"], str(row["seq"]), row["kind"], row["at"], row["actor"], row["message_id"] or "",
                     str(row["blueprint"])))
    return hashlib.sha256(previous + f"{head}\n".encode() + row["facts"].encode()).digest()


def statement(row: Row) -> bytes:
    """The bytes that a checkpoint's signature is over."""
    ledgers = ("ledgers",) if row.get("ledgers") else ()
    names = ("number", "from_xid", "to_xid", "event_count", "digest", "previous", "at", *ledgers)
    return (f"orderloom checkpoint {2 if ledgers else 1}\n" + "".join(f"{row[name]}\n" for name in names)).encode()


def check_checkpoints(log: Log, key: Ed25519PublicKey, kept: list[Row] | None) -> None:
    """Numbers, links, signatures and contents of the checkpoints, and that the kept file tells the same."""
    before: Row = {"number": 0, "to_xid": 0, "digest": "00" * 32}
    hashes = log.covered()
    pending = next(hashes, None)
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
        digest, count = hashlib.sha256(), 0
        while pending is not None and pending[0] < row["to_xid"]:
            if pending[0] >= row["from_xid"]:
                digest.update(pending[1])
                count += 1
            pending = next(hashes, None)
        if (count, digest.hexdigest()) != (row["event_count"], row["digest"]):
            log.faults.append(f"checkpoint {number}: {row['event_count']} events were sealed, {count} are there"
                              + (" and they are not the same" if count == row["event_count"] else ""))
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
    print(f"{log.events} events, {len(log.checkpoints)} checkpoints, {len(log.faults)} faults")
    return 1 if log.faults else 0


if __name__ == "__main__":
    sys.exit(main())
