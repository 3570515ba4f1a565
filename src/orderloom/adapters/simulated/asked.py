"""A request as a simulator reads it, and what a simulator declares of each call that it knows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import orjson
from starlette.requests import Request


class Looked(dict[str, Any]):
    """Arguments that know which of them somebody looked at; naming all of them in a row looks at none."""

    def __init__(self, held: Mapping[str, Any], looked: set[str] | None = None) -> None:
        super().__init__(held)
        self.looked = set[str]() if looked is None else looked

    def __getitem__(self, name: str) -> Any:
        self.looked.add(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        """A look, as `[]` is one."""
        self.looked.add(name)
        return super().get(name, default)


class Whole(Looked):
    """A query of which who goes through all of it looked at all of it."""

    def __iter__(self) -> Iterator[str]:
        self.looked.update(super().keys())
        return super().__iter__()

    def items(self) -> Any:
        """All names and values."""
        self.looked.update(super().keys())
        return super().items()


@dataclass(slots=True)
class Asked:
    """One request. `args`: query, form (or the JSON object of the body) in one; `parts`: what the path holds."""

    name: str
    method: str
    url: str
    path: str
    query: dict[str, str]
    headers: Mapping[str, str]
    body: bytes
    form: dict[str, str] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)
    args: dict[str, Any] = field(default_factory=dict)

    @property
    def json(self) -> Any:
        """The body as JSON; None when it is none."""
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError:
            return None

    def text(self, name: str, default: str = "") -> str:
        """An argument as text."""
        value = self.args.get(name)
        return default if value is None else str(value)

    def number(self, name: str, default: int) -> int:
        """An argument as a whole number; ValueError when it is something else."""
        return int(self.text(name) or default)


class Call(NamedTuple):
    """A call that the platform documents. `known`: its parameters' names, any other is refused.

    `at` is "GET /path/{id}" where the path says what is asked; empty where one address serves all calls and a
    parameter names them. `is_write`: trouble of writes (a lost answer) strikes here. `is_open`: nobody signs it.
    `is_spared`: a call that others need first (a token); only trouble that names it strikes there.
    """

    answer: Callable[[Asked], Any]
    known: str = ""
    at: str = ""
    is_write: bool = False
    is_open: bool = False
    is_spared: bool = False


async def read(request: Request, name: str = "") -> Asked:
    """Read a request. The first of several values of a query parameter counts as none: the last one does."""
    body, query = await request.body(), dict(request.query_params)
    headers = {key.lower(): value for key, value in request.headers.items()}
    kind = headers.get("content-type", "")
    form = dict(parse_qsl(body.decode("utf-8", "replace"), True)) if "x-www-form-urlencoded" in kind else {}
    if "multipart/form-data" in kind:
        form = {key: value for key, value in (await request.form()).items() if isinstance(value, str)}
    parts = {key: str(value) for key, value in request.path_params.items()}
    asked = Asked(name, request.method, str(request.url), request.url.path, query, headers, body, form, parts)
    held = asked.json if not form and body[:1] == b"{" and request.method != "GET" else None  # nobody reads it there
    asked.args = {**query, **form, **(held if isinstance(held, dict) else {})}
    return asked
