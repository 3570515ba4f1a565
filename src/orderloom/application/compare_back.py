"""Set what was read back beside what the hub knows of it: each kind of thing beside its own."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from orderloom.application.directory import Directory
from orderloom.application.ports import Account
from orderloom.domain.draft import StockFigure, StockReport, WorkReport
from orderloom.domain.looked import ListingFigure, ListingReport, Rating, RatingReport
from orderloom.domain.reading_back import (
    LISTINGS,
    OUTBOUND,
    STOCK,
    Compared,
    LastTold,
    UnitsThere,
    WorkSent,
    compare_listings,
    compare_outbound,
    compare_stock,
)


class HubKnowledge(Protocol):
    """What of the hub's knowledge is asked for: port of `adapters.db.reading_back`."""

    async def told(self, account_id: int) -> dict[str, LastTold]: ...
    async def spelled(self, account_id: int, texts: Collection[str]) -> dict[str, str]: ...
    async def levels(self, warehouses: Collection[str]) -> dict[tuple[str, str], UnitsThere]: ...
    async def sent(
        self, account_id: int, numbers: Collection[str], start: datetime, end: datetime
    ) -> dict[str, WorkSent]: ...
    async def codes(self, account_id: int) -> list[str]: ...
    async def orders(self, account_id: int, external_ids: Collection[str]) -> dict[str, str]: ...


class WhatTheySay:
    """What the platform told, by kind."""

    def __init__(self) -> None:
        self.listings: list[ListingFigure] = []
        self.stock: list[StockFigure] = []
        self.works: list[WorkReport] = []
        self.rated: dict[str, Rating] = {}
        """By number: one that changed at the edge of two windows is told twice."""

    @property
    def ratings(self) -> list[Rating]:
        """Each once."""
        return list(self.rated.values())

    def __len__(self) -> int:
        return len(self.listings) + len(self.stock) + len(self.works) + len(self.rated)

    def gather(self, results: Iterable[Any]) -> None:
        """Keep the reports among the results of a message."""
        for one in results:
            if isinstance(one, ListingReport):
                self.listings += one.figures
            elif isinstance(one, StockReport):
                self.stock += one.figures
            elif isinstance(one, WorkReport):
                self.works.append(one)
            elif isinstance(one, RatingReport):
                self.rated |= {rating.external_id: rating for rating in one.ratings}


class AskedSpan(NamedTuple):
    """The time that was asked for. `is_whole`: all of it was read; `is_all`: and the list knows no time at all."""

    start: datetime
    end: datetime
    is_whole: bool
    is_all: bool


async def set_beside(
    known: HubKnowledge, directory: Directory, account: Account, what: str, told: WhatTheySay, span: AskedSpan
) -> list[Compared]:
    """Rows of what was told and what is known; of ratings none, for nobody else knows them."""
    if what == LISTINGS:
        return compare_listings(told.listings, await known.told(account.id), is_whole=span.is_all)
    if what == STOCK:
        return await _stock(known, directory, account, told.stock, is_all=span.is_all)
    if what == OUTBOUND:
        numbers = {report.work_no for report in told.works}
        sent = await known.sent(account.id, numbers, span.start, span.end)
        return compare_outbound(told.works, sent, span.start, span.end, is_whole=span.is_whole)
    return []


async def _stock(
    known: HubKnowledge, directory: Directory, account: Account, figures: list[StockFigure], *, is_all: bool
) -> list[Compared]:
    every = frozenset(directory.stocked)
    own = {one.code for one in directory.warehouses if one.account_id == account.id}
    spelled = await known.spelled(account.id, {figure.sku for figure in figures})
    levels = await known.levels((own if is_all else set[str]()) | {figure.warehouse for figure in figures} & every)
    return compare_stock(figures, spelled, levels, every, is_whole=is_all)
