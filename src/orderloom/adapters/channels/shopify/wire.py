"""One call to Shopify's Admin API: the address, the token, and what each refusal means for a retry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx2
import msgspec

from orderloom.application.ports import Account, Terminal, Transient

API_VERSION = "2026-04"
TIMEOUT_SECONDS = 30.0
RETRY_AFTER_DEFAULT = 2.0
MESSAGE_LENGTH_MAX = 300
TRYING_AGAIN_HELPS = frozenset({408, 409, 423, 425})
"""423: the shop or the order is locked for a moment; 409: another change to the same record is running."""


async def call(
    http: httpx2.AsyncClient,
    account: Account,
    method: str,
    path: str,
    *,
    params: Mapping[str, str] | None = None,
    body: Any = None,
) -> httpx2.Response:
    """Ask `path` below the versioned Admin API. Returns a 2xx response; raises `Transient` or `Terminal` otherwise."""
    version = account.settings.get("api_version") or API_VERSION
    headers = {"x-shopify-access-token": account.credentials.get("access_token", ""), "accept": "application/json"}
    content = None
    if body is not None:
        content = msgspec.json.encode(body)
        headers["content-type"] = "application/json"
    url = f"{account.base_url.rstrip('/')}/admin/api/{version}/{path}"
    try:
        response = await http.request(
            method, url, params=params, content=content, headers=headers, timeout=TIMEOUT_SECONDS
        )
    except httpx2.HTTPError as error:
        raise Transient("unreachable", f"{type(error).__name__}: {error}") from error
    if not response.is_success:
        raise _refusal(response)
    return response


def decode(response: httpx2.Response, member: str) -> Any:
    """`member` of the JSON of a 2xx. A body that cannot be read is `Transient`: what the call did is unknown."""
    try:
        return msgspec.json.decode(response.content)[member]
    except (msgspec.DecodeError, KeyError, TypeError) as error:
        raise Transient("unreadable_answer", f"{member}: {error}", answer=response.content) from error


def _refusal(response: httpx2.Response) -> Transient | Terminal:
    status, message = response.status_code, _words(response.content)
    if status == 429:
        return Transient("rate_limited", message, retry_after=_retry_after(response), answer=response.content)
    if status >= 500 or status in TRYING_AGAIN_HELPS:
        return Transient(f"http_{status}", message, retry_after=_retry_after(response, 0.0), answer=response.content)
    return Terminal(f"http_{status}", message, answer=response.content)


def _retry_after(response: httpx2.Response, default: float = RETRY_AFTER_DEFAULT) -> float:
    try:
        return max(0.0, float(response.headers.get("retry-after", default)))
    except ValueError:
        return default


def _words(body: bytes) -> str:
    """The `errors` member, which may be a text, a list or an object; else the beginning of the body."""
    try:
        document = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return body[:MESSAGE_LENGTH_MAX].decode("utf-8", "replace")
    errors = document.get("errors", document) if isinstance(document, dict) else document
    if isinstance(errors, dict):
        errors = "; ".join(f"{field}: {_joined(said)}" for field, said in errors.items())
    return _joined(errors)[:MESSAGE_LENGTH_MAX]


def _joined(said: Any) -> str:
    return ", ".join(str(one) for one in said) if isinstance(said, list) else str(said)
