"""The user's lifecycle as a graph: stages, transitions, effects, and the step that a trigger makes from a stage."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from orderloom.domain.draft import MILESTONES
from orderloom.domain.words import Words

FACTS = (*MILESTONES, "recorded", "short", "presale", "stock_found", "held", "released", "amended", "added",
         "nothing_to_ship")
"""What can happen to an order. `allocated` is the warehouse's acceptance of the work; the hub's own allocation is an
effect, and what it tells is `short`, `presale` (sold before it is there), `stock_found` or `nothing_to_ship` (every
line is a service or virtual).
`added` is an addition to a paid order whose money is in."""

ACTIONS = ("cancel", "confirm", "retry", "reship", "accept_return", "close")
"""What a person may ask for by a button."""

STAGE_OVERDUE = "stage_overdue"
"""The deadline that every stage with a time limit raises by itself."""

EFFECTS: dict[str, bool | None] = {
    "reserve": False,
    "allocate": False,
    "assign": False,
    "dispatch": False,
    "release": False,
    "recall": False,
    "report_shipment": False,
    "watch_parcel": False,
    "open_case": True,
    "hold": True,
    "notify": None,
}
"""The closed set of effects and whether each needs an argument (`open_case:<kind>`, `hold:<type>`); None: it may have
one (`notify:<name>`, heard by the notification rules of that name, and of the stage)."""

class NotDone(NamedTuple):
    """Effects that a lifecycle names and that are not done: when, and why."""

    effects: tuple[str, ...]
    when: str
    why: str


NOT_DONE = (
    NotDone(("notify",), "no notification rule names the stage or what follows `notify:`, or no messenger is connected",
            "nobody is to be told; whoever wants to know hears the stage's own event (webhooks, event stream)"),
    NotDone(("reserve",), "the order is paid when it is first seen, and what its payment brings allocates",
            "a reservation would be made only to be turned into an allocation in the same breath"),
    NotDone(("reserve", "allocate", "assign", "dispatch"), "a hold of the order blocks the verb, or it is cancelled",
            "what is blocked waits: the trigger `released` asks again"),
    NotDone(("reserve", "allocate"), "the platform's own warehouse fulfils the order",
            "its goods are not ours to hold"),
    NotDone(("dispatch",), "the warehouse has no system",
            "its people work from the hub's list, on which the work stands"),
    NotDone(("report_shipment",), "another is master of shipping, or the parcel has no waybill yet",
            "who decides it tells the channel; a waybill that comes later is told then"),
    NotDone(("watch_parcel",), "no connected account follows the carrier's parcels, or the parcel has no waybill yet",
            "nobody could be asked; an account that is connected later follows what leaves from then on"),
)
"""Nothing else of what a blueprint names is left out; the pages made of it and of the route say so to their readers."""

SYSTEM = frozenset({"system"})
ADMINISTRATOR = "administrator"
ANY = "*"
"""As a source: every stage that is not final."""

Trigger = tuple[str, str]
"""("fact" | "action" | "deadline", name)"""

Guard = Callable[[Mapping[str, Any]], bool]
"""Says whether a transition's condition holds for an order's traits."""


class GuardFailed(Exception):
    """A condition could not be evaluated: a trait that it needs is missing or has another type."""


class Effect(msgspec.Struct, frozen=True):
    """One thing to do, such as verb `open_case` with argument `short_stock`."""

    verb: str
    argument: str = ""

    def __str__(self) -> str:
        return f"{self.verb}:{self.argument}" if self.argument else self.verb


class Stage(msgspec.Struct, frozen=True):
    """A place in the lifecycle. `limit_seconds` None: no limit. `leads_to` is what a final stage may still become."""

    name: str
    title: Words
    customer: Words
    phase: str
    owner: str
    limit_seconds: int | None = None
    case: str = ""
    is_final: bool = False
    leads_to: tuple[str, ...] = ()


class Transition(msgspec.Struct, frozen=True):
    """An arrow. `sources` are stage names or `*`; `to` empty means that the stage stays and only effects happen."""

    sources: tuple[str, ...]
    triggers: tuple[Trigger, ...]
    to: str = ""
    when: str = ""
    effects: tuple[Effect, ...] = ()
    roles: tuple[str, ...] = ("system",)


class Lifecycle(msgspec.Struct, frozen=True):
    """The graph as configured; `index` of a transition is its place in `transitions`."""

    initial: str
    stages: tuple[Stage, ...]
    transitions: tuple[Transition, ...]


class Step(msgspec.Struct, frozen=True):
    """What a trigger does: the stage afterwards, the effects in order, who may, and the transition's index."""

    to: str
    effects: tuple[Effect, ...]
    index: int
    roles: tuple[str, ...]


