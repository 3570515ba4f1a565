"""Whatever people, channels and carriers do with works that leave together: goods, receivers and waybills add up.

A seller in memory, one buyer's orders and another's, random moves; after each of them everything holds.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from orderloom.application import commands as c
from orderloom.application.refold import refold
from orderloom.application.work_commands import AcceptWork
from orderloom.domain.order import state_bytes
from orderloom.domain.states import BindingKind, WorkState
from tests.support.merging import LI, OPEN_STATES, WANG, MergingShop
from tests.support.moves import sealed

small = st.integers(0, 39)
stories = st.lists(st.tuples(st.integers(0, 99), small, small, small), min_size=1, max_size=40)
proof = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
ORDERS, UNITS = 6, 3


class Together:
    """The shop and what is done in it, by random numbers."""

    def __init__(self, merged: int) -> None:
        """The first so many of one buyer's works are merged from the beginning."""
        self.shop = MergingShop(ORDERS, UNITS)
        for no, order in enumerate(self.shop.orders.values()):
            self.shop.merge_keys[order.id] = b"one" if no < ORDERS - 1 else b"another"
        self.waybills = 0
        self.is_some = False
        """Whether the last box told of held some units alone."""
        if merged > 1:
            assert self.shop.merge(*self.shop.works()[:merged]).refusal == ""

    def do(self, what: int, a: int, b: int, x: int) -> None:
        """One move. Merging is the most frequent."""
        self.shop.at += timedelta(seconds=30)
        works = [w.number for _, w in self.shop.all_works()]
        if not works:
            return
        one, other = works[a % len(works)], works[b % len(works)]
        moves: tuple[tuple[int, Callable[[], object]], ...] = (
            (35, lambda: self.shop.merge(one, other, *([works[x % len(works)]] if x % 2 else []))),
            (42, lambda: self.shop.part(one)),
            (46, lambda: self.shop.split(one, b % UNITS + 1)),
            (50, lambda: self.shop.person(c.CancelOrder, f"E{a % ORDERS}", reason="no more")),
            (55, lambda: self._moves_house(a, b)),
            (60, lambda: self._holds(a, b)),
            (66, lambda: self.shop.labelled.symmetric_difference_update({one})),
            (70, lambda: self.shop.ask(AcceptWork(actor=LI if b % 2 else WANG, work_no=one))),
            (76, lambda: self.shop.says("picked" if b % 2 else "packed", one)),
            (90, lambda: self._out(one, b)),
            (100, lambda: self._track(a, b)),
        )
        next(move for most, move in moves if what < most)()

    def _moves_house(self, a: int, b: int) -> None:
        order = self.shop.order(f"E{a % ORDERS}")
        found = replace(sealed(4 if b % 2 else 1), digest=f"place {b % 3}")
        told = self.shop.person(c.AdjustReceiver, order.external_id, sealed=found, reason="moved",
                                receiver=c.Receiver(country="CN", province="浙江省", city="", name="甲"))
        if isinstance(told, c.Outcome) and not told.refusal:
            self.shop.merge_keys[order.id] = f"place {b % 3}".encode()

    def _holds(self, a: int, b: int) -> None:
        order = self.shop.order(f"E{a % ORDERS}")
        standing = [h.no for h in order.holds if h.released_at is None]
        if standing and b % 2:
            self.shop.person(c.ReleaseHold, order.external_id, hold_no=standing[0], reason="fine")
        else:
            self.shop.person(c.PlaceHold, order.external_id, type="manual", reason="looks odd")

    def _out(self, one: str, b: int) -> None:
        self.waybills += 1
        units = {"C": 1} if b % 5 == 1 else None
        self.is_some = units is not None
        known = next(iter([p.waybill for o in self.shop.orders.values() for p in o.parcels]), "")
        waybill = "" if b % 6 == 5 else f"SF{self.waybills}"
        self.shop.says("out", one, "" if b % 7 or not known else known, units=units, waybill=waybill, carrier="SF",
                       reason="" if b % 4 else "typed")

    def _track(self, a: int, b: int) -> None:
        boxes = [(o.external_id, p.no) for o in self.shop.orders.values() for p in o.parcels if p.is_named]
        if boxes:
            external, number = boxes[a % len(boxes)]
            self.shop.carrier_says((("in_transit", "delivered")[b % 2], 0), parcel=number, external=external)


