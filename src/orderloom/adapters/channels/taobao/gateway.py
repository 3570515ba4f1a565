"""One call of the Taobao Open Platform: form, signature, and the answer or its refusal as `Transient` / `Terminal`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone

import httpx2
import msgspec

from orderloom.adapters.channels.taobao.signing import sign
from orderloom.application.ports import Account, Terminal, Transient, Trouble

CHINA = timezone(timedelta(hours=8))
BAN_SECONDS_DEFAULT = 1.0
ANSWER_EXCERPT_MAX = 2_000
_BAN = re.compile(r"(\d+)\s*(?:more\s*)?(?:seconds|秒)")
_RETRIED_CODES = frozenset({"10"})
"""Service unavailable; every other code without an `isp.` sub code is the caller's to mend."""


class ErrorResponse(msgspec.Struct, frozen=True):
    """The platform's no. `sub_code` starts with `isp.` when the platform is at fault and `isv.` when we are."""

    code: int | str = ""
    msg: str = ""
    sub_code: str = ""
    sub_msg: str = ""


class Reply(msgspec.Struct, frozen=True):
    """The exact bytes of an answer and the character set that its header declares (empty: none)."""

    body: bytes
    charset: str
    content_type: str


def local_text(at: datetime) -> str:
    """Write an instant the way the platform does: China time, to the second."""
    return at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")


async def call(api: str, parameters: Mapping[str, str], account: Account, http: httpx2.AsyncClient) -> Reply:
    """Call `api`, signed for this moment, and return its answer, which may still be unreadable.

    Raises Transient for network trouble, 5xx, rate limits and `isp.` codes; Terminal for every other refusal.
    """
    method = str(account.settings.get("sign_method") or "hmac-sha256")
    form = {
        "method": api,
        "app_key": account.credentials["app_key"],
        "session": account.credentials["session"],
        "timestamp": local_text(datetime.now(UTC)),
        "format": "json",
        "v": "2.0",
        "sign_method": method,
        **parameters,
    }
    form["sign"] = sign(form, account.credentials["app_secret"], method)
    try:
        response = await http.post(account.base_url, data=form)
    except httpx2.TransportError as error:
        raise Transient("unreachable", f"{api}: {type(error).__name__} {error}") from error
    body = response.content
    if response.status_code >= 500 or response.status_code == 429:
        raise Transient(f"http_{response.status_code}", api, answer=body[:ANSWER_EXCERPT_MAX])
    if response.status_code >= 400:
        raise Terminal(f"http_{response.status_code}", api, answer=body[:ANSWER_EXCERPT_MAX])
    _raise_refusal(api, body)
    return Reply(body, response.charset_encoding or "", response.headers.get("content-type", ""))


def _raise_refusal(api: str, body: bytes) -> None:
    """Raise what an `error_response` means; a body that is none, readable or not, is left to the caller."""
    if b'"error_response"' not in body[:200]:
        return
    try:
        document = msgspec.json.decode(as_utf8(body))
    except msgspec.DecodeError:
        return
    told = document.get("error_response") if isinstance(document, dict) else None
    if isinstance(told, dict):
        # A part that is null or of another kind makes the no no yes.
        parts = [str(told.get(name) or "") for name in ErrorResponse.__struct_fields__]
        raise trouble_of(api, ErrorResponse(*parts), body)


def must_answer(api: str, reply: Reply) -> None:
    """Raise Transient unless this is the answer to `api`: with a proxy's page under HTTP 200 nothing was done."""
    name = f"{api.removeprefix('taobao.').replace('.', '_')}_response"
    try:
        document = msgspec.json.decode(as_utf8(reply.body))
    except msgspec.DecodeError as error:
        raise Transient("unreadable_answer", f"{api}: {error}", answer=reply.body[:ANSWER_EXCERPT_MAX]) from error
    if not isinstance(document, dict) or name not in document:
        raise Transient("unreadable_answer", f"{api}: no {name}", answer=reply.body[:ANSWER_EXCERPT_MAX])


def trouble_of(api: str, error: ErrorResponse, body: bytes) -> Trouble:
    """Tell a refusal that passes by itself from one that a person must mend."""
    code = error.sub_code or str(error.code)
    message = f"{api}: {error.sub_msg or error.msg} (code {error.code})"
    answer = body[:ANSWER_EXCERPT_MAX]
    if str(error.code) == "7":
        ban = _BAN.search(error.sub_msg)
        return Transient(code, message, retry_after=float(ban.group(1)) if ban else BAN_SECONDS_DEFAULT, answer=answer)
    if error.sub_code.startswith("isp.") or (not error.sub_code and str(error.code) in _RETRIED_CODES):
        return Transient(code, message, answer=answer)
    return Terminal(code, message, answer=answer)


def as_utf8(body: bytes) -> bytes:
    """The answer in UTF-8, whichever character set it came in."""
    try:
        return body.decode("utf-8").encode()
    except UnicodeDecodeError:
        return body.decode("gb18030", errors="replace").encode()
