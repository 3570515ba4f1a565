"""The hub on a local network (`orderloom up --lan`): HTTPS beside loopback, and a plain page by which devices learn to
trust it. That page has no way into the hub: it hands out the authority's certificate and says what to do with it."""

from __future__ import annotations

import asyncio
import html
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from ssl import SSLContext
from string import Template

import segno
import structlog
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from orderloom.adapters.lan_authority import LanAuthority
from orderloom.entrypoints.lan import Lan

RENEW_SECONDS = 86_400.0
AGAIN_SECONDS = 15.0
"""Between two attempts to open the door at an address that this machine has not, or not yet."""
CERTIFICATE_PATH = "/orderloom-ca.crt"
PAGE = Path(__file__).with_name("lan_page.html")
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
}
Configure = Callable[[ASGIApp, SSLContext | None], uvicorn.Config]
log = structlog.get_logger()


class Beside(uvicorn.Server):
    """A server that leaves the process's signals to the one on loopback."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


@asynccontextmanager
async def lan_doors(hub: ASGIApp, lan: Lan, authority: LanAuthority, configure: Configure) -> AsyncIterator[None]:
    """Both doors are open while the block runs, or as soon as their address is there. Raises NotOfLan, KeyTrouble."""
    context = authority.serve(lan.address)
    doors = {lan.port: Beside(configure(hub, context)),
             lan.port + 1: Beside(configure(first_page(authority, lan), None))}
    serving = [asyncio.create_task(_served(server, lan, port)) for port, server in doors.items()]
    renewing = asyncio.create_task(_renewed(context, lan, authority))
    try:
        yield
    finally:
        renewing.cancel()
        for server, task in zip(doors.values(), serving, strict=True):
            server.should_exit = True
            if not server.started:
                task.cancel()
        await asyncio.gather(*serving, renewing, return_exceptions=True)


async def _served(server: uvicorn.Server, lan: Lan, port: int) -> None:
    """An address can come late or go (a network without a cable): the hub on loopback is none the worse for it."""
    is_told = False
    while True:
        try:
            family = socket.AF_INET if lan.address.version == 4 else socket.AF_INET6
            door = socket.create_server((str(lan.address), port), family=family)
        except OSError as error:
            if not is_told:
                log.warning("lan_not_open", address=str(lan.address), port=port, why=error.strerror)
            is_told = True
            await asyncio.sleep(AGAIN_SECONDS)
            continue
        with door:
            await server.serve(sockets=[door])
        return


async def _renewed(context: SSLContext, lan: Lan, authority: LanAuthority) -> None:
    while True:
        await asyncio.sleep(RENEW_SECONDS)
        try:
            await asyncio.to_thread(authority.renew, context, lan.address)
        except OSError as error:
            log.warning("lan_certificate_not_renewed", why=error.strerror)


def first_page(authority: LanAuthority, lan: Lan) -> Starlette:
    """The plain page: the certificate, and how each kind of device takes it."""
    words = {"hub": lan.hub, "certificate": CERTIFICATE_PATH, "fingerprint": authority.fingerprint}
    picture = segno.make_qr(lan.page, error="m").svg_inline(scale=6, border=2, light="#fff")
    text = Template(PAGE.read_text("utf-8")).substitute(
        {name: html.escape(word) for name, word in words.items()}, picture=picture)

    async def page(request: Request) -> Response:
        return HTMLResponse(text, headers=HEADERS)

    async def certificate(request: Request) -> Response:
        return Response(authority.der, media_type="application/x-x509-ca-cert", headers={
            **HEADERS, "Content-Disposition": 'attachment; filename="orderloom-ca.crt"'})

    return Starlette(routes=[Route("/", page), Route(CERTIFICATE_PATH, certificate)])
