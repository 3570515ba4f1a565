"""Write a note on an order: what was heard or promised, for colleagues who are named by @. Notes are only added."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from orderloom.application.not_kept import NotKept
from orderloom.application.within import Within

BODY_MAX, MENTIONS_MAX = 2_000, 20
PROMISE_MAX = timedelta(days=366)
_MENTION = re.compile(r"@([\w.\-]{1,80})")


class NoteWritten(msgspec.Struct, frozen=True):
    """A note as it is kept. `mentions` are users; `contacted_at`: when the buyer was spoken to; `promised_at`: until
    when something was promised to the buyer - of an order the newest of each counts."""

    id: str
    order_id: str
    at: datetime
    by: str
    body: str
    mentions: list[str]
    contacted_at: datetime | None = None
    promised_at: datetime | None = None


class NoteBook(Protocol):
    """Where notes are kept, in one transaction."""

    async def users(self, names: Sequence[str]) -> list[str]:
        """Those of the names that are users who may log in."""
    async def add(self, note: NoteWritten) -> None: ...
    async def see(self, name: str, upto: datetime) -> None: ...


async def write_note(within: Within[NoteBook], note: NoteWritten) -> NoteWritten:
    """Keep the note; whoever is named with @ and is a user is mentioned. Raises NotKept."""
    body = note.body.strip()
    if not body or len(body) > BODY_MAX:
        raise NotKept("wrong_value", f"备注：1 到 {BODY_MAX} 个字", f"a note has 1 to {BODY_MAX} characters")
    if note.contacted_at is not None and note.contacted_at > note.at + timedelta(minutes=5):
        raise NotKept("wrong_value", "联系时间不能在将来", "the contact cannot be in the future")
    if note.promised_at is not None and not note.at < note.promised_at <= note.at + PROMISE_MAX:
        raise NotKept("wrong_value", "答应的时间要在将来一年之内", "what is promised lies within the coming year")
    async with within() as book:
        named = list(dict.fromkeys(_MENTION.findall(body)))[:MENTIONS_MAX]
        kept = msgspec.structs.replace(note, body=body, mentions=await book.users(named) if named else [])
        await book.add(kept)
    return kept


async def see_mentions(within: Within[NoteBook], name: str, upto: datetime) -> None:
    """Note that a person has seen who mentioned them up to then."""
    async with within() as book:
        await book.see(name, upto)