class Forbidden(msgspec.Struct, frozen=True):
    """The trigger means something here, but not from this actor: one of `roles` may."""

    roles: tuple[str, ...]


def first_effects(steps: Sequence[Step]) -> list[tuple[Effect, ...]]:
    """What the steps do that a new order takes at once: a paid one passes the unpaid stage without stopping, and what
    is left out then is told in NOT_DONE."""
    effects = [step.effects for step in steps]
    if len(steps) > 1 and any(effect.verb == "allocate" for effect in effects[-1]):
        effects[0] = tuple([effect for effect in effects[0] if effect.verb != "reserve"])
    return effects


class Machine:
    """The lifecycle ready for the hot path: one dictionary lookup where no condition stands in the way."""

    def __init__(self, lifecycle: Lifecycle, guards: Mapping[int, Guard]) -> None:
        """`guards` holds the compiled condition of each transition that has a `when`, by index."""
        self.graph = lifecycle
        self.initial = lifecycle.initial
        self.stages: Mapping[str, Stage] = {stage.name: stage for stage in lifecycle.stages}
        self._steps: dict[str, dict[Trigger, tuple[tuple[Step, Guard | None], ...]]] = {
            stage.name: _steps_from(stage, lifecycle, guards) for stage in lifecycle.stages
        }

    def step(
        self, stage: str, trigger: Trigger, traits: Mapping[str, Any], roles: frozenset[str] = SYSTEM,
    ) -> Step | Forbidden | None:
        """Return the step that `trigger` makes from `stage`, None when it changes nothing there.

        The stage's own transitions are tried before those from `*`, each in the order of the file. Facts and deadlines
        are the system's own, whoever caused them; an action is the actor's, who needs one of the transition's roles.
        Raises KeyError for a stage that is not in the graph and GuardFailed for a condition that cannot be evaluated.
        """
        allowed = roles if trigger[0] == "action" else roles | SYSTEM
        forbidden: Forbidden | None = None
        for step, guard in self._steps[stage].get(trigger, ()):
            if guard is None or guard(traits):
                if may(allowed, step.roles):
                    return step
                forbidden = forbidden or Forbidden(step.roles)
        return forbidden

    def offers(self, stage: str, traits: Mapping[str, Any], roles: frozenset[str]) -> tuple[str, ...]:
        """Return the actions that somebody with these roles may take now: the buttons to show.

        A button whose condition cannot be evaluated is not shown.
        """
        return tuple(
            name for kind, name in self._steps[stage] if kind == "action" and self._is_open(stage, name, traits, roles)
        )

    def _is_open(self, stage: str, action: str, traits: Mapping[str, Any], roles: frozenset[str]) -> bool:
        try:
            return isinstance(self.step(stage, ("action", action), traits, roles), Step)
        except GuardFailed:
            return False


def may(roles: frozenset[str], wanted: tuple[str, ...] | frozenset[str]) -> bool:
    """Whether somebody with `roles` may do what one of the `wanted` roles may; an administrator always may."""
    return ADMINISTRATOR in roles or not roles.isdisjoint(wanted)


def leaves(transition: Transition, stage: Stage) -> bool:
    """Say whether the transition can be taken from the stage: named, or by `*` when the stage is not final."""
    return stage.name in transition.sources or (ANY in transition.sources and not stage.is_final)


def _steps_from(
    stage: Stage, lifecycle: Lifecycle, guards: Mapping[int, Guard]
) -> dict[Trigger, tuple[tuple[Step, Guard | None], ...]]:
    """Lay out a stage's triggers, its own transitions before those from `*`."""
    indexed = [(i, t) for i, t in enumerate(lifecycle.transitions) if leaves(t, stage)]
    indexed.sort(key=lambda item: stage.name not in item[1].sources)
    laid: dict[Trigger, tuple[tuple[Step, Guard | None], ...]] = {}
    for index, transition in indexed:
        step = Step(transition.to or stage.name, transition.effects, index, transition.roles)
        for trigger in transition.triggers:
            laid[trigger] = (*laid.get(trigger, ()), (step, guards.get(index)))
    return laid
