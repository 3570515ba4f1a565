"""Fetch a sample from an account's platform for whoever maps it: a record of each topic; nothing is landed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

import httpx2
import msgspec

from orderloom.application.not_kept import NotKept
from orderloom.application.ports import UNREADABLE, Account, Connector, Cursor, Item, Manifest, Trouble
from orderloom.application.prepare import SAMPLE_BYTES_MAX, Preparing
from orderloom.application.within import Within
from orderloom.blueprint.mapping import Mappings
from orderloom.blueprint.mapping.override import keys_of

SINCE, PAGES_MAX, SECONDS_MAX = timedelta(days=7), 3, 40


class SampleFetched(msgspec.Struct, frozen=True):
    """The topics of which a sample is kept now; none: the platform had nothing new in the last seven days."""

    account: str
    topics: list[str]


class Clients(Protocol):
    """Who speaks to the outside."""

    def client(self, account: Account) -> httpx2.AsyncClient: ...


class FetchingHub(Protocol):
    """What of the hub is needed."""

    @property
    def connectors(self) -> Mapping[str, Connector]: ...
    @property
    def manifests(self) -> Mapping[str, Manifest]: ...
    @property
    def mappings(self) -> Mappings: ...
    @property
    def outside(self) -> Clients: ...
    @property
    def now(self) -> Callable[[], datetime]: ...


async def fetch_sample(hub: FetchingHub, within: Within[Preparing], account: Account, by: str) -> SampleFetched:
    """Raises NotKept: not_possible where the platform is not read, outside_failed where it does not answer."""
    manifest = hub.manifests.get(account.connector)
    if manifest is None or "pull" not in manifest.capabilities or account.connector == "files":
        raise NotKept("not_possible", f"{account.connector} 不能主动取样，请上传样本",
                      f"{account.connector} cannot be asked for a sample: upload one")
    try:
        async with asyncio.timeout(SECONDS_MAX):
            found = await _pulled(hub, account)
    except Trouble as error:
        raise NotKept("outside_failed", error.message, error.message) from error
    except TimeoutError as error:
        raise NotKept("outside_failed", f"平台 {SECONDS_MAX} 秒内没有给出样本",
                      f"the platform gave no sample within {SECONDS_MAX} s") from error
    kept = {topic: item for item in found if (topic := _topic(hub.mappings, account, item))}
    async with within() as store:
        for topic, item in kept.items():
            if len(item.body) <= SAMPLE_BYTES_MAX:
                await store.keep_sample(account.id, topic, item.topic, item.body, by)
    return SampleFetched(account.code, list(kept))


async def _pulled(hub: FetchingHub, account: Account) -> list[Item]:
    at, found, pages = hub.now(), list[Item](), 0
    async for page in hub.connectors[account.connector].pull(account, Cursor(at - SINCE), at,
                                                             hub.outside.client(account)):
        found += [one for one in page.items if one.topic != UNREADABLE]
        pages += 1
        if pages >= PAGES_MAX:
            break
    return found


def _topic(mappings: Mappings, account: Account, item: Item) -> str:
    """The document that reads it."""
    base: Any = mappings.of(account.connector)
    documents = base.documents if base else ()
    keys = keys_of([one.said for one in documents])
    return next((key for key, one in zip(keys, documents, strict=True) if one.reads(item.topic)), "")
