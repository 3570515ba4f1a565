"""Compile a checked blueprint into what the hot path reads: the lifecycle's machine, formulas, and flat look-ups."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from orderloom.blueprint.arithmetic import compile_terms
from orderloom.blueprint.check import check_blueprint
from orderloom.blueprint.compile_notifications import compile_notifications
from orderloom.blueprint.compile_rules import compile_rules
from orderloom.blueprint.documents import compile_documents
from orderloom.blueprint.duration import seconds
from orderloom.blueprint.floor import compile_weighing
from orderloom.blueprint.goods import GoodsFile
from orderloom.blueprint.graph import build_graph
from orderloom.blueprint.guard import compile_guard
from orderloom.blueprint.load import BadBlueprint, digest
from orderloom.blueprint.publish import Publish
from orderloom.blueprint.roles import compile_roles
from orderloom.blueprint.schema import Blueprint, FormulaEntry, WordsFile
from orderloom.blueprint.sourcing import SourcingFile, compile_arms, compile_services
from orderloom.blueprint.watch import WatchFile
from orderloom.domain.draft import OrderDraft
from orderloom.domain.formula import Broken, Formula, judge
from orderloom.domain.lifecycle import Machine
from orderloom.domain.mending import menders_of
from orderloom.domain.rule_places import REVIEW, SPLIT
from orderloom.domain.words import Words

DAY_SECONDS = 86_400


class CaseKind(msgspec.Struct, frozen=True):
    """A kind of anomaly: who must act, within how many seconds, what mends it."""

    kind: str
    title: Words
    owner: str
    limit_seconds: int
    severity: str
    mend: Words
    group_over: int = 100
    area: str = ""
    menders: tuple[str, ...] = menders_of((), "")


class HoldType(msgspec.Struct, frozen=True):
    """A reason to stop: the verbs it blocks, the roles that may release it, when it ends by itself."""

    type: str
    title: Words
    blocks: frozenset[str]
    release: frozenset[str]
    expires_seconds: int | None


class DeadlineRule(msgspec.Struct, frozen=True):
    """A watched time, as it applies to one channel. `fires` is a lifecycle trigger's name, `case` what opens."""

    name: str
    title: Words
    after_seconds: int
    catch_up: str
    exempt_payments: frozenset[str]
    fires: str
    case: str

    def is_exempt(self, payment: str) -> bool:
        """Say whether an order that is paid this way has no such deadline."""
        return payment in self.exempt_payments


