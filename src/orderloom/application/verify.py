"""Judges the event log: is each order's chain whole, and what exactly was done to it if not. Pure.

A broken chain is explained by what still fits: an event that fits at another position was moved, one that is followed
by events shifted by one was slipped in or taken out, and one that fits nowhere was changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

import msgspec

from orderloom.application.checkpoint import Checkpoint
from orderloom.domain.log import Entry, chain

ERASED = "person_erased"
FAULTS_MAX = 100
EVENTS_EXAMINED_MAX = 500
"""Which of an order's events fits where is a matter of squares: longer logs are only looked at so far."""


class Head(msgspec.Struct, frozen=True):
    """What the own row of an order, or of a subject, says of its log."""

    order_id: str
    number: str
    event_count: int
    event_head: bytes


class Fault(msgspec.Struct, frozen=True):
    """Something that is not as it was sealed. `why`: changed | deleted | reordered | cut_off | inserted | rewritten |
    checkpoint_forged | checkpoint_missing; of tables that are not the log: differs | unreadable | missing, with `table`
    and `field`. `checkpoint` is 0 for faults found in a chain; in a subject's, `table` is its own and
    `order` its number."""

    why: str
    order: str = ""
    order_id: str = ""
    seq: int = 0
    kind: str = ""
    checkpoint: int = 0
    detail: str = ""
    table: str = ""
    field: str = ""


class Report(msgspec.Struct):
    """What a verification looked at and found: `events` are the orders', `subject_events` those beside.
    `unsealed`: events that no checkpoint covers yet; `covers`: tables and columns that were proven, `refolded` and
    `vouchers` how many of them a deep one did."""

    orders: int = 0
    events: int = 0
    checkpoints: int = 0
    unsealed: int = 0
    is_deep: bool = False
    refolded: int = 0
    levels: int = 0
    vouchers: int = 0
    subjects: int = 0
    subject_events: int = 0
    covers: tuple[str, ...] = ()
    faults: list[Fault] = []

    @property
    def is_whole(self) -> bool:
        """Whether nothing was found."""
        return not self.faults

    def add(self, fault: Fault | None) -> None:
        """Note a fault; only the first hundred are kept."""
        if fault is not None and len(self.faults) < FAULTS_MAX:
            self.faults.append(fault)


def link(entry: Entry, previous: bytes, seq: int | None = None) -> bytes:
    """The hash that this event should have after `previous`."""
    return chain(previous, entry.order_id, seq or entry.seq, entry.kind, entry.at, entry.actor, entry.message_id,
                 entry.blueprint, entry.facts)


def is_whole(head: Head, entries: Sequence[Entry]) -> bool:
    """Whether the chain holds from the first event to what the order's row says is the last."""
    previous = head.order_id.encode()
    for position, entry in enumerate(entries, start=1):
        if entry.seq != position or (link(entry, previous) != entry.hash and not is_rewritten(entry, entries)):
            return False
        previous = entry.hash
    return len(entries) == head.event_count and (previous == head.event_head or not entries)


def is_rewritten(entry: Entry, entries: Sequence[Entry]) -> bool:
    """Whether the order's log itself says that a person was taken out of this event, and that these facts are left."""
    named = f'{{"seq":{entry.seq},"digest":"{sha256(entry.facts.encode()).hexdigest()}"}}'
    return any(e.kind == ERASED and e.seq > entry.seq and named in e.facts for e in entries)


def judge_order(head: Head | None, entries: Sequence[Entry]) -> Fault | None:
    """The first thing that is wrong with an order's log, None when it is whole. At least one argument is filled."""
    if head is not None and entries and is_whole(head, entries):
        return None
    if head is None:
        return _fault("deleted", None, entries[0], "its own row is gone")
    if not entries:
        return Fault("cut_off", head.number, head.order_id, 1, "order_recorded", detail="no event is left")
    broken = _first_break(head, entries)
    if broken < len(entries):
        return _explain(head, entries, broken)
    if len(entries) < head.event_count:
        return Fault("cut_off", head.number, head.order_id, len(entries) + 1,
                     detail=f"{head.event_count} events were recorded, {len(entries)} are left")
    if len(entries) > head.event_count:
        return _fault("inserted", head, entries[head.event_count], f"its own row knows of {head.event_count} events")
    return _fault("rewritten", head, entries[-1], "the chain holds, but its end is not the one that its own row knows")


