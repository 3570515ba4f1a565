"""The doors of a local network, opened at localhost by a hub under test."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_address
from pathlib import Path

import httpx2
import uvicorn
from starlette.types import ASGIApp

from orderloom.adapters.lan_authority import LanAuthority
from orderloom.entrypoints.http.app import configure
from orderloom.entrypoints.http.kit.connections import Seats
from orderloom.entrypoints.http.lan_doors import lan_doors
from orderloom.entrypoints.lan import Lan

SECONDS_MAX = 20.0


def two_free_ports() -> int:
    """A port that is free, as is the next."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
            if port < 65_535:
                try:
                    second.bind(("127.0.0.1", port + 1))
                except OSError:
                    continue
                return port


def trusting(authority: LanAuthority) -> httpx2.AsyncClient:
    """A client of somebody who trusts this authority and nobody else."""
    return httpx2.AsyncClient(verify=ssl.create_default_context(cafile=str(authority.file)), timeout=SECONDS_MAX)


def at_localhost() -> Lan:
    """Where the doors are going to be."""
    return Lan(ip_address("127.0.0.1"), two_free_ports())


@asynccontextmanager
async def on_lan(app: ASGIApp, home: Path, lan: Lan) -> AsyncIterator[LanAuthority]:
    """The doors are being opened; who comes at once may have to come again."""
    authority, seats = LanAuthority(home), Seats(100)

    def beside(other: ASGIApp, context: ssl.SSLContext | None) -> uvicorn.Config:
        return configure(other, 0, "critical", seats, context, lifespan="off")

    async with lan_doors(app, lan, authority, beside):
        yield authority


async def until_open(lan: Lan) -> None:
    """Both doors answer. Raises TimeoutError."""
    async with asyncio.timeout(SECONDS_MAX):
        for port in (lan.port, lan.port + 1):
            while True:
                try:
                    _, writer = await asyncio.open_connection(str(lan.address), port)
                except OSError:
                    await asyncio.sleep(0.02)
                    continue
                writer.close()
                break
