"""Random things that happen to orders: one generator of commands for the pure proofs and for those on a database.

A move is five small integers. `command_of` reads it against the orders as they stand, so that every sequence makes
sense: warehouses report on work that exists, carriers on parcels that left, deadlines fire when they are due.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from orderloom.application import commands as c
from orderloom.application.by_hand import STEPS
from orderloom.application.change import Deadline
from orderloom.application.sealed import SealedReceiver
from orderloom.application.work_commands import AcceptWork, GiveWorkBack
from orderloom.domain.actor import clock, connector, person
from orderloom.domain.after_sale import ANSWERS, DECLINED, GRANTED, TO_TELL, AfterSale, TakesDecisions
from orderloom.domain.draft import (
    AfterSaleLine,
    AfterSaleReport,
    DraftLine,
    OrderDraft,
    Receiver,
    Said,
    StatedCharge,
    StatedRefund,
    StatedShipment,
    TrackEntry,
    TrackReport,
    WorkLine,
    WorkReport,
)
from orderloom.domain.order import Order, Work
from orderloom.domain.states import AfterSaleKind, AfterSaleState
from orderloom.testing.clock import STORY_BEGINS

LI = person("li", "administrator")
Move = tuple[int, int, int, int, int]
CHANNEL, WMS, CARRIER = 1, 2, 3
KINDS = 12
EXTERNALS = 4
SKUS = {"A": 1, "B": 2, "C": 3, "KIT": 4, "PACK": 5}
COMPONENTS = {1: ((1, 1),), 2: ((2, 1),), 3: ((3, 1),), 4: ((1, 2), (2, 1)), 5: ((3, 4),)}
"""Kit: two A and one B. Pack: four C."""
BASKETS: tuple[tuple[tuple[str, int], ...], ...] = (
    (("A", 2),), (("A", 5),), (("A", 1), ("B", 2)), (("KIT", 1),), (("KIT", 2), ("A", 1)), (("PACK", 1), ("C", 1)),
    (("B", 1), ("KIT", 1), ("B", 3)), (("C", 9),),
)
PAYMENTS = (("unpaid", 0), ("unpaid", 0), ("paid", 100), ("paid", 100), ("cod", 0), ("partially_refunded", 60),
            ("overcharged", 120))
HOLDS = ("", "", "", "channel_forbids", "refund_requested")
REPORTED = ("allocated", "picked", "packed", "handed_over", "handed_over", "handed_over", "cancelled")
SCANS = ("collected", "in_transit", "out_for_delivery", "delivered", "failed", "returning", "returned", "lost")
PLACED = ("manual", "fraud", "address_unsure", "change_pending", "no_such_type")
ACTIONS = ("confirm", "retry", "accept_return", "close", "no_such_action")
WAYBILLS = ("SF{work}", "SF{work}", "SF{work}/{box}", "SHARED", "YT{work}")
"""A number of its own for a work or each of its boxes, one that others have too, a corrected one."""
STEPS_SECONDS = (0, 1, 40, 200, 1_000, 20_000, 200_000, 1)


def random_moves(seed: int, count: int) -> list[Move]:
    """Moves without hypothesis, from a seed."""
    dice = Random(seed)
    return [(dice.randrange(KINDS), *(dice.randrange(40) for _ in range(4))) for _ in range(count)]  # type: ignore[misc]


def command_of(
    move: Move, orders: Sequence[Order], pending: Sequence[Deadline], at: datetime,
) -> c.AnyCommand | None:
    """The command that a move means now; None when there is nothing that it could be about."""
    kind, a, b, x, y = move
    if kind <= 3 or not orders:
        return record_order(a, b, x, y, at)
    order = orders[a % len(orders)]
    if kind <= 5:
        return _confirm(order, b, x, y, at)
    if y % 3 == 0 and (asked := [one for one in order.after_sales if one.answer(GRANTED)]):
        return _decide(order, asked[b % len(asked)], x)
    if kind == 6:
        return _after_sale(order, b, x, y, at) if b % 7 == 6 else _settle(order, b, x)
    if kind == 7:
        return _track(order, b, x, y, at)
    if kind == 8:
        due = [d for d in pending if d.due_at <= at]
        d = due[b % len(due)] if due else None
        return d and c.FireDeadline(actor=clock("wake"), subject=d.subject, kind=d.kind, of=d.of, due_at=d.due_at)
    return _by_hand(kind, order, b, x)


def step_seconds(move: Move) -> int:
    """How long after the move before it this one happens."""
    return STEPS_SECONDS[(move[1] + move[4]) % len(STEPS_SECONDS)]


def record_order(a: int, b: int, x: int, y: int, at: datetime) -> c.RecordOrder:
    """What a channel says of one of its few orders: a basket, a payment, perhaps a hold, a cancellation, old news."""
    external, (payment, percent) = a % EXTERNALS, PAYMENTS[x % len(PAYMENTS)]
    basket = BASKETS[(external * 2 + (b // 4 if b % 4 == 0 else 0)) % len(BASKETS)]  # what was bought seldom changes
    lines = tuple(
        DraftLine(external_id=f"L{no}", sku_external=sku, quantity=quantity, price=1_000 + no, title=sku,
                  fulfilled=min(max(b % 12 - 9, 0), quantity), is_closed=y % 11 == 1 and no > 1,
                  is_disputed=y % 13 == 2)
        for no, (sku, quantity) in enumerate(basket, 1)
    )
    total = sum(line.price * line.quantity for line in lines)
    off = 500 if y % 17 == 3 else 0
    fees = tuple(StatedCharge("fee", 100 * n) for n in range(1, b % 3 + 1))
    total += sum(fee.amount for fee in fees)
    said = (Said("paid", payment, at),) if percent else (Said("placed", "new", at),)
    draft = OrderDraft(
        external_id=f"E{external}", revision=at - timedelta(hours=9 if y % 10 == 9 else 0), placed_at=STORY_BEGINS,
        currency="CNY", total=total + off, lines=lines, receiver=receiver(y), payment=payment,
        paid=(total + off) * percent // 100, paid_at=at if percent else None, said=said, native=payment,
        is_cancelled=y % 19 == 4, hold=HOLDS[y % len(HOLDS)], note=f"note {y % 3}",
        is_fulfilled_elsewhere=external == 3 and b % 5 == 0, charges=fees,
        refunds=tuple(StatedRefund(f"r{n % 3}", 50) for n in range(x % 5)) if percent else (),
        shipments=tuple(StatedShipment(w) for w in ("SHARED", f"CH{external}")[: y % 3]) if b % 12 > 9 else (),
    )
    return c.RecordOrder(
        actor=connector("TB01"), account_id=CHANNEL, draft=draft, received_at=at, sealed=sealed(y),
    )


def receiver(y: int) -> Receiver:
    """One of two places."""
    return Receiver(country="CN", province="浙江省" if y % 4 else "四川省", city="")


def sealed(y: int) -> SealedReceiver:
    """A sealed receiver whose digest tells the two places apart."""
    place = receiver(y)
    return SealedReceiver(
        cipher=b"sealed", digest=f"digest-{place.province}", name_index=None, phone_index=None, buyer_index=None,
        merge_key=None, last4="2345", country=place.country, province=place.province, city=place.city,
    )


def _confirm(order: Order, b: int, x: int, y: int, at: datetime) -> c.AnyCommand | None:
    if not order.works:
        return None
    work = order.works[b % len(order.works)]
    milestone = REPORTED[x % len(REPORTED)]
    if work.account_id is None and milestone == "allocated":
        return _accept(work, y)
    is_numbered = milestone == "handed_over" and y % 5
    if x % 2 and any(p.holds_work(work.seq) and not p.is_named for p in order.parcels):
        milestone, is_numbered = "handed_over", True  # the waybill comes after the goods
    said_at = at.replace(microsecond=0) - timedelta(seconds=y % 3)
    boxes = len([p for p in order.parcels if p.holds_work(work.seq)])
    is_by_hand = work.account_id is None and milestone in STEPS.values()
    who = person("li", "warehouse") if is_by_hand else connector("WMS")
    return c.ConfirmWork(actor=who, account_id=None if is_by_hand else WMS, report=WorkReport(
        work.number, Said(milestone, milestone.upper(), said_at), carrier="SF",
        waybill=WAYBILLS[y % len(WAYBILLS)].format(work=work.number, box=boxes) if is_numbered else "",
        lines=_part(work, y) if milestone == "handed_over" and x % 4 == 1 else (),
    ))


def _accept(work: Work, y: int) -> c.AnyCommand:
    """One of two says that they pick the work, in one of two waves, or gives it back."""
    who = person(("li", "wang")[y % 2], "warehouse")
    if y % 4 == 0:
        return GiveWorkBack(actor=who, work_no=work.number, reason="full" if y % 3 else "")
    return AcceptWork(actor=who, work_no=work.number, wave=f"W{y % 3}")


def _part(work: Work, y: int) -> tuple[WorkLine, ...]:
    """Some of the work's units: not all of it fits into one box."""
    codes = {number: code for code, number in SKUS.items()}
    return tuple(WorkLine(codes[i.sku_id], max(i.quantity - y % 3, 1)) for i in work.items[: 1 + y % 2])


