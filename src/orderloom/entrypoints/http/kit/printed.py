"""Answers that may be asked for as JSON, or as plain text or CSV to be printed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, TypeVar

import msgspec
from starlette.responses import Response

from orderloom.entrypoints.http.kit.wire import as_seen, reply, spoken

T = TypeVar("T", bound=msgspec.Struct)
Form = Literal["json", "text", "csv"]
TYPES = {"text": "text/plain", "csv": "text/csv"}


def printable(answer: type, *, problems: tuple[int, ...]) -> dict[str, Any]:
    """As `spoken`, of an answer that has these forms."""
    told = spoken(answer, problems=problems)
    told["responses"][200]["content"] |= {kind: {"schema": {"type": "string"}} for kind in TYPES.values()}
    return told


def printed(form: Form, found: T, as_text: Callable[[T], str], as_csv: Callable[[T], str]) -> Response:
    """The answer in the form that is wanted."""
    if form == "json":
        return reply(found)
    found = as_seen(found)
    return Response(as_text(found) if form == "text" else as_csv(found), media_type=TYPES[form])
