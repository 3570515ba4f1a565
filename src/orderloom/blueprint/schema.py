"""The shapes of a blueprint's files, as people write them: durations and effects are still text here."""

from __future__ import annotations

from typing import Annotated

import msgspec

from orderloom.blueprint.desk import DeskFile
from orderloom.blueprint.documents import DocumentsFile
from orderloom.blueprint.floor import FloorFile
from orderloom.blueprint.goods import GoodsFile
from orderloom.blueprint.notifications import NotificationsFile
from orderloom.blueprint.publish import PublishFile
from orderloom.blueprint.purchasing import PurchasingFile
from orderloom.blueprint.roles import RolesFile
from orderloom.blueprint.rules import TableEntry
from orderloom.blueprint.shape import Shape
from orderloom.blueprint.sourcing import SourcingFile
from orderloom.blueprint.watch import WatchFile
from orderloom.domain.words import Words


class StageEntry(Shape, frozen=True):
    """A stage of `lifecycle`. `time_limit` is a duration such as 48h; `case` opens when it is over."""

    name: str
    title: Words
    customer: Words
    phase: str
    owner: str
    time_limit: str | None = None
    case: str = ""
    is_final: bool = False
    leads_to: tuple[str, ...] = ()


class TransitionEntry(Shape, frozen=True):
    """An arrow of `lifecycle`: `on` names what triggers it, such as `{fact: paid}` or
    `{fact: [picked, packed]}`; no `to` means that the stage stays."""

    source: str | tuple[str, ...] = msgspec.field(name="from")
    on: dict[str, str | tuple[str, ...]]
    to: str = ""
    when: str = ""
    do: tuple[str, ...] = ()
    by: tuple[str, ...] = ("system",)


class LifecycleFile(Shape, frozen=True):
    """The files of `lifecycle`, as one."""

    initial: str
    stages: tuple[StageEntry, ...]
    transitions: tuple[TransitionEntry, ...]


class FormulaEntry(Shape, frozen=True):
    """A formula of `formulas.yaml`: `stated` must equal `expr` (or, `at_most`, not exceed it)."""

    name: str
    title: Words
    stated: str
    expr: str
    compare: str = "equal"
    tolerance: int = 1
    terms: dict[str, Words] = {}
    """Titles of the addends of `expr` and of `stated`, by their text."""
    channels: tuple[str, ...] = ()
    when: str = ""
    missing: str = "skip"
    hold: str = ""
    case: str = ""


class CaseEntry(Shape, frozen=True):
    """A kind of `cases`: who must act, until when, and what mends it."""

    kind: str
    title: Words
    owner: str
    severity: str
    mend: Words
    time_limit: str = "24h"
    area: str = ""
    """What it is about, by which notification rules may choose."""
    group_over: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 100
    """More open ones of one cause than this become one case with a list."""
    menders: tuple[str, ...] = ()
    """The ways in which it is mended, words of `domain/mending.py`, the right one first; none: those of its area."""


class HoldEntry(Shape, frozen=True):
    """A type of `holds.yaml`: the verbs that it blocks, who may release it, when it ends by itself."""

    type: str
    title: Words
    blocks: tuple[str, ...]
    release: tuple[str, ...]
    expires: str | None = None


class DeadlineEntry(Shape, frozen=True):
    """A deadline of `deadlines.yaml`: it fires a lifecycle trigger, opens a case, or both."""

    name: str
    title: Words
    after: str
    catch_up: str = "fire_all"
    channels: dict[str, str] = {}
    exempt_payments: tuple[str, ...] = ()
    fires: str = ""
    case: str = ""


class WordsFile(Shape, frozen=True):
    """`words.yaml`: what milestones, phases, roles and effects are called."""

    milestones: dict[str, Words]
    phases: dict[str, Words]
    roles: dict[str, Words]
    effects: dict[str, Words]
    verbs: dict[str, Words]


class Blueprint(Shape, frozen=True):
    """A whole configuration as written; `compile.py` turns it into what the hot path reads."""

    name: str
    lifecycle: LifecycleFile
    formulas: tuple[FormulaEntry, ...]
    cases: tuple[CaseEntry, ...]
    holds: tuple[HoldEntry, ...]
    deadlines: tuple[DeadlineEntry, ...]
    sourcing: SourcingFile
    publish: PublishFile
    words: WordsFile
    notifications: NotificationsFile = NotificationsFile()
    roles: RolesFile = RolesFile()
    desk: DeskFile = DeskFile()
    goods: GoodsFile = GoodsFile()
    watch: WatchFile = WatchFile()
    documents: DocumentsFile = DocumentsFile()
    purchasing: PurchasingFile = PurchasingFile()
    floor: FloorFile = FloorFile()
    rules: tuple[TableEntry, ...] = ()
