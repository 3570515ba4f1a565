"""The words that a hub knows now - phases, stages, kinds, codes - as filters name them, and what they are called."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable

from orderloom.application.directory import Directory
from orderloom.application.queries.order_detail import OrderDetail
from orderloom.application.queries.order_evidence import EventView
from orderloom.blueprint.compile import CompiledBlueprint
from orderloom.domain.draft import MILESTONES
from orderloom.domain.phase import AXES, PHASES
from orderloom.domain.words import ROLES, SEVERITIES, Words

SHOWN_MAX = 60
NEAR_OF_MAX = 50_000
DELIVERY_KINDS = ("work", "work_cancel", "shipment", "stock", "purge", "watch", "label", "label_cancel", "pickup",
                  "pickup_cancel", "decision", "promise", "event", "message")
DELIVERY_STATES = ("due", "done", "parked", "cancelled", "given_up")
MOVEMENT_KINDS = ("reserve", "allocate", "release", "ship", "receive", "adjust", "stocktake", "return", "protect",
                  "freeze", "thaw", "transfer_out", "transfer_in", "lost", "scrap")
OUTCOMES = ("pending", "normalised", "parked", "quarantined", "discarded", "split")
FAMILIES = ("channels", "systems", "carriers", "subscribers", "messengers")


class UnknownWord(ValueError):
    """A filter names something that the hub does not know: an empty list would look like an answer."""

    def __init__(self, name: str, value: str, known: Collection[str]) -> None:
        near = difflib.get_close_matches(value, known, n=3) if len(known) <= NEAR_OF_MAX else []
        shown = near if near and len(known) > SHOWN_MAX else sorted(known)[:SHOWN_MAX]
        more = "" if len(shown) in (len(known), len(near)) else " …"
        self.zh = f"{name}：没有“{value[:60]}”；可用：{'、'.join(shown) or '（还没有）'}{more}"
        self.en = f'{name}: there is no "{value[:60]}"; known: {", ".join(shown) or "(none yet)"}{more}'
        super().__init__(f"{self.zh}\n{self.en}")


class Vocabulary:
    """What the directory's blueprints and records name. Running orders keep their version, so all versions count."""

    def __init__(self, directory: Directory, channels: Collection[str] = (), skus: Collection[str] = ()) -> None:
        """`channels`: those that can be connected, beside those that are. `skus`: see `catalogue.codes_about`."""
        self._directory, self._channels, self._skus = directory, channels, skus
        self._blueprints = [directory.blueprints[n] for n in sorted(directory.blueprints, reverse=True)]

    def check(self, **given: str) -> None:
        """Every filter that is given must name something known. Raises UnknownWord."""
        for name, value in given.items():
            if value and value not in (known := self.known(name)):
                raise UnknownWord(NAMES.get(name, name), value, known)

    def known(self, name: str) -> Collection[str]:
        """The words that this filter takes."""
        directory = self._directory
        if name == "stage":
            return {stage for b in self._blueprints for stage in b.lifecycle.stages}
        if name in ("case", "reason"):
            return {kind for b in self._blueprints for kind in b.cases}
        if name == "hold":
            return {type for b in self._blueprints for type in b.holds}
        if name == "channel":
            connected = {a.connector for a in directory.accounts.values() if a.family == "channels"}
            return connected.union(self._channels)
        if name == "account":
            return {a.code for a in directory.accounts.values()}
        if name == "sku":
            return self._skus
        if name == "warehouse":
            return {w.code for w in directory.warehouses}
        return CLOSED[name]

    def phase(self, name: str) -> Words:
        """What a phase is called."""
        return _first((b.words.phases.get(name) for b in self._blueprints), name)

    def stage(self, name: str) -> Words:
        """What a stage is called, in the newest version that has it."""
        return _first((s.title for b in self._blueprints if (s := b.lifecycle.stages.get(name))), name)

    def case(self, kind: str) -> Words:
        """What a kind of case is called."""
        return _first((c.title for b in self._blueprints if (c := b.cases.get(kind))), kind)

    def hold(self, type: str) -> Words:
        """What a type of hold is called."""
        return _first((h.title for b in self._blueprints if (h := b.holds.get(type))), type)

    def severities(self) -> dict[str, str]:
        """How grave each kind of case is, by the newest version that has it."""
        return {kind: c.severity for b in reversed(self._blueprints) for kind, c in b.cases.items()}

    def customer(self, stage: str) -> Words:
        """What the buyer is told of a stage, in the newest version that has it."""
        return _first((s.customer for b in self._blueprints if (s := b.lifecycle.stages.get(stage))), stage)

    def milestone(self, name: str) -> Words:
        """What a milestone is called."""
        return _first((b.words.milestones.get(name) for b in self._blueprints), name)

    def role(self, name: str) -> Words:
        """What a role is called."""
        return _first((b.words.roles.get(name) for b in self._blueprints), name)

    def mend(self, kind: str) -> Words:
        """What mends a kind of case."""
        return _first((c.mend for b in self._blueprints if (c := b.cases.get(kind))), "")


NAMES = {"case": "kind", "delivery": "kind", "movement": "kind"}
"""Filters that are all called `kind` where they stand."""
CLOSED: dict[str, Collection[str]] = {
    "severity": SEVERITIES, "phase": PHASES, "payment": AXES["payment"], "owner": ROLES, "delivery": DELIVERY_KINDS,
    "movement": MOVEMENT_KINDS, "state": DELIVERY_STATES, "outcome": OUTCOMES, "family": FAMILIES,
}


def _first(found: Iterable[Words | None], name: str) -> Words:
    return next((words for words in found if words is not None), Words(name, name))


def words_in(detail: OrderDetail, words: Vocabulary, blueprint: CompiledBlueprint) -> dict[str, Words]:
    """What the codes of an order's detail are called, by kind and code."""
    found = {f"stage:{one}": words.stage(one) for one in {detail.order.stage, *_stages_of(detail.events)}}
    found |= {f"milestone:{one}": words.milestone(one) for one in MILESTONES}
    found |= {f"hold:{one}": hold.title for one, hold in blueprint.holds.items()}
    found |= {f"hold:{one.type}": words.hold(one.type) for one in detail.holds}
    found |= {f"case:{one.kind}": words.case(one.kind) for one in detail.cases}
    found |= {f"mend:{one.kind}": words.mend(one.kind) for one in detail.cases}
    found |= {f"deadline:{one}": rule.title for one, rule in blueprint.deadlines.items()}
    return found | {f"phase:{detail.order.phase}": words.phase(detail.order.phase)}


def _stages_of(events: Iterable[EventView]) -> set[str]:
    """The stages that the facts name."""
    return {str(stage) for event in events if (stage := event.facts.get("stage") or event.facts.get("to"))}
