"""All that can still happen to orders, until nothing is left that could: people, warehouses, carriers and time do
what they owe, and no button is pressed that only says that it is over."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from orderloom.application import commands as c
from orderloom.domain.actor import clock, connector
from orderloom.domain.counting import is_all_out
from orderloom.domain.draft import Said, TrackEntry, TrackReport, WorkReport
from orderloom.domain.event import StageMoved
from orderloom.domain.inventory.level import Movement, apply
from orderloom.domain.log import decode
from orderloom.domain.order import Order, Work
from tests.support.bench import Bench
from tests.support.moves import CARRIER, LI

ROUNDS_MAX = 12
PLENTY = 1_000
ENDS = ("completed", "returned", "cancelled")


def play_out(bench: Bench, last_words: dict[str, c.RecordOrder]) -> list[str]:
    """Let everything end; returns what has not, in words. `last_words` are what the channel said last of each order."""
    _restock(bench)
    for command in last_words.values():
        _say(bench, command, "paid")
    for _ in range(ROUNDS_MAX):
        before = [o.event_count for o in bench.orders.values()]
        for order_id in list(bench.orders):
            _people(bench, order_id)
            _warehouses(bench, order_id)
            _carriers(bench, order_id)
        for command in last_words.values():
            _channel(bench, command)
        _time(bench)
        if before == [o.event_count for o in bench.orders.values()]:
            break
    return [f"{o.external_id}: {problem}" for o in bench.orders.values()
            for problem in left_over(o, is_closed_by_hand=_is_closed_by_hand(bench, o))]  # fmt: skip


def _is_closed_by_hand(bench: Bench, o: Order) -> bool:
    """Whether a person said once that it is over, whatever is missing."""
    facts = [decode(entry.facts) for entry in bench.log[o.id] if entry.kind == "stage_moved"]
    return any(isinstance(fact, StageMoved) and fact.cause in ("action:confirm", "action:close") for fact in facts)


def left_over(o: Order, *, is_closed_by_hand: bool) -> list[str]:
    """Everything that binds stock, people or the buyer's patience still."""
    found = []
    if o.stage not in ENDS:
        found.append(f"stage {o.stage}")
    found += [f"work {w.seq} {w.state}" for w in o.works if not w.state.is_ended]
    found += [f"stock binding {h.no} {h.kind} {h.quantity}" for h in o.bindings if h.state == "active"]
    if not (o.is_cancelled or o.is_fulfilled_elsewhere or is_closed_by_hand) and o.stage == "completed":
        found += [f"line {x.no} lacks {x.open_quantity}" for x in o.lines if x.open_quantity > x.unpaid]
    return found


def _restock(bench: Bench) -> None:
    """Goods come in, enough for all."""
    for (sku, house), level in bench.levels.items():
        came = Movement(sku, house, "receive", f"again/{sku}/{house}", "again", "li", bench.at, on_hand=PLENTY)
        apply(level, came)
        bench.ledger.append(came)


def _say(bench: Bench, last: c.RecordOrder, milestone: str) -> None:
    """The channel says once more what it said last: paid by now, or at its end; and nothing stands in the way."""
    bench.at += timedelta(minutes=1)
    draft = replace(
        last.draft, revision=bench.at, payment="paid", paid=max(last.draft.total, last.draft.paid), paid_at=bench.at,
        hold="", lines=tuple([replace(line, is_disputed=False) for line in last.draft.lines]), is_cancelled=False,
        said=(Said(milestone, milestone, bench.at),),
    )  # fmt: skip
    bench.ask(replace(last, draft=draft, received_at=bench.at))


def _people(bench: Bench, order_id: str) -> None:
    """Holds are looked at and lifted, goods are found for who waits, what does not arrive is sent again."""
    for h in bench.orders[order_id].holds:
        if h.released_at is None:
            bench.ask(c.ReleaseHold(actor=LI, order_id=order_id, hold_no=h.no, reason="seen"))
    if bench.orders[order_id].is_short:
        bench.ask(c.FindStock(actor=clock("publish"), order_id=order_id))
    if bench.orders[order_id].stage == "failed" and bench.orders[order_id].is_cancelled:
        bench.ask(c.TakeAction(actor=LI, order_id=order_id, action="close", reason="it will not arrive, and need not"))
    elif bench.orders[order_id].stage == "failed":
        bench.ask(c.ReshipParcel(actor=LI, order_id=order_id, reason="it does not arrive"))


def _warehouses(bench: Bench, order_id: str) -> None:
    """Every work that was told of is answered, and goes out; every box without a number gets one."""
    for seq in range(1, len(bench.orders[order_id].works) + 1):
        work = _work(bench, order_id, seq)
        if work.account_id is not None and work.state == "recalling":
            _answer(bench, order_id, work, "work_cancel")
        elif work.account_id is not None and work.negotiation in ("requested", "rejected"):
            _answer(bench, order_id, work, "work")
        work = _work(bench, order_id, seq)
        is_bare = any(p.holds_work(seq) and not p.is_named for p in bench.orders[order_id].parcels)
        is_told = work.account_id is None or work.negotiation == "accepted"
        if is_bare or (is_told and not work.state.is_ended):
            _goes_out(bench, work, len(bench.orders[order_id].claims))


def _work(bench: Bench, order_id: str, seq: int) -> Work:
    return bench.orders[order_id].works[seq - 1]


def _answer(bench: Bench, order_id: str, work: Work, kind: str) -> None:
    bench.ask(c.HearAnswer(actor=clock("deliver"), order_id=order_id, kind=kind, work_no=work.number))


def _goes_out(bench: Bench, work: Work, count: int) -> None:
    bench.at += timedelta(minutes=1)
    report = WorkReport(work.number, Said("handed_over", "OUT", bench.at), f"Z{work.number}/{count}", "SF",
                        reason="it is out")
    bench.ask(c.ConfirmWork(actor=connector("WMS") if work.account_id else LI, account_id=work.account_id,
                            report=report))  # fmt: skip


def _carriers(bench: Bench, order_id: str) -> None:
    """Every parcel that is under way arrives."""
    bench.at += timedelta(minutes=1)
    for p in bench.orders[order_id].parcels:
        if p.is_named and not p.is_replaced and not p.state.is_final:
            entry = TrackEntry("DELIVERED", "delivered", bench.at)
            bench.ask(c.TrackParcel(actor=connector("KD"), account_id=CARRIER,
                                    report=TrackReport(p.carrier, p.waybill, (entry,))))  # fmt: skip


def _channel(bench: Bench, last: c.RecordOrder) -> None:
    """What the channel sent itself it says has arrived, once nothing of ours is missing."""
    o = bench.order(last.draft.external_id)
    is_theirs = o.is_fulfilled_elsewhere or any(line.elsewhere for line in o.lines)
    if is_theirs and (o.is_fulfilled_elsewhere or is_all_out(o)) and o.stage not in ENDS:
        _say(bench, last, "confirmed")


def _time(bench: Bench) -> None:
    """A day goes by, and every deadline that came due is fired."""
    bench.at += timedelta(days=1)
    for d in [d for d in bench.pending if d.due_at <= bench.at]:
        bench.ask(c.FireDeadline(actor=clock("wake"), subject=d.subject, kind=d.kind, of=d.of, due_at=d.due_at))
