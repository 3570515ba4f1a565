"""A person's decisions about an order: `hold`, `release`, `cancel`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from orderloom.application.commands import AnyCommand, CancelOrder, Outcome, PlaceHold, ReleaseHold
from orderloom.entrypoints.cli.attach import actor, hub, run
from orderloom.entrypoints.cli.frame import single
from orderloom.entrypoints.cli.orders import Reference, find
from orderloom.entrypoints.cli.screen import Stop, screen

hold, release, cancel = single(), single(), single()
Reason = Annotated[str, typer.Option("--reason", help="原因,写入审计 / why, for the audit")]


@hold.command(help="挂起订单 / place a hold on an order")
def hold_command(
    number: Reference, reason: Reason, type: Annotated[str, typer.Option("--type", help="挂起类型 / type")] = "manual",
) -> None:
    """Place a hold."""
    _do(number, lambda order_id: PlaceHold(actor=actor(), order_id=order_id, type=type, reason=reason),
        "已挂起", "held")


@release.command(help="解除挂起 / release a hold")
def release_command(
    number: Reference, reason: Reason, no: Annotated[int, typer.Option("--hold", help="第几个 / its number")] = 1,
) -> None:
    """Release a hold."""
    _do(number, lambda order_id: ReleaseHold(actor=actor(), order_id=order_id, hold_no=no, reason=reason),
        "已解除", "released")


@cancel.command(help="取消订单 / cancel an order")
def cancel_command(number: Reference, reason: Reason) -> None:
    """Cancel an order."""
    _do(number, lambda order_id: CancelOrder(actor=actor(), order_id=order_id, reason=reason), "已取消", "cancelled")


def refuse(outcome: Outcome) -> None:
    """Stop with what the route answered, when it said no."""
    if outcome.refusal:
        facts = " ".join(f"{name}={value}" for name, value in outcome.facts.items())
        raise Stop(f"没有执行:{outcome.refusal} {facts}", f"Not done: {outcome.refusal} {facts}")


def _do(number: str, command: Callable[[str], AnyCommand], zh: str, en: str) -> None:
    outcome = run(lambda: _handle(number, command))
    refuse(outcome)
    if not screen.answer(outcome):
        screen.say(f"{zh}:{number}", f"{number} {en}.")


async def _handle(number: str, command: Callable[[str], AnyCommand]) -> Outcome:
    async with hub() as opened:
        async with opened.pool.connection() as one:
            order_id = await find(one, number)
        return (await opened.handle([command(order_id)]))[0]
