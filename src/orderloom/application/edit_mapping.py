"""Edit the mapping of one account: keep a draft, publish it with a reason after a trial, go back to an earlier version.

The connector's folder is the default and never changes; an account's edits lie on top of it, version by version.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol

import msgspec

from orderloom.application.directory import Directory
from orderloom.application.not_kept import NotKept
from orderloom.application.ports import Account
from orderloom.application.within import Within
from orderloom.blueprint.mapping import Mappings
from orderloom.blueprint.mapping.check import Mistake
from orderloom.blueprint.mapping.mistake_words import MistakeTold, mistake_told
from orderloom.blueprint.mapping.override import Edited, keys_of, overridden, read_edited, written
from orderloom.domain.override import WORDS, Override

REASON_MIN = 4
CONTENT_MAX = 300_000
"""Characters of an edited mapping."""


class StoredVersion(NamedTuple):
    """A version as stored; `trial` is empty until it was tried."""

    version: int
    state: str
    content: str
    digest: str
    author: str
    trial: str


class MappingVersions(Protocol):
    """Where edited mappings are kept, in one transaction."""

    async def lock(self, account_id: int) -> None: ...
    async def in_force(self, account_id: int) -> list[Override]: ...
    async def draft(self, account_id: int, topic: str) -> StoredVersion | None: ...
    async def version(self, account_id: int, topic: str, version: int) -> StoredVersion | None: ...
    async def save_draft(self, account_id: int, topic: str, content: str, digest: str, author: str) -> int: ...
    async def drop_draft(self, account_id: int, topic: str) -> bool: ...
    async def note_trial(self, account_id: int, topic: str, digest: str, trial: str) -> None: ...
    async def put_in_force(self, account_id: int, topic: str, author: str, reason: str) -> int: ...
    async def retire(self, account_id: int, topic: str) -> int | None: ...


class MappingPorts(Protocol):
    """Ports of the hub."""

    @property
    def mappings(self) -> Within[MappingVersions]: ...


class EditingHub(Protocol):
    """What of the hub is needed."""

    @property
    def ports(self) -> MappingPorts: ...
    @property
    def mappings(self) -> Mappings: ...
    @property
    def wrong_columns(self) -> Callable[[Mapping[str, str]], list[str]]: ...
    async def directory(self) -> Directory: ...


class DraftKept(msgspec.Struct, frozen=True):
    """The draft as it is kept now; `mistakes` stand in the way of its trial."""

    account: str
    topic: str
    version: int
    digest: str
    mistakes: list[MistakeTold]


class MappingPublished(msgspec.Struct, frozen=True):
    """Which version holds from now on; 0: the connector's own."""

    account: str
    topic: str
    version: int


def check_edited(hub: EditingHub, account: Account, topic: str, edited: Edited) -> list[Mistake]:
    """Every mistake in what was edited, with its place."""
    content, digest = written(edited)
    found = overridden(hub.mappings.of(account.connector), [Override(topic, 0, digest, content)], account.connector)
    mistakes = list(found) if isinstance(found, tuple) else []
    return mistakes + [Mistake("", 0, topic, f"columns.{name}", "is no column of the hub's")
                       for name in hub.wrong_columns(edited.columns)]


def check_topic(hub: EditingHub, account: Account, topic: str) -> None:
    """Raises NotKept for a topic that the connector's mapping does not have; where it has none any will do."""
    base = hub.mappings.of(account.connector)
    known = keys_of([one.said for one in base.documents]) if base else []
    if topic != WORDS and known and topic not in known:
        raise NotKept("not_found", f"{account.connector} 没有主题“{topic[:60]}”，有：{'、'.join(known)}",
                      f"{account.connector} has no topic {topic[:60]!r}; it has {', '.join(known)}")


async def save_draft(
    hub: EditingHub, code: str, topic: str, edited: Edited, author: str, known: str = "",
) -> DraftKept:
    """Keep a draft, mistakes and all. `known` is the digest of the draft that it was made from (empty: there was none);
    another one there is a conflict. Raises NotKept: not_found, too_large, draft_moved."""
    account = (await hub.directory()).account_named(code)
    check_topic(hub, account, topic)
    content, digest = written(edited)
    if len(content) > CONTENT_MAX:
        raise NotKept("wrong_value", f"映射最多 {CONTENT_MAX} 字", f"a mapping has {CONTENT_MAX} characters at most")
    async with hub.ports.mappings() as versions:
        await versions.lock(account.id)
        before = await versions.draft(account.id, topic)
        if before is not None and before.digest not in (known, digest):
            raise NotKept("draft_moved", f"{before.author} 刚改过这份草稿，请先看他的改动",
                          f"{before.author} has just changed this draft: look at that first")
        version = await versions.save_draft(account.id, topic, content, digest, author)
    mistakes = check_edited(hub, account, topic, edited)
    return DraftKept(account.code, topic, version, digest, [mistake_told(one) for one in mistakes])


async def drop_draft(hub: EditingHub, code: str, topic: str) -> None:
    """Forget a draft. Raises NotKept: not_found."""
    account = (await hub.directory()).account_named(code)
    async with hub.ports.mappings() as versions:
        if not await versions.drop_draft(account.id, topic):
            raise _no_draft(topic)


