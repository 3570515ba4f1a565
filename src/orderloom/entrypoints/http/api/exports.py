"""Exports of the order list over HTTP: begun at once, made in the background, downloaded as the file of their job."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from orderloom.adapters.ids import new_id
from orderloom.application.bulk_orders import IDS_MAX
from orderloom.application.identity.access import Caller
from orderloom.application.jobs.begin_job import begin_job
from orderloom.application.queries.export_columns import CELLS
from orderloom.application.queries.export_orders import EXPORT, ExportAsked, checked_columns
from orderloom.application.queries.order_list import NEWEST, SORTS
from orderloom.application.queries.order_query import OrderQuery
from orderloom.application.queries.orders import find_orders
from orderloom.application.queries.vocabulary import UnknownWord
from orderloom.domain.words import Words
from orderloom.entrypoints.http.kit.begun import JobBegun
from orderloom.entrypoints.http.kit.guard import DeskHere, Key, Reason, as_written, may_unmask, needs
from orderloom.entrypoints.http.kit.order_query import meant_by
from orderloom.entrypoints.http.kit.problem import Problem
from orderloom.entrypoints.http.kit.seeing import refuse_asking
from orderloom.entrypoints.http.kit.wire import body_of, reply, spoken

router = APIRouter(prefix="/api/v1/orders/export", tags=["orders"])
Exporter = Annotated[Caller, Depends(needs("orders:export", "orders:export-closed"))]
Reference = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]


class ExportRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to export: the filter of the list, or `orders` by number or id; `columns` in their order, none: all."""

    query: OrderQuery = OrderQuery()
    orders: Annotated[tuple[Reference, ...], msgspec.Meta(max_length=IDS_MAX)] = ()
    columns: Annotated[tuple[str, ...], msgspec.Meta(max_length=len(CELLS))] = ()
    form: Literal["csv", "xlsx"] = "csv"
    sort: Annotated[str, msgspec.Meta(max_length=20)] = NEWEST
    language: Literal["zh", "en"] = "zh"
    as_of: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class ExportColumn(msgspec.Struct, frozen=True):
    """A column that the caller may export."""

    name: str
    title: Words


class ExportColumns(msgspec.Struct, frozen=True):
    """What an export can have. `is_closed_only`: the caller may export closed orders alone."""

    columns: list[ExportColumn]
    is_closed_only: bool


@router.get("/columns", **spoken(ExportColumns), summary="可导出的列 | Columns of an export")
async def show_columns(who: Exporter) -> Response:
    """The columns that the caller may see, in their usual order."""
    names = checked_columns(tuple(CELLS), who)
    return reply(ExportColumns([ExportColumn(name, CELLS[name].title) for name in names],
                               not who.may("orders:export")))


@router.post("", **spoken(JobBegun, takes=ExportRequest, status=202, problems=(404, 409)),
             summary="导出订单 | Export orders")
async def begin_export(
    request: Request, desk: DeskHere, who: Exporter, key: Key = "", reason: Reason = "",
) -> Response:
    """Up to 200,000 orders as CSV or XLSX; the job's `file` is the table. Fields that the caller may not see are left
    out. Personal data is masked unless there is a reason (`X-Unmask-Reason`, scope pii:read): every order of it is
    written down. Cells that would be reckoned are text, numbers lose no digits."""
    body = await body_of(request, ExportRequest)
    if body.sort not in SORTS:
        raise UnknownWord("sort", body.sort, SORTS)
    refuse_asking([("sort", body.sort)])
    await meant_by(desk, body.query)
    ids = None
    if body.orders:
        async with desk.connect() as connection:
            known = await find_orders(connection, body.orders)
        if missing := "、".join([r for r in body.orders if r not in known][:20]):
            raise Problem("no_such_order", f"没有这些订单：{missing} | there are no such orders: {missing}")
        ids = tuple(dict.fromkeys(known.values()))
    at = desk.hub.now()
    asked = ExportAsked(
        body.query, checked_columns(body.columns or tuple(CELLS), who), body.form, min(body.as_of or at, at), body.sort,
        body.language, ids, as_written(reason).strip() if may_unmask(who, reason) else "",
        not who.may("orders:export"))
    return reply(JobBegun(await begin_job(desk.ports.jobs, new_id(), EXPORT, who, asked, at, key=key)), 202)