def judge_subject(head: Head | None, entries: Sequence[Entry]) -> Fault | None:
    """The same of a subject's log."""
    fault = judge_order(head, entries)
    if fault is None:
        return None
    return msgspec.structs.replace(fault, table="subject_event", kind=fault.kind if entries else "")


def _first_break(head: Head, entries: Sequence[Entry]) -> int:
    """Index of the first event that does not follow from the one before; the count of events when all do."""
    previous = head.order_id.encode()
    for index, entry in enumerate(entries):
        if entry.seq != index + 1 or (link(entry, previous) != entry.hash and not is_rewritten(entry, entries)):
            return index
        previous = entry.hash
    return len(entries)


def _explain(head: Head, entries: Sequence[Entry], broken: int) -> Fault:
    """What was done at the first break."""
    entry, before = entries[broken], entries[broken - 1].hash if broken else head.order_id.encode()
    if entry.seq != broken + 1:
        return _gap(head, broken + 1, f"event {entry.seq} follows")
    shift = _shift(head, entries, entry)
    belongs = _belongs_here(entries[broken + 1 :], before, entry.seq)
    if belongs is not None and (shift is not None or belongs > 0):
        return _fault("reordered", head, entry, f"event {entry.seq} now stands at {entry.seq + 1 + belongs}")
    if belongs is not None:
        return _fault("inserted", head, entry, f"the event after it was number {entry.seq}")
    if shift is None:
        return _unfit(head, entries, broken)
    if shift > 0:
        return _gap(head, entry.seq, f"what stands here was event {entry.seq + shift}")
    if shift == -1:
        return _fault("inserted", head, entries[broken - 1], f"the event after it was number {entry.seq - 1}")
    return _fault("reordered", head, entry, f"this was event {entry.seq + shift}")


def _unfit(head: Head, entries: Sequence[Entry], broken: int) -> Fault:
    """An event that fits nowhere: what came before it is gone, or it was slipped in, or it was changed."""
    entry, following = entries[broken], entries[broken + 1 : broken + 2]
    if (following and (_shift(head, entries, following[0]) or 0) > 0) or len(entries) < head.event_count:
        return _gap(head, entry.seq, "the events after it were moved up")
    if entry.seq > head.event_count:
        return _fault("inserted", head, entry, f"its own row knows of {head.event_count} events")
    return _fault("changed", head, entry, "it is not what was hashed, or the event before it is not")


def _shift(head: Head, entries: Sequence[Entry], entry: Entry) -> int | None:
    """By how many positions the event was moved: where, and after which event, its stored hash is right."""
    befores = (head.order_id.encode(), *(other.hash for other in entries[:EVENTS_EXAMINED_MAX]))
    top = min(max(head.event_count, len(entries)) + 1, EVENTS_EXAMINED_MAX)
    for seq in sorted(range(1, top + 1), key=lambda seq: abs(seq - entry.seq)):
        if any(link(entry, before, seq) == entry.hash for before in befores):
            return seq - entry.seq
    return None


def _belongs_here(later: Sequence[Entry], before: bytes, seq: int) -> int | None:
    """Index among the later events of the one that should stand at `seq` after `before`."""
    for index, other in enumerate(later[:EVENTS_EXAMINED_MAX]):
        if link(other, before, seq) == other.hash:
            return index
    return None


def _gap(head: Head, seq: int, detail: str) -> Fault:
    return Fault("deleted", head.number, head.order_id, seq, detail=detail)


def judge_checkpoint(before: Checkpoint | None, this: Checkpoint, is_genuine: bool) -> Fault | None:
    """Whether a checkpoint is genuine and follows the one before."""
    expected = before.number + 1 if before else 1
    if this.number != expected:
        return Fault("checkpoint_missing", checkpoint=expected, detail=f"followed by checkpoint {this.number}")
    if not is_genuine:
        return Fault("checkpoint_forged", checkpoint=this.number, detail="the signature is not the installation's")
    if before and (this.from_xid != before.to_xid or this.previous != before.digest):
        return Fault("checkpoint_forged", checkpoint=this.number, detail="it does not continue the one before")
    return None


def _fault(why: str, head: Head | None, entry: Entry, detail: str) -> Fault:
    return Fault(why, head.number if head else "", entry.order_id, entry.seq, entry.kind, detail=detail)
