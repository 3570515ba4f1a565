"""Ask outside for something that may be had once, or to have it undone: the request is written down with the command
that asks for it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from orderloom.application.change import Change
from orderloom.application.commands import AnyCommand, Outcome

Thing = TypeVar("Thing")
Carry = Callable[[Sequence[AnyCommand], Callable[[Any, Change], Awaitable[None]]], Awaitable[list[Outcome]]]


class Stands(Exception):
    """What is asked for is there, or may be: nothing of a second request is kept."""

    def __init__(self, thing: object) -> None:
        super().__init__(type(thing).__name__)
        self.thing: Any = thing


async def ask_once(
    carry: Carry, asked: AnyCommand, kind: str, book: Callable[[Any, str], Awaitable[Thing | None]]
) -> Thing | Outcome | None:
    """None: it is asked for now; a thing: it stands in the way; an Outcome: why not.

    `book`, in the transaction of the command, gives what stands in the way of an order's request, or writes it down.
    """

    async def beside(books: Any, change: Change) -> None:
        for wanted in [one for one in change.deliveries if one.kind == kind]:
            if (stands := await book(books, wanted.order_id or "")) is not None:
                raise Stands(stands)

    try:
        [outcome] = await carry([asked], beside)
    except Stands as known:
        found: Thing = known.thing
        return found
    return outcome if outcome.refusal else None


class Gone(Exception):
    """What is to be undone is not there, or not any more: nothing of the request is kept."""


async def undo_once(
    carry: Carry, asked: AnyCommand, kind: str, undo: Callable[[Any], Awaitable[bool]], missing: Outcome
) -> Outcome | None:
    """None: it is asked to be undone now, or was before; an Outcome: why not.

    `undo`, in the transaction of the command, writes that down; False when it is not there: the answer is `missing`.
    """

    async def beside(books: Any, change: Change) -> None:
        if any(one.kind == kind for one in change.deliveries) and not await undo(books):
            raise Gone(kind)

    try:
        [outcome] = await carry([asked], beside)
    except Gone:
        return missing
    return outcome if outcome.refusal else None
