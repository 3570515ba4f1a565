"""A shop of one buyer's orders that people send from one warehouse, with words for merging them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from orderloom.application import commands as c
from orderloom.application.by_hand import report_of
from orderloom.application.work_commands import MergeWorks, PartWork, SplitWork
from orderloom.domain.actor import Actor, person
from orderloom.domain.draft import WorkReport
from orderloom.domain.order import Order, Work
from tests.support.bench import Shop

WANG, LI = person("wang", "warehouse"), person("li", "warehouse")
OPEN_STATES = ("allocated", "released")


class MergingShop(Shop):
    """Orders E0, E1 … of one buyer, each with its work in the warehouse that has no system."""

    def __init__(self, orders: int = 3, units: int = 1) -> None:
        super().__init__()
        for (sku, house), level in self.levels.items():
            level.on_hand = 100 if house == 3 else 0
            if sku == 3 and house != 3:
                level.on_hand = 0
        for no in range(orders):
            self.channel_says(("C", units), external=f"E{no}")

    def works(self) -> list[str]:
        """The newest work of each order."""
        return [order.works[-1].number for order in self.orders.values() if order.works]

    def work(self, number: str) -> Work:
        """The work as it stands."""
        return next(w for o in self.orders.values() for w in o.works if w.number == number)

    def merge(self, *numbers: str, by: Actor = WANG) -> c.Outcome:
        """Somebody merges works."""
        return self._told(MergeWorks(actor=by, works=numbers))

    def part(self, number: str, by: Actor = WANG) -> c.Outcome:
        """Somebody parts one."""
        return self._told(PartWork(actor=by, work_no=number, reason="asked"))

    def split(self, number: str, units: int) -> c.Outcome:
        """Somebody takes units of C off one."""
        return self._told(SplitWork(actor=WANG, work_no=number, units={"C": units}))

    def says(self, step: str, number: str, instead_of: str = "", **told: Any) -> c.Outcome:
        """Somebody reports work by hand."""
        report = report_of(number, step, self.at, **told)
        assert isinstance(report, WorkReport)
        return self._told(c.ConfirmWork(actor=WANG, account_id=None, report=report, instead_of=instead_of))

    def merges(self) -> dict[str, list[tuple[Order, Work]]]:
        """Works by the merge that they are in."""
        found: dict[str, list[tuple[Order, Work]]] = {}
        for order, work in self.all_works():
            if work.merge_no:
                found.setdefault(work.merge_no, []).append((order, work))
        return found

    def all_works(self) -> Iterator[tuple[Order, Work]]:
        """Every work with its order."""
        return ((order, work) for order in self.orders.values() for work in order.works)

    def _told(self, command: c.AnyCommand) -> c.Outcome:
        answer = self.ask(command)[0]
        assert isinstance(answer, c.Outcome)
        return answer
