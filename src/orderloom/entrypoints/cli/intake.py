"""What came in: `messages list | show | replay | discard`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from orderloom.application.discard import Discarded, discard, discard_case
from orderloom.application.queries.messages import (
    MessageFile,
    MessagePage,
    StoredBody,
    is_reason,
    list_messages,
    read_message,
)
from orderloom.application.queries.sql import UUID
from orderloom.application.queries.vocabulary import Vocabulary
from orderloom.entrypoints.cli import names
from orderloom.entrypoints.cli.attach import actor, connection, hub, run
from orderloom.entrypoints.cli.catalogue import account_of
from orderloom.entrypoints.cli.frame import group, written
from orderloom.entrypoints.cli.outcomes import why_of
from orderloom.entrypoints.cli.replay import must_be_ids, replay_ids, tell_replayed
from orderloom.entrypoints.cli.screen import Stop, screen

messages = group("原始消息：列表、查看、重放、作废", "stored messages: list, show, replay, discard")
WHY_LENGTH_MAX = 120
Ids = Annotated[list[str], typer.Argument(metavar="ID...", help="消息编号 / message ids")]
DONE = {"discarded": ("作废", "discarded"), "brought_back": ("恢复", "brought back")}


@messages.command("list", help="消息列表，新的在前 / messages, newest first")
def messages_list(
    outcome: Annotated[str, typer.Option(help="pending | normalised | parked | quarantined | discarded | split")] = "",
    reason: str = "", account: str = "", after: str = "",
    limit: Annotated[int, typer.Option(min=1, max=200)] = 50,
) -> None:
    """List messages."""
    page, called = run(lambda: _list(outcome, reason, account, after, limit))
    if screen.answer(page):
        return
    screen.table(
        {"编号": "Id", "账号": "Account", "主题": "Topic", "收到": "Received", "结果": "Outcome", "原因": "Reason",
         "说明": "Detail", "订单": "Order"},
        [(m.id, m.account, names.shown(names.TOPICS, m.topic), m.received_at, names.shown(names.OUTCOMES, m.outcome),
          screen.called(called.case(m.reason)) if m.reason else "", why_of(m.detail)[:WHY_LENGTH_MAX], m.order)
         for m in page.messages])
    if page.next:
        screen.say(f"下一页：--after {page.next}", f"Next page: --after {page.next}")


@messages.command("show", help="查看一条消息；--body 输出原始字节并记入审计 / show one; --body is logged")
def messages_show(
    message_id: Annotated[str, typer.Argument(metavar="ID")],
    body: Annotated[bool, typer.Option("--body", help="输出原始字节 / the exact bytes")] = False,
    why: Annotated[str, typer.Option("--reason", help="为何查看，--body 必填 / why, needed for --body")] = "",
) -> None:
    """Show a message."""
    if body and not why.strip():
        raise Stop("查看原文需要 --reason 说明原因。", "Seeing the bytes needs --reason.", code=2)
    view, clear, called = run(lambda: _show_message(message_id, why if body else ""))
    if body:
        sys.stdout.buffer.write(clear)
        return
    if not screen.answer(view):
        _tell_message(view, called)
        if view.history:
            screen.table({"时间": "When", "谁": "Who", "事": "What", "原因": "Reason"}, [
                (e.at, e.by, screen.words(*DONE[e.kind], between=" "), e.reason) for e in view.history])


@messages.command("replay", help="重放这些消息 / replay these messages")
def messages_replay(ids: Ids) -> None:
    """Replay messages by id."""
    tell_replayed(run(lambda: replay_ids(ids)))


@messages.command("discard", help="作废搁置的消息：垃圾、测试、合计行；记录谁和原因，重放可恢复 / discard parked junk")
def messages_discard(
    why: Annotated[str, typer.Option("--reason", callback=written, help="原因，写入记录 / why, kept for good")],
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID...]", help="消息编号 / message ids")] = None,
    case: Annotated[str, typer.Option(help="这张异常单的全部消息 / all that this case is about")] = "",
) -> None:
    """Discard parked messages, by id or those of a case."""
    if bool(ids) == bool(case):
        raise Stop("请给出消息编号，或用 --case 给出异常单编号。", "Give ids of messages, or a case by --case.", code=2)
    done = run(lambda: _discard(ids or [], case, why))
    if not screen.answer(done):
        count, cases = done.messages, done.cases_closed
        screen.say(f"已作废 {count} 条，关闭异常单 {cases} 张；orderloom messages replay 编号 可恢复。",
                   f"{count} messages discarded, {cases} cases closed; orderloom messages replay ID brings one back.")
        if done.is_more:
            screen.say("还有更多，请再运行一次。", "There are more: run it again.")


async def _discard(ids: list[str], case: str, why: str) -> Discarded:
    must_be_ids(ids, "消息", "message")
    must_be_ids([case] if case else [], "异常单", "case")
    async with hub() as opened:
        if case:
            return await discard_case(opened.ports.messages, case.lower(), why, actor(), opened.now())
        return await discard(opened.ports.messages, [each.lower() for each in ids], why, actor(), opened.now())


async def _list(
    outcome: str, reason: str, account: str, after: str, limit: int,
) -> tuple[MessagePage, Vocabulary]:
    async with connection() as (opened, one):
        directory = await opened.directory()
        called = Vocabulary(directory)
        called.check(outcome=outcome)
        if reason and not await is_reason(one, reason):
            called.check(reason=reason)
        account_id = account_of(directory, account)[0] if account else None
        page = await list_messages(one, outcome=outcome, reason=reason, account_id=account_id, cursor=after,
                                   limit=limit)
        return page, called


async def _show_message(message_id: str, why: str) -> tuple[MessageFile, bytes, Vocabulary]:
    async with connection() as (opened, one):
        called = Vocabulary(await opened.directory())
        found: tuple[MessageFile, StoredBody] | None = None
        if UUID.fullmatch(message_id.lower()):
            found = await read_message(one, message_id.lower())
        if found is None:
            raise Stop(f"没有消息“{message_id}”。", f'There is no message "{message_id}".')
        if not why:
            return found[0], b"", called
        subject, reason = found[0].looked_at(why)
        await opened.ports.access.unmasked(actor(), subject, reason)
        return found[0], opened.vault.decrypt_voucher(found[1].cipher), called


def _tell_message(view: MessageFile, called: Vocabulary) -> None:
    screen.pairs([
        ("编号", "Id", view.id), ("账号", "Account", f"{view.account} ({view.channel})"),
        ("主题", "Topic", names.shown(names.TOPICS, view.topic)), ("平台编号", "Event id", view.event_id),
        ("收到", "Received", view.received_at), ("字节", "Bytes", view.body_size),
        ("结果", "Outcome", names.shown(names.OUTCOMES, view.outcome)),
        ("原因", "Reason", screen.called(called.case(view.reason)) if view.reason else ""),
        ("说明", "Detail", why_of(view.detail)), ("订单", "Order", view.order),
        ("尝试次数", "Attempts", view.attempts), ("处理", "Processed", view.processed_at)])
