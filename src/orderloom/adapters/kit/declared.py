"""The connector that a `connector.yaml` declares: it satisfies the ports, and offers what the file says and no more.

Where a block says `code: name`, the module `name.py` of the folder does that one thing, with the same `Platform` to ask
through: `pull`, `receive`, `send`, `find_listings`, `query`, `probe`, `read`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import httpx2
import msgspec

from orderloom.adapters.halving import NotTheAnswer
from orderloom.adapters.kit import authorising, finding, hearing, quoting, reading, telling, walk
from orderloom.adapters.kit.details import Details
from orderloom.adapters.kit.dropped import pull_files
from orderloom.adapters.kit.first import asked_first
from orderloom.adapters.kit.loops import loops
from orderloom.adapters.kit.pages import AGAIN, OPEN, ListWalk, PageReader, first_page
from orderloom.adapters.kit.paths import look, text
from orderloom.adapters.kit.plan import ConnectorPlan
from orderloom.adapters.kit.platform import Commons, Platform
from orderloom.application.ports import (
    Account,
    Answer,
    Cursor,
    Granted,
    Inbound,
    Item,
    Lane,
    Offer,
    Outgoing,
    Page,
    Probed,
    Terminal,
    Transient,
    Trouble,
    Verdict,
)
from orderloom.domain.carriers import kept_as

TRIED = timedelta(minutes=1)
LISTINGS_AT_ONCE = 20
NOWHERE = ".example"
"""How the host of an address ends that only shows what one looks like (RFC 2606)."""


class Declared:
    """Satisfies `ports.Connector`."""

    def __init__(self, plan: ConnectorPlan, commons: Commons) -> None:
        self.plan, self._commons = plan, commons
        self.name = plan.said.name
        self._details = Details()
        push = plan.push
        self.is_slow = push is not None and any(proof.said.code for proof in push.verify)
        """A proof by code may ask the platform for its key: the door then hears on a thread."""

    @property
    def keeps_pace(self) -> bool:
        """Every call waits for its turn (`Platform`)."""
        return True

    def platform(self, account: Account, http: httpx2.AsyncClient, lane: Lane = Lane.LIVE) -> Platform:
        """The account's platform, to ask it things."""
        return Platform(self.plan, account, http, self._commons, lane)

    def receive(self, request: Inbound, account: Account, at: datetime) -> Verdict:
        """Judge what knocks; a platform that pushes nothing sends nothing."""
        push = self.plan.said.push
        if push is not None and (module := push.beside.get(request.path.rpartition("/")[2], push.code)):
            verdict: Verdict = self.plan.module(module).receive(request, account, at)
            return verdict
        if self.plan.push is None:
            return Verdict((Item("unexpected", request.body),), f"{self.name}_does_not_push", 404,
                           b'{"error":"this platform does not push"}')
        return hearing.hear(self.plan, self.plan.push, request, account, at)

    def pull(self, account: Account, cursor: Cursor, at: datetime, http: httpx2.AsyncClient) -> AsyncIterator[Page]:
        """What changed since the cursor, in every list."""
        platform = self.platform(account, http)
        pull = self.plan.said.pull
        if pull is not None and pull.code:
            pages: AsyncIterator[Page] = self.plan.module(pull.code).pull(platform, cursor, at)
            return pages
        if pull is not None and pull.files:
            return pull_files(account, pull.files, at)
        stretch = walk.Stretch(self.plan, list(self.plan.lists.values()))
        settings = account.settings
        return reading.pull(platform, self._details, cursor, stretch.until(at, settings), stretch.closed(at, settings),
                            overlap=stretch.overlap(settings))

    async def send(self, outgoing: Outgoing, account: Account, http: httpx2.AsyncClient) -> Answer:
        """Tell the platform one thing. Raises Terminal for a kind that it does not take."""
        plan = self.plan.tells.get(outgoing.kind)
        if plan is None:
            taken = ", ".join(self.plan.tells) or "nothing"
            raise Terminal("unknown_kind", f"{self.name} 不接收 {outgoing.kind}，请到对方系统处理 / it takes {taken}, "
                                           f"not {outgoing.kind}: do it there")
        platform = self.platform(account, http, Lane.STOCK if outgoing.kind == "stock" else Lane.LIVE)
        if plan.said.code:
            answer: Answer = await self.plan.module(plan.said.code).send(outgoing, platform)
            return answer
        return await telling.tell(platform, plan, await self._listed(outgoing, account, http))

    async def _listed(self, outgoing: Outgoing, account: Account, http: httpx2.AsyncClient) -> Outgoing:
        """Stock whose ids at the platform are not known yet, with those that are found now."""
        figures = outgoing.body.get("figures") or []
        codes = [one["sku_external"] for one in figures if not one.get("listing")]
        if not codes or not isinstance(self, WithListings):
            return outgoing
        found = await self.find_listings(codes, account, http)
        told = [{**one, "listing": found[one["sku_external"]]} if one["sku_external"] in found else one
                for one in figures]
        return msgspec.structs.replace(outgoing, body={**outgoing.body, "figures": told})

    async def probe(self, account: Account, http: httpx2.AsyncClient) -> Probed:
        """Try the account: address, key, permission."""
        known, authorise = await self._commons.tokens.current(account), self.plan.said.authorise
        missing = [name for name, one in self.plan.said.credentials.items()
                   if not one.optional and not one.made_by and not known.get(name)]
        is_granted = any(known.get(name) for name, one in self.plan.said.credentials.items() if one.made_by)
        if authorise is not None and not is_granted and not self.plan.is_entered(known) and \
                authorise.keep.keys() >= set(missing):
            return Probed(False, f"尚未授权，请运行 orderloom accounts authorise {account.code} / not authorised yet: "
                          f"orderloom accounts authorise {account.code}", is_to_authorise=True)
        if missing:
            return Probed(False, f"缺少凭证 {', '.join(missing)} / missing credentials: {', '.join(missing)}",
                          code="missing", fields=tuple(missing))
        try:
            return await self._tried(account, http)
        except Trouble as trouble:
            return Probed(False, f"{_to_check(trouble)}: {trouble}", code=trouble.code)

    async def _tried(self, account: Account, http: httpx2.AsyncClient) -> Probed:
        said, platform = self.plan.said.probe, self.platform(account, http)
        if said is not None and said.code:
            probed: Probed = await self.plan.module(said.code).probe(platform)
            return probed
        if said is not None and self.plan.probe is not None:
            answer = await platform.ask(self.plan.probe)
            who = text(look(answer.data, said.says))[:100] if said.says else ""
            zone = text(look(answer.data, said.zone)) if said.zone else ""
            if zone and zone != account.zone:
                return Probed(True, f"{who}；平台时区为 {zone}，请修改账号 / the platform's zone is {zone}")
            return Probed(True, f"正常 / well{': ' + who if who else ''}")
        for plan in filter(partial(walk.is_wanted, platform), self.plan.lists.values()):
            now = datetime.now(UTC)
            stretch = walk.Stretch(self.plan, [plan])
            until = stretch.until(now, account.settings)
            names = loops(platform, plan.said.loop)[0]
            names |= await asked_first(platform, plan.first, names)
            reader = PageReader(ListWalk(platform, plan, until, names=names), until - TRIED, until)
            try:
                await reader.read(first_page(plan.said.pages))
            except NotTheAnswer as problem:
                return Probed(False, f"应答无法读取 / the answer cannot be read: {problem}")
            return Probed(True, "正常 / well")
        if "entry" in self.plan.said.can:
            return Probed(True, "已就绪，可在 /orders/new 录入 / ready: orders are typed at /orders/new")
        if self.plan.said.family == "messengers":
            return Probed(True, "已配置，试发：orderloom notification test / configured: orderloom notification test")
        if (urlsplit(account.base_url).hostname or "").endswith(NOWHERE):
            return Probed(True, "已配置，等待推送；要告知发货与库存请加 --base-url 网址 / "
                          "configured, waiting for pushes; add --base-url to tell it of parcels and stock")
        return Probed(True, "已配置，等待推送 / configured, waiting for pushes")