def _settle(order: Order, b: int, x: int) -> c.HearAnswer | None:
    """Answers come only to what was sent: a recall's to work that is being recalled."""
    if not order.works:
        return None
    work = order.works[b % len(order.works)]
    kind = "work_cancel" if work.state == "recalling" and x % 3 else "work"
    return c.HearAnswer(actor=clock("deliver"), order_id=order.id, kind=kind, work_no=work.number,
                            error="isv.refused" if x % 4 == 0 else "", message="no")


def _after_sale(order: Order, b: int, x: int, y: int, at: datetime) -> c.HearAfterSale:
    """News of one of a few applications, old news among it; some name a line, some the whole order."""
    return c.HearAfterSale(actor=connector("TB01"), account_id=CHANNEL, received_at=at, report=AfterSaleReport(
        f"r{b % 3}", order.external_id, tuple(AfterSaleKind)[y % 6], tuple(AfterSaleState)[x % 8 if x < 24 else 0],
        at - timedelta(hours=9 if y % 7 == 6 else 0), "CNY", 50 * (y % 3),
        refund_external_id="r9" if y % 5 == 4 else "", lines=(AfterSaleLine("L1", "", 1),) if x % 2 else (),
    ))


def _decide(order: Order, one: AfterSale, x: int) -> c.AnyCommand:
    """The seller answers an application, and hears what came of the answer that is on its way."""
    if one.decision_state == TO_TELL:
        return c.HearAnswer(actor=clock("deliver"), order_id=order.id, kind="decision", work_no=one.external_id,
                            error="isv.refused" if x % 3 == 0 else "", message="no")
    return c.DecideAfterSale(
        actor=person("zhang", "service"), order_id=order.id, application=one.external_id, reason="as it says",
        decision=GRANTED if x % 2 else DECLINED, amount=50 if x % 5 == 1 else None,
        takes={"taobao": TakesDecisions(ANSWERS, with_amount=True)})


