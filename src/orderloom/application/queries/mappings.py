"""Edited mappings with their versions, and the messages that they are tried on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from fnmatch import translate as as_regex

import msgspec

from orderloom.application.queries.sql import Connection
from orderloom.statements import beside

SQL = beside(__file__)
STATES = ("draft", "in_force", "before")
VERSIONS_MAX, SAMPLES_MAX = 100, 50


class MappingVersionView(msgspec.Struct, frozen=True):
    """A version: `state` is draft, in_force or before; `trial` says how it was tried, null when it was not."""

    account: str
    topic: str
    version: int
    state: str
    author: str
    reason: str
    digest: str
    changed_at: datetime
    published_at: datetime | None
    trial: msgspec.Raw | None = None


class SampleView(msgspec.Struct, frozen=True):
    """A message that a mapping may be tried on, without its bytes. `mapping`: which edited mapping read it."""

    id: str
    topic: str
    received_at: datetime
    body_size: int
    outcome: str
    reason: str
    event_id: str
    mapping: str | None


async def list_versions(
    connection: Connection, account_id: int, topic: str | None = None, states: Sequence[str] = STATES,
) -> list[MappingVersionView]:
    """Versions of an account's mappings, the newest first."""
    rows = await (await connection.execute(SQL["versions"], {
        "account": account_id, "topic": topic, "states": list(states), "limit": VERSIONS_MAX})).fetchall()
    return [MappingVersionView(*[*row[:9], msgspec.Raw(row[9].encode()) if row[9] else None]) for row in rows]


async def read_content(connection: Connection, account_id: int, topic: str, version: int) -> str | None:
    """What a version says, as it is stored."""
    given = {"account": account_id, "topic": topic, "version": version}
    row = await (await connection.execute(SQL["content"], given)).fetchone()
    return str(row[0]) if row else None


async def list_samples(connection: Connection, account_id: int, topics: Sequence[str]) -> list[SampleView]:
    """The last messages whose topic fits one of the globs."""
    pattern = "^(" + "|".join(_posix(one) for one in topics) + ")$"
    rows = await (await connection.execute(SQL["samples"], {
        "account": account_id, "topics": pattern, "limit": SAMPLES_MAX})).fetchall()
    return [SampleView(*row) for row in rows]


def _posix(glob: str) -> str:
    """A glob as PostgreSQL's regular expressions say it."""
    inside = re.sub(r"^\(\?s:|\)\\[zZ]$|\\[zZ]$", "", as_regex(glob))
    return inside.replace("(?>.*?", "(.*?")


class SealedSample(msgspec.Struct, frozen=True):
    """A message with its sealed bytes."""

    id: str
    topic: str
    received_at: datetime
    headers: str
    cipher: bytes


async def read_bodies(connection: Connection, account_id: int, ids: Sequence[str]) -> list[SealedSample]:
    """These messages of an account."""
    rows = await (await connection.execute(SQL["bodies"], {"account": account_id, "ids": list(ids)})).fetchall()
    return [SealedSample(row[0], row[1], row[2], row[3], bytes(row[4])) for row in rows]
