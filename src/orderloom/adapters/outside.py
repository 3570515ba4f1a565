"""HTTP to the outside: every connector's client, so that none can forget what the outside may not do to us.

- It connects to public addresses alone, and to a host that an administrator allowed for the account. The address is
  looked up once, judged, and connected to: a name that changes its mind between the two, a redirect, or a link in an
  answer come no further.
- No cookie is kept: accounts share the client, and one's session must never speak for another.
- An answer is read to a named size, unpacked size included, within a named time.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any
from urllib.parse import urlsplit

import httpcore2
import httpx2
import msgspec
from httpcore2 import AnyIOBackend, AsyncNetworkBackend, AsyncNetworkStream

from orderloom.application.ports import Account, Terminal, Transient, Trouble

PRIVATE_HOSTS = "private_hosts"
"""The setting of an account that names the private hosts it may reach; set by an administrator alone."""
ANSWER_BYTES_MAX = 16 << 20
KEEP = "orderloom_answer_bytes"
"""Request extension: keep so many bytes of the answer and let go of the rest, where only the status matters."""
WAIT_SECONDS_MAX = 15.0
"""How long the outside may be silent: to connect, to take what is sent, between two pieces of an answer."""
REQUEST_SECONDS_MAX = 30.0
"""How long one request may take in all, however slowly the answer drips."""
ADDRESSES_TRIED_MAX = 4
HOSTS_MAX = 1_000
SAME_SECONDS = 2.0
"""A header tells whole seconds, and its answer was on its way for a while."""
CONNECTIONS_MAX = 100
IDLE_MAX = 20
IDLE_SECONDS = 5.0
_TRANSLATED, _TRANSLATED_AT_HOME = IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48")
_MAPPED_BITS = (1 << 32) - 1
Address = IPv4Address | IPv6Address


class Outside:
    """The clients of a process: one for the public internet, one for each set of private hosts that accounts reach."""

    def __init__(self) -> None:
        self._clients: dict[frozenset[str], httpx2.AsyncClient] = {}
        self._ahead: dict[str, int] = {}

    def client(self, account: Account) -> httpx2.AsyncClient:
        """The client for this account; it is shared and stays open."""
        allowed = allowed_hosts(account)
        if allowed not in self._clients:
            self._clients[allowed] = httpx2.AsyncClient(
                transport=Guarded(allowed, self._ahead), timeout=WAIT_SECONDS_MAX, follow_redirects=False,
                trust_env=False, headers={"accept-encoding": "gzip, deflate"},
                cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            )
        return self._clients[allowed]

    def clock_ahead(self, account: Account) -> int | None:
        """By how many seconds the platform's clock was ahead of ours when it last answered; None: it did not say."""
        return self._ahead.get(urlsplit(account.base_url).hostname or "")

    async def close(self) -> None:
        """Close every client."""
        for client in self._clients.values():
            await client.aclose()
        self._clients.clear()


@cache
def _trusted() -> ssl.SSLContext:
    """Whose certificates are believed: read once for all clients, for reading them stops all else for a while."""
    return httpx2.create_ssl_context()


class Guarded(httpx2.AsyncBaseTransport):
    """Sends one request and reads its answer within the bounds above."""

    def __init__(self, allowed: frozenset[str], ahead: dict[str, int] | None = None) -> None:
        """`ahead`: where it is noted by how much the clocks of hosts are ahead of ours."""
        self._ahead = {} if ahead is None else ahead
        self._real = httpx2.AsyncHTTPTransport(verify=_trusted())
        self._real._pool = httpcore2.AsyncConnectionPool(
            ssl_context=_trusted(), max_connections=CONNECTIONS_MAX,
            max_keepalive_connections=IDLE_MAX, keepalive_expiry=IDLE_SECONDS, network_backend=Pinned(allowed),
        )

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """The answer, read and unpacked. Raises Terminal `private_address`, Transient `answer_too_large`."""
        try:
            async with asyncio.timeout(REQUEST_SECONDS_MAX):
                answer = await self._real.handle_async_request(request)
                try:
                    content = await _read(answer, request.extensions.get(KEEP))
                finally:
                    await answer.aclose()
        except TimeoutError as error:
            raise httpx2.ReadTimeout(f"no whole answer in {REQUEST_SECONDS_MAX:.0f} s", request=request) from error
        if (clock := ahead_of_us(answer.headers.get("date", ""), datetime.now(UTC))) is not None:
            if len(self._ahead) >= HOSTS_MAX:
                self._ahead.clear()
            self._ahead[request.url.host] = clock
        told = [(name, value) for name, value in answer.headers.multi_items() if name not in _dropped(request)]
        return httpx2.Response(answer.status_code, headers=told, content=content, extensions=answer.extensions)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._real.aclose()


def ahead_of_us(date: str, now: datetime) -> int | None:
    """By how many seconds the clock that said so is ahead; a second of the header's own is no difference."""
    try:
        ahead = (parsedate_to_datetime(date) - now).total_seconds()
    except (ValueError, TypeError):
        return None
    return 0 if -SAME_SECONDS <= ahead <= SAME_SECONDS else round(ahead)


