"""What somebody prepares before it holds: an account half connected, a sample that a mapping is made with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple, Protocol

import msgspec

from orderloom.application.not_kept import NotKept
from orderloom.application.within import Within

STEPS = ("credentials", "test", "sample", "preview")
SAMPLE_BYTES_MAX = 5 << 20


class KeptSample(NamedTuple):
    """A sample as it was uploaded."""

    name: str
    body: bytes
    by: str
    at: datetime


class StoredDraft(NamedTuple):
    """An account half connected; `sealed` are its keys, opened."""

    id: str
    connector: str
    told: str
    sealed: bytes
    by: str
    made_at: datetime
    changed_at: datetime


class Preparing(Protocol):
    """Where preparations are kept, in one transaction."""

    async def keep_sample(self, account_id: int, topic: str, name: str, body: bytes, by: str) -> None: ...
    async def sample(self, account_id: int, topic: str) -> KeptSample | None: ...
    async def drop_sample(self, account_id: int, topic: str) -> None: ...
    async def keep_draft(self, draft_id: str, connector: str, told: str, sealed: bytes, by: str) -> str: ...
    async def drafts(self, draft_id: str | None = None) -> list[StoredDraft]: ...
    async def drop_draft(self, draft_id: str) -> None: ...


class ConnectForm(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was filled in so far, but for the credentials; `account` once it is kept."""

    code: str = ""
    title: str = ""
    zone: str = ""
    base_url: str = ""
    settings: dict[str, Any] = {}
    allow_private: list[str] = []
    since: str = ""
    step: str = "credentials"
    account: str = ""


class ConnectDraft(msgspec.Struct, frozen=True):
    """An account half connected. Of credentials only which are filled in is told."""

    id: str
    connector: str
    form: ConnectForm
    filled: list[str]
    by: str
    changed_at: datetime


class OpenedDraft(NamedTuple):
    """The same with its credentials, for whoever tries it."""

    draft: ConnectDraft
    credentials: dict[str, str]


async def keep_connect_draft(
    within: Within[Preparing], draft_id: str, connector: str, form: ConnectForm, credentials: Mapping[str, str],
    by: str,
) -> ConnectDraft:
    """Keep what was filled in; credentials that are not given stay, an empty one is taken away. Raises NotKept."""
    if form.step not in STEPS:
        raise NotKept("wrong_value", f"step 只能是 {'、'.join(STEPS)}", f"step is one of {', '.join(STEPS)}")
    async with within() as store:
        before = await store.drafts(draft_id) if draft_id else []
        if draft_id and not before:
            raise _none(draft_id)
        kept = msgspec.json.decode(before[0].sealed, type=dict[str, str]) if before else {}
        held = {name: value for name, value in {**kept, **credentials}.items() if value}
        draft_id = await store.keep_draft(draft_id, connector, msgspec.json.encode(form).decode(),
                                          msgspec.json.encode(held), by)
        found = await store.drafts(draft_id)
    return _opened(found[0]).draft


async def open_connect_draft(within: Within[Preparing], draft_id: str) -> OpenedDraft:
    """A draft with its credentials. Raises NotKept: not_found."""
    async with within() as store:
        found = await store.drafts(draft_id)
    if not found:
        raise _none(draft_id)
    return _opened(found[0])


async def list_connect_drafts(within: Within[Preparing]) -> list[ConnectDraft]:
    """Accounts half connected, the last touched first."""
    async with within() as store:
        return [_opened(one).draft for one in await store.drafts()]


def _opened(stored: StoredDraft) -> OpenedDraft:
    credentials = msgspec.json.decode(stored.sealed, type=dict[str, str])
    form = msgspec.json.decode(stored.told, type=ConnectForm)
    draft = ConnectDraft(stored.id, stored.connector, form, sorted(credentials), stored.by, stored.changed_at)
    return OpenedDraft(draft, credentials)


def _none(draft_id: str) -> NotKept:
    return NotKept("not_found", f"没有接入草稿 {draft_id[:40]}，可能已接入或已过期",
                   f"there is no connection draft {draft_id[:40]}: it may be connected by now, or too old")