def _track(order: Order, b: int, x: int, y: int, at: datetime) -> c.TrackParcel | None:
    parcels = [p for p in order.parcels if p.is_named]
    if not parcels:
        return None
    parcel = parcels[b % len(parcels)]
    scans = SCANS[:x % len(SCANS) + 1] if y % 3 == 0 else (SCANS[x % len(SCANS)],)
    entries = tuple(
        TrackEntry(code=s.upper(), milestone=s, at=at - timedelta(minutes=(len(scans) - n) + y % 7), text=s)
        for n, s in enumerate(scans)
    )
    report = TrackReport(parcel.carrier, parcel.waybill, entries)
    return c.TrackParcel(actor=connector("KD"), account_id=CARRIER, report=report)


def _by_hand(kind: int, order: Order, b: int, x: int) -> c.AnyCommand:
    if order.stage == "failed" and b % 3:
        return c.ReshipParcel(actor=LI, order_id=order.id, reason="it does not arrive")
    if b % 5 == 4:
        return c.TakeAction(actor=LI, order_id=order.id, action=ACTIONS[x % len(ACTIONS)], reason="asked for")
    if kind == 9:
        return c.PlaceHold(actor=LI, order_id=order.id, type=PLACED[b % len(PLACED)], reason="look at it")
    if kind == 10:
        standing = [h.no for h in order.holds if h.released_at is None] or [77]
        return c.ReleaseHold(actor=LI, order_id=order.id, hold_no=standing[b % len(standing)], reason="seen")
    if b % 3 == 0:
        return c.CancelOrder(actor=LI, order_id=order.id, reason="the buyer rang")
    if b % 3 == 1:
        return c.AdjustReceiver(actor=LI, order_id=order.id, receiver=receiver(x), sealed=sealed(x), reason="moved")
    return c.FindStock(actor=clock("publish"), order_id=order.id)
