"""What happens to an order at its channel after it was placed: payment, cancelling, pushes, and things gone wrong."""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable
from datetime import datetime
from itertools import count
from typing import Any
from urllib.parse import urlencode

import httpx2
import structlog

from orderloom.adapters.simulated.book import PAID, UNPAID
from orderloom.adapters.simulated.pushes import Push
from orderloom.rehearsal.options import WorldOptions
from orderloom.rehearsal.planting import Planter
from orderloom.rehearsal.platforms import Platforms
from orderloom.rehearsal.stream import Wish, whole_seconds

Doing = Callable[[datetime], None]
log = structlog.get_logger()


class Doings:
    """Places wishes at the simulators and does later what is due. `placed` counts orders by channel."""

    def __init__(
        self, options: WorldOptions, platforms: Platforms, planter: Planter, hub_url: str, chance: random.Random
    ) -> None:
        self._planter = planter
        self._options, self._platforms, self._hub_url, self._chance = options, platforms, hub_url, chance
        self._later: list[tuple[datetime, int, Doing]] = []
        self._numbers = count()
        self._forged: list[tuple[str, Push]] = []
        """By channel."""
        self._is_pushing_twice = False
        self._news: set[str] = set()
        """Channels with something to push."""
        self._pushes = 0
        self.placed: dict[str, list[str]] = {channel: [] for channel in platforms.channels}
        self._parts = platforms.parts["channels"]
        self._topics = {name: part.topics for name, part in self._parts.items() if part.topics}
        for channel in self._topics:
            platforms.channels[channel].push_url = f"{hub_url}/webhooks/{platforms.codes[channel]}"
        self._dropping = {name for name, part in self._parts.items()
                          if part.brings_orders or not part.is_served}
        """They hand orders over as files, which are still there after a restart."""
        self._only_pushing = {name for name, part in self._parts.items() if part.pull_every is None}
        """What such a channel does not get across is lost: it tries again."""
        platforms.tell_to(hub_url)

    def place(self, wish: Wish, now: datetime) -> None:
        """A buyer orders; whatever the wish holds for later is noted."""
        simulator, purchase = self._platforms.channels[wish.channel], wish.at(now)
        key = purchase["external_id"]
        if wish.is_garbled:
            simulator.fault("broken_body", 1)
        simulator.place(purchase)
        self.placed[wish.channel].append(key)
        self._planter.order(wish, purchase)
        add_a_cent = self._parts[wish.channel].add_a_cent
        if wish.is_off_by_a_cent and add_a_cent is not None:
            add_a_cent(simulator, key)
        self._tell(wish, key, "placed")
        if wish.is_forged:
            self._forge(wish, key)
        if wish.pay_after:
            self._plan(now, wish.pay_after, lambda at: self._pay(wish, key, at))
        if wish.refund_after and wish.pay_after == 0.0:
            self._plan(now, wish.refund_after, lambda at: self._ask_refund(wish, key, at))
        if wish.cancel_after:
            self._plan(now, wish.cancel_after, lambda at: self._cancel(wish, key, at))

    def place_again(self, wish: Wish, placed_at: datetime, now: datetime, *, is_unpaid: bool) -> None:
        """A simulator that forgot an order knows it again; nobody is told, and a late payment is still to come."""
        paid_at = None if is_unpaid else placed_at
        purchase = wish.purchase | {"placed_at": placed_at, "paid_at": paid_at}
        if wish.channel in self._dropping:
            return
        self._platforms.channels[wish.channel].place(purchase)
        if is_unpaid and wish.pay_after:
            self._plan(now, wish.pay_after, lambda at: self._pay(wish, str(purchase["external_id"]), at))

    def do_due(self, now: datetime) -> None:
        """Let everything happen that is due by now."""
        while self._later and self._later[0][0] <= now:
            heapq.heappop(self._later)[2](now.replace(microsecond=0))

    async def push(self, http: httpx2.AsyncClient) -> None:
        """Send the webhooks of this moment, shuffled, at times each twice; and now and then a forged one."""
        self._pushes += 1
        twice, self._is_pushing_twice = self._is_pushing_twice, False
        try:
            # A simulator makes an HTTP client each time, which costs more than the pushes.
            while self._news:
                channel = self._news.pop()
                simulator = self._platforms.channels[channel]
                if channel in self._only_pushing:
                    await simulator.pushes.flush(http, 1 if twice else 0)
                    continue
                await simulator.drain(self._options.seed + self._pushes, 1 if twice else 0)
            for channel, message in self._forged:
                url = message.url or self._platforms.channels[channel].push_url
                query = f"?{urlencode(message.query)}" if message.query else ""
                await http.post(url + query, content=message.body, headers=dict(message.headers))
                self._planter.forged(channel)
            self._forged.clear()
        except httpx2.TransportError as error:
            log.info("world.push_lost", why=repr(error))

    def upset(self, seconds: float) -> None:
        """Let a platform fail at times, as they do; `seconds` have passed since the last call."""
        if self._chance.random() >= self._options.shares.faults_per_minute * seconds / 60:
            return
        calm = {*self._platforms.messengers, *(name for name, part in self._parts.items() if part.drop)}
        all_of_them = [one for name, one in self._platforms.all.items() if name not in calm]
        kind = self._chance.choice(self._options.fault_kinds)
        if able := [one for one in all_of_them if one.can_meet(kind)]:
            self._chance.choice(able).fault(kind, 1)
        roll = self._chance.random()
        for name, part in self._parts.items():
            if part.vary is not None:
                part.vary(self._platforms.channels[name], roll)

    def _plan(self, now: datetime, seconds: float, doing: Doing) -> None:
        heapq.heappush(self._later, (now + whole_seconds(seconds), next(self._numbers), doing))

    def _tell(self, wish: Wish, key: str, what: str) -> None:
        """Queue a push, unless this order's pushes get lost; then the pull finds it."""
        topic = self._topics.get(wish.channel, {}).get(what)
        if topic is not None and (not wish.is_push_lost or wish.channel in self._only_pushing):
            self._platforms.channels[wish.channel].queue(key, topic)
            self._news.add(wish.channel)
            self._is_pushing_twice = self._is_pushing_twice or wish.is_push_doubled

    def _forge(self, wish: Wish, key: str) -> None:
        """Somebody posts an order in the channel's name without its secret: its own push with another content, or,
        where it pushes nothing, one in the name of a channel of which he knows what its pushes look like."""
        topic = self._topics.get(wish.channel, {}).get("placed")
        simulator = self._platforms.channels[wish.channel]
        if topic is not None and hasattr(simulator, "news"):
            message: Push = simulator.news(key, topic)
            self._forged.append((wish.channel, message._replace(body=_other(message.body))))
            return
        known = [(name, part.forge) for name, part in self._parts.items() if part.forge is not None]
        self._forged += [(name, forge(wish.n)) for name, forge in known[:1]]

    def _pay(self, wish: Wish, key: str, at: datetime) -> None:
        if self._phase(wish.channel, key) == UNPAID:
            self._platforms.channels[wish.channel].pay(key, at)
            self._tell(wish, key, "paid")

    def _phase(self, channel: str, key: str) -> str:
        """How far the order is at its channel: UNPAID, PAID, or anything else."""
        return self._parts[channel].phase(self._platforms.channels[channel], key)

    def _cancel(self, wish: Wish, key: str, at: datetime) -> None:
        if self._phase(wish.channel, key) in (UNPAID, PAID):
            self._platforms.channels[wish.channel].cancel(key, at)
            self._planter.ended(wish.channel, key, at)
            self._tell(wish, key, "cancelled")

    def _ask_refund(self, wish: Wish, key: str, at: datetime) -> None:
        """The buyer wants the money back while nothing is shipped; a while later it is settled by cancelling."""
        simulator: Any = self._platforms.channels[wish.channel]
        if self._phase(wish.channel, key) not in (UNPAID, PAID):
            return
        if self._parts[wish.channel].asks == "cancel":
            simulator.ask_cancel(key, 0, at)
        else:
            simulator.ask_refund(key, 0, at)
            self._planter.asked(wish.channel, key)
        if self._options.refund_seconds is not None:
            self._plan(at, self._options.refund_seconds, lambda then: self._cancel(wish, key, then))


def _other(body: bytes) -> bytes:
    """The same length and form with another number in it."""
    place = next((n for n, byte in enumerate(body) if chr(byte) in "12345678"), None)
    return body + b" " if place is None else body[:place] + bytes([body[place] + 1]) + body[place + 1 :]
