"""Calls by name for clients that have a class for each call: one that such a client lacks is a few lines."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit


def call(kind: Any, base: str, name: str, app: Any, params: dict[str, Any]) -> Any:
    """One call, by the client's own base class `kind`, with its parameters as attributes, as of its own classes."""

    class Call(kind):  # type: ignore[misc]
        def getapiname(self) -> str:
            return name

    at = urlsplit(base)
    made: Any = Call(at.hostname, at.port)
    made._RestApi__name = name
    made.set_app_info(app)
    for parameter, value in params.items():
        setattr(made, parameter, value)
    return made
