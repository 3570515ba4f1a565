"""Failed logins of the last quarter of an hour, in memory: slows guessing without locking anybody out for good."""

from __future__ import annotations

from collections import deque
from time import monotonic

from orderloom.entrypoints.http.problem import Problem

WINDOW_SECONDS = 900.0
KEYS_MAX = 20_000


class Failures:
    """Counts failures per name and address, per name from anywhere, per address with any name; 0: no such limit."""

    def __init__(self, pair_max: int = 5, name_max: int = 30, address_max: int = 50) -> None:
        self._pair_max, self._name_max, self._address_max = pair_max, name_max, address_max
        self._times: dict[tuple[str, str], deque[float]] = {}

    def check(self, name: str, address: str) -> None:
        """Raise Problem `too_many_tries` when any limit is reached; the same for names that do not exist."""
        now = monotonic()
        for key, allowed in self._limits(name, address):
            times = self._times.get(key)
            while times and times[0] <= now - WINDOW_SECONDS:
                times.popleft()
            if times and len(times) >= allowed:
                wait = int(times[0] + WINDOW_SECONDS - now) + 1
                raise Problem("too_many_tries", f"请在 {wait} 秒后再试 | try again in {wait} seconds", retry_after=wait)

    def count(self, name: str, address: str) -> None:
        """Note a failure."""
        if len(self._times) >= KEYS_MAX:
            self._times.pop(next(iter(self._times)))
        for key, allowed in self._limits(name, address):
            self._times.setdefault(key, deque(maxlen=allowed)).append(monotonic())

    def forget(self, name: str, address: str) -> None:
        """A success ends the count of this name at this address."""
        self._times.pop((name, address), None)

    def _limits(self, name: str, address: str) -> list[tuple[tuple[str, str], int]]:
        limits = [((name, address), self._pair_max), ((name, ""), self._name_max), (("", address), self._address_max)]
        return [limit for limit in limits if limit[1]]
