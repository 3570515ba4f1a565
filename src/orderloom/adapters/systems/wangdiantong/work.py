"""Pushes works to Wangdiantong as raw trades and takes them back; each trade of a call gets a fate of its own.

Status 0 does not rule a refusal out: what became of a trade stands in the counts and in the error list.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from orderloom.adapters.kit.paths import look
from orderloom.adapters.kit.platform import GoodAnswer, Platform
from orderloom.adapters.systems.wangdiantong import trade
from orderloom.application.ports import Answer, Outgoing, Probed, Terminal, Transient, Trouble

SHIPPED = frozenset({30, 40, 60})
"""`process_status` of a raw trade of which at least a part has left the warehouse."""
TOO_LATE_WORDS = ("已发货", "已出库", "已审核")
ALREADY_WORDS, ALREADY = ("已存在", "重复推送", "单号重复"), "already_there"
"""Words of a trade that is there already, and of other things too: it is looked for before they are believed."""
RATE_WORDS = ("最大调用频率", "最大并发", "频率限制", "并发限制")
PASSING_WORDS = ("稍后重试", "稍后再试", "系统繁忙", "系统正忙", "请求超时", "锁等待")
RATE_PAUSE_SECONDS = 300.0
"""The platform asks to leave the interface alone for 5 to 10 minutes after a rate refusal."""


async def send(outgoing: Outgoing, platform: Platform) -> Answer:
    """Push `work`, or take it back by `work_cancel`.

    Raises `Terminal` with code `too_late` once it has shipped, `not_found` when it is not there.
    """
    if outgoing.kind == "work":
        return await _push(trade.compose(outgoing.body, platform.account.settings), platform)
    return await _cancel(str(outgoing.body["work_no"]), platform)


async def send_many(outgoing: Sequence[Outgoing], platform: Platform) -> list[Answer | Trouble]:
    """Push several pieces of work in one call; each gets its own fate out of the error list."""
    composed = [_composed(x, platform) for x in outgoing]
    trades = [c for c in composed if not isinstance(c, Trouble)]
    told: dict[str, list[str]] = {}
    answer: GoodAnswer | None = None
    if trades:
        arguments = [trades[0][0], [t for c in trades for t in c[1]], [line for c in trades for line in c[2]]]
        answer = await platform.named("push", arguments=arguments)
        for number, words in _errors(answer):
            told.setdefault(number, []).append(words)
        if told.keys() - {str(c[1][0]["tid"]) for c in trades}:
            # Somebody was refused and nobody knows who: asked one by one, each hears what is said of it.
            raise Terminal("unattributed", "the error list names none of these trades", answer=answer.excerpt)
    return [c if isinstance(c, Trouble)
            else await _fate(str(c[1][0]["tid"]), told.get(str(c[1][0]["tid"]), ()), answer, platform)
            for c in composed]


async def probe(platform: Platform) -> Probed:
    """Ask for the account's own shop: proves address, signature, permission and the shop number at once."""
    answer = await platform.named("shop")
    shops = look(answer.data, "data.details") or []
    if not isinstance(shops, list) or not all(isinstance(one, dict) for one in shops):
        return Probed(False, "答复里没有店铺列表 / the answer holds no list of shops")
    if not shops:
        return Probed(False, f"店铺编号不存在 / no such shop: {platform.account.settings.get('shop_no')}")
    return Probed(True, f"正常 / well: {shops[0].get('shop_name', '')}")


def _composed(outgoing: Outgoing, platform: Platform) -> list[Any] | Trouble:
    try:
        return trade.compose(outgoing.body, platform.account.settings)
    except Terminal as refusal:
        return refusal


def _errors(answer: GoodAnswer) -> Iterable[tuple[str, str]]:
    told = look(answer.data, "data.error_list") or []
    if not isinstance(told, list) or not all(isinstance(error, dict) for error in told):
        raise Transient("unreadable_answer", "error_list is no list of errors", answer=answer.excerpt)
    for error in told:
        yield str(error.get("no", "")), str(error.get("error", ""))


async def _fate(
    number: str, told: Iterable[str], answer: GoodAnswer | None, platform: Platform
) -> Answer | Trouble:
    """What became of one trade of a push."""
    try:
        for words in told:
            await _unless_there(number, words, answer, platform)
    except (Transient, Terminal) as refusal:
        return refusal
    return Answer(b"", {"tid": number, "state": "taken"})


async def _push(arguments: list[Any], platform: Platform) -> Answer:
    answer = await platform.named("push", arguments=arguments)
    for number, words in _errors(answer):
        await _unless_there(number, words, answer, platform)
    return _pushed(arguments, answer)


def _pushed(arguments: list[Any], answer: GoodAnswer) -> Answer:
    data = look(answer.data, "data") or {}
    state = "new" if data.get("new_count") else "changed" if data.get("chg_count") else "unchanged"
    return Answer(answer.heard.body, {"tid": str(arguments[1][0]["tid"]), "state": state})


async def _unless_there(number: str, words: str, answer: GoodAnswer | None, platform: Platform) -> None:
    """Raise the refusal that an entry of the error list means, but of a trade that is there already."""
    refusal = _refusal(number, words, answer)
    if refusal.code != ALREADY or await _found(number, platform) is None:
        raise refusal


def _refusal(number: str, words: str, answer: GoodAnswer | None) -> Trouble:
    raw = answer.excerpt if answer else b""
    if any(word in words for word in RATE_WORDS):
        return Transient("rate_limited", f"{number}: {words}", retry_after=RATE_PAUSE_SECONDS, answer=raw)
    if any(word in words for word in PASSING_WORDS):
        return Transient("busy", f"{number}: {words}", answer=raw)
    if any(word in words for word in TOO_LATE_WORDS):
        return Terminal("too_late", f"{number}: {words}", answer=raw)
    is_known = any(word in words for word in ALREADY_WORDS)
    return Terminal(ALREADY if is_known else "refused", f"{number}: {words}", answer=raw)


async def _cancel(work_no: str, platform: Platform) -> Answer:
    """Push the stored trade again as refunded; a parcel that left meanwhile is seen by reading it once more."""
    stored = await _stored(work_no, platform)
    if stored is None:
        raise Terminal("not_found", f"{work_no}: 平台没有这一单 / the platform has no such trade")
    arguments = trade.cancelled(stored, str(platform.account.settings["shop_no"]))
    answer = await platform.named("push", arguments=arguments)
    for number, words in _errors(answer):
        raise _refusal(number, words, answer)  # that it is there already is no recall
    await _stored(work_no, platform)
    return _pushed(arguments, answer)


async def _stored(work_no: str, platform: Platform) -> dict[str, Any] | None:
    """The raw trade as the platform has it. Raises `Terminal` `too_late` when it has shipped."""
    found = await _found(work_no, platform)
    if found is not None and int(found.get("process_status") or 0) in SHIPPED:
        # The stored trade holds the receiver: it is not kept as the answer.
        raise Terminal("too_late", f"{work_no}: 已发货 / it has left the warehouse")
    return found


async def _found(work_no: str, platform: Platform) -> dict[str, Any] | None:
    answer = await platform.named("stored", work_no=work_no)
    data = trade.exact(answer.heard.body)
    if not isinstance(data, dict) or data.keys().isdisjoint(("order", "total_count")):
        # Taken for "there is none", the goods would be called back that go on being packed.
        raise Transient("unreadable_answer", f"{work_no}: no list of trades", answer=answer.excerpt)
    found = data.get("order") or []
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise Transient("unreadable_answer", f"{work_no}: order is no list of trades", answer=answer.excerpt)
    return found[0] if found else None