class CompiledBlueprint:
    """A blueprint ready to run. Every look-up is one dictionary access."""

    def __init__(self, source: Blueprint) -> None:
        """`source` must have passed `check_blueprint`: use `compile_blueprint`."""
        graph = build_graph(source.lifecycle)
        guards = {i: compile_guard(t.when) for i, t in enumerate(graph.transitions) if t.when}
        self.source = source
        self.name = source.name
        self.digest = digest(source)
        self.lifecycle = Machine(graph, guards)
        named = frozenset(_NAMES.findall(" ".join(f"{entry.stated} {entry.expr}" for entry in source.formulas)))
        self.formulas = tuple(_formula(entry, named) for entry in source.formulas)
        self.cases: Mapping[str, CaseKind] = {
            c.kind: CaseKind(c.kind, c.title, c.owner, seconds(c.time_limit), c.severity, c.mend, c.group_over,
                             c.area, menders_of(c.menders, c.area))
            for c in source.cases
        }
        self.holds: Mapping[str, HoldType] = {
            h.type: HoldType(
                h.type, h.title, frozenset(h.blocks), frozenset(h.release), seconds(h.expires) if h.expires else None
            )
            for h in source.holds
        }
        self.deadlines: Mapping[str, DeadlineRule] = _deadlines(source)
        self._deadlines_of_channel = _channel_deadlines(source, self.deadlines)
        self.sourcing: SourcingFile = source.sourcing
        self.arms, self.services = compile_arms(source.sourcing), compile_services(source.sourcing)
        self.stop_moves_by = seconds(source.sourcing.stops.moves_by)
        self.publish = Publish(source.publish)
        self.roles = compile_roles(source.roles)
        self.desk = source.desk
        titles = {**source.words.roles, **{role.name: role.title for role in self.roles.values()}}
        self.goods: GoodsFile = source.goods
        self.watch: WatchFile = source.watch
        self.documents = compile_documents(source.documents)
        self.purchasing = source.purchasing
        self.weight = compile_weighing(source.floor)
        self.words: WordsFile = msgspec.structs.replace(source.words, roles=titles)
        self.notifications = compile_notifications(source.notifications)
        self.rules = compile_rules(source.rules)
        self.reviews, self.splits = self.rules.at(REVIEW), self.rules.at(SPLIT)

    def check_amounts(self, draft: OrderDraft, channel: str, traits: Mapping[str, Any]) -> list[Broken]:
        """Return every formula that does not hold for the draft, in the order of the file.

        `traits` are the order's own (`traits_of`), for formulas that are meant for some orders only.
        """
        return [broken for formula in self.formulas if (broken := judge(formula, draft, channel, traits)) is not None]

    def case(self, kind: str) -> CaseKind:
        """Return a kind of anomaly. One that a published blueprint is too old to name has an owner all the same."""
        return self.cases.get(kind) or CaseKind(kind, Words(kind, kind), "administrator", DAY_SECONDS, "high",
                                                Words("", ""))

    def hold(self, type: str) -> HoldType:
        """Return a hold type; one that this version does not know yet stops the order for a person to look at."""
        return self.holds.get(type) or HoldType(
            type, Words(type, type), frozenset({"assign", "dispatch"}), frozenset({"operations", "service"}), None,
        )

    def deadline(self, name: str, channel: str = "") -> DeadlineRule | None:
        """Return a deadline with the channel's own time where it has one; None: the blueprint does not watch it."""
        return self._deadlines_of_channel.get((name, channel)) or self.deadlines.get(name)


_NAMES = re.compile(r"\b(charges|refunded)\b")


def compile_blueprint(source: Blueprint, *, is_stored: bool = False) -> CompiledBlueprint:
    """Check and compile. Raises BadBlueprint with every finding when the blueprint may not run.

    `is_stored`: it was published already, perhaps by an earlier build, and orders are under way by it.
    """
    findings = check_blueprint(source, is_stored=is_stored)
    if findings:
        raise BadBlueprint(findings)
    return CompiledBlueprint(source)


def _formula(entry: FormulaEntry, named: frozenset[str]) -> Formula:
    terms = compile_terms(entry.expr, entry.terms)
    for name, title, is_due in (
        # A blueprint from before these had names keeps the meaning it had: charges stand beside the tax, and what was
        # paid is compared with what was owed before a part of it went back.
        ("charges", Words("其他费用", "charges"), any(term.name == "tax" for term in terms)),
        ("refunded", Words("已退金额", "amount refunded"), entry.stated == "paid" and entry.compare == "at_most"),
    ):
        if is_due and name not in named:
            terms += compile_terms(name, {name: title})
    return Formula(
        name=entry.name,
        title=entry.title,
        stated=compile_terms(entry.stated, entry.terms)[0],
        terms=terms,
        reads=tuple(term.read for term in terms),
        compare=entry.compare,
        tolerance=entry.tolerance,
        hold=entry.hold,
        case=entry.case,
        channels=frozenset(entry.channels),
        missing=entry.missing,
        applies=compile_guard(entry.when) if entry.when else None,
    )


def _deadlines(source: Blueprint) -> dict[str, DeadlineRule]:
    return {
        d.name: DeadlineRule(
            d.name, d.title, seconds(d.after), d.catch_up, frozenset(d.exempt_payments), d.fires, d.case)
        for d in source.deadlines
    }


def _channel_deadlines(source: Blueprint, general: Mapping[str, DeadlineRule]) -> dict[tuple[str, str], DeadlineRule]:
    return {
        (d.name, channel): msgspec.structs.replace(general[d.name], after_seconds=seconds(text))
        for d in source.deadlines
        for channel, text in d.channels.items()
    }
