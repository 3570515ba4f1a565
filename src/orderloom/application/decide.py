"""Decide a batch in memory: each command in its order, later ones seeing what earlier ones did. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy

import msgspec

from orderloom.application import commands as c
from orderloom.application.batch import Batch, BatchView, Effects
from orderloom.application.change import Change
from orderloom.application.command import Command
from orderloom.application.journey import Journey
from orderloom.domain.refusal import Refusal

Verb = Callable[..., object]
"""Of a command about orders: called with a Journey and the command, once per order; it returns None, a Refusal, False
when there was nothing to do, or the problems for which its message has to wait: then it has changed nothing. Of any
other: called with the Batch, and returns what was decided."""


class Route(msgspec.Struct, frozen=True):
    """What `route.py` says: which verb answers which command, and what each effect of the lifecycle does."""

    verbs: Mapping[type, Verb]
    effects: Effects


def decide(
    world: BatchView, commands: Sequence[c.AnyCommand], route: Route, ids: Iterator[str],
) -> tuple[Change, list[c.Decided]]:
    """Return what is to be written, and for each command its outcome or the problems for which it has to wait."""
    batch = Batch(world, Change(), route.effects, ids)
    return batch.change, [_decide_one(batch, command, route.verbs[type(command)]) for command in commands]


def decide_each(
    world: BatchView, commands: Sequence[c.AnyCommand], route: Route, ids: Iterator[str],
) -> tuple[Change, list[c.Decided], dict[int, Exception]]:
    """The same, but one that fails does not end it: the errors are by place; then the change is not to be written."""
    batch = Batch(world, Change(), route.effects, ids)
    decided, broken = list[c.Decided](), dict[int, Exception]()
    for place, command in enumerate(commands):
        try:
            decided.append(_decide_one(batch, command, route.verbs[type(command)]))
        except Exception as error:
            broken[place] = error
            decided.append(c.Outcome())
    return batch.change, decided, broken


def _decide_one(batch: Batch, command: c.AnyCommand, verb: Verb) -> c.Decided:
    about = command.about
    if about is None:
        decided = verb(batch, command)
        assert isinstance(decided, c.Outcome | tuple)
        return decided
    key = about.key(command)
    found = batch.world.find(about.look_up, key)
    if not found:
        if about.waiting is not None and command.actor.is_heard:
            return (about.waiting(key),)
        return c.Outcome(refusal=about.missing, particulars={about.missing.removeprefix("no_such_"): str(key)})
    answers = [_answer(order_id, verb(resume(batch, order_id, command), command)) for order_id in found]
    return answers[0]


def resume(batch: Batch, order_id: str, command: Command) -> Journey:
    """Go on with an order that the batch has loaded (and perhaps changed before), on a copy of its own."""
    return Journey(batch, copy(batch.world.orders[order_id]), command)


def _answer(order_id: str, answer: object) -> c.Decided:
    if isinstance(answer, tuple) and answer:
        return answer
    if answer is False:
        return c.Outcome(order_id, particulars={"moot": "yes"})
    if isinstance(answer, Refusal):
        return c.Outcome(order_id, answer.code, answer.particulars)
    return c.Outcome(order_id)
