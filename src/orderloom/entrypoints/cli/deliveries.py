"""What is sent to channels, systems and carriers: `deliveries list | show | resend`."""

from __future__ import annotations

from typing import Annotated

import msgspec
import typer

from orderloom.adapters.db import outbox
from orderloom.application.queries.deliveries import (
    DeliveryDetail,
    DeliveryPage,
    list_deliveries,
    read_delivery,
)
from orderloom.application.queries.sql import UUID
from orderloom.application.queries.vocabulary import Vocabulary
from orderloom.entrypoints.cli import names
from orderloom.entrypoints.cli.attach import connection, run
from orderloom.entrypoints.cli.catalogue import account_of
from orderloom.entrypoints.cli.frame import group
from orderloom.entrypoints.cli.screen import Stop, screen

app = group("推送：列表、查看、重发", "deliveries to other systems: list, show, resend")


class Resent(msgspec.Struct, frozen=True):
    """How many deliveries will be sent again."""

    resent: int


@app.command("list", help="列表，新的在前 / newest first")
def list_command(
    state: Annotated[str, typer.Option(help="due | done | parked | cancelled")] = "", kind: str = "", account: str = "",
    after: str = "", limit: Annotated[int, typer.Option(min=1, max=200)] = 50,
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
    if not screen.answer(Resent(count)):
        screen.say(f"将重发 {count} 条。", f"{count} will be sent again.")
    if not count:
        raise typer.Exit(1)


async def _list(state: str, kind: str, account: str, after: str, limit: int) -> DeliveryPage:
    async with connection() as (hub, one):
        directory = await hub.directory()
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
    """Parked ones page by page; `outbox.resend` decides what may be sent again."""
    if wrong := [one for one in ids if not UUID.fullmatch(one.lower())]:
        raise Stop(f"“{wrong[0]}”不是编号。", f'"{wrong[0]}" is no id.', code=2)
    async with connection(is_writing=True) as (hub, one):
        if not ids:
            account_id = account_of(await hub.directory(), account)[0] if account else None
            cursor = ""
            while True:
                page = await list_deliveries(one, state="parked", account_id=account_id, cursor=cursor, limit=200)
                ids += [d.id for d in page.deliveries]
                if page.next is None:
                    break
                cursor = page.next
        return len(await outbox.resend(one, ids, hub.now())) if ids else 0