class Pinned(AsyncNetworkBackend):
    """Looks a host up, judges its addresses, and connects to one of those that it judged."""

    def __init__(self, allowed: frozenset[str]) -> None:
        self._allowed = allowed
        self._real = AnyIOBackend()

    async def connect_tcp(
        self, host: str, port: int, timeout: float | None = None,  # noqa: ASYNC109 - the name is the interface's
        local_address: str | None = None, socket_options: Iterable[Any] | None = None,
    ) -> AsyncNetworkStream:
        """A connection to the host. Raises Terminal `private_address`."""
        addresses = await _look_up(host, port, timeout)
        chosen = _judged(host, addresses, self._allowed)
        each = None if timeout is None else timeout / len(chosen)
        for number, address in enumerate(chosen, start=1):
            try:
                return await self._real.connect_tcp(str(address), port, each, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                if number == len(chosen):
                    raise
        raise httpcore2.ConnectError(f"{host} has no address")

    async def connect_unix_socket(
        self, path: str, timeout: float | None = None,  # noqa: ASYNC109 - the name is the interface's
        socket_options: Iterable[Any] | None = None,
    ) -> AsyncNetworkStream:
        """Nothing outside is a socket file. Raises Terminal."""
        raise Terminal("private_address", f"{path}")

    async def sleep(self, seconds: float) -> None:
        """Pause."""
        await self._real.sleep(seconds)


def allowed_hosts(account: Account) -> frozenset[str]:
    """The private hosts that this account may reach."""
    named = account.settings.get(PRIVATE_HOSTS)
    return frozenset(map(host_name, named)) if isinstance(named, list) else frozenset()


def with_private_hosts(account: Account, allowed: Sequence[str], disallowed: Sequence[str]) -> Account:
    """The account, allowed to reach these private hosts beside those of before, and no longer the refused ones."""
    hosts = sorted((allowed_hosts(account) | set(map(host_name, allowed))) - set(map(host_name, disallowed)))
    settings = {name: value for name, value in account.settings.items() if name != PRIVATE_HOSTS}
    return msgspec.structs.replace(account, settings=settings | ({PRIVATE_HOSTS: hosts} if hosts else {}))


def host_name(text: str) -> str:
    """A host as it is compared, from a name or an address such as `https://host:1/x`: small letters, no brackets."""
    host = text.strip().lower()
    if "//" in host:
        try:
            host = urlsplit(host).hostname or ""
        except ValueError:
            return host
    host = host.rstrip(".").strip("[]")
    try:
        return str(ip_address(host))
    except ValueError:
        return host


def is_public(address: Address) -> bool:
    """Whether an address is one of the public internet; an IPv4 address inside an IPv6 one is judged as what it is."""
    inner = _inside(address)
    if inner is not None:
        return is_public(inner)
    is_local = isinstance(address, IPv6Address) and (address.is_site_local or address in _TRANSLATED_AT_HOME)
    return address.is_global and not (address.is_multicast or address.is_reserved or is_local)


async def refuse_private(url: str, allowed: frozenset[str]) -> None:
    """Judge an address before it is kept. A name that cannot be looked up now is judged when it is connected to.

    Raises Terminal `private_address`, `wrong_address`.
    """
    try:
        host, port = urlsplit(url).hostname, urlsplit(url).port
    except ValueError as error:
        raise Terminal("wrong_address", f"地址无法解析 | the address cannot be read: {error}") from error
    if not host:
        return
    try:
        found = await _look_up(host, port or 443, WAIT_SECONDS_MAX)
    except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
        return
    _judged(host, found, allowed)


async def judged(host: str, port: int, account: Account) -> list[str]:
    """The addresses of a host that this account may connect to. Raises Terminal `private_address`, Transient."""
    try:
        found = await _look_up(host, port, WAIT_SECONDS_MAX)
    except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
        raise Transient("unreachable", str(error)) from error
    return [str(address) for address in _judged(host, found, allowed_hosts(account))]


async def _look_up(host: str, port: int, seconds: float | None) -> list[Address]:
    try:
        async with asyncio.timeout(seconds):
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except TimeoutError as error:
        raise httpcore2.ConnectTimeout(f"{host} was not looked up in time") from error
    except (OSError, UnicodeError) as error:
        raise httpcore2.ConnectError(f"{host} cannot be looked up: {error}") from error
    return list(dict.fromkeys(ip_address(str(row[4][0]).partition("%")[0]) for row in found))


def _judged(host: str, addresses: Sequence[Address], allowed: frozenset[str]) -> list[Address]:
    chosen = [a for a in addresses if is_public(a)] if host_name(host) not in allowed else list(addresses)
    if not chosen:
        raise Terminal(
            "private_address",
            f"{host} 是内网或本机地址，未获准；确需连接时请管理员运行 orderloom accounts private 账号 --allow {host}"
            f"，接入时则加 --allow-private {host} | "
            f"{host} is a private address and not allowed; if it is meant, an administrator runs "
            f"orderloom accounts private ACCOUNT --allow {host}, or connects with --allow-private {host}")
    return chosen[:ADDRESSES_TRIED_MAX]


async def _read(answer: httpx2.Response, keep: int | None) -> bytes:
    """The unpacked body, or its first `keep` bytes. Raises Transient `answer_too_large`: what was done is unknown."""
    most = ANSWER_BYTES_MAX if keep is None else keep
    parts: list[bytes] = []
    size = 0
    async for part in answer.aiter_bytes():
        size += len(part)
        parts.append(part)
        if size > most or answer.num_bytes_downloaded > most:
            if keep is None:
                raise too_large(most)
            break
    return b"".join(parts)[:most]


def too_large(most: int) -> Trouble:
    """What an answer over the limit means: nobody knows what the other side did, so it is asked again."""
    size = f"{most >> 20} MB"
    return Transient("answer_too_large", f"应答超过 {size}，已停止读取 | the answer is over {size}: it was not read")


def _dropped(request: httpx2.Request) -> tuple[str, ...]:
    """Headers that tell of the body as it travelled; of HEAD they tell of a body that did not."""
    return () if request.method == "HEAD" else ("content-encoding", "content-length", "transfer-encoding")


def _inside(address: Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 one stands for: mapped, compatible, 6to4, Teredo, translated."""
    if isinstance(address, IPv4Address):
        return None
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if address in _TRANSLATED:
        return IPv4Address(int(address) & _MAPPED_BITS)
    return None
