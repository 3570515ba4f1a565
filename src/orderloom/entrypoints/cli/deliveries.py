"""What is sent to channels, systems and carriers: `deliveries list | show | resend | give-up`."""

from __future__ import annotations

from typing import Annotated

import msgspec
import typer

from orderloom.application.give_up import GivenUp, give_up, give_up_case
from orderloom.application.queries.deliveries import (
    DeliveryDetail,
    DeliveryPage,
    list_deliveries,
    read_delivery,
)
from orderloom.application.queries.sql import UUID
from orderloom.application.queries.vocabulary import Vocabulary
from orderloom.application.resend import resend, resend_parked
from orderloom.entrypoints.cli import names
from orderloom.entrypoints.cli.attach import actor, connection, doer, hub, run
from orderloom.entrypoints.cli.catalogue import account_of
from orderloom.entrypoints.cli.frame import group, written
from orderloom.entrypoints.cli.screen import Stop, screen

app = group("推送：列表、查看、重发、放弃", "deliveries to other systems: list, show, resend, give up")
DONE = {"given_up": ("放弃", "given up"), "resent": ("重发", "resent")}


class SentAgain(msgspec.Struct, frozen=True):
    """How many deliveries will be sent again."""

    resent: int


@app.command("list", help="列表，新的在前 / newest first")
def list_command(
    state: Annotated[str, typer.Option(help="due | done | parked | cancelled | given_up")] = "", kind: str = "",
    account: str = "", after: str = "", limit: Annotated[int, typer.Option(min=1, max=200)] = 50,
) -> None:
    """List deliveries."""
    page = run(lambda: _list(state, kind, account, after, limit))
    if screen.answer(page):
        return
    screen.table(
        {"编号": "Id", "去向": "To", "类型": "Kind", "订单": "Order", "状态": "State", "次数": "Tries", "下次": "Due",
         "最近错误": "Last error"},
        [(d.id, d.account, names.shown(names.DELIVERIES, d.kind), d.order,
          names.shown(names.DELIVERY_STATES, d.state), d.attempts, d.due_at, d.last_error[:80])
         for d in page.deliveries])
    if page.next:
        screen.say(f"下一页：--after {page.next}", f"Next page: --after {page.next}")


@app.command("show", help="查看一条（已脱敏）/ one in full, masked")
def show_command(
    delivery_id: Annotated[str, typer.Argument(metavar="ID")],
    with_answer: Annotated[bool, typer.Option("--answer", help="连同对方的应答 / the target's answer, too")] = False,
) -> None:
    """Show a delivery."""
    found = run(lambda: _show(delivery_id.lower(), with_answer))
    if not screen.answer(found):
        d = found.delivery
        screen.pairs([("编号", "Id", d.id), ("去向", "To", d.account),
                      ("类型", "Kind", names.shown(names.DELIVERIES, d.kind)),
                      ("状态", "State", names.shown(names.DELIVERY_STATES, d.state)),
                      ("次数", "Tries", d.attempts), ("错误", "Error", d.last_error),
                      ("应答", "Answer", "…(--answer)" if found.answer is None else found.answer)])
        screen.out.print_json(data=found.body)
        if found.pruned:
            since, digest = f"{found.pruned.at:%Y-%m-%d}", found.pruned.digest
            screen.say(f"内容已按保留期清除（{since}），只留下编号；全文的 SHA-256：{digest}",
                       f"The text is not kept any more (since {since}), only what names it; its SHA-256: {digest}")
        if found.history:
            screen.table({"时间": "When", "谁": "Who", "事": "What", "原因": "Reason"}, [
                (e.at, e.by, screen.words(*DONE[e.kind], between=" "), e.reason) for e in found.history])


@app.command("resend", help="重发 / send again, by id or all that are parked")
def resend_command(
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID...]")] = None,
    parked: Annotated[bool, typer.Option("--parked", help="全部搁置的 / all that are parked")] = False,
    account: str = "",
) -> None:
    """Send again."""
    if bool(ids) == parked:
        raise Stop("请给出编号，或者 --parked。", "Give ids, or --parked.", code=2)
    count = run(lambda: _resend(ids or [], account))
    if not screen.answer(SentAgain(count)):
        screen.say(f"将重发 {count} 条。", f"{count} will be sent again.")
    if not count:
        raise typer.Exit(1)


@app.command("give-up", help="放弃搁置的推送，后面的照常推送；记录谁和原因 / give up parked ones, later ones go")
def give_up_command(
    why: Annotated[str, typer.Option("--reason", callback=written, help="原因，写入记录 / why, kept for good")],
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID...]", help="推送编号 / delivery ids")] = None,
    case: Annotated[str, typer.Option(help="这张异常单的全部推送 / all that this case is about")] = "",
) -> None:
    """Give up parked deliveries, by id or those of a case."""
    if bool(ids) == bool(case):
        raise Stop("请给出推送编号，或用 --case 给出异常单编号。", "Give ids of deliveries, or a case by --case.",
                   code=2)
    done = run(lambda: _give_up(ids or [], case, why))
    if not screen.answer(done):
        count, cases = done.deliveries, done.cases_closed
        screen.say(f"已放弃 {count} 条，关闭异常单 {cases} 张；orderloom deliveries resend 编号 可再发。",
                   f"{count} deliveries given up, {cases} cases closed; orderloom deliveries resend ID sends one after "
                   "all.")
        if done.is_more:
            screen.say("还有更多，请再运行一次。", "There are more: run it again.")


async def _give_up(ids: list[str], case: str, why: str) -> GivenUp:
    _are_ids([*ids, *([case] if case else [])])
    async with hub() as opened:
        carry, outbox, at = opened.handler.handle, opened.ports.outbox, opened.now()
        if case:
            return await give_up_case(carry, outbox, case.lower(), why, doer(), at)
        return await give_up(carry, outbox, [each.lower() for each in ids], why, doer(), at)


def _are_ids(ids: list[str]) -> None:
    if wrong := [one for one in ids if not UUID.fullmatch(one.lower())]:
        raise Stop(f"“{wrong[0]}”不是编号。", f'"{wrong[0]}" is no id.', code=2)


async def _list(state: str, kind: str, account: str, after: str, limit: int) -> DeliveryPage:
    async with connection() as (opened, one):
        directory = await opened.directory()
        Vocabulary(directory).check(delivery=kind, state=state)
        account_id = account_of(directory, account)[0] if account else None
        return await list_deliveries(one, state=state, kind=kind, account_id=account_id, cursor=after, limit=limit)


async def _show(delivery_id: str, with_answer: bool) -> DeliveryDetail:
    async with connection() as (_, one):
        found = await read_delivery(one, delivery_id, with_answer=with_answer) if UUID.fullmatch(delivery_id) else None
        if found is None:
            raise Stop(f"没有“{delivery_id}”这条。", f'There is no delivery "{delivery_id}".')
        return found


async def _resend(ids: list[str], account: str) -> int:
    _are_ids(ids)
    async with hub() as opened:
        outbox, at = opened.ports.outbox, opened.now()
        if ids:
            done, pruned = await resend(outbox, ids, actor(), at)
        else:
            account_id = account_of(await opened.directory(), account)[0] if account else None
            done, pruned = await resend_parked(outbox, account_id, actor(), at)
    if pruned:
        raise Stop(f"{pruned[0]} 的内容已按保留期清除，不能重发；可在订单上重新操作。",
                   f"The text of {pruned[0]} is not kept any more and is not sent again: act on the order.")
    return len(done)