def _to_check(trouble: Trouble) -> str:
    """Where a person looks first when an account could not be tried."""
    if trouble.code == "unreachable":
        return "连接不上，请检查地址与网络 / not reached, check address and network"
    if isinstance(trouble, Transient):
        return "平台暂时没有正常答复，请稍后再试 / no proper answer for now, try again later"
    return "连接失败，请检查凭证与权限 / failed, check credentials and permissions"


class WithPast(Declared):
    """A source whose past can be read beside the live pull: `ports.PastReader`."""

    def backfill(
        self, account: Account, cursor: Cursor, until: datetime, http: httpx2.AsyncClient
    ) -> AsyncIterator[Page]:
        """What is not finished, of a time that is over."""
        platform = self.platform(account, http, Lane.BACKFILL)
        return reading.pull(platform, self._details, cursor, until, until, OPEN)

    def sweep(self, account: Account, cursor: Cursor, until: datetime, http: httpx2.AsyncClient) -> AsyncIterator[Page]:
        """The same time once more, by another index where the file names one."""
        return reading.pull(self.platform(account, http, Lane.BACKFILL), self._details, cursor, until, until, AGAIN)


class WithRereads(Declared):
    """A source of which single records are read again: `ports.Rereads`."""

    def reread(
        self, account: Account, what: str, ids: Sequence[str], http: httpx2.AsyncClient
    ) -> AsyncIterator[Page]:
        """Records of a list, by id."""
        return walk.reread(self.platform(account, http), self._details, what, ids)


