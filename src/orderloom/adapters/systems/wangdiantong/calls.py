"""One signed call to Wangdiantong, and its many ways of saying no sorted into "try again" and "a person must look"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx2
import msgspec

from orderloom.adapters.systems.wangdiantong import signing
from orderloom.application.ports import Account, Terminal, Transient

TIMEOUT_SECONDS = 30.0
PATH = "/openapi"
RATE_PAUSE_SECONDS = 300.0
"""The platform asks to leave the interface alone for 5 to 10 minutes after a rate refusal."""

RATE_WORDS = ("最大调用频率", "最大并发", "频率限制", "并发限制")
PASSING_WORDS = ("稍后重试", "稍后再试", "系统繁忙", "系统正忙", "请求超时", "锁等待")
PASSING_STATUSES = {4: "database", 5: "database", 7: "clock_skew", 99: "platform"}
"""A clock that is off is mended on the machine; the message itself is right and may be sent again."""

_ENCODER = msgspec.json.Encoder(decimal_format="number")
_NUMBERS = msgspec.json.Decoder(float_hook=Decimal)


class _Answer(msgspec.Struct):
    status: int
    message: str = ""
    data: msgspec.Raw = msgspec.Raw()


def passing(text: str) -> float | None:
    """Seconds to wait when the platform's words mean "not now"; None when they mean no."""
    if any(word in text for word in RATE_WORDS):
        return RATE_PAUSE_SECONDS
    return 0.0 if any(word in text for word in PASSING_WORDS) else None


def refuse(status: int, message: str, raw: bytes) -> None:
    """Raise for a `status` other than 0: `Transient` for what passes, `Terminal` for what stays."""
    pause = passing(message)
    if pause is not None:
        raise Transient("rate_limited" if pause else "busy", message, retry_after=pause, answer=raw)
    if status in PASSING_STATUSES:
        raise Transient(PASSING_STATUSES[status], message, answer=raw)
    raise Terminal(f"status_{status}", message or "refused without a reason", answer=raw)


def read(raw: bytes) -> bytes:
    """The `data` part of an answer, byte for byte. Raises as `refuse`; a body that cannot be read is `Transient`."""
    try:
        answer = msgspec.json.decode(raw, type=_Answer, strict=False)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        words = f"answered 200 with a body that cannot be read: {error}"
        raise Transient("unreadable_answer", words, answer=raw) from error
    if answer.status != 0:
        refuse(answer.status, answer.message, raw)
    return bytes(answer.data) or b"null"


def numbers(data: bytes) -> Any:
    """JSON as Python values, decimals exact."""
    return _NUMBERS.decode(data)


async def call(
    account: Account, http: httpx2.AsyncClient, method: str, args: Sequence[Any], pager: Mapping[str, int] | None = None
) -> bytes:
    """POST one call and return the body as received, status not yet looked at (see `read`).

    `pager` holds page_size, page_no (from 0) and calc_total. Raises `Transient` for a timeout, a lost connection, 429
    and 5xx, `Terminal` for other HTTP statuses.
    """
    body = _ENCODER.encode(args)
    paging = {name: str(value) for name, value in (pager or {}).items()}
    query = signing.query(account.credentials, method, body.decode(), datetime.now(UTC), paging)
    url = account.base_url.rstrip("/") + PATH
    headers = {"content-type": "application/json"}
    try:
        response = await http.post(url, params=query, content=body, timeout=TIMEOUT_SECONDS, headers=headers)
    except httpx2.TransportError as error:
        raise Transient("unreachable", f"{type(error).__name__}: {error}") from error
    if response.status_code == 429 or response.status_code >= 500:
        pause = RATE_PAUSE_SECONDS if response.status_code == 429 else 0.0
        code = f"http_{response.status_code}"
        raise Transient(code, "the platform is unwell", retry_after=pause, answer=response.content)
    if response.status_code != 200:
        raise Terminal(f"http_{response.status_code}", "not the platform's address?", answer=response.content)
    return response.content
