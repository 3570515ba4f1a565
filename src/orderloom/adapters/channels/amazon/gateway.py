"""One SP-API request: token, headers, and the answer or its refusal as `Transient` / `Terminal`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import httpx2
import msgspec

from orderloom.adapters.channels.amazon.signing import REFUSED, TokenStore, headers
from orderloom.application.ports import Account, Terminal, Transient, Trouble

RATE_HEADER = "x-amzn-ratelimit-limit"
RETRY_SECONDS_DEFAULT = 2.0
RETRY_SECONDS_MAX = 120.0
ANSWER_EXCERPT_MAX = 2_000

TOKENS = TokenStore()


class _Error(msgspec.Struct, frozen=True):
    code: str = ""
    message: str = ""


class _Errors(msgspec.Struct, frozen=True):
    errors: list[_Error] = []


async def call(
    method: str,
    path: str,
    account: Account,
    at: datetime,
    http: httpx2.AsyncClient,
    *,
    query: Mapping[str, str] | None = None,
    body: Any = None,
    reads_personal_data: bool = False,
) -> bytes:
    """Send one request at instant `at` and return the answer's exact bytes.

    A refused token (401, 403) is renewed once. Raises Transient for network trouble, 429 and 5xx - `retry_after` comes
    from the rate that the platform states - and Terminal for every other refusal.
    """
    response = await _send(method, path, account, at, http, query, body, reads_personal_data)
    if response.status_code in REFUSED:
        TOKENS.forget(account)
        response = await _send(method, path, account, at, http, query, body, reads_personal_data)
    if response.status_code >= 400:
        raise _refusal(path, response)
    return response.content


async def _send(
    method: str, path: str, account: Account, at: datetime, http: httpx2.AsyncClient,
    query: Mapping[str, str] | None, body: Any, reads_personal_data: bool,
) -> httpx2.Response:
    if reads_personal_data:
        token = await TOKENS.restricted(account, path, at, http)
    else:
        token = await TOKENS.access(account, http)
    content = None if body is None else msgspec.json.encode(body)
    sent = headers(token, at) | ({"content-type": "application/json"} if content is not None else {})
    try:
        return await http.request(method, account.base_url + path, params=query, content=content, headers=sent)
    except httpx2.TransportError as error:
        raise Transient("unreachable", f"{path}: {type(error).__name__} {error}") from error


def _refusal(path: str, response: httpx2.Response) -> Trouble:
    answer = response.content[:ANSWER_EXCERPT_MAX]
    try:
        errors = msgspec.json.decode(response.content, type=_Errors).errors
    except msgspec.DecodeError:
        errors = []
    code = errors[0].code if errors else f"http_{response.status_code}"
    message = f"{path}: HTTP {response.status_code} {errors[0].message if errors else ''}".rstrip()
    if response.status_code == 429:
        return Transient(code, message, retry_after=_wait_seconds(response), answer=answer)
    if response.status_code >= 500:
        return Transient(code, message, answer=answer)
    return Terminal(code, message, answer=answer)


def _wait_seconds(response: httpx2.Response) -> float:
    """The time in which the platform's bucket gains one call; the header is often missing on a 429."""
    try:
        rate = float(response.headers.get(RATE_HEADER, ""))
    except ValueError:
        return RETRY_SECONDS_DEFAULT
    return min(1 / rate, RETRY_SECONDS_MAX) if rate > 0 else RETRY_SECONDS_DEFAULT