class WithReads(Declared):
    """A platform that is read back on demand: `ports.ReadsBack`."""

    def read(
        self, account: Account, what: str, start: datetime, end: datetime, http: httpx2.AsyncClient,
        codes: Sequence[str] = (),
    ) -> AsyncIterator[Page]:
        """What a list of `read` gives."""
        platform = self.platform(account, http, Lane.BACKFILL)
        if module := {str(name): one.code for name, one in self.plan.said.read.items()}[what]:
            pages: AsyncIterator[Page] = self.plan.module(module).read(platform, what, start, end)
            return pages
        return walk.read_back(platform, self._details, what, start, end, codes)


class WithListings(Declared):
    """A channel that knows its listings by the seller's own codes: `ports.Lister`."""

    listings_max = LISTINGS_AT_ONCE

    async def find_listings(
        self, codes: Sequence[str], account: Account, http: httpx2.AsyncClient
    ) -> dict[str, dict[str, Any]]:
        """The platform's own ids of the codes that are on sale. Raises Transient or Terminal."""
        platform, said = self.platform(account, http, Lane.STOCK), self.plan.said.listings
        assert said is not None
        if said.code:
            by_code: dict[str, dict[str, Any]] = await self.plan.module(said.code).find_listings(codes, platform)
            return by_code
        return await finding.find(platform, codes)


class WithQuery(Declared):
    """A carrier that can be asked for one parcel."""

    async def query(
        self, carrier: str, waybill: str, phone_last4: str, account: Account, http: httpx2.AsyncClient
    ) -> Item:
        """One parcel's history; "no news yet" is an item too. Raises Transient or Terminal."""
        said, platform = self.plan.said.query, self.platform(account, http)
        assert said is not None
        if said.code:
            item: Item = await self.plan.module(said.code).query(carrier, waybill, phone_last4, platform)
            return item
        assert self.plan.query is not None
        question, empty = self.plan.query
        names = {"carrier": kept_as(carrier), "waybill": waybill, "phone_last4": phone_last4}
        answer = await platform.ask(question._replace(rows=(*empty, *question.rows)), names)
        return Item(said.topic, answer.heard.body)


class WithQuotes(Declared):
    """A carrier that says what a parcel would cost: `ports.Quotes`."""

    async def quote(self, parcel: Mapping[str, Any], account: Account, http: httpx2.AsyncClient) -> list[Offer]:
        """Its offers. Raises Transient or Terminal."""
        said, question = self.plan.said.quote, self.plan.quote
        assert said is not None and question is not None
        return await quoting.quote(self.platform(account, http), said, question, parcel)


class WithBatches(Declared):
    """A target that takes several deliveries in one call: `ports.BatchSender`."""

    @property
    def batch_max(self) -> Mapping[str, int]:
        """How many, by kind."""
        return {kind: one.said.at_once for kind, one in self.plan.tells.items() if one.said.at_once > 1}

    async def send_many(
        self, outgoing: Sequence[Outgoing], account: Account, http: httpx2.AsyncClient
    ) -> list[Answer | Trouble]:
        """Several of one kind in one call."""
        plan = self.plan.tells[outgoing[0].kind]
        platform = self.platform(account, http)
        if plan.said.code:
            fates: list[Answer | Trouble] = await self.plan.module(plan.said.code).send_many(outgoing, platform)
            return fates
        return await telling.tell_many(platform, plan, outgoing)


class WithAuthorisation(Declared):
    """A platform whose accounts a person authorises: `ports.Authorises`."""

    def authorise_url(self, account: Account, state: str, redirect: str) -> str:
        """Where the person is sent."""
        return authorising.address(self.plan, account, state, redirect)

    async def exchange(
        self, account: Account, params: Mapping[str, str], redirect: str, http: httpx2.AsyncClient
    ) -> Granted:
        """Tokens for what the platform added to the callback address. Raises Transient or Terminal."""
        return await authorising.exchange(self.platform(account, http), params, redirect)


def declare(plan: ConnectorPlan, commons: Commons) -> Declared:
    """A connector that offers what the file says: one class of `With…` for each ability."""
    said = plan.said
    abilities = [
        (WithPast, any(one.said.past for one in plan.lists.values())),
        (WithRereads, any(one.one or one.then for one in plan.lists.values())),
        (WithReads, bool(said.read)),
        (WithListings, said.listings is not None),
        (WithQuery, said.query is not None),
        (WithQuotes, said.quote is not None),
        (WithBatches, any(one.said.at_once > 1 for one in plan.tells.values())),
        (WithAuthorisation, said.authorise is not None),
    ]
    bases = tuple(one for one, has in abilities if has) or (Declared,)
    connector: Declared = type("Connector", bases, {})(plan, commons)
    return connector


