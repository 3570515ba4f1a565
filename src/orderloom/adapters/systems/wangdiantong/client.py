"""The hub's side of Wangdiantong: pushes work as raw trades, takes it back, reads stock-outs and stock."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import httpx2

from orderloom.adapters.systems.wangdiantong import calls, trade, walk
from orderloom.application.ports import (
    Account,
    Answer,
    Cursor,
    Inbound,
    Outgoing,
    Page,
    Probed,
    Terminal,
    Transient,
    Trouble,
    Verdict,
)

PUSH = "sales.RawTrade.pushSelf2"
STORED = "sales.RawTrade.searchSelfOrder"
SHOPS = "setting.Shop.queryShop"
ONE_PAGE = {"page_size": 20, "page_no": 0, "calc_total": 1}
SHIPPED = frozenset({30, 40, 60})
"""`process_status` of a raw trade of which at least a part has left the warehouse."""
TRADES_MAX = 50
"""Trades per push; the platform advises 100 at most."""
TOO_LATE_WORDS = ("已发货", "已出库", "已审核")
ALREADY_WORDS = ("已存在", "重复推送", "单号重复")


class Wangdiantong:
    """The connector; see `ports.Connector`."""

    name = "wangdiantong"
    batch_max = {"work": TRADES_MAX}

    def receive(self, request: Inbound, account: Account, at: datetime) -> Verdict:
        """The platform pushes nothing: whatever knocks here is not from it."""
        return Verdict((), quarantine="wangdiantong sends no webhooks", status=404)

    async def pull(
        self, account: Account, cursor: Cursor, at: datetime, http: httpx2.AsyncClient
    ) -> AsyncIterator[Page]:
        """What changed since `cursor`: topic `stockout`, an item per stock-out; topic `stock`, an item per page."""
        async for page in walk.windows(account, cursor, at, http):
            yield page

    async def send(self, outgoing: Outgoing, account: Account, http: httpx2.AsyncClient) -> Answer:
        """Push `work`, or take it back by `work_cancel` (`Terminal` with code `too_late` once it has shipped)."""
        if outgoing.kind == "work":
            return await _push(trade.compose(outgoing.body, account.settings), account, http)
        if outgoing.kind == "work_cancel":
            return await _cancel(str(outgoing.body["work_no"]), account, http)
        raise Terminal("unknown_kind", f"wangdiantong takes work and work_cancel, not {outgoing.kind}")

    async def send_many(
        self, outgoing: Sequence[Outgoing], account: Account, http: httpx2.AsyncClient
    ) -> list[Answer | Trouble]:
        """Push several pieces of work in one call; each gets its own fate out of the error list."""
        composed: list[list[Any] | Trouble] = [_composed(x, account) for x in outgoing]
        trades = [c for c in composed if not isinstance(c, Trouble)]
        told: dict[str, list[str]] = {}
        raw = b""
        if trades:
            args = [trades[0][0], [t for c in trades for t in c[1]], [line for c in trades for line in c[2]]]
            raw = await calls.call(account, http, PUSH, args)
            data = calls.numbers(calls.read(raw)) or {}
            for e in data.get("error_list") or ():
                told.setdefault(str(e.get("no", "")), []).append(str(e.get("error", "")))
            if told.keys() - {str(c[1][0]["tid"]) for c in trades}:
                # Somebody was refused and nobody knows who: asked one by one, each hears what is said of it.
                raise Terminal("unattributed", "the error list names none of these trades", answer=raw)
        return [c if isinstance(c, Trouble) else _fate(str(c[1][0]["tid"]), told, raw) for c in composed]

    async def probe(self, account: Account, http: httpx2.AsyncClient) -> Probed:
        """Ask for the account's own shop: proves address, signature, permission and the shop number at once."""
        try:
            question = [{"shop_no": account.settings["shop_no"]}]
            raw = await calls.call(account, http, SHOPS, question, ONE_PAGE)
            shops = (calls.numbers(calls.read(raw)) or {}).get("details") or []
        except (Transient, Terminal) as refusal:
            return Probed(False, f"连接失败 / failed: {refusal}")
        if not shops:
            return Probed(False, f"店铺编号不存在 / no such shop: {account.settings['shop_no']}")
        return Probed(True, f"正常 / well: {shops[0].get('shop_name', '')}")


def _composed(outgoing: Outgoing, account: Account) -> list[Any] | Trouble:
    try:
        return trade.compose(outgoing.body, account.settings)
    except Terminal as refusal:
        return refusal


def _fate(number: str, told: Mapping[str, Sequence[str]], raw: bytes) -> Answer | Trouble:
    """What became of one trade of a push."""
    try:
        for words in told.get(number, ()):
            _judge(number, words, raw)
    except (Transient, Terminal) as refusal:
        return refusal
    return Answer(b"", {"tid": number, "state": "taken"})


async def _push(args: Sequence[Any], account: Account, http: httpx2.AsyncClient) -> Answer:
    """Push one trade and read its fate out of the counts and the error list, which status 0 does not rule out."""
    raw = await calls.call(account, http, PUSH, args)
    data = calls.numbers(calls.read(raw)) or {}
    for error in data.get("error_list") or ():
        _judge(str(error.get("no", "")), str(error.get("error", "")), raw)
    state = "new" if data.get("new_count") else "changed" if data.get("chg_count") else "unchanged"
    return Answer(raw, {"tid": str(args[1][0]["tid"]), "state": state})


def _judge(number: str, words: str, raw: bytes) -> None:
    """Turn one entry of the error list into the refusal that it means; words that say "have it already" are a yes."""
    pause = calls.passing(words)
    if pause is not None:
        raise Transient("rate_limited" if pause else "busy", f"{number}: {words}", retry_after=pause, answer=raw)
    if any(word in words for word in TOO_LATE_WORDS):
        raise Terminal("too_late", f"{number}: {words}", answer=raw)
    if not any(word in words for word in ALREADY_WORDS):
        raise Terminal("refused", f"{number}: {words}", answer=raw)


async def _cancel(work_no: str, account: Account, http: httpx2.AsyncClient) -> Answer:
    """Push the stored trade again as refunded; a parcel that left meanwhile is seen by reading it once more."""
    stored, raw = await _stored(work_no, account, http)
    if stored is None:
        return Answer(raw, {"tid": work_no, "state": "absent"})
    answer = await _push(trade.cancelled(stored, str(account.settings["shop_no"])), account, http)
    await _stored(work_no, account, http)
    return answer


async def _stored(work_no: str, account: Account, http: httpx2.AsyncClient) -> tuple[dict[str, Any] | None, bytes]:
    """The raw trade as the platform has it, and its answer. Raises `Terminal` `too_late` when it has shipped."""
    raw = await calls.call(account, http, STORED, [{"tid": work_no}], ONE_PAGE)
    data = calls.numbers(calls.read(raw))
    if not isinstance(data, dict) or data.keys().isdisjoint(("order", "total_count")):
        # Taken for "there is none", the goods would be called back that go on being packed.
        raise Transient("unreadable_answer", f"{work_no}: no list of trades", answer=raw)
    found = data.get("order") or []
    if found and int(found[0].get("process_status") or 0) in SHIPPED:
        # The stored trade holds the receiver: it is not kept as the answer.
        raise Terminal("too_late", f"{work_no}: 已发货 / it has left the warehouse")
    return (found[0] if found else None), raw


CONNECTOR = Wangdiantong()
