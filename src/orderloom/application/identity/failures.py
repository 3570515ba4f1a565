"""Failed logins of the last quarter of an hour, in memory: guessing is slowed, and nobody is locked out by a stranger.

What is refused is a source: a device that holds an earlier login of the user, else an address (of IPv6 its /64). Too
many failures of one name from everywhere refuse nobody: they only make sources wait that never logged in with it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from ipaddress import IPv6Address, IPv6Network, ip_address
from time import monotonic

from orderloom.application.identity.denied import Denied

WINDOW_SECONDS = 900.0
KEYS_MAX = 20_000
PAIR_MAX = 5
"""Failures of one name at one source before it waits for the window to pass."""
ADDRESS_MAX = 50
"""Failures of one source with whatever names."""
NAME_MAX = 30
"""Failures of one name from everywhere before strange sources are slowed down."""
CODES_MAX = 10
"""Wrong codes of one name's second factor, from everywhere: who tries them knows the password already."""
DELAY_SECONDS_MAX = 8.0
DELAYED_MAX = 100
"""Strangers of one name that may wait at once."""
_CODES = "codes"
"""Stands in the place of a source; no address looks like it."""


def source_of(address: str) -> str:
    """What counts as one source: the address, of IPv6 the network of one subscriber."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or IPv6Network((int(parsed), 64), strict=False))
    return str(parsed)


class Failures:
    """Tries that failed or are still under way, by name and source."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._times: dict[tuple[str, str], deque[float]] = {}
        self._known: dict[tuple[str, str], None] = {}
        self._waiting: dict[str, set[str]] = {}

    def begin(self, name: str, source: str, *, is_device: bool = False) -> float:
        """Count a try, as a failure until `succeeded`; returns how many seconds it has to wait before it is looked at.

        Raises Denied `too_many_tries`; the same for names that do not exist. `is_device`: the source has proved an
        earlier login with this name.
        """
        is_known = is_device or (name, source) in self._known
        limits = [((name, source), PAIR_MAX)] if is_known else [((name, source), PAIR_MAX), (("", source), ADDRESS_MAX)]
        for key, allowed in limits:
            self._refuse(key, allowed)
        for key in ((name, source), ("", source), (name, "")):
            self._note(key)
        over = len(self._times[name, ""]) - NAME_MAX
        if is_known or over <= 0:
            return 0.0
        self._queue(name, source)
        return float(min(2 ** (over // 10), DELAY_SECONDS_MAX))

    def waited(self, name: str, source: str) -> None:
        """The wait is over."""
        waiting = self._waiting.get(name, set())
        waiting.discard(source)
        if not waiting:
            self._waiting.pop(name, None)

    def succeeded(self, name: str, source: str) -> None:
        """The try was a good one: the source is known from now on, and its count ends."""
        self.forgive(name, source)
        self._times.pop((name, source), None)
        if len(self._known) >= KEYS_MAX:
            self._known.pop(next(iter(self._known)))
        self._known[name, source] = None

    def forgive(self, name: str, source: str) -> None:
        """The try is not to count."""
        for key in ((name, source), ("", source), (name, "")):
            if times := self._times.get(key):
                times.pop()

    def begin_code(self, name: str) -> None:
        """Count a code of a second factor, as a wrong one until `right_code`. Raises Denied `too_many_tries`."""
        self._refuse((name, _CODES), CODES_MAX)
        self._note((name, _CODES))

    def right_code(self, name: str) -> None:
        """The code was the right one."""
        self._times.pop((name, _CODES), None)

    def _refuse(self, key: tuple[str, str], allowed: int) -> None:
        times = self._recent(key)
        if len(times) >= allowed:
            wait = int(times[-allowed] + WINDOW_SECONDS - self._clock()) + 1
            raise Denied("too_many_tries", f"请在 {wait} 秒后再试 | try again in {wait} seconds", retry_after=wait)

    def _note(self, key: tuple[str, str]) -> None:
        if key not in self._times and len(self._times) >= KEYS_MAX:
            self._times.pop(next(iter(self._times)))
        self._recent(key)
        self._times.setdefault(key, deque(maxlen=4 * ADDRESS_MAX)).append(self._clock())

    def _recent(self, key: tuple[str, str]) -> deque[float]:
        times = self._times.get(key, deque())
        while times and times[0] <= self._clock() - WINDOW_SECONDS:
            times.popleft()
        return times

    def _queue(self, name: str, source: str) -> None:
        waiting = self._waiting.setdefault(name, set())
        if source in waiting or len(waiting) >= DELAYED_MAX:
            raise Denied("too_many_tries", "请在 10 秒后再试 | try again in 10 seconds", retry_after=10)
        waiting.add(source)
