"""Take stored messages through the route again: `replay`, with a look ahead, and runs that go on."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from orderloom.adapters.ids import new_id
from orderloom.application.queries.messages import is_reason
from orderloom.application.queries.replays import list_replays
from orderloom.application.queries.sql import UUID
from orderloom.application.queries.vocabulary import Vocabulary
from orderloom.application.refold import Refolded
from orderloom.application.replay import REPLAY_MAX
from orderloom.application.replay import replay as replay_these
from orderloom.application.replay_chosen import (
    OUTCOMES,
    Chosen,
    ReplayPreview,
    ReplayRun,
    begin_replay,
    go_on_replay,
    preview_replay,
)
from orderloom.bootstrap import Hub
from orderloom.entrypoints.cli import names
from orderloom.entrypoints.cli.attach import actor, connection, hub, run
from orderloom.entrypoints.cli.frame import single
from orderloom.entrypoints.cli.outcomes import Outcomes, exit_with, handled, tell
from orderloom.entrypoints.cli.screen import Stop, screen
from orderloom.settings import read_settings

app = single()
Text = Annotated[str, typer.Option()]


@app.command(help="重放已存的原始消息：先用 --preview 看会改变什么；或逐单核对日志 / "
                  "replay stored messages (--preview first shows what would change), or prove the log")
def replay(
    parked: Annotated[bool, typer.Option("--parked", help="只限搁置的 / parked ones only")] = False,
    reason: Annotated[str, typer.Option(help="只限这个搁置原因 / of this reason only")] = "",
    message: Annotated[list[str] | None, typer.Option(help="消息编号，可多次 / message id, repeatable")] = None,
    account: Annotated[str, typer.Option(help="只限这个账号 / of this account only")] = "",
    since: Annotated[str, typer.Option(help="收到时间从，日期或时刻 / received from, a date or an instant")] = "",
    until: Annotated[str, typer.Option(help="收到时间到（不含）/ received before")] = "",
    topic: Annotated[str, typer.Option(help="主题，可用 * / topic, may hold *")] = "",
    outcome: Annotated[list[str] | None, typer.Option(help="parked | normalised | discarded")] = None,
    limit: Annotated[int, typer.Option(min=1, max=REPLAY_MAX)] = REPLAY_MAX,
    preview: Annotated[bool, typer.Option("--preview", help="只看会改变什么 / only look ahead")] = False,
    runs: Annotated[bool, typer.Option("--runs", help="列出重放及进度 / list replays")] = False,
    resume: Annotated[str, typer.Option(help="继续这次被中断的重放 / go on with a replay that was cut short")] = "",
    check: Annotated[bool, typer.Option("--check", help="由日志重算每张订单并比较 / refold every order")] = False,
) -> None:
    """Replay messages and wait until they are through, look ahead, or check that every order is what its log says."""
    if check:
        _tell_refolded(run(_check))
    elif runs:
        _tell_runs(run(_runs))
    elif resume:
        tell_replayed(run(lambda: _resume(resume)))
    elif message:
        tell_replayed(run(lambda: replay_ids(message)))
    else:
        chosen = _chosen(parked, reason, account, since, until, topic, outcome, limit)
        if preview:
            _tell_preview(run(lambda: _preview(chosen)))
            return
        if not (parked or chosen != Chosen(limit=limit)):
            raise Stop("请给出 --parked、--reason、--account、--since、--topic、--message 或 --check；"
                       "先看结果用 --preview。",
                       "Give --parked, --reason, --account, --since, --topic, --message or --check; --preview looks "
                       "ahead.", code=2)
        tell_replayed(run(lambda: _replay(chosen)))


def _chosen(
    parked: bool, reason: str, account: str, since: str, until: str, topic: str, outcome: list[str] | None, limit: int,
) -> Chosen:
    outcomes = ("parked",) if parked or reason else tuple(dict.fromkeys(outcome or ("parked", "normalised")))
    if wrong := [one for one in outcomes if one not in OUTCOMES]:
        raise Stop(f"--outcome 只能是 {'、'.join(OUTCOMES)}，不是 {wrong[0]}。",
                   f"--outcome is one of {', '.join(OUTCOMES)}, not {wrong[0]}.", code=2)
    return Chosen(account.upper(), _instant("--since", since), _instant("--until", until), topic, outcomes, reason,
                  limit)


def _instant(option: str, text: str) -> datetime | None:
    """A date, or a time, in the seller's zone unless it names one. Raises Stop."""
    if not text:
        return None
    zone = ZoneInfo(read_settings().business_zone)
    try:
        if len(text) == len("2026-11-26"):
            return datetime.combine(date.fromisoformat(text), time(), zone)
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise Stop(f"{option} 应是 2026-11-26 或 2026-11-26T08:00，不是 {text[:40]}。",
                   f"{option} is a date such as 2026-11-26 or 2026-11-26T08:00, not {text[:40]}.", code=2) from error
    return found if found.tzinfo else found.replace(tzinfo=zone)


