"""What every scan is judged with: the transaction, the house, who scanned what, and how its work is reported."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

import msgspec

from orderloom.application import commands as c
from orderloom.application.batch import BatchView
from orderloom.application.box_commands import AskLabel
from orderloom.application.buy_label import Label
from orderloom.application.by_hand import report_of
from orderloom.application.change import Change
from orderloom.application.decide import Route, decide
from orderloom.application.directory import Directory, business_day
from orderloom.application.floor.scan_shapes import ScanWish
from orderloom.application.floor.write_wave import WaveSaid
from orderloom.application.ports import Manifest, Raced
from orderloom.domain.actor import Actor
from orderloom.domain.assign import Warehouse
from orderloom.domain.floor.barcode import ItemCode, read_code
from orderloom.domain.floor.place import FloorPlace, Lot, PlacedMoves, PlaceLevel, PlaceMove
from orderloom.domain.floor.verdict import ItemScan, ScanJudged, ScanVerdict
from orderloom.domain.floor.wave import Wave
from orderloom.domain.inventory.document import StockDocument
from orderloom.domain.inventory.level import Level
from orderloom.domain.order import Order, Work
from orderloom.domain.refusal import Refusal
from orderloom.domain.states import WorkState
from orderloom.domain.subject import LoggedKind, LoggedSubject

HOUSE_ROLE = "warehouse"


class ScannedPlaces(Protocol):
    """Places, lots and what lies where."""

    async def places(
        self, house: int, codes: Collection[str] = (), kinds: Collection[str] = (),
    ) -> list[FloorPlace]: ...
    async def lock(self, ids: Collection[int]) -> dict[int, FloorPlace]: ...
    async def lock_of(self, house: int, skus: Collection[int]) -> dict[int, FloorPlace]: ...
    async def levels(self, ids: Collection[int]) -> list[PlaceLevel]: ...
    async def lots(self, skus: Collection[int]) -> dict[int, Lot]: ...
    async def not_placed(self, house: int, sku_id: int) -> int: ...
    async def place_with_room(self, target: FloorPlace, sku_id: int, units: int) -> str: ...
    async def skus_of(self, spellings: Sequence[str]) -> dict[str, int]: ...
    async def move(
        self, placed: PlacedMoves, promises: Mapping[tuple[int, int, int], int] | None = None,
    ) -> None: ...


class ScannedWaves(Protocol):
    """Waves as their rows say."""

    async def kept(self, id: str) -> Wave: ...
    async def keep(self, id: str, before: Wave | None, after: Wave) -> None: ...


class InBox(msgspec.Struct, frozen=True):
    """Units of a work's task that stand packed at the bench."""

    task_no: int
    place_id: int
    sku_id: int
    lot_id: int
    units: int


class StandingLabel(msgspec.Struct, frozen=True):
    """The label of a work's first box. `station`: where it was or will be printed by itself; `round`: 1, 2 …, one more
    for every one that was given back."""

    number: str = ""
    state: str = ""
    waybill: str = ""
    station: str = ""
    round: int = 1


class UndoneScan(msgspec.Struct, frozen=True):
    """A scan that may be taken back: its wave, and the first of its tasks."""

    wave: str
    wave_id: str
    task_no: int


class ScannedLooks(Protocol):
    """What a scan names, looked up without a lock."""

    async def wave_of(self, number: str) -> str | None: ...
    async def wave_of_work(self, number: str) -> tuple[str, str] | None: ...
    async def work_of_waybill(self, house: int, waybill: str) -> str | None: ...
    async def label_of(self, work: str) -> tuple[str, str] | None: ...
    async def in_box(self, wave_id: str, order_id: str, work_seq: int) -> list[InBox]: ...
    async def box_label(self, work: str) -> StandingLabel: ...
    async def print_label(self, number: str, station: str, by: str, at: datetime) -> str: ...
    async def send_label_to(self, number: str, station: str) -> None: ...
    async def leaves_with(self, work: str) -> list[str]: ...
    async def grams_of(self, work: str) -> int: ...
    async def expected_grams(self, work: str, material: str) -> int: ...
    async def material_of(self, code: str) -> str: ...
    async def to_undo(self, id: str, by: str, house: int) -> UndoneScan | None: ...
    async def moved_by(self, id: str) -> list[PlaceMove]: ...


class ScannedSubjects(Protocol):
    """Subjects: numbers and locks."""

    async def next_number(self, kind: LoggedKind, day: date) -> str: ...
    async def lock(self, numbers: Sequence[str]) -> dict[str, LoggedSubject]: ...


class ScannedLedger(Protocol):
    """Stock levels, locked."""

    async def levels(self, keys: Sequence[tuple[int, int]]) -> dict[tuple[int, int], Level]: ...


class ScannedDocuments(Protocol):
    """Where a count that a scan asks for is kept."""

    async def keep(self, id: str, document: StockDocument) -> None: ...


