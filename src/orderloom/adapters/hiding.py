"""Orders that a simulated source holds back from whoever reads it: what a hub must find all the same."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime


class Hiding:
    """Three ways in which sources are known to hide orders; each ends, as it does there."""

    def __init__(self) -> None:
        self._short: dict[str, int] = {}
        self._late: dict[str, datetime] = {}
        self._moves = 0
        self.left_off: dict[str, int] = {}
        """From how many pages each of them was left off so far."""

    def short_page(self, ids: Iterable[str], times: int = 1) -> None:
        """Leave these orders off the pages that should hold them, so many times; they are counted all the while."""
        self._short.update(dict.fromkeys(ids, times))

    def show(self, ids: Iterable[str]) -> None:
        """From now on these orders stand on every page that should hold them."""
        self.short_page(ids, 0)

    def moved_page(self, count: int = 1) -> None:
        """Let the next so many following pages begin one order late, as when the list moves while it is read."""
        self._moves += count

    def late_write(self, ids: Iterable[str], until: datetime) -> None:
        """Show and count these orders only from `until` on, though they are dated before."""
        self._late.update(dict.fromkeys(ids, until))

    def is_there(self, order_id: str, at: datetime) -> bool:
        """Whether the source knows of the order yet."""
        return order_id not in self._late or self._late[order_id] <= at

    def page(self, ids: list[str], *, is_following: bool) -> list[str]:
        """What is shown of a page."""
        if is_following and self._moves and ids:
            self._moves -= 1
            ids = ids[1:]
        shown = [order_id for order_id in ids if not self._short.get(order_id)]
        for order_id in set(ids) - set(shown):
            self._short[order_id] -= 1
            self.left_off[order_id] = self.left_off.get(order_id, 0) + 1
        return shown
