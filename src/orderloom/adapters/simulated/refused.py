"""A simulated platform's no: code, words and HTTP status, which the simulator writes in the platform's shape."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

RATE_LIMITED = "rate_limited"
EXPIRED_TOKEN = "expired_token"
WRONG_TOKEN = "wrong_token"
WRONG_SIGN = "wrong_sign"
WRONG_TIME = "wrong_time"
WRONG_KEY = "wrong_key"
BUSY = "busy"
MISSING = "missing"
UNKNOWN_PARAMETER = "unknown_parameter"
UNKNOWN_CALL = "unknown_call"
WRONG_VALUE = "wrong_value"
NOT_FOUND = "not_found"
WORDS = (RATE_LIMITED, EXPIRED_TOKEN, WRONG_TOKEN, WRONG_SIGN, WRONG_TIME, WRONG_KEY, BUSY, MISSING,
         UNKNOWN_PARAMETER, UNKNOWN_CALL, WRONG_VALUE, NOT_FOUND)
"""Why the kit itself says no; a platform tells in `NOES` how it says each of them."""


class No(NamedTuple):
    """How a platform says no. `{}` in a text is what it is about (a parameter's name, an id)."""

    code: str | int
    message: str
    sub_code: str = ""
    sub_message: str = ""
    status: int = 200
    headers: Mapping[str, str] = MappingProxyType({})


class Refused(Exception):
    """A call that is refused; made by `Platform.no`, or directly with what the platform says."""

    def __init__(
        self, code: str | int, message: str, sub_code: str = "", sub_message: str = "", *, status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(f"{code} {message} {sub_code}".rstrip())
        self.code, self.message, self.sub_code, self.sub_message = code, message, sub_code, sub_message
        self.status, self.headers = status, dict(headers or {})


def refuse(no: No, about: str = "") -> Refused:
    """The exception that says `no` about something."""
    texts = [text.replace("{}", about) for text in (no.message, no.sub_code, no.sub_message)]
    return Refused(no.code, *texts, status=no.status, headers=no.headers)