class ScanWork(Protocol):
    """The transaction of one scan."""

    @property
    def floor(self) -> ScannedPlaces: ...
    @property
    def waves(self) -> ScannedWaves: ...
    @property
    def scans(self) -> ScannedLooks: ...
    @property
    def subjects(self) -> ScannedSubjects: ...
    @property
    def ledger(self) -> ScannedLedger: ...
    @property
    def documents(self) -> ScannedDocuments: ...
    async def load(
        self, batch: Sequence[c.AnyCommand], directory: Directory, at: datetime, tries: int,
    ) -> BatchView: ...
    async def save(self, change: Change, at: datetime, actor: str) -> None: ...
    async def book_label(self, asked: AskLabel, order_id: str, by: str, at: datetime) -> Label | None: ...


class ScanAt(msgspec.Struct, frozen=True):
    """One scan in its transaction."""

    work: ScanWork
    directory: Directory
    house: Warehouse
    wish: ScanWish
    doer: Actor
    at: datetime
    tries: int
    route: Route
    ids: Iterator[str]
    manifests: Mapping[str, Manifest]

    @property
    def cause(self) -> str:
        """Under which the places' ledger knows it."""
        return f"scan/{self.wish.id}"

    @property
    def house_doer(self) -> Actor:
        """Who scans, for the house: what comes of a scan at an order is the house's to say, whatever else its people
        may."""
        return msgspec.structs.replace(self.doer, roles=self.doer.roles | {HOUSE_ROLE})

    @property
    def said(self) -> WaveSaid:
        """Who says so."""
        return WaveSaid(self.cause, self.doer.name, self.at, self.directory.blueprint_active)

    @property
    def day(self) -> date:
        """Today, where the seller is."""
        return business_day(self.at, self.directory.business_zone)

    async def item(self) -> ItemScan:
        """What was scanned, and which SKU it is."""
        code = read_code(self.wish.code)
        return ItemScan(self.wish.id, self.wish.quantity, await self._sku(code), code.lot, self.doer.name,
                        self.wish.is_offline)

    async def _sku(self, code: ItemCode) -> int:
        found = await self.work.floor.skus_of(code.spellings) if code.text else {}
        return next((found[text] for text in code.spellings if text in found), 0)

    async def report(
        self, number: str, step: str, waybill: str = "", carrier: str = "", *, wave: str = "",
    ) -> tuple[BatchView, c.ConfirmWork] | Refusal:
        """The report on a work, its order loaded and locked."""
        report = report_of(number, step, self.at, waybill=waybill, carrier=carrier)
        if isinstance(report, Refusal):
            return report
        command = c.ConfirmWork(actor=self.house_doer, account_id=None, report=report, wave=wave)
        return await self.work.load([command], self.directory, self.at, self.tries), command

    def confirmed(self, loaded: tuple[BatchView, c.ConfirmWork]) -> Change | Refusal:
        """What a report on a work changes, by the one way that reports go: `confirm`."""
        world, command = loaded
        change, decided = decide(world, [command], self.route, self.ids)
        (outcome,) = decided
        assert isinstance(outcome, c.Outcome), "who asks in person is answered now"
        return Refusal(outcome.refusal, outcome.particulars) if outcome.refusal else change


class ScanTold(msgspec.Struct, frozen=True):
    """What came of a scan: the verdict, and the wave after it."""

    judged: ScanJudged
    wave: Wave | None = None
    wave_id: str | None = None
    key: tuple[str, int] | None = None


async def locked_wave(g: ScanAt, number: str, id: str) -> tuple[LoggedSubject, Wave]:
    """The wave, locked."""
    subject = (await g.work.subjects.lock([number])).get(number)
    if subject is None or subject.id != id:
        raise Raced(f"{number} is gone")
    return subject, await g.work.waves.kept(id)


def refused(no: Refusal) -> ScanJudged:
    """A report on the work is refused: so is its scan, by the same code."""
    return ScanJudged(ScanVerdict.REFUSED, no.code, dict(no.particulars))


def stopped(order: Order, seq: int, wave: str) -> str:
    """Why a work is not to be worked on in a wave; empty when it is."""
    work = work_of(order, seq)
    if work.state is WorkState.HANDED_OVER:
        return "out_already"
    if not work.state.is_forward or order.is_cancelled:
        return "work_cancelled"
    if work.accepted_by and work.wave != wave:
        return "accepted_before"
    return "held" if order.is_blocked("dispatch") else ""


def work_of(order: Order, seq: int) -> Work:
    """The order's work with this number within it."""
    return next(one for one in order.works if one.seq == seq)


def in_parcel(world: BatchView, order: Order, seq: int) -> list[tuple[Order, Work]]:
    """The other works that are to leave with it and have not left."""
    own = work_of(order, seq)
    return [(one, w) for one in world.orders.values() for w in one.works
            if own.merge_no and w.merge_no == own.merge_no and w.number != own.number and not w.state.is_ended]


def units_of(order: Order, seq: int) -> int:
    """All that a work sends."""
    return sum([item.quantity for item in work_of(order, seq).items])
