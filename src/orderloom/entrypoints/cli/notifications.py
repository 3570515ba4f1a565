"""Who is told of what: `notifications`, `notification acknowledge | test`, `recipients list | set | forget`."""

from __future__ import annotations

from typing import Annotated

import typer

from orderloom.application.acknowledge import Acknowledged, acknowledge
from orderloom.application.keep_recipients import IN_ROOM, Reached, forget_recipient, keep_recipient
from orderloom.application.queries.notifications import (
    STATES,
    NotificationPage,
    RecipientList,
    list_notifications,
    list_recipients,
)
from orderloom.application.queries.sql import UUID
from orderloom.application.try_messenger import TrialQueued, try_messenger
from orderloom.entrypoints.cli import names
from orderloom.entrypoints.cli.attach import actor, connection, hub, run
from orderloom.entrypoints.cli.catalogue import account_of
from orderloom.entrypoints.cli.frame import group, single
from orderloom.entrypoints.cli.screen import Stop, screen

log = single()
app = group("一条通知：知道了、试发", "one notification: acknowledge, test")
recipients = group("通知接收人的地址：列表、设置、删除", "where recipients are reached: list, set, forget")
Who = Annotated[str, typer.Argument(metavar="RECIPIENT", help="蓝图中的接收人或角色 / as the blueprint names it")]
By = Annotated[str, typer.Option("--account", help="通知账号 / the messenger's account")]


@log.command(help="通知记录，新的在前 / who was told what, newest first")
def log_command(
    state: Annotated[str, typer.Option(help=" | ".join(STATES))] = "", rule: str = "", recipient: str = "",
    account: str = "", case: Annotated[str, typer.Option(help="异常单编号 / a case's id")] = "", after: str = "",
    limit: Annotated[int, typer.Option(min=1, max=200)] = 50,
) -> None:
    """List messages to people."""
    page = run(lambda: _list(state, rule, recipient, account, case, after, limit))
    if screen.answer(page):
        return
    screen.table(
        {"编号": "Id", "时间": "When", "规则": "Rule", "接收人": "Recipient", "账号": "By", "状态": "State",
         "等待": "Held by", "订单": "Order", "合并": "Together", "知道了": "Acknowledged", "最近错误": "Last error"},
        [(n.id, n.created_at, n.rule, n.recipient, n.account, names.shown(names.NOTIFICATIONS, n.state),
          names.shown(names.HELD, n.held_by), n.order, n.together if n.together > 1 else "", n.acknowledged_by,
          n.last_error[:80]) for n in page.notifications])
    if page.next:
        screen.say(f"下一页：--after {page.next}", f"Next page: --after {page.next}")


@app.command("acknowledge", help="知道了：不再催任何人 / say that you have heard: nobody else is told of it")
def acknowledge_command(
    notification_id: Annotated[str, typer.Argument(metavar="ID", help="编号，见 orderloom notifications / its id")],
) -> None:
    """Acknowledge a message, and what left with it."""
    done = run(lambda: _acknowledge(notification_id))
    if not screen.answer(done):
        screen.say(f"已确认 {done.acknowledged} 件，不再催促。",
                   f"{done.acknowledged} acknowledged: nobody is told again.")


@app.command("test", help="试发一条：notification test --account DT01 / send a trial message")
def test_command(
    account: By,
    to: Annotated[str, typer.Option(help="接收人；群机器人不用写 / the recipient, none for a room")] = "",
) -> None:
    """Queue a trial message."""
    done = run(lambda: _try(account.upper(), to))
    if not screen.answer(done):
        screen.say(f"已排入发送；结果见 orderloom deliveries show {done.delivery_id}",
                   f"Queued: orderloom deliveries show {done.delivery_id} says how it ended")


@recipients.command("list", help="列表（已脱敏） / masked")
def list_command() -> None:
    """List addresses."""
    found = run(_recipients)
    if not screen.answer(found):
        screen.table({"接收人": "Recipient", "账号": "By", "地址": "Address", "设置于": "Since", "由谁": "By whom"},
                     [(r.recipient, r.account, r.address, r.kept_at, r.kept_by) for r in found.recipients])


@recipients.command("set", help="设置地址：recipients set management --account SMS01 --address 138… / set an address")
def set_command(
    recipient: Who, account: By,
    address: Annotated[str, typer.Option(help="邮箱、手机号或用户号；群机器人不用写 / none for a room")] = IN_ROOM,
) -> None:
    """Reach a recipient there."""
    _tell(run(lambda: _set(recipient, account.upper(), address)))


@recipients.command("forget", help="删除地址 / forget an address")
def forget_command(recipient: Who, account: By) -> None:
    """Reach the recipient there no longer."""
    _tell(run(lambda: _forget(recipient, account.upper())))


def _tell(done: Reached) -> None:
    if not screen.answer(done):
        screen.say(f"{done.recipient} 在 {done.account}：{done.address or '已删除'}",
                   f"{done.recipient} at {done.account}: {done.address or 'forgotten'}")


async def _list(
    state: str, rule: str, recipient: str, account: str, case: str, after: str, limit: int,
) -> NotificationPage:
    if state and state not in STATES:
        raise Stop(f"--state 只能是 {'、'.join(STATES)}。", f"--state is one of {', '.join(STATES)}.", code=2)
    if case and not UUID.fullmatch(case.lower()):
        raise Stop(f"“{case}”不是编号。", f'"{case}" is no id.', code=2)
    async with connection() as (opened, one):
        account_id = account_of(await opened.directory(), account)[0] if account else None
        return await list_notifications(one, state=state, rule=rule, recipient=recipient, account_id=account_id,
                                        case_id=case.lower(), cursor=after, limit=limit)


async def _acknowledge(notification_id: str) -> Acknowledged:
    if not UUID.fullmatch(notification_id.lower()):
        raise Stop(f"“{notification_id}”不是编号。", f'"{notification_id}" is no id.', code=2)
    async with hub() as opened:
        return await acknowledge(opened.ports.notices, notification_id.lower(), actor(), opened.now())


async def _try(account: str, to: str) -> TrialQueued:
    async with hub() as opened:
        return await try_messenger(opened.ports.notices, opened.manifests, account, to, opened.now())


async def _recipients() -> RecipientList:
    async with connection() as (_, one):
        return await list_recipients(one)


async def _set(recipient: str, account: str, address: str) -> Reached:
    async with hub() as opened:
        return await keep_recipient(
            opened.ports.notices, opened.manifests, recipient, account, address, actor(), opened.now())


async def _forget(recipient: str, account: str) -> Reached:
    async with hub() as opened:
        return await forget_recipient(opened.ports.notices, recipient, account)
