"""What came in: `import` a file, `messages list | show | replay`, `replay` stored messages or prove the log."""

from __future__ import annotations

import sys
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from orderloom.adapters.db.refold import Refolded, refold_all
from orderloom.adapters.ids import new_id
from orderloom.application.queries.messages import MessagePage, MessageView, StoredBody, list_messages, read_message
from orderloom.application.queries.sql import UUID
from orderloom.bootstrap import Hub
from orderloom.entrypoints.cli.attach import actor, connection, hub, run
from orderloom.entrypoints.cli.catalogue import account_of
from orderloom.entrypoints.cli.frame import group, single
from orderloom.entrypoints.cli.screen import Stop, screen

import_file, replay = single(), single()
messages = group("原始消息:列表、查看、重新处理", "stored messages: list, show, replay")
FILE_BYTES_MAX = 256 << 20
ROUNDS_MAX = 10_000
Ids = Annotated[list[str], typer.Argument(metavar="ID...", help="消息编号 / message ids")]
OUTCOME = b"""select outcome, count(*) from intake i join message m on m.id = i.message_id
    where i.message_id = any (%(ids)s::uuid[]) group by outcome"""
CHILDREN = b"""select m.id::text from message m join message f on f.id = m.parent_id
    where f.account_id = %(account)s and f.digest = %(digest)s"""

UNMASKED = b"""insert into unmasking (id, order_id, who, reason, at)
    values (%(id)s, %(subject)s, %(who)s, %(why)s, %(at)s)"""


class ImportResult(msgspec.Struct, frozen=True):
    """How a file was taken in."""

    file: str
    items: int
    duplicates: int
    is_known: bool
    refused: str
    outcomes: dict[str, int]


@import_file.command(help="导入订单文件(CSV、Excel),走加急通道 / import a file of orders on the fast lane")
def import_command(
    file: Path, account: Annotated[str, typer.Option(help="文件账号,只有一个时可省 / files account")] = "",
) -> None:
    """Land a file, then take its orders through the route."""
    if not file.is_file():
        raise Stop(f"没有文件 {file}。", f"There is no file {file}.", code=2)
    if file.stat().st_size > FILE_BYTES_MAX:
        raise Stop(f"{file} 超过 {FILE_BYTES_MAX >> 20} MiB,请分开。",
                   f"{file} is over {FILE_BYTES_MAX >> 20} MiB.", code=2)
    content = file.read_bytes()
    done = run(lambda: _import(file.name, content, account))
    if not screen.answer(done):
        screen.say(f"已收下 {done.items} 条,其中重复 {done.duplicates} 条。处理结果:",
                   f"{done.items} items taken in, {done.duplicates} known before. What became of them:")
        screen.table({"结果": "Outcome", "数量": "Count"}, sorted(done.outcomes.items()))
    if done.refused:
        raise Stop(f"文件无法拆分:{done.refused}。原文件已保存。",
                   f"The file could not be split: {done.refused}. It is kept.")


@replay.command(help="重新处理已存的消息,或逐单核对日志 / process stored messages again, or prove the log")
def replay_command(
    parked: Annotated[bool, typer.Option("--parked", help="全部待处理的 / all that are parked")] = False,
    reason: Annotated[str, typer.Option(help="只限这个原因 / of this reason only")] = "",
    message: Annotated[list[str] | None, typer.Option(help="消息编号,可多次 / message id, repeatable")] = None,
    check: Annotated[bool, typer.Option("--check", help="由日志重算每张订单并比较 / refold every order")] = False,
) -> None:
    """Replay messages, or check that every order is what its log says."""
    if check:
        _tell_refolded(run(_check))
        return
    if not (parked or reason or message):
        raise Stop("请给出 --parked、--reason、--message 或 --check。",
                   "Give --parked, --reason, --message or --check.", code=2)
    _tell_replayed(run(lambda: _replay(message or [], reason)))


@messages.command("list", help="消息列表,新的在前 / messages, newest first")
def messages_list(
    outcome: Annotated[str, typer.Option(help="pending | normalised | parked | quarantined | split")] = "",
    reason: str = "", account: str = "", after: str = "",
    limit: Annotated[int, typer.Option(min=1, max=200)] = 50,
) -> None:
    """List messages."""
    page = run(lambda: _list(outcome, reason, account, after, limit))
    if screen.answer(page):
        return
    screen.table(
        {"编号": "Id", "账号": "Account", "主题": "Topic", "收到": "Received", "结果": "Outcome", "原因": "Reason",
         "说明": "Detail", "订单": "Order"},
        [(m.id, m.account, m.topic, m.received_at, m.outcome, m.reason, m.detail[:80], m.order)
         for m in page.messages])
    if page.next:
        screen.say(f"下一页:--after {page.next}", f"Next page: --after {page.next}")