@given(st.integers(0, ORDERS - 1), stories)
@proof
def test_no_sequence_of_merging_and_parting_sends_a_unit_twice_or_to_another(
    merged: int, story: list[tuple[int, int, int, int]],
) -> None:
    it = Together(merged)
    for what, a, b, x in story:
        before = {w.number: (w.merge_no, w.state) for _, w in it.shop.all_works()}
        it.do(what, a, b, x)
        _counters_hold(it.shop)
        _a_merge_is_of_one_receiver(it.shop)
        _what_left_together_has_one_waybill(it, before)
        _what_arrived_completes(it.shop)
    for order in it.shop.orders.values():
        assert state_bytes(refold(it.shop.log[order.id])) == state_bytes(order), "the log says what is stored"


def _counters_hold(shop: MergingShop) -> None:
    for (sku, house), level in shop.levels.items():
        bound = sum([b.quantity for o in shop.orders.values() for b in o.active_stock(BindingKind.ALLOCATION)
                     if (b.sku_id, b.warehouse_id) == (sku, house)])
        assert level.allocated == bound and level.on_hand >= 0, "stock is bound by orders alone"
    for order in shop.orders.values():
        lives = [w for w in order.works if w.state is not WorkState.CANCELLED]
        for line in order.lines:
            worked = sum([i.quantity for w in lives for i in w.items if i.line_no == line.no])
            sent = sum([i.quantity for p in order.parcels for i in p.items if i.line_no == line.no and i.work_seq])
            assert sent <= line.ordered, "more left than was ordered"
            vain = sum([i.quantity for p in order.parcels for i in p.items
                        if i.line_no == line.no and i.work_seq and order.works[i.work_seq - 1] not in lives])
            assert worked + vain <= line.ordered, "a unit is in two works"
            assert line.shipped <= line.fulfilled <= line.ordered - line.cancelled


def _a_merge_is_of_one_receiver(shop: MergingShop) -> None:
    for found in shop.merges().values():
        assert len({w.warehouse_id for _, w in found}) == 1
        assert not any(w.state is WorkState.CANCELLED for _, w in found), "what is cancelled has left"
        going = [(o, w) for o, w in found if str(w.state) in OPEN_STATES]
        assert len({shop.merge_keys[o.id] for o, _ in going}) <= 1, "two receivers would share a parcel"
        assert len({o.account_id for o, _ in found}) == 1
        assert not any(o.is_blocked("dispatch") or o.is_cancelled for o, _ in going), "others would wait for it"


def _what_left_together_has_one_waybill(it: Together, before: dict[str, tuple[str, WorkState]]) -> None:
    """Works of one merge that left by this move, whole, are under one waybill, and none is left behind."""
    left: dict[str, set[str]] = {}
    for order, work in it.shop.all_works():
        merge, state = before.get(work.number, ("", WorkState.CANCELLED))
        if merge and not state.is_ended and work.state is WorkState.HANDED_OVER:
            left.setdefault(merge, set()).add([p.waybill for p in order.parcels if p.holds_work(work.seq)][-1])
    assert all(len({w for w in waybills if not w.startswith("?")}) <= 1 for waybills in left.values()), left
    behind = [w.number for _, w in it.shop.all_works() if w.merge_no in left and not w.state.is_ended]
    assert it.is_some or not behind, f"{behind} should have left, too"


def _what_arrived_completes(shop: MergingShop) -> None:
    for order in shop.orders.values():
        boxes = [p for p in order.parcels if not p.is_replaced]
        is_out = boxes and all(line.shipped == line.ordered - line.cancelled for line in order.lines)
        if is_out and not order.is_cancelled and all(p.state == "delivered" for p in boxes):
            assert order.stage == "completed", f"{order.external_id} is at {order.stage}"
