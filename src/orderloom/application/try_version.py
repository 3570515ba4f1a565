"""Try another version of a platform's API: yesterday's orders read by it, compared with what is stored. Nothing lands.

The orders are asked for anew, for a version is another way to ask, and not only another way to write; those that have
changed since are left out of the comparison.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from orderloom.application.directory import Directory
from orderloom.application.foresee import Foreseen
from orderloom.application.not_kept import NotKept
from orderloom.application.ports import Account, Connector, Cursor, Manifest
from orderloom.application.replay_chosen import AHEAD_CHUNK, Chosen, Replays, check_chosen
from orderloom.application.sources.hub import WayOut
from orderloom.application.translate import Readers, translate
from orderloom.application.within import Within
from orderloom.domain.draft import OrderDraft
from orderloom.domain.draft_difference import draft_differences

BACK = timedelta(days=1)
ORDERS_MAX, PAGES_MAX = 2_000, 500
EXAMPLES_MAX = 20
Drafts = dict[str, OrderDraft]


class FieldTold(msgspec.Struct, frozen=True):
    """A field of which the versions say something else: in how many orders, and in the first of them."""

    field: str
    orders: int
    external_id: str
    stored: str
    tried: str


class VersionTrial(msgspec.Struct, frozen=True):
    """What became of the trial. `compared` orders were at the same revision, `changed` had moved on; those that only
    one version gives are named, and why what the tried one gives cannot be read."""

    account: str
    spoken: str
    tried: str
    since: datetime
    compared: int
    same: int
    changed: int
    differing: list[FieldTold]
    only_stored: list[str]
    only_tried: list[str]
    problems: list[str]


class TryingHub(Protocol):
    """What of the hub is needed."""

    @property
    def connectors(self) -> Mapping[str, Connector]: ...
    @property
    def manifests(self) -> Mapping[str, Manifest]: ...
    @property
    def mappings(self) -> Readers: ...
    @property
    def outside(self) -> WayOut: ...
    @property
    def now(self) -> Callable[[], datetime]: ...
    async def directory(self) -> Directory: ...


async def try_version(
    hub: TryingHub, within: Within[Replays], foresee: Callable[[Sequence[str]], Awaitable[Foreseen]], code: str,
    version: str,
) -> VersionTrial:
    """Compare. Raises NotKept for an account or version that is not there; Trouble when the platform refuses."""
    directory, at = await hub.directory(), hub.now()
    account, spoken = _account(hub, directory, code, version)
    since = at - BACK
    stored = await _stored(hub, within, foresee, account, Chosen(account=code, since=since, limit=ORDERS_MAX))
    setting = hub.manifests[account.connector].version_by
    tried, problems = await _read(
        hub, msgspec.structs.replace(account, settings={**account.settings, setting: version}), since, at)
    both = stored.keys() & tried.keys()
    level = sorted([id for id in both if stored[id].revision == tried[id].revision])
    told: dict[str, FieldTold] = {}
    same = 0
    for id in level:
        found = draft_differences(stored[id], tried[id])
        same += not found
        for field, (had, has) in found.items():
            name = _plain(field)
            known = told.get(name)
            told[name] = FieldTold(name, 1, id, had, has) if known is None else msgspec.structs.replace(
                known, orders=known.orders + 1)
    return VersionTrial(
        code, spoken, version, since, len(level), same, len(both) - len(level), sorted(told.values(), key=_most),
        sorted(stored.keys() - tried.keys())[:EXAMPLES_MAX], sorted(tried.keys() - stored.keys())[:EXAMPLES_MAX],
        problems[:EXAMPLES_MAX],
    )


def _account(hub: TryingHub, directory: Directory, code: str, version: str) -> tuple[Account, str]:
    account = directory.account_named(code)
    manifest = hub.manifests[account.connector]
    spoken = manifest.version_of(account.settings)
    others = [one.name for one in manifest.versions if spoken is None or one.name != spoken.name]
    if not manifest.version_by or not others:
        raise NotKept("wrong_value", f"{account.connector} 只会一个接口版本",
                      f"{account.connector} speaks one version only")
    if version not in others:
        raise NotKept("not_found", f"{account.connector} 没有别的版本“{version[:60]}”，有：{'、'.join(others)}",
                      f'{account.connector} speaks no other version "{version[:60]}"; it speaks {", ".join(others)}')
    return account, spoken.name if spoken else ""


async def _stored(
    hub: TryingHub, within: Within[Replays], foresee: Callable[[Sequence[str]], Awaitable[Foreseen]], account: Account,
    chosen: Chosen,
) -> Drafts:
    """The newest stored statement of each order."""
    directory = await hub.directory()
    async with within() as replays:
        found = await replays.choose(chosen, check_chosen(chosen, directory), hub.now())
    ids, drafts = [message for message, _, _ in found], Drafts()
    for start in range(0, len(ids), AHEAD_CHUNK):
        for one in (await foresee(ids[start : start + AHEAD_CHUNK])).landed:
            results = translate(account, one.topic, one.body, one.headers, one.received_at, hub.mappings)
            _keep(drafts, [x for x in results if isinstance(x, OrderDraft)])
    return drafts


async def _read(hub: TryingHub, account: Account, since: datetime, at: datetime) -> tuple[Drafts, list[str]]:
    """The same orders by the other version, and what stands in the way of reading one."""
    drafts, problems, pages = Drafts(), list[str](), 0
    async for page in hub.connectors[account.connector].pull(account, Cursor(since), at, hub.outside.client(account)):
        for item in page.items:
            results = translate(account, item.topic, item.body, dict(item.context), at, hub.mappings)
            _keep(drafts, [x for x in results if isinstance(x, OrderDraft)])
            problems += [f"{p.field}: {p.mend}" for x in results if isinstance(x, tuple) for p in x]
        pages += 1
        if pages >= PAGES_MAX or len(drafts) >= ORDERS_MAX:
            break
    return drafts, list(dict.fromkeys(problems))


def _keep(drafts: Drafts, found: Sequence[OrderDraft]) -> None:
    for draft in found:
        known = drafts.get(draft.external_id)
        if known is None or known.revision <= draft.revision:
            drafts[draft.external_id] = draft


def _plain(field: str) -> str:
    """The field without the id of its line: what many lines have in common is told once."""
    head, mark, rest = field.partition("[")
    return f"{head}[]{rest.partition(']')[2]}" if mark else field


def _most(told: FieldTold) -> tuple[int, str]:
    return -told.orders, told.field
