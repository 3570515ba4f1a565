"""Stock documents: `stock document list | show | new | submit | approve | refuse | cancel | count | receive | lose`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated

import typer

from orderloom.adapters.ids import new_id
from orderloom.application.act_on_document import DocumentCall, act_on_document
from orderloom.application.draft_document import DocumentWish, DraftCall, StockLineWish, draft_document
from orderloom.application.queries import documents as read
from orderloom.application.queries.catalogue import sku_ids
from orderloom.application.queries.sql import WrongCursor
from orderloom.application.queries.vocabulary import Vocabulary
from orderloom.bootstrap import Hub
from orderloom.domain.inventory import document_acts as acts
from orderloom.domain.inventory.count import UnitsTold
from orderloom.domain.inventory.document import StockDocument
from orderloom.domain.inventory.document_states import DocumentKind, DocumentState
from orderloom.domain.refusal import Refusal
from orderloom.entrypoints.cli import names
from orderloom.entrypoints.cli.attach import connection, doer, hub, run
from orderloom.entrypoints.cli.frame import group, unknown, written
from orderloom.entrypoints.cli.screen import Stop, screen
from orderloom.entrypoints.refusals import words_of

app = group("库存单据：收货、盘点、调整、调拨、退货入库、报损",
            "stock documents: receive, count, adjust, transfer, return, scrap")
Number = Annotated[str, typer.Argument(metavar="NO", help="单据号 / its number, D-…")]
Reason = Annotated[str, typer.Option("--reason", callback=written, help="原因 / why, kept in its log")]
Figures = Annotated[list[str], typer.Argument(metavar="LINE=UNITS...", help="行号=件数 / units by line: 1=20 2=3")]
_LINE = re.compile(r"(?P<sku>.+)@(?P<warehouse>[^@=]+)(=(?P<units>[+-]?\d{1,9}))?")
_FIGURE = re.compile(r"(\d{1,3})=(\d{1,9})")
Kind = Annotated[DocumentKind, typer.Argument(metavar="KIND", help="、".join(DocumentKind))]


@app.command("list", help="单据列表，新的在前 / documents, the newest first")
def list_command(
    kind: Annotated[DocumentKind | None, typer.Option()] = None,
    state: Annotated[DocumentState | None, typer.Option()] = None, warehouse: str = "", sku: str = "", q: str = "",
    after: str = "", limit: Annotated[int, typer.Option(min=1, max=200)] = 50,
) -> None:
    """Show documents."""
    page = run(lambda: _list(read.DocumentFilter(kind or "", state or "", warehouse, sku, "", q), after, limit))
    if screen.answer(page):
        return
    screen.table(
        {"单据": "Document", "类型": "Kind", "状态": "State", "调入": "To", "行": "Lines", "件数": "Units",
         "原因": "Reason", "制单": "Maker"},
        [(d.number, names.shown(names.DOCUMENT_KINDS, d.kind), names.shown(names.DOCUMENT_STATES, d.state), d.to or "",
          d.lines, d.units, d.reason, d.maker) for d in page.documents])
    if page.next:
        screen.say(f"下一页：--after {page.next}", f"Next page: --after {page.next}")


@app.command("show", help="一张单据 / one document with its lines")
def show(number: Number) -> None:
    """Show one."""
    _tell(run(lambda: _shown(number)))


@app.command("new", help="新建 / draft one: `new receipt M-001@HZ=20 --reason …`；盘点不写件数 / a count has no units")
def new(
    kind: Kind, lines: Annotated[list[str], typer.Argument(metavar="SKU@WAREHOUSE=UNITS...")], reason: Reason,
    to: Annotated[str, typer.Option("--to", help="调入仓库 / where a transfer goes")] = "",
    frozen: Annotated[bool, typer.Option("--frozen", help="冻结数 / units that are not to be sold")] = False,
    submit: Annotated[bool, typer.Option("--submit", help="同时提交 / and submit it")] = False,
) -> None:
    """Draft a document."""
    wish = DocumentWish(kind, reason, [_line(one, is_frozen=frozen) for one in lines], to)
    _tell(run(lambda: _new(wish, is_submitted=submit)))


@app.command("submit", help="提交：入账或等审批；盘点则开始 / post it, hold it for approval, or begin the count")
def submit(number: Number) -> None:
    """Submit a draft."""
    _tell(run(lambda: _act(number, acts.submit)))


@app.command("approve", help="批准（不能批自己的）/ approve: never one of your own")
def approve(number: Number) -> None:
    """Approve a document."""
    _tell(run(lambda: _act(number, acts.approve)))


@app.command("refuse", help="驳回 / refuse")
def refuse(number: Number, reason: Reason) -> None:
    """Refuse a document."""
    _tell(run(lambda: _act(number, lambda g: acts.refuse(g, reason))))


@app.command("cancel", help="取消 / give it up before it is posted")
def cancel(number: Number, reason: Reason) -> None:
    """Cancel a document."""
    _tell(run(lambda: _act(number, lambda g: acts.cancel(g, reason))))


@app.command("count", help="报盘点数 / tell what was counted")
def count(number: Number, figures: Figures,
          sure: Annotated[bool, typer.Option("--sure", help="已再数一遍 / counted once more")] = False) -> None:
    """Tell counts."""
    told = [UnitsTold(no, units, sure) for no, units in _figures(figures).items()]
    _tell(run(lambda: _act(number, lambda g: acts.count(g, told))))


@app.command("receive", help="调拨收货 / goods of a transfer came in")
def receive(number: Number, figures: Figures) -> None:
    """Receive a transfer."""
    came = _figures(figures)
    _tell(run(lambda: _act(number, lambda g: acts.receive(g, came))))


@app.command("lose", help="在途丢失（由有权审批、且不是制单的人）/ write goods in transit off")
def lose(number: Number, figures: Figures, reason: Reason) -> None:
    """Write goods in transit off."""
    lost = _figures(figures)
    _tell(run(lambda: _act(number, lambda g: acts.give_up(g, lost, reason))))


async def _list(wanted: read.DocumentFilter, after: str, limit: int) -> read.DocumentPage:
    async with connection() as (opened, one):
        Vocabulary(await opened.directory()).check(warehouse=wanted.warehouse)
        try:
            return await read.list_documents(one, wanted, cursor=after, limit=limit)
        except WrongCursor as error:
            raise Stop("--after 要用上一页给出的。", "--after is what the page before gave.", code=2) from error


async def _shown(number: str) -> read.StockDocumentView:
    async with hub() as opened:
        return await _seen(opened, number)


async def _seen(opened: Hub, number: str) -> read.StockDocumentView:
    directory, who = await opened.directory(), doer()
    limits = directory.blueprints[directory.blueprint_active].documents
    async with opened.ports.reading() as one:
        found = await read.document_of(one, number.strip().upper(), read.Seer(who.name, who.roles), limits)
        if found is None:
            near = await read.list_documents(one, read.DocumentFilter(), limit=5)
            raise unknown("库存单据", "stock document", number, [d.number for d in near.documents])
    return found


async def _new(wish: DocumentWish, *, is_submitted: bool) -> read.StockDocumentView:
    async with hub() as opened:
        async with opened.ports.reading() as one:
            ids = await sku_ids(one, {line.sku for line in wish.lines})
        made = await draft_document(
            opened.ports.subjects, DraftCall(new_id(), wish, doer(), ids), await opened.directory(), opened.now())
        number = _done(made)
        return await _acted(opened, number, acts.submit) if is_submitted else await _seen(opened, number)


async def _act(number: str, act: Callable[[acts.DocumentGround], acts.Deed | Refusal]) -> read.StockDocumentView:
    async with hub() as opened:
        return await _acted(opened, (await _seen(opened, number)).number, act)


async def _acted(opened: Hub, number: str, act: acts.DocumentAct) -> read.StockDocumentView:
    async with opened.ports.reading() as one:
        skus = await read.skus_of_document(one, number)
    _done(await act_on_document(opened.handler.restock, DocumentCall(number, doer(), act, skus), opened.now))
    return await _seen(opened, number)


def _done(made: StockDocument | Refusal) -> str:
    """The number of what was done. Raises Stop."""
    if isinstance(made, Refusal):
        given = made.particulars
        words = words_of(made.code, given)
        figures = " ".join(f"{name}={value}" for name, value in given.items())
        raise Stop(words.zh if words else f"没有改动：{made.code} {figures}",
                   words.en if words else f"Nothing was changed: {made.code} {figures}")
    return made.number


def _line(text: str, *, is_frozen: bool) -> StockLineWish:
    if not (found := _LINE.fullmatch(text)):
        raise Stop(f"“{text}”不是一行：写成 商品@仓库=件数，如 M-001@HZ=20。",
                   f'"{text}" is no line: write SKU@WAREHOUSE=UNITS, such as M-001@HZ=20.', code=2)
    return StockLineWish(found["sku"], found["warehouse"], int(found["units"] or 0), is_frozen)


def _figures(texts: list[str]) -> dict[int, int]:
    found: dict[int, int] = {}
    for text in texts:
        if not (match := _FIGURE.fullmatch(text)) or int(match[1]) in found:
            raise Stop(f"“{text}”不对：每行写一次 行号=件数，如 1=20。",
                       f'"{text}" cannot be: write LINE=UNITS once for each line, such as 1=20.', code=2)
        found[int(match[1])] = int(match[2])
    return found


def _tell(d: read.StockDocumentView) -> None:
    if screen.answer(d):
        return
    kind, state = names.shown(names.DOCUMENT_KINDS, d.kind), names.shown(names.DOCUMENT_STATES, d.state)
    screen.say(f"{d.number} {kind} {state}：{d.reason}", f"{d.number} {kind} {state}: {d.reason}")
    if d.held_for and d.state is DocumentState.WAITING_APPROVAL:
        roles = ", ".join(d.held_for)
        screen.say(f"等待批准，可以批准的角色：{roles}。", f"It waits for approval; these roles may: {roles}.")
    screen.table(
        {"行号": "No.", "SKU": "SKU", "仓库": "Warehouse", "件数": "Units", "待办": "Asks", "差异": "Differs",
         "已到": "Received", "在途": "In transit"},
        [(x.no, x.sku, x.warehouse, x.quantity, x.asks, "" if x.units_differ is None else x.units_differ, x.received,
          x.rest) for x in d.lines])
