"""What a simulated platform sends by itself: signed by the simulator, doubled, shuffled, lost or forged on demand."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping
from typing import NamedTuple
from urllib.parse import urlencode

import httpx2

SECONDS_MAX = 5.0


class Push(NamedTuple):
    """One message as it leaves. `query` is added to the address that the hub gave."""

    body: bytes
    headers: Mapping[str, str]
    query: Mapping[str, str] = {}
    url: str = ""
    """Where it goes when that differs by message (a subscription's own address)."""


class Pushes:
    """A platform's outgoing messages. `make` signs one as of now; `is_thanked` says whether an answer takes it.

    `sending` sees each try (and may spoil it). `lost` holds what was not thanked `tries_max` times.
    """

    def __init__(
        self, make: Callable[[str, str], Push], is_thanked: Callable[[httpx2.Response], bool] | None = None,
        sending: Callable[[Push], Push] | None = None, tries_max: int = 3,
    ) -> None:  # fmt: skip
        self._make, self._tries_max, self._sending = make, tries_max, sending or (lambda message: message)
        self._is_thanked = is_thanked or (lambda answer: 200 <= answer.status_code < 300)
        self.url = ""
        self.waiting: list[tuple[Push, int]] = []
        self.lost: list[Push] = []
        self.answers: list[str] = []

    async def push(self, key: str, topic: str, times: int = 1) -> list[int]:
        """Send the message of now, `times` over with the same id. Returns the answers' statuses."""
        message = self._make(key, topic)
        async with httpx2.AsyncClient(timeout=SECONDS_MAX) as http:
            return [(await self._post(message, http)).status_code for _ in range(times)]

    def queue(self, key: str, topic: str) -> None:
        """Keep the message of this moment back, to be sent by `drain` or `flush`."""
        self.add(self._make(key, topic))

    def add(self, message: Push) -> None:
        """Keep a ready message back."""
        self.waiting.append((message, 0))

    async def drain(self, seed: int, duplicates: int = 0) -> list[int]:
        """Send what was queued in an order drawn from `seed`, each with `duplicates` extra copies, once."""
        deliveries = [message for message, _ in self.waiting for _ in range(1 + duplicates)]
        random.Random(seed).shuffle(deliveries)
        self.waiting.clear()
        async with httpx2.AsyncClient(timeout=SECONDS_MAX) as http:
            return [(await self._post(message, http)).status_code for message in deliveries]

    async def flush(
        self, http: httpx2.AsyncClient, duplicates: int = 0, is_disordered: bool = False, at_once: int = 1
    ) -> int:
        """Post what is queued, each `duplicates` times more, newest first if disordered; tells how many were taken.

        `at_once` are under way at the same time. One that is not thanked stays queued, and is lost after the last try.
        """
        waiting = self.waiting[::-1] if is_disordered else self.waiting[:]
        self.waiting, thanked = [], 0
        for start in range(0, len(waiting), at_once):
            part = waiting[start : start + at_once]
            heard = await asyncio.gather(*[
                self._try(message, http) for message, _ in part for _ in range(1 + duplicates)])
            for (message, tries), is_taken in zip(part, heard[:: 1 + duplicates], strict=True):
                thanked += is_taken
                if not is_taken and tries + 1 < self._tries_max:
                    self.waiting.append((message, tries + 1))
                elif not is_taken:
                    self.lost.append(message)
        return thanked

    async def _try(self, message: Push, http: httpx2.AsyncClient) -> bool:
        try:
            answer = await self._post(message, http)
        except httpx2.TransportError as error:
            self.answers.append(type(error).__name__)
            return False
        is_taken = self._is_thanked(answer)
        if not is_taken:
            self.answers.append(f"{answer.status_code} {answer.text[:80]}")
        return is_taken

    async def _post(self, message: Push, http: httpx2.AsyncClient) -> httpx2.Response:
        message = self._sending(message)
        url = message.url or self.url
        if message.query:
            url += ("&" if "?" in url else "?") + urlencode(message.query)
        return await http.post(url, content=message.body, headers=dict(message.headers))
