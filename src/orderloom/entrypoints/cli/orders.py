"""Looking at orders and cases: `orders`, `show`, `trace`, `cases`."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
import typer
from msgspec.structs import replace

from orderloom.application.act import offered
from orderloom.application.masking import ReceiverView
from orderloom.application.queries.case_filter import CaseFilter, State
from orderloom.application.queries.cases import CasePage, MemberPage, list_cases, list_members
from orderloom.application.queries.order_detail import OrderDetail, read_order
from orderloom.application.queries.order_list import OrderPage, list_orders
from orderloom.application.queries.order_money import AfterSaleView
from orderloom.application.queries.order_query import OrderQuery, meant
from orderloom.application.queries.orders import Ambiguous, find_order
from orderloom.application.queries.sql import PAGE_ROWS_MAX, UUID, WrongCursor
from orderloom.application.queries.trace import Trace, read_trace
from orderloom.application.queries.vocabulary import Vocabulary
from orderloom.domain import carriers
from orderloom.domain.number import is_mistyped
from orderloom.domain.words import SEVERITIES, Words
from orderloom.entrypoints.cli import names
from orderloom.entrypoints.cli.attach import connection, doer, run
from orderloom.entrypoints.cli.frame import single
from orderloom.entrypoints.cli.screen import Stop, money, screen
from orderloom.entrypoints.cli.story import Story

orders, show, trace, cases = single(), single(), single(), single()
DETAIL_LENGTH_MAX = 160
Limit = Annotated[int, typer.Option("--limit", min=1, max=PAGE_ROWS_MAX, help="行数 / rows")]
After = Annotated[str, typer.Option("--after", help="上一页给出的位置 / the place that the last page gave")]
Reference = Annotated[str, typer.Argument(metavar="NO", help="订单号、平台单号或内部编号 / number, external id or id")]


@orders.command(help="订单列表，新的在前 / orders, newest first")
def orders_command(
    q: Annotated[str, typer.Argument(help="搜索：订单号、平台单号、运单、商品、电话等 / search")] = "",
    phase: Annotated[str, typer.Option(help="阶段，如 ready、blocked / phase")] = "",
    stage: Annotated[str, typer.Option(help="环节，蓝图里的名字 / stage of the blueprint")] = "",
    payment: Annotated[str, typer.Option(help="付款，如 unpaid、paid / payment")] = "",
    account: Annotated[str, typer.Option(help="店铺的账号代码 / a shop's account")] = "",
    limit: Limit = 20, after: After = "",
) -> None:
    """List orders."""
    asked = OrderQuery(q=q, phase=_one(phase), stage=_one(stage), payment=_one(payment), account=_one(account.upper()))
    page, called = run(lambda: _orders(asked, limit, after))
    if screen.answer(page):
        return
    screen.table(
        {"订单号": "Number", "店铺": "Shop", "平台单号": "External id", "阶段": "Phase", "环节": "Stage",
         "金额": "Total", "挂起": "Holds", "下单": "Placed"},
        [(o.number, o.account, o.external_id, screen.called(called.phase(o.phase)),
          screen.called(called.stage(o.stage)), money(o.total, o.currency),
          o.holds_active or "", o.placed_at) for o in page.orders])
    _next(page.next)


@show.command(help="一张订单的全部（收件人已脱敏）/ everything about an order, the receiver masked")
def show_command(number: Reference) -> None:
    """Show one order."""
    found, called = run(lambda: _show(number))
    if not screen.answer(found):
        _print(found, called)


@trace.command(help="一张订单的来龙去脉 / an order's story, step by step")
def trace_command(number: Reference) -> None:
    """Trace one order."""
    found, called, currency = run(lambda: _trace(number))
    if screen.answer(found):
        return
    story = Story(called)
    screen.table({"时间": "When", "来源": "Source", "谁": "Who", "事": "What", "内容": "Detail", "凭证": "Proof"},
                 [(e.at, story.source(e), story.who(e.who), story.what(e),
                   story.detail(e, currency)[:DETAIL_LENGTH_MAX], e.proof[:12]) for e in found.entries],
                 title=f"{found.number} · {found.event_count} · {found.head[:16]}")


@cases.command(help="异常单列表 / cases")
def cases_command(
    kind: str = "", owner: str = "",
    severity: Annotated[str, typer.Option(help=" | ".join(SEVERITIES))] = "",
    state: Annotated[str, typer.Option(help="open | resolved | any")] = "open", limit: Limit = 50, after: After = "",
    of: Annotated[str, typer.Option("--of", help="同因异常的明细，给编号 / what the case is about")] = "",
) -> None:
    """List cases, or what one case of many subjects is about."""
    if state not in ("open", "resolved", "any"):
        raise Stop(f"--state 只能是 open、resolved、any，不是“{state}”。",
                   f'--state is open, resolved or any, not "{state}".', code=2)
    if of:
        _print_members(run(lambda: _members(of, state, limit, after)))
        return
    page, called = run(lambda: _cases(kind, owner, severity, state, limit, after))
    if screen.answer(page):
        return
    screen.table(
        {"异常单": "Case", "类型": "Kind", "严重程度": "Severity", "订单": "Order", "对象": "Subject",
         "负责人": "Owner", "发现": "Opened", "时限": "Due", "数量": "Count", "编号": "Id"},
        [(screen.called(called.case(c.kind)), c.kind, names.shown(names.SEVERITIES, c.severity), c.order,
          c.subject[:60], screen.called(called.role(c.owner)), c.opened_at, c.due_at, c.count, c.id)
         for c in page.cases])
    _next(page.next)


def _print_members(page: MemberPage) -> None:
    if screen.answer(page):
        return
    screen.table(
        {"对象": "Subject", "订单": "Order", "发现": "Seen", "关闭": "Resolved", "由谁": "By"},
        [(m.subject[:60], m.order, m.seen_at, m.resolved_at, m.resolved_by) for m in page.members])
    _next(page.next)


async def find(one: Any, reference: str) -> str:
    """Id of the order that a person names. Raises Stop."""
    try:
        order_id = await find_order(one, reference)
    except Ambiguous as error:
        numbers = ", ".join(f"{number} ({account})" for number, account in error.candidates)
        raise Stop(f"平台单号“{reference}”有多张订单：{numbers}。请用订单号。",
                   f'External id "{reference}" is of several orders: {numbers}. Give the number.') from error
    if order_id is None and is_mistyped(reference):
        raise Stop(f"没有订单“{reference}”：校验位不符，号码里有字符抄错了，请核对。",
                   f'There is no order "{reference}": its check character does not fit, a character is wrong.')
    if order_id is None:
        raise Stop(f"没有订单“{reference}”。可以用 orderloom orders {reference} 搜索。",
                   f'There is no order "{reference}". Search with orderloom orders {reference}.')
    return order_id


def _one(value: str) -> tuple[str, ...]:
    return (value,) if value else ()


async def _orders(asked: OrderQuery, limit: int, after: str) -> tuple[OrderPage, Vocabulary]:
    async with connection() as (hub, one):
        directory = await hub.directory()
        called = Vocabulary(directory)
        wanted = meant(asked, called, directory, hub.now(), hub.vault.phone_index)
        try:
            return await list_orders(one, wanted, hub.vault.show_receiver, cursor=after, limit=limit), called
        except WrongCursor as error:
            raise _wrong_place() from error


async def _show(reference: str) -> tuple[OrderDetail, Vocabulary]:
    async with connection() as (hub, one):
        directory = await hub.directory()
        found = await read_order(
            one, await find(one, reference), hub.vault.show_receiver,
            {w.id: w.code for w in directory.warehouses}, is_clear=False)
        assert found is not None
        order = await hub.ports.order(found.order.id)
        assert order is not None
        called = Vocabulary(directory)
        return replace(found, actions=list(offered(order, directory, doer().roles)),
                       customer=called.customer(found.order.stage)), called


async def _trace(reference: str) -> tuple[Trace, Vocabulary, str]:
    async with connection() as (hub, one):
        order_id = await find(one, reference)
        found = await read_trace(one, order_id)
        assert found is not None
        order = await hub.ports.order(order_id)
        assert order is not None
        return found, Vocabulary(await hub.directory()), order.currency


async def _cases(
    kind: str, owner: str, severity: str, state: str, limit: int, after: str,
) -> tuple[CasePage, Vocabulary]:
    async with connection() as (hub, one):
        called = Vocabulary(await hub.directory())
        called.check(case=kind, owner=owner, severity=severity)
        try:
            asked = CaseFilter(kinds=tuple(filter(None, [kind])), owners=tuple(filter(None, [owner])),
                               severities=tuple(filter(None, [severity])), state=msgspec.convert(state, State))
            page = await list_cases(one, asked, cursor=after, limit=limit, severities=called.severities())
            return page, called
        except WrongCursor as error:
            raise _wrong_place() from error


async def _members(case_id: str, state: str, limit: int, after: str) -> MemberPage:
    if not UUID.fullmatch(case_id):
        raise Stop(f"“{case_id}”不是异常单编号；编号见 orderloom cases 的末列。",
                   f'"{case_id}" is no id of a case: orderloom cases shows them in its last column.', code=2)
    async with connection() as (_, one):
        try:
            return await list_members(one, case_id, state=state, cursor=after, limit=limit)
        except WrongCursor as error:
            raise _wrong_place() from error


def _print(found: OrderDetail, called: Vocabulary) -> None:
    o, r, story = found.order, found.receiver, Story(called)
    screen.pairs([
        ("订单号", "Number", o.number), ("渠道", "Channel", f"{o.account} {o.external_id}"),
        ("阶段", "Phase", screen.called(called.phase(o.phase))),
        ("环节", "Stage", screen.called(called.stage(o.stage))),
        ("对买家说", "To the buyer", screen.called(called.customer(o.stage))),
        ("金额", "Total", money(o.total, o.currency)),
        ("已付", "Paid", money(o.paid, o.currency)),
        ("收件人", "Receiver", screen.called(names.DAMAGED) if r.is_damaged else f"{r.name} {r.phone}"),
        ("地址", "Address", f"{region(r)}{r.district} {r.detail}"), ("下单", "Placed", o.placed_at),
    ])
    screen.table({"订单行": "Line", "SKU": "SKU", "品名": "Title", "订": "Ordered", "发": "Shipped", "金额": "Amount"},
                 [(n.no, n.sku, n.title, n.ordered, n.shipped, money(n.amount, o.currency)) for n in found.lines])
    if found.parcels:
        screen.table({"包裹": "Parcel", "承运": "Carrier", "运单": "Waybill", "状态": "State", "异常": "Trouble"},
                     [(p.no, screen.called(Words(carriers.name(p.carrier), carriers.name(p.carrier, "en"))), p.waybill,
                       names.shown(names.PARCELS, p.state), names.trouble_of(p.scans)) for p in found.parcels])
    if found.matrix.claims:
        screen.table({"里程碑": "Milestone", "系统": "System", "系统原话": "Native word", "时间": "When"},
                     [(screen.called(called.milestone(c.milestone)), c.system, c.native, c.said_at)
                      for c in found.matrix.claims])
    if found.after_sales:
        screen.table({"售后": "After-sale", "种类": "Kind", "进展": "State", "系统原话": "Native word",
                      "金额": "Amount", "决定": "Decision", "时间": "When"},
                     [(a.external_id, names.shown(names.AFTER_SALES, a.kind),
                       names.shown(names.AFTER_SALE_STATES, a.state), a.native,
                       "" if a.amount is None else money(a.amount, a.currency),
                       _decided(a), a.revision)
                      for a in found.after_sales])
    if found.holds:
        screen.table({"挂起": "Hold", "类型": "Type", "原因": "Reason", "解除": "Released"},
                     [(h.no, story.hold(h.type), story.reason(h.reason), h.released_at) for h in found.holds])
    if standing := next((h for h in found.holds if h.released_at is None), None):
        which = "" if standing.no == 1 else f"--hold {standing.no} "
        screen.say(f"解除挂起：orderloom release {o.number} {which}--reason 原因",
                   f"To release the hold: orderloom release {o.number} {which}--reason WHY")
    if found.actions:
        actions = [f"{names.called(names.ACTIONS, name).zh}（{name}）" for name in found.actions]
        screen.say(f"可用动作：{'、'.join(actions)}",
                   f"Actions: {', '.join(found.actions)}")
    screen.table({"序": "Seq", "事实": "Fact", "时间": "When", "谁": "Who"},
                 [(e.seq, names.shown(names.FACTS, e.kind), e.at, story.who(e.actor))
                  for e in found.events])


def _decided(a: AfterSaleView) -> str:
    """What the seller answered, of which sum, and how far the channel has heard of it."""
    if not a.decision:
        return ""
    amount = "" if a.decision_amount is None else money(a.decision_amount, a.currency)
    return " ".join(filter(None, (names.shown(names.DECISIONS, a.decision), amount,
                                  names.shown(names.DECISION_STATES, a.decision_state))))


def region(to: ReceiverView) -> str:
    """Province and city on one line; a municipality is both, and is said once."""
    return to.province if to.city == to.province else to.province + to.city


def _wrong_place() -> Stop:
    return Stop("--after 不是上一页给出的位置。", "--after is not a place that the last page gave.", code=2)


def _next(place: str | None) -> None:
    if place:
        screen.say(f"下一页：--after {place}", f"Next page: --after {place}")
