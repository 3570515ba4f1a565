"""Hears devices of a floor through a broker: the hub is a client that subscribes to their readings (MQTT 3.1.1, QoS 1).

What is believed is the signature in the message and never the broker: a message is what the device would send over
HTTP, `{"id", "timestamp", "signature", "body"}`. Every worker hears each message, and its id lets it count once.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from urllib.parse import unquote, urlsplit

import aiomqtt
import msgspec
import structlog

from orderloom.application.floor.hear_device import SignedReading
from orderloom.domain.fault import kind_of
from orderloom.domain.refusal import Refusal

TOPIC = "orderloom/devices/+/readings"
PAYLOAD_BYTES_MAX = 8_192
KEEP_ALIVE_SECONDS, TIMEOUT_SECONDS = 30, 10.0
PORTS = {"mqtt": 1883, "mqtts": 8883}
Hear = Callable[[SignedReading], Awaitable[object]]
log = structlog.get_logger()


class ReadingOnWire(msgspec.Struct, frozen=True):
    """A message: what the headers of the HTTP call would say, and the body as the text that is signed."""

    id: str
    timestamp: str
    signature: str
    body: str


class MqttEar:
    """Stays connected to the broker at `url` (empty: there is none), and begins again when it was lost."""

    def __init__(self, url: str, hear: Hear) -> None:
        self._url, self._hear = url, hear
        self._task: asyncio.Task[None] | None = None
        self.is_connected = asyncio.Event()

    async def step(self) -> int:
        """See that it listens; returns 0: there is no work that waits for it."""
        if self._url and (self._task is None or self._task.done()):
            if self._task is not None and not self._task.cancelled() and (error := self._task.exception()) is not None:
                log.warning("broker_lost", error=kind_of(error))
            self._task = asyncio.create_task(self._listen())
        return 0

    async def drain(self) -> None:
        """Hang up."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _listen(self) -> None:
        parts = urlsplit(self._url)
        try:
            async with aiomqtt.Client(
                parts.hostname or "localhost", parts.port or PORTS[parts.scheme], keepalive=KEEP_ALIVE_SECONDS,
                username=unquote(parts.username) if parts.username else None, timeout=TIMEOUT_SECONDS,
                password=unquote(parts.password) if parts.password else None,
                tls_context=ssl.create_default_context() if parts.scheme == "mqtts" else None,
            ) as client:
                await client.subscribe(TOPIC, qos=1)
                self.is_connected.set()
                async for message in client.messages:
                    await self._take(str(message.topic), message.payload)
        finally:
            self.is_connected.clear()

    async def _take(self, topic: str, payload: object) -> None:
        """A message; what is no reading, or is not proven, is passed over and told of without its content."""
        reading = read(topic, payload)
        heard = await self._hear(reading) if reading else None
        if heard is None or isinstance(heard, Refusal):
            log.warning("reading_not_heard", code=heard.code if heard else "unreadable")


def read(topic: str, payload: object) -> SignedReading | None:
    """The reading in a message; None: it is none."""
    if not isinstance(payload, bytes) or len(payload) > PAYLOAD_BYTES_MAX:
        return None
    try:
        told = msgspec.json.decode(payload, type=ReadingOnWire)
        return SignedReading(topic.split("/")[2], told.id, told.timestamp, told.signature, told.body.encode())
    except (msgspec.MsgspecError, ValueError, IndexError):
        return None
