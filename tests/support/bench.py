"""A seller in memory for the pure `decide`: a directory, stock levels, and what decisions have left behind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from orderloom.application import commands as c
from orderloom.application.batch import BatchView
from orderloom.application.change import Change, Deadline, Delivery
from orderloom.application.commands import Decided
from orderloom.application.decide import decide
from orderloom.application.directory import Directory, KnownGoods, Sku, SkuMeaning
from orderloom.application.ports import Account
from orderloom.application.work_commands import MergeWorks
from orderloom.blueprint.compile import compile_blueprint
from orderloom.blueprint.load import load_folder
from orderloom.domain.actor import clock, connector, person
from orderloom.domain.assign import Warehouse
from orderloom.domain.draft import AfterSaleReport, Said, TrackEntry, TrackReport, WorkReport
from orderloom.domain.inventory.level import Level, Movement, apply
from orderloom.domain.log import Entry
from orderloom.domain.order import Order
from orderloom.route import ROUTE
from orderloom.testing.builders import a_draft, a_line
from orderloom.testing.clock import STORY_BEGINS
from tests.support.moves import CARRIER, CHANNEL, COMPONENTS, SKUS, WMS, Move, command_of, sealed, step_seconds

DEFAULT = Path(__file__).parents[2] / "blueprints" / "default"
OPENING = {(1, 1): 6, (1, 2): 7, (1, 3): 4, (2, 1): 5, (2, 3): 9, (3, 2): 9, (3, 3): 5}
"""Units by (SKU, warehouse): so few that orders run short and are split."""


@cache
def directory() -> Directory:
    """One channel, one warehouse system, one carrier; three warehouses, the third of which has no system."""
    accounts = (
        Account(CHANNEL, "TB01", "channels", "taobao", "Asia/Shanghai", "", {}, {}),
        Account(WMS, "WMS", "systems", "wangdiantong", "Asia/Shanghai", "", {}, {}),
        Account(CARRIER, "KD", "carriers", "kuaidi100", "Asia/Shanghai", "", {}, {}),
    )
    return Directory(
        version=1, accounts={a.id: a for a in accounts},
        warehouses=(
            Warehouse(1, "HZ", "CN", "浙江省", WMS, 1, 1_000), Warehouse(2, "CD", "CN", "四川省", WMS, 2, 1_000),
            Warehouse(3, "XA", "CN", "陕西省", None, 3, 1_000),
        ),
        blueprints={1: compile_blueprint(load_folder(DEFAULT))}, blueprint_active=1,
    )


class Texts(dict[str, SkuMeaning]):
    """What spellings mean to this seller: his codes, and nothing else."""

    def __missing__(self, text: str) -> SkuMeaning:
        return SkuMeaning()


@cache
def goods() -> KnownGoods:
    """All that the seller sells."""
    return KnownGoods({no: Sku(no, code, COMPONENTS[no], {}) for code, no in SKUS.items()},
                      Texts({code: SkuMeaning(coded=no) for code, no in SKUS.items()}))


class Bench:
    """Feeds commands to `decide` and keeps what it gives, the way a database would."""

    def __init__(self) -> None:
        self.at = STORY_BEGINS
        self.orders: dict[str, Order] = {}
        self.levels = {key: Level(*key) for key in OPENING}
        self.ledger: list[Movement] = []
        self.log: dict[str, list[Entry]] = {}
        self.deliveries: list[Delivery] = []
        self.pending: list[Deadline] = []
        self.cases: list[tuple[str, str]] = []
        self.ended: list[tuple[str, str]] = []
        self.evidence: dict[str, dict[str, Any]] = {}
        """What the newest case of each kind says."""
        self.merge_keys: dict[str, bytes | None] = {}
        """Who is whose buyer, by the order's id; else who has the same receiver."""
        self.labelled: set[str] = set()
        """Works that have a label."""
        self._ids = _ids()
        for (sku, house), units in OPENING.items():
            opening = Movement(sku, house, "receive", f"opening/{sku}/{house}", "opening", "li", self.at, on_hand=units)
            apply(self.levels[sku, house], opening)
            self.ledger.append(opening)

    def play(self, moves: Sequence[Move]) -> Iterator[tuple[c.AnyCommand, Decided]]:
        """Make the moves one after another; yields after each what was asked and answered."""
        for move in moves:
            self.at += timedelta(seconds=step_seconds(move))
            command = command_of(move, list(self.orders.values()), self.pending, self.at)
            if command is not None:
                yield command, self.ask(command)[0]

    def ask(self, *batch: c.AnyCommand) -> list[Decided]:
        """Decide a batch and keep what it changes."""
        change, decided = decide(self._merging(self._world(), batch), batch, ROUTE, self._ids)
        self._keep(change, batch)
        return decided

    def order(self, external_id: str = "E0") -> Order:
        """The order that the channel knows by this id."""
        return next(o for o in self.orders.values() if o.external_id == external_id)

    def _world(self) -> BatchView:
        world = BatchView(directory(), self.at, goods())
        world.orders = dict(self.orders)
        for o in self.orders.values():
            world.note("external", (o.account_id, o.external_id), o.id)
            world.note("ours", o.number, o.id)
            world.note("ours", o.external_id, o.id)
            if o.parent_external_id:
                world.note("child", (o.account_id, o.parent_external_id), o.id)
                for kin in world.find("external", (o.account_id, o.parent_external_id)):
                    world.note("kin", o.id, kin)
                    world.note("kin", kin, o.id)
            for w in o.works:
                world.note("work", w.number, o.id)
                for mate in self.orders.values():
                    if mate is o or any(w.merge_no and w.merge_no == other.merge_no for other in mate.works):
                        world.note("together", (w.number,), mate.id)
            for p in o.parcels:
                world.note("waybill", p.waybill, o.id)
        world.levels = {key: copy(level) for key, level in self.levels.items()}
        return world

    def _merging(self, world: BatchView, batch: Sequence[c.AnyCommand]) -> BatchView:
        """The world with who may leave with whom."""
        for command in [one for one in batch if isinstance(one, MergeWorks)]:
            for number in command.works:
                for order_id in world.find("together", (number,)):
                    world.note("together", command.works, order_id)
        world.merge_keys = {o.id: self.merge_keys.get(o.id, o.receiver.encode()) for o in self.orders.values()}
        world.labelled = frozenset(self.labelled)
        return world

    def _keep(self, change: Change, batch: Sequence[c.AnyCommand]) -> None:
        for order_id, (before, after) in change.orders.items():
            assert before is self.orders.get(order_id)
            self.orders[order_id] = after
        for movement in change.movements:
            apply(self.levels[movement.sku_id, movement.warehouse_id], movement)
        self.ledger += change.movements
        for entry in change.entries:
            self.log.setdefault(entry.order_id, []).append(entry)
        self.deliveries += change.deliveries
        fired = {(x.subject, x.kind, x.of, x.due_at) for x in batch if isinstance(x, c.FireDeadline)}
        self.pending = [d for d in self.pending if (d.subject, d.kind, d.of, d.due_at) not in fired]
        self.pending += change.deadlines
        self.cases += [(x.kind, x.subject) for x in change.cases]
        self.ended += change.resolved
        self.evidence |= {x.kind: x.evidence for x in change.cases}


