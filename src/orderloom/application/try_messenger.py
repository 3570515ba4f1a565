"""Send a message that says it is a trial, the way that all messages go: who sees it knows that people can be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

import msgspec

from orderloom.application.directory import Directory
from orderloom.application.not_kept import NotKept, unknown
from orderloom.application.notices import LeavingMessage
from orderloom.application.notify import messengers_of
from orderloom.application.ports import Manifest
from orderloom.application.within import Within
from orderloom.domain.notify.rule import ROOM
from orderloom.domain.words import ROLES, Words

TITLE = Words("织单测试消息", "Orderloom: a trial message")
TEXT = Words("收到这条消息，说明通知已接通。", "You read this, so people can be told.")
FIELDS = {"kind": "测试 trial", "severity": "低", "order": "TEST", "account": "TEST", "owner": "测试 trial",
          "subject": "TEST", "mend": "-", "due_at": "-", "case": "-", "at": "-", "rule": "测试 trial", "count": "1"}


class TrialBook(Protocol):
    """Where messages are queued, in one transaction."""

    async def directory(self) -> Directory: ...
    async def addresses(self) -> set[tuple[str, int]]: ...
    async def hand_over(self, account_id: int, leaving: Sequence[LeavingMessage], at: datetime) -> list[str]: ...


class TrialQueued(msgspec.Struct, frozen=True):
    """The delivery that becomes of it: `orderloom deliveries show` says how it ended."""

    account: str
    recipient: str
    delivery_id: str


async def try_messenger(
    within: Within[TrialBook], manifests: Mapping[str, Manifest], account: str, recipient: str, at: datetime,
) -> TrialQueued:
    """Queue a trial message to a room, or to a recipient that has an address there. Raises NotKept."""
    async with within() as book:
        directory = await book.directory()
        known = {one.code: one for one in messengers_of(directory, manifests)}
        if account not in known:
            raise unknown(Words("启用的通知账号", "messenger account that is on"), account, known)
        messenger = known[account]
        people = {*directory.blueprints[directory.blueprint_active].notifications.recipients, *ROLES}
        if recipient and recipient not in people:
            raise unknown(Words("接收人", "recipient"), recipient, people)
        to = ROOM if messenger.is_room else recipient
        if not messenger.is_room and (to, messenger.account_id) not in await book.addresses():
            raise NotKept("not_found", f"{recipient or '接收人'} 在 {account} 没有地址；运行 orderloom recipients set",
                          f"{recipient or 'the recipient'} has no address at {account}: orderloom recipients set")
        body = _body(directory, messenger.account_id, to, at)
        [delivery] = await book.hand_over(messenger.account_id, [LeavingMessage((), body)], at)
    return TrialQueued(account, to, delivery)


def _body(directory: Directory, account_id: int, to: str, at: datetime) -> dict[str, Any]:
    settings = directory.accounts[account_id].settings
    language = str(settings.get("language") or "zh")
    names = settings.get("field_names") or {name: name for name in FIELDS}
    title, text = (TITLE.en, TEXT.en) if language == "en" else (TITLE.zh, TEXT.zh)
    return {"to": to, "at": at.isoformat(), "template": "case", "language": language, "severity": "low", "count": 1,
            "title": title, "text": text, "fields": {theirs: FIELDS.get(ours, "-") for ours, theirs in names.items()}}