def must_be_ids(ids: list[str], zh: str, en: str) -> None:
    """Refuse what cannot be an id. Raises Stop."""
    if wrong := [one for one in ids if not UUID.fullmatch(one.lower())]:
        raise Stop(f"“{wrong[0]}”不是{zh}编号。", f'"{wrong[0]}" is no {en} id.', code=2)


async def replay_ids(ids: list[str]) -> tuple[Outcomes, Vocabulary]:
    """These messages, through to their ends."""
    must_be_ids(ids, "消息", "message")
    async with hub() as opened:
        queued = await replay_these(opened.ports.messages, ids, actor(), opened.now())
        return await handled(opened, queued), Vocabulary(await opened.directory())


async def _replay(chosen: Chosen) -> tuple[Outcomes, Vocabulary]:
    async with hub() as opened:
        await _must_be_reason(opened, chosen.reason)
        begun = await begin_replay(opened, opened.ports.replays, chosen, new_id(), actor())
        screen.note(f"重放 {begun.id}：{begun.total} 条；中断后用 orderloom replay --resume {begun.id} 继续。",
                    f"Replay {begun.id}: {begun.total} messages; if it is cut short: orderloom replay --resume "
                    f"{begun.id}.")
        return await _through(opened, begun.id)


async def _resume(run_id: str) -> tuple[Outcomes, Vocabulary]:
    must_be_ids([run_id], "重放", "replay")
    async with hub() as opened:
        return await _through(opened, run_id.lower())


async def _through(opened: Hub, run_id: str) -> tuple[Outcomes, Vocabulary]:
    with screen.progress("排队", "Queueing") as advance:
        queued = await go_on_replay(opened, opened.ports.replays, run_id, actor(), advance)
    return await handled(opened, queued), Vocabulary(await opened.directory())


async def _preview(chosen: Chosen) -> ReplayPreview:
    async with hub() as opened:
        await _must_be_reason(opened, chosen.reason)
        with screen.progress("预演", "Looking ahead") as advance:
            return await preview_replay(opened, opened.ports.replays, opened.foreseer.foresee, chosen, advance)


async def _must_be_reason(opened: Hub, reason: str) -> None:
    if reason:
        async with opened.ports.reading() as one:
            is_known = await is_reason(one, reason)
        if not is_known:
            Vocabulary(await opened.directory()).check(reason=reason)


async def _runs() -> list[ReplayRun]:
    async with connection() as (_, one):
        return await list_replays(one)


async def _check() -> Refolded:
    async with hub() as opened:
        with screen.progress("核对订单", "Refolding orders") as advance:
            return await opened.ports.refold_all(advance)


def tell_replayed(told: tuple[Outcomes, Vocabulary]) -> None:
    """Show what became of replayed messages; exits 1 when some stayed."""
    found, called = told
    if not screen.answer(found):
        count = sum(found.outcomes.values())
        screen.say(f"已重放 {count} 条。", f"{count} messages replayed.")
        tell(found, called)
    exit_with(found)


def _tell_preview(found: ReplayPreview) -> None:
    if screen.answer(found):
        return
    screen.say(f"预演 {found.messages} 条：新订单 {found.orders_new} 张，会改变的订单 {found.orders_changed} 张。"
               "什么都没有改动。",
               f"Looked ahead at {found.messages} messages: {found.orders_new} new orders, {found.orders_changed} "
               "orders that would change. Nothing was changed.")
    if found.is_cut:
        screen.say("还有更多没有预演，请缩小范围。", "There are more that were not looked at: choose fewer.")
    screen.table({"从 -> 到": "From -> to", "条数": "Messages"}, list(found.outcomes.items()))
    if found.orders:
        screen.table({"订单": "Order", "平台单号": "External id", "字段": "Field", "现在": "Now", "将会": "Then"}, [
            (order.order or screen.words("新", "new", between=" "), order.external_id, one.field, one.before, one.after)
            for order in found.orders for one in order.fields])
    if found.differing:
        screen.table({"原始消息": "Message", "账号": "Account", "主题": "Topic", "从": "From", "到": "To",
                      "字段": "Field", "怎样处理": "How to mend"}, [
            (m.message, m.account, names.shown(names.TOPICS, m.topic), f"{m.before} {m.reason_before}".strip(),
             f"{m.after} {m.reason_after}".strip(), m.field, screen.one_of(m.mend)) for m in found.differing])


def _tell_runs(found: list[ReplayRun]) -> None:
    if not screen.answer(found):
        screen.table({"编号": "Id", "谁": "Who", "开始": "Begun", "结束": "Ended", "共": "Total", "已排队": "Queued",
                      "待处理": "Waiting"}, [
            (one.id, one.by, one.started_at, one.ended_at, one.total, one.done, one.waiting) for one in found])


def _tell_refolded(found: Refolded) -> None:
    if not screen.answer(found):
        screen.say(f"核对 {found.orders} 张订单，{len(found.differing)} 张与日志不符。",
                   f"{found.orders} orders refolded, {len(found.differing)} differ from their log.")
        rows = [(number, why) for number, why in found.differing]
        if rows:
            screen.table({"订单": "Order", "不符": "Difference"}, rows)
    if found.differing:
        raise typer.Exit(1)