def _ids() -> Iterator[str]:
    count = 0
    while True:
        count += 1
        yield f"00000000-0000-7000-8000-{count * 0x10001:012x}"


class Shop(Bench):
    """The bench with words for what people and systems do, for stories that are told by hand."""

    def channel_says(
        self, *basket: tuple[str, int], external: str = "E0", seconds: int = 60, **changes: Any
    ) -> Decided:
        """A revision of an order: paid unless `is_paid=False`, with lines L1, L2 … of one piece at 10.00."""
        self.at += timedelta(seconds=seconds)
        lines = changes.pop("lines", None) or tuple(
            a_line(sku, n, 1_000, external_id=f"L{no}") for no, (sku, n) in enumerate(basket, 1)
        )
        draft = a_draft(external, *lines, at=self.at, **changes)
        return self.ask(c.RecordOrder(
            actor=connector("TB01"), account_id=CHANNEL, draft=draft, sealed=sealed(1), received_at=self.at,
        ))[0]

    def after_sale(
        self, state: str, id: str = "R1", *, kind: str = "refund_only", order: str = "E0", ago: int = 0,
        seconds: int = 60, **told: Any,
    ) -> Decided:
        """News of an application, as of so many seconds ago; of 10.00 unless it says otherwise."""
        self.at += timedelta(seconds=seconds)
        return self.ask(c.HearAfterSale(
            actor=connector("TB01"), account_id=CHANNEL, received_at=self.at, report=AfterSaleReport(**(
                {"external_id": id, "order_external_id": order, "kind": kind, "state": state, "currency": "CNY",
                 "revision": self.at - timedelta(seconds=ago), "amount": 1_000, "native": state.upper()} | told)),
        ))[0]

    def open_cases(self, kind: str) -> list[str]:
        """Subjects of the cases of a kind that were opened and not put right since, by the end of them."""
        ended = [subject for known, subject in self.ended if known == kind]
        return [subject.rpartition("/")[2] for known, subject in self.cases if known == kind and subject not in ended]

    def warehouse_says(self, milestone: str, work: int = 1, external: str = "E0", seconds: int = 60,
                       **told: Any) -> Decided:  # fmt: skip
        """A report on a piece of work, by who works on it; what went out has the work's number as its waybill."""
        self.at += timedelta(seconds=seconds)
        known = self.order(external).works[work - 1]
        number, who = known.number, person("li", "warehouse") if known.account_id is None else connector("WMS")
        waybill = f"SF{number}" if milestone == "handed_over" else ""
        return self.ask(c.ConfirmWork(actor=who, account_id=known.account_id, report=WorkReport(
            number, Said(milestone, milestone.upper(), self.at), **({"carrier": "SF", "waybill": waybill} | told),
        )))[0]

    def system_answers(self, kind: str, work: int = 1, error: str = "", external: str = "E0") -> Decided:
        """The end of a delivery about a piece of work: yes, or no with an error."""
        order = self.order(external)
        return self.ask(c.HearAnswer(actor=clock("deliver"), order_id=order.id, kind=kind, error=error,
                                         message="told so", work_no=order.works[work - 1].number))[0]

    def carrier_says(
        self, *scans: tuple[str, int], parcel: int = 1, external: str = "E0", seconds: int = 60
    ) -> Decided:
        """Scans of a parcel, each with how many seconds before now it was made."""
        self.at += timedelta(seconds=seconds)
        known = self.order(external).parcels[parcel - 1]
        entries = tuple(
            TrackEntry(code=name.upper(), milestone=name, at=self.at - timedelta(seconds=ago)) for name, ago in scans
        )
        return self.ask(c.TrackParcel(actor=connector("KD"), account_id=CARRIER,
                                      report=TrackReport(known.carrier, known.waybill, entries)))[0]

    def person(self, kind: type[c.Command], external: str = "E0", **asked: Any) -> Decided:
        """A person asks for something about an order."""
        return self.ask(kind(actor=person("li", "administrator"), **({"order_id": self.order(external).id} | asked)))[0]  # type: ignore[arg-type]

    def time_passes(self, seconds: int) -> list[str]:
        """Every deadline that comes due is fired once; returns the kinds whose condition still held."""
        self.at += timedelta(seconds=seconds)
        fired = []
        for d in sorted([d for d in self.pending if d.due_at <= self.at], key=lambda d: d.due_at):
            answer = self.ask(c.FireDeadline(actor=clock("wake"), subject=d.subject, kind=d.kind, of=d.of,
                                             due_at=d.due_at))[0]
            if isinstance(answer, c.Outcome) and not answer.particulars:
                fired.append(d.kind)
        return fired

    def free(self, sku: int) -> int:
        """Units of a SKU that may be sold, everywhere."""
        return sum(level.free for (known, _), level in self.levels.items() if known == sku)

    def sent(self, kind: str) -> list[dict[str, Any]]:
        """Bodies of what was queued, oldest first."""
        return [d.body for d in self.deliveries if d.kind == kind]

    def opened(self) -> set[str]:
        """Kinds of cases that were opened."""
        return {kind for kind, _ in self.cases}
