"""A random story on a hub: its moves, played by the hub's own handler on a clock that stands still between them."""

from __future__ import annotations

from dataclasses import dataclass, field

from msgspec.structs import replace

from orderloom.adapters.db.load import load_orders
from orderloom.application import commands as c
from orderloom.bootstrap import Hub
from orderloom.domain.order import Order
from orderloom.testing.clock import FrozenClock
from tests.support.moves import Move, command_of, step_seconds


@dataclass
class Story:
    """One random story on a hub that has seen the others; its orders' ids begin with its number."""

    hub: Hub
    clock: FrozenClock
    seed: int
    ids: list[str] = field(default_factory=list)

    async def play(self, moves: list[Move]) -> None:
        for move in moves:
            self.clock.forward(step_seconds(move))
            if move[0] == 8:
                await self.hub.handler.fire_deadlines()
                continue
            command = command_of(move, await self.orders(), (), self.clock())
            if isinstance(command, c.RecordOrder):
                external = f"{self.seed}-{command.draft.external_id}"
                command = replace(command, draft=replace(command.draft, external_id=external))
            if command is not None:
                await self._ask(command)

    async def _ask(self, command: c.AnyCommand) -> None:
        outcome = (await self.hub.handle([command]))[0]
        if outcome.order_id and outcome.order_id not in self.ids:
            self.ids.append(outcome.order_id)

    async def orders(self) -> list[Order]:
        async with self.hub.pool.connection() as connection, connection.transaction():
            found = {order.id: order for order in await load_orders(connection, self.ids)}
            return [found[order_id] for order_id in self.ids]