@messages.command("show", help="查看一条消息;--body 输出原始字节并记入审计 / show one; --body is logged")
def messages_show(
    message_id: Annotated[str, typer.Argument(metavar="ID")],
    body: Annotated[bool, typer.Option("--body", help="输出原始字节 / the exact bytes")] = False,
    why: Annotated[str, typer.Option("--reason", help="为何查看,--body 必填 / why, needed for --body")] = "",
) -> None:
    """Show a message."""
    if body and not why:
        raise Stop("查看原文需要 --reason 说明原因。", "Seeing the bytes needs --reason.", code=2)
    view, clear = run(lambda: _show_message(message_id, why if body else ""))
    if body:
        sys.stdout.buffer.write(clear)
        return
    if not screen.answer(view):
        facts = msgspec.structs.asdict(view)
        screen.pairs([(name, name, value) for name, value in facts.items()])


@messages.command("replay", help="重新处理这些消息 / process these messages again")
def messages_replay(ids: Ids) -> None:
    """Replay messages by id."""
    _tell_replayed(run(lambda: _replay(ids, "")))


async def _import(name: str, content: bytes, account: str) -> ImportResult:
    async with hub() as opened:
        directory = await opened.directory()
        able = [a.code for a in directory.accounts.values() if a.connector == "files" and a.is_active]
        if not able:
            raise Stop("还没有文件账号。请先运行 orderloom connect files --code F01。",
                       "There is no files account yet. First run orderloom connect files --code F01.")
        if not account and len(able) > 1:
            raise Stop(f"请用 --account 指定文件账号:{'、'.join(able)}。",
                       f"Name the files account by --account: {', '.join(able)}.", code=2)
        code = account.upper() or able[0]
        account_id = account_of(directory, code)[0]
        done = await opened.import_file(code, name, content)
        async with opened.pool.connection() as one:
            digest = sha256(content).digest()
            rows = await one.execute(CHILDREN, {"account": account_id, "digest": digest})
            ids = [row[0] for row in await rows.fetchall()]
        return ImportResult(name, done.items, done.duplicates, done.is_known, done.refused,
                            await _handled(opened, ids))


async def _handled(opened: Hub, ids: list[str]) -> dict[str, int]:
    """Help the workers until these messages are through; returns what became of them."""
    with screen.progress("处理", "Processing") as advance:
        for _ in range(ROUNDS_MAX):
            taken = await opened.handler.handle_messages()
            async with opened.pool.connection() as one:
                rows = await (await one.execute(OUTCOME, {"ids": ids})).fetchall()
            outcomes = {outcome: int(count) for outcome, count in rows}
            advance(len(ids) - outcomes.get("pending", 0), len(ids))
            if not taken or not outcomes.get("pending"):
                break
    return outcomes


async def _replay(ids: list[str], reason: str) -> dict[str, int]:
    if wrong := [one for one in ids if not UUID.fullmatch(one.lower())]:
        raise Stop(f"“{wrong[0]}”不是消息编号。", f'"{wrong[0]}" is no message id.', code=2)
    async with hub() as opened:
        queued = await opened.replay_messages(ids) if ids else await opened.replay_parked(reason)
        return await _handled(opened, queued)


async def _check() -> Refolded:
    async with connection() as (_, one):
        with screen.progress("核对订单", "Refolding orders") as advance:
            return await refold_all(one, advance)


async def _list(outcome: str, reason: str, account: str, after: str, limit: int) -> MessagePage:
    async with connection() as (opened, one):
        account_id = account_of(await opened.directory(), account)[0] if account else None
        return await list_messages(one, outcome=outcome, reason=reason, account_id=account_id, cursor=after,
                                   limit=limit)


async def _show_message(message_id: str, why: str) -> tuple[MessageView, bytes]:
    async with connection() as (opened, one):
        found: tuple[MessageView, StoredBody] | None = None
        if UUID.fullmatch(message_id.lower()):
            found = await read_message(one, message_id.lower())
        if found is None:
            raise Stop(f"没有消息“{message_id}”。", f'There is no message "{message_id}".')
        if not why:
            return found[0], b""
        await one.execute(UNMASKED, {"id": new_id(), "subject": found[0].id, "who": actor(), "why": why,
                                     "at": opened.now()})
        return found[0], opened.vault.decrypt(found[1].cipher)


def _tell_replayed(outcomes: dict[str, int]) -> None:
    if not screen.answer({"outcomes": outcomes}):
        screen.say(f"已重新处理 {sum(outcomes.values())} 条。", f"{sum(outcomes.values())} messages processed again.")
        screen.table({"结果": "Outcome", "数量": "Count"}, sorted(outcomes.items()))


def _tell_refolded(found: Refolded) -> None:
    if not screen.answer(found):
        screen.say(f"核对 {found.orders} 张订单,{len(found.differing)} 张与日志不符。",
                   f"{found.orders} orders refolded, {len(found.differing)} differ from their log.")
        rows: list[Any] = [(number, why) for number, why in found.differing]
        if rows:
            screen.table({"订单": "Order", "不符": "Difference"}, rows)
    if found.differing:
        raise typer.Exit(1)
