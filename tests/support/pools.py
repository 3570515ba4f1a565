"""Random policies over a seller's stock - quotas of every kind, safety, frozen units, losses - and random orders, on
the bench of `bench.py` or on a database. A step is six small integers; both play the same steps."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from datetime import date, datetime, timedelta
from itertools import count

import msgspec

from orderloom.application import commands as c
from orderloom.application.batch import BatchView
from orderloom.application.change import Change
from orderloom.application.directory import KnownGoods, SkuMeaning
from orderloom.application.keep_quotas import QuotaLine, QuotaWish
from orderloom.domain.actor import clock, connector
from orderloom.domain.draft import DraftLine
from orderloom.domain.inventory.level import Level, apply
from orderloom.domain.inventory.moves import StockWish, StockWord, movements
from orderloom.domain.inventory.quota import Pool, Quota
from orderloom.domain.inventory.quota_keeping import KeptQuota, QuotaState, QuotaStep, closed, due_step, resized
from orderloom.domain.refusal import Refusal
from orderloom.testing.builders import a_draft, a_line
from orderloom.testing.clock import STORY_BEGINS
from tests.support.bench import Bench, Texts, goods
from tests.support.moves import CHANNEL, LI, SKUS, sealed

Step = tuple[int, int, int, int, int, int]
KINDS = 12
HOUSES = ("HZ", "CD", "XA")
CAMPAIGNS = ("", "x", "y")
BASKETS: tuple[tuple[tuple[str, int], ...], ...] = (
    (("A", 1),), (("A", 2),), (("A", 5),), (("B", 3),), (("C", 4),), (("KIT", 1),), (("KIT", 2), ("A", 1)),
    (("PACK", 1), ("C", 1)), (("A", 2), ("A", 3)), (("B", 1), ("KIT", 1), ("B", 2)),
)
GOODS, MOSTLY = ("A", "A", "B", "C"), ("HZ", "HZ", "CD", "XA")
"""What policies and losses are about, mostly of one place: so they meet."""
ACTS = ("receive", "receive", "protect", "freeze", "thaw", "stocktake", "stocktake", "adjust")
HOURS = (0, 0, 1, 6, 30)


def an_order(step: Step, number: int, at: datetime) -> c.RecordOrder:
    """An order of a channel, for everybody or of a campaign or customer; some are paid."""
    _, a, b, x, y, _ = step
    lines: list[DraftLine] = [a_line(sku, units, external_id=f"L{no}")
                              for no, (sku, units) in enumerate(BASKETS[a % len(BASKETS)], 1)]
    facts = {"campaign": CAMPAIGNS[b % 3], "customer": "vip" if x % 5 == 0 else ""}
    draft = msgspec.structs.replace(a_draft(f"P{number}", *lines, at=at, is_paid=y % 3 > 0),
                                    facts={name: value for name, value in facts.items() if value})
    return c.RecordOrder(actor=connector("TB01"), account_id=CHANNEL, draft=draft, sealed=sealed(x), received_at=at)


def a_wish(step: Step, at: datetime) -> QuotaWish:
    """A policy of any kind; what it is for and when it is open."""
    _, a, b, x, y, z = step
    line = QuotaLine(GOODS[a % 4], MOSTLY[b % 4], 1 + x % 12)
    is_presale = y % 4 == 3
    return QuotaWish(
        [line], "测试", account="TB01" if z % 4 == 1 else "", campaign="" if z % 4 else CAMPAIGNS[1 + y % 2],
        customer="vip" if z % 4 == 2 else "", draw_order=(x + z) % 7 - 3, may_fall_through=b % 5 > 0,
        starts_at=at + timedelta(hours=HOURS[y % 5]),
        ends_at=at + timedelta(hours=HOURS[y % 5] + 1 + x % 40) if z % 3 else None,
        promised_on=date(2027, 1, 1) if is_presale else None)


def a_move(step: Step) -> tuple[str, str, str, int]:
    """An act on the stock of a SKU: act, SKU, warehouse, units."""
    _, a, b, x, y, _ = step
    act = ACTS[y % len(ACTS)]
    units = x % 4 if act == "stocktake" else x % 5 - 2 if act == "adjust" else x % 4 if act == "protect" else 1 + x % 5
    return act, GOODS[a % 4], MOSTLY[b % 4], units


class PooledBench(Bench):
    """The bench with quotas: what the product does with a quota's counters in SQL, it does in memory."""

    def __init__(self) -> None:
        super().__init__()
        self.quotas: dict[str, KeptQuota] = {}
        self.at = STORY_BEGINS
        self._numbers = count(1)

    def step(self, step: Step) -> None:
        """Do what a step means now."""
        kind = step[0]
        self.at += timedelta(minutes=1 + step[5] % 7 * 20)
        if kind <= 4:
            self.ask(an_order(step, next(self._numbers), self.at))
        elif kind == 5 and self.orders:
            order_id = list(self.orders)[step[1] % len(self.orders)]
            self.ask(c.CancelOrder(actor=LI, order_id=order_id, reason="不要了"))
        elif kind == 6:
            self._plan(a_wish(step, self.at))
        elif kind == 7:
            self._change_quota(step)
        elif kind in (8, 9):
            self._move(step)
        elif kind == 10:
            self._fire()
        else:
            self._tend()

    def _plan(self, wish: QuotaWish) -> None:
        line, number = wish.lines[0], next(self._numbers)
        if not (wish.account or wish.campaign or wish.customer or wish.promised_on):
            return
        quota = KeptQuota(
            f"q{number:05}", f"Q-{number}", SKUS[line.sku], HOUSES.index(line.warehouse) + 1,
            CHANNEL if wish.account else None, wish.campaign, wish.customer, line.quantity, 0, 0, wish.draw_order,
            wish.may_fall_through, wish.starts_at or self.at, wish.ends_at, QuotaState.PLANNED,
            wish.promised_on is not None, wish.promised_on)
        self.quotas[quota.id] = quota
        self._take(due_step(quota, self._level(quota), self.at))

    def _change_quota(self, step: Step) -> None:
        known = [q for q in self.quotas.values() if q.state is not QuotaState.CLOSED]
        if known:
            quota = known[step[1] % len(known)]
            self._take(closed(quota, "test") if step[4] % 5 == 0 else
                       resized(quota, step[3] % 15, "test", self._level(quota)))

    def _tend(self) -> None:
        for quota in sorted(self.quotas.values(), key=lambda q: (q.draw_order, q.id)):
            self._take(due_step(quota, self._level(quota), self.at))

    def _take(self, step: QuotaStep | Refusal | None) -> None:
        if isinstance(step, QuotaStep):
            self.quotas[step.after.id] = step.after
            if (movement := step.movement(f"quota/{next(self._numbers)}", "test", "li", self.at)) is not None:
                apply(self._level(step.after), movement)
                self.ledger.append(movement)

    def _move(self, step: Step) -> None:
        act, sku, house, units = a_move(step)
        key = SKUS[sku], HOUSES.index(house) + 1
        if key not in self.levels:
            self.levels[key] = Level(*key)
        said = StockWord(f"move/{next(self._numbers)}", "test", "li", self.at)
        lines = movements(StockWish(act, *key, units), self.levels, said)  # type: ignore[arg-type]
        for line in lines if not isinstance(lines, Refusal) else ():
            apply(self.levels[key], line)
            self.ledger.append(line)
        for order in [one for one in self.orders.values() if one.is_short and not one.is_cancelled]:
            self.ask(c.FindStock(actor=clock("restock"), order_id=order.id))

    def _fire(self) -> None:
        due = [d for d in self.pending if d.due_at <= self.at]
        for d in due[:3]:
            self.ask(c.FireDeadline(actor=clock("wake"), subject=d.subject, kind=d.kind, of=d.of, due_at=d.due_at))

    def _level(self, quota: KeptQuota) -> Level:
        return self.levels.setdefault((quota.sku_id, quota.warehouse_id), Level(quota.sku_id, quota.warehouse_id))

    def _world(self) -> BatchView:
        world = super()._world()
        live = [q for q in self.quotas.values() if q.state is QuotaState.OPEN]
        known = goods()
        world.goods = KnownGoods({no: msgspec.structs.replace(sku, quotas=tuple([
            Quota(q.id, q.warehouse_id, q.draw_order, q.may_fall_through, q.account_id, q.campaign, q.customer,
                  q.promised_on) for q in live if q.sku_id == no])) for no, sku in known.skus.items()},
            Texts({code: SkuMeaning(coded=no) for code, no in SKUS.items()}))
        world.pools = {q.id: Pool(q.id, q.kept, q.drawn, q.state is QuotaState.OPEN,
                                  q.quantity - q.drawn if q.is_presale else 0) for q in self.quotas.values()}
        return world

    def _keep(self, change: Change, batch: Sequence[c.AnyCommand]) -> None:
        super()._keep(change, batch)
        for quota_id, (kept, drawn) in change.quotas.items():
            q = self.quotas[quota_id]
            self.quotas[quota_id] = msgspec.structs.replace(q, kept=q.kept + kept, drawn=q.drawn + drawn)

    def seen(self) -> dict[tuple[int, int], Level]:
        """The levels as they are, to be compared with those after a step."""
        return {key: copy(level) for key, level in self.levels.items()}
