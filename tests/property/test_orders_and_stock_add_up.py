"""Whatever happens to orders in whatever order: stock, counters and the log stay true to each other."""

from __future__ import annotations

from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orderloom.application import commands as c
from orderloom.application.refold import refold
from orderloom.domain.counting import is_all_out
from orderloom.domain.log import chain
from orderloom.domain.order import Order, state_bytes
from tests.support.bench import OPENING, Bench
from tests.support.moves import KINDS, Move

small = st.integers(0, 39)
stories = st.lists(st.tuples(st.integers(0, KINDS - 1), small, small, small, small), min_size=1, max_size=40)
proof = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
LIVE = ("allocated", "released", "picking", "packed", "recalling")


@given(stories)
@proof
def test_no_unit_is_sold_twice_and_every_level_is_the_sum_of_its_ledger(moves: list[Move]) -> None:
    bench = Bench()
    for command, _ in bench.play(moves):
        for key, level in bench.levels.items():
            lines = [m for m in bench.ledger if (m.sku_id, m.warehouse_id) == key]
            held = [h for o in bench.orders.values() for h in o.bindings
                    if h.state == "active" and (h.sku_id, h.warehouse_id) == key]  # fmt: skip
            assert level.on_hand == sum(m.on_hand for m in lines), command
            assert level.reserved == sum(m.reserved for m in lines), command
            assert level.reserved == sum(h.quantity for h in held if h.kind == "reservation"), command
            assert level.allocated == sum(m.allocated for m in lines), command
            assert level.allocated == sum(h.quantity for h in held if h.kind == "allocation"), command
            if "shipped_after_cancel" not in {kind for kind, _ in bench.cases}:  # goods that left against our word
                assert level.free >= 0 <= level.on_hand, command
    causes = Counter((m.cause, m.kind) for m in bench.ledger)
    assert max(causes.values()) == 1, causes.most_common(1)


@given(stories)
@proof
def test_goods_leave_the_stock_exactly_when_they_leave_the_warehouse(moves: list[Move]) -> None:
    bench = Bench()
    for command, _ in bench.play(moves):
        for key in OPENING:
            gone = OPENING[key] - bench.levels[key].on_hand
            assert gone == sum(_boxed(o, key) for o in bench.orders.values()), command
        for order in bench.orders.values():
            for key in OPENING:
                bound = [h for h in order.active_stock("allocation") if (h.sku_id, h.warehouse_id) == key]
                live = _units(order, key, LIVE) - _boxed(order, key, LIVE)
                assert sum(h.quantity for h in bound) >= live, command


@given(stories)
@proof
def test_line_counters_never_pass_one_another(moves: list[Move]) -> None:
    bench = Bench()
    for command, _ in bench.play(moves):
        for order in bench.orders.values():
            for line in order.lines:
                assert 0 <= line.cancelled <= line.ordered, command
                assert 0 <= line.returned <= line.shipped <= line.fulfilled <= line.ordered - line.cancelled, command


@given(stories)
@proof
def test_rows_that_the_database_keeps_unique_are_unique(moves: list[Move]) -> None:
    bench = Bench()
    for command, _ in bench.play(moves):
        orders = list(bench.orders.values())
        _once([(o.account_id, o.external_id) for o in orders], command)
        _once([w.number for o in orders for w in o.works], command)
        rows = {(p.id, p.carrier, p.waybill, p.state, p.shipped_at, p.heard_at, p.delivered_at)
                for o in orders for p in o.parcels}  # fmt: skip
        _once([row[0] for row in rows], command)
        for order in orders:
            _once([entry.key for entry in order.money], command)
            _once([h.no for h in order.bindings], command)
            _once([(w.seq, i.line_no, i.sku_id) for w in order.works for i in w.items], command)
            for work in order.works:
                assert list(work.items) == sorted(work.items, key=lambda i: (i.line_no, i.sku_id)), command


@given(stories)
@proof
def test_the_stage_never_contradicts_the_parcels(moves: list[Move]) -> None:
    """But where a person closed the order by a button: then it is as that person said."""
    bench = Bench()
    for command, _ in bench.play(moves):
        for order in bench.orders.values():
            if any(x.kind == "action_taken" for x in bench.log[order.id]) or order.is_cancelled:
                continue
            alive = [p for p in order.parcels if not p.is_replaced]
            is_troubled = any(p.state.is_trouble for p in alive)
            if order.stage == "failed":
                assert is_troubled, command
            elif is_troubled:  # delivered, and on its way back: the stage is an end, and a case is open
                assert order.stage in ("returned", "completed") and _is_seen(bench, "parcel_returned"), command
            if order.stage == "completed" and alive:
                assert is_all_out(order), command


@given(stories)
@proof
def test_the_log_alone_gives_the_order_back_and_its_chain_holds(moves: list[Move]) -> None:
    bench = Bench()
    for _ in bench.play(moves):
        pass
    for order in bench.orders.values():
        entries = bench.log[order.id]
        assert state_bytes(refold(entries)) == state_bytes(order)
        head = order.id.encode()
        for seq, x in enumerate(entries, 1):
            assert x.seq == seq
            head = chain(head, x.order_id, x.seq, x.kind, x.at, x.actor, x.message_id, x.blueprint, x.facts)
            assert x.hash == head
        assert order.event_head == head


@given(stories)
@proof
def test_what_is_refused_changes_nothing(moves: list[Move]) -> None:
    bench = Bench()
    before: dict[str, bytes] = {}
    for _, answer in bench.play(moves):
        after = {order_id: state_bytes(order) for order_id, order in bench.orders.items()}
        if isinstance(answer, c.Outcome) and answer.refusal:
            assert after == before, answer
        before = after


@given(stories, st.integers(1, 6))
@settings(parent=proof, max_examples=40)
def test_a_batch_decides_as_its_commands_one_by_one_do(moves: list[Move], size: int) -> None:
    """Orders recorded together end as orders recorded one after another in the same instant."""
    records = [command for command, _ in Bench().play([(0, *m[1:]) for m in moves[:12]])]
    together, apart = Bench(), Bench()
    together.at = apart.at = together.at.replace(day=28)
    for start in range(0, len(records), size):
        together.ask(*records[start:start + size])
    for command in records:
        apart.ask(command)
    assert [state_bytes(o) for o in together.orders.values()] == [state_bytes(o) for o in apart.orders.values()]
    assert together.ledger == apart.ledger


def _units(order: Order, key: tuple[int, int], states: tuple[str, ...]) -> int:
    return sum(i.quantity for w in order.works if w.state in states and w.warehouse_id == key[1]
               for i in w.items if i.sku_id == key[0])  # fmt: skip


def _is_seen(bench: Bench, case: str) -> bool:
    return case in {kind for kind, _ in bench.cases}


def _boxed(order: Order, key: tuple[int, int], states: tuple[str, ...] = (*LIVE, "handed_over", "cancelled")) -> int:
    works = {w.seq for w in order.works if w.state in states and w.warehouse_id == key[1]}
    return sum(i.quantity for p in order.parcels for i in p.items if i.work_seq in works and i.sku_id == key[0])


def _once(keys: list[object], command: c.AnyCommand) -> None:
    assert len(set(keys)) == len(keys), (command, Counter(keys).most_common(2))
