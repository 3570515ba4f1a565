"""Whatever facts come in whatever order, an order stays on its lifecycle's graph and late news never takes it back."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from orderloom.blueprint.compile import CompiledBlueprint, compile_blueprint
from orderloom.blueprint.load import load_folder
from orderloom.domain.draft import MILESTONES
from orderloom.domain.lifecycle import ACTIONS, EFFECTS, FACTS, Step
from orderloom.domain.phase import AXES, PHASES, derive_phase
from orderloom.domain.traits import TRAIT_SAMPLES

DEFAULT = Path(__file__).parents[2] / "blueprints" / "default"
EVERY_ROLE = frozenset({"administrator"})
LADDER = (
    "awaiting_payment",
    "paid",
    "picking",
    "packing",
    "awaiting_collection",
    "shipped",
    "out_for_delivery",
    "completed",
)
FORWARD = MILESTONES[: MILESTONES.index("confirmed") + 1]


@cache
def default() -> CompiledBlueprint:
    return compile_blueprint(load_folder(DEFAULT))


def triggers() -> st.SearchStrategy[tuple[str, str]]:
    deadlines = [d.fires for d in default().deadlines.values() if d.fires]
    pairs = [("fact", f) for f in FACTS] + [("action", a) for a in ACTIONS] + [("deadline", d) for d in deadlines]
    return st.sampled_from(pairs)


def order_traits() -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(
        lambda payment, elsewhere, hold: {
            **TRAIT_SAMPLES,
            "payment": payment,
            "is_fulfilled_elsewhere": elsewhere,
            "hold": hold,
        },
        st.sampled_from(AXES["payment"]),
        st.booleans(),
        st.sampled_from(["", *default().holds]),
    )


@given(st.lists(triggers(), max_size=60), order_traits())
@settings(max_examples=400, deadline=None)
def test_an_order_never_leaves_the_graph_nor_a_final_stage_but_by_a_listed_way(
    walk: list[tuple[str, str]], traits: dict[str, Any]
) -> None:
    machine = default().lifecycle
    here = machine.initial
    for trigger in walk:
        step = machine.step(here, trigger, traits, EVERY_ROLE)
        if not isinstance(step, Step):
            continue
        stage = machine.stages[here]
        assert step.to in machine.stages
        assert machine.stages[step.to].phase in PHASES
        assert {effect.verb for effect in step.effects} <= EFFECTS.keys()
        assert trigger in machine.graph.transitions[step.index].triggers
        if stage.is_final and step.to != here:
            assert step.to in stage.leads_to
        here = step.to


@given(st.lists(st.sampled_from(FORWARD), max_size=40), st.sampled_from(["paid", "cod", "unpaid"]))
@settings(max_examples=400, deadline=None)
def test_late_or_repeated_milestones_never_take_an_order_backwards(news: list[str], payment: str) -> None:
    machine, traits = default().lifecycle, {**TRAIT_SAMPLES, "payment": payment}
    rank = 0
    for fact in ("recorded", *news):
        step = machine.step(LADDER[rank], ("fact", fact), traits)
        if isinstance(step, Step):
            assert LADDER.index(step.to) >= rank, (LADDER[rank], fact)
            rank = LADDER.index(step.to)


def test_a_later_milestone_that_overtakes_the_others_still_moves_the_order_forward() -> None:
    machine = default().lifecycle
    reached = {"picked": "packing", "packed": "awaiting_collection", "handed_over": "shipped", "collected": "shipped"}
    reached |= {"in_transit": "shipped", "out_for_delivery": "out_for_delivery", "delivered": "completed"}
    for fact, target in reached.items():
        for stage in LADDER[: LADDER.index(target)]:
            step = machine.step(stage, ("fact", fact), TRAIT_SAMPLES)
            assert isinstance(step, Step) and step.to == target, (stage, fact)


def test_every_open_stage_can_be_cancelled_or_says_that_it_is_too_late() -> None:
    machine = default().lifecycle
    for stage in machine.stages.values():
        if not stage.is_final:
            step = machine.step(stage.name, ("fact", "cancelled"), TRAIT_SAMPLES)
            assert isinstance(step, Step), stage.name
            assert step.to == "cancelled" or "open_case:cancel_too_late" in [str(e) for e in step.effects]


@given(st.tuples(*(st.sampled_from(values) for values in AXES.values())))
def test_every_mix_of_axis_values_has_a_phase(values: tuple[str, ...]) -> None:
    assert derive_phase(*values) in PHASES