async def publish_mapping(
    hub: EditingHub, code: str, topic: str, digest: str, author: str, reason: str, *, is_forced: bool = False,
) -> MappingPublished:
    """The draft with this digest holds from now on. It must be whole and have been tried; where the trial found
    messages that were read before and would not be any more, somebody has to insist.

    Raises NotKept: not_found, draft_moved, mapping_wrong, trial_needed, trial_failed, wrong_value.
    """
    account = (await hub.directory()).account_named(code)
    _must_have_reason(reason)
    async with hub.ports.mappings() as versions:
        await versions.lock(account.id)
        draft = await versions.draft(account.id, topic)
        if draft is None:
            raise _no_draft(topic)
        if draft.digest != digest:
            raise NotKept("draft_moved", f"草稿已被 {draft.author} 改过，请重新试跑",
                          f"{draft.author} changed the draft meanwhile: try it again")
        if mistakes := check_edited(hub, account, topic, read_edited(draft.content)):
            first = mistake_told(mistakes[0])
            raise NotKept("mapping_wrong", f"映射还有 {len(mistakes)} 处错误：{first.title.zh} {first.reason.zh}",
                          f"the mapping has {len(mistakes)} mistakes: {first.title.en} {first.reason.en}")
        _must_be_tried(draft, is_forced=is_forced)
        version = await versions.put_in_force(account.id, topic, author, reason.strip())
    return MappingPublished(account.code, topic, version)


async def roll_back_mapping(
    hub: EditingHub, code: str, topic: str, version: int, author: str, reason: str,
) -> MappingPublished:
    """An earlier version holds again, as a new one; 0 is the connector's own. A draft stays as it is.

    Raises NotKept: not_found, wrong_value, nothing_to_change.
    """
    account = (await hub.directory()).account_named(code)
    _must_have_reason(reason)
    async with hub.ports.mappings() as versions:
        await versions.lock(account.id)
        if version == 0:
            if await versions.retire(account.id, topic) is None:
                raise NotKept("nothing_to_change", "现在用的就是连接器自带的映射",
                              "the connector's own mapping holds already")
            return MappingPublished(account.code, topic, 0)
        wanted = await versions.version(account.id, topic, version)
        if wanted is None or wanted.state == "draft":
            raise NotKept("not_found", f"没有第 {version} 版", f"there is no version {version}")
        if wanted.state == "in_force":
            raise NotKept("nothing_to_change", f"现在用的就是第 {version} 版", f"version {version} holds already")
        new = await _publish(versions, account.id, topic, wanted.content, wanted.digest, author, reason)
    return MappingPublished(account.code, topic, new)


async def map_status(
    hub: EditingHub, code: str, dictionary: str, word: str, meaning: Mapping[str, Any], author: str, reason: str,
) -> MappingPublished:
    """Tell what a platform's word means, for one account: a new version of its words, in force at once. What waited for
    the word goes on. Raises NotKept: not_found, mapping_wrong, wrong_value."""
    account = (await hub.directory()).account_named(code)
    _must_have_reason(reason)
    base = hub.mappings.of(account.connector)
    known = list(base.dictionaries) if base else []
    if dictionary not in known:
        raise NotKept("not_found", f"没有状态字典“{dictionary[:60]}”，有：{'、'.join(known)}",
                      f"there is no dictionary {dictionary[:60]!r}; there are {', '.join(known)}")
    async with hub.ports.mappings() as versions:
        await versions.lock(account.id)
        held = next((one for one in await versions.in_force(account.id) if one.topic == WORDS), None)
        before = read_edited(held.content) if held else Edited()
        told = {**before.words, dictionary: {**before.words.get(dictionary, {}), word: dict(meaning)}}
        edited = Edited(words=told)
        if mistakes := check_edited(hub, account, WORDS, edited):
            first = mistake_told(mistakes[0])
            raise NotKept("mapping_wrong", f"这个含义不能用：{first.field} {first.reason.zh}",
                          f"the meaning cannot be used: {first.field} {first.reason.en}")
        version = await _publish(versions, account.id, WORDS, *written(edited), author, reason)
    return MappingPublished(account.code, WORDS, version)


async def _publish(
    versions: MappingVersions, account_id: int, topic: str, content: str, digest: str, author: str, reason: str,
) -> int:
    """Put a content in force beside whatever draft there is, which is kept."""
    draft = await versions.draft(account_id, topic)
    await versions.drop_draft(account_id, topic)
    await versions.save_draft(account_id, topic, content, digest, author)
    version = await versions.put_in_force(account_id, topic, author, reason.strip())
    if draft is not None:
        await versions.save_draft(account_id, topic, draft.content, draft.digest, draft.author)
    return version


def _must_have_reason(reason: str) -> None:
    if len(reason.strip()) < REASON_MIN:
        raise NotKept("wrong_value", f"reason：写明为什么改，至少 {REASON_MIN} 个字",
                      f"reason: say why, in {REASON_MIN} characters at least")


def _must_be_tried(draft: StoredVersion, *, is_forced: bool) -> None:
    if not draft.trial:
        raise NotKept("trial_needed", "发布前先试跑最近的消息", "try it on the last messages before it is published")
    worse = int(msgspec.json.decode(draft.trial).get("worse", 0))
    if worse and not is_forced:
        raise NotKept("trial_failed", f"试跑中有 {worse} 条原来读得出的消息读不出了；改好再试，或写明理由强制发布",
                      f"{worse} messages that are read now would not be any more: mend it and try again, or insist")


def _no_draft(topic: str) -> NotKept:
    return NotKept("not_found", f"{topic} 没有草稿", f"{topic} has no draft")
