"""What `connect` and `accounts backfill` ask and tell about the orders from before the connection."""

from __future__ import annotations

import sys
from datetime import datetime

import msgspec
import typer

from orderloom.adapters.manifests import manifests
from orderloom.application.connect import PAST_DAYS_DEFAULT, BadForm, Past, past_wanted
from orderloom.application.ports import PastReader
from orderloom.application.queries.accounts import BackfillView
from orderloom.bootstrap import find_connectors
from orderloom.entrypoints.cli.screen import Stop, screen

SCOPES = ("open", "all")


class BackfillBegun(msgspec.Struct, frozen=True):
    """From when an account's past is read (null: not at all), finished orders too with `is_all`."""

    account: str
    since: datetime | None
    is_all: bool


class PastWish(msgspec.Struct, frozen=True):
    """What was asked for; `text` empty: a new account gets the default, a known one nothing."""

    connector: str
    zone: str
    text: str
    is_all: bool

    def at(self, now: datetime, *, is_new: bool) -> Past | None:
        """What it means now. Raises Stop with what is wrong."""
        days_max = manifests()[self.connector].pull.history_days_max
        try:
            return past_wanted(self.text, now, self.zone, days_max, is_all=self.is_all, is_new=is_new)
        except BadForm as error:
            raise Stop(error.zh, error.en, code=2) from error


def past_wish(connector: str, zone: str, since: str, orders: str) -> PastWish | None:
    """What is wanted of the past of a source that has one; asks a person who did not say. Raises Stop."""
    if orders not in SCOPES:
        raise Stop(f"--orders 只能是 open 或 all，不是 {orders}。", f"--orders is open or all, not {orders}.", code=2)
    if not isinstance(find_connectors()[connector], PastReader):
        if since and since != PAST_DAYS_DEFAULT:
            raise Stop(f"{connector} 没有可补拉的历史订单，去掉 --since。",
                       f"{connector} has no past orders to read: leave --since out.", code=2)
        return None
    if not since and sys.stdin.isatty() and not screen.is_json:
        since = typer.prompt(
            "补拉多久以来未完成的订单？天数、日期，或 now 不补 / "
            "Unfinished orders from how far back? Days, a date, now",
            default=PAST_DAYS_DEFAULT)
    return PastWish(connector, zone, since, orders == "all")


def tell_past(past: Past | None) -> None:
    """Say what is going to be read."""
    if past is None or screen.is_json:
        return
    if past.since is None:
        screen.say("只读取从现在起的订单。", "Only orders from now on are read.")
        return
    what = ("全部订单", "all orders") if past.is_all else ("未完成的订单", "orders not finished")
    day = past.since.date().isoformat()
    screen.say(f"新订单立即开始读取；{day} 以来{what[0]}在旁补拉，进度见 accounts list。",
               f"New orders are read at once; {what[1]} since {day} beside them: accounts list shows progress.")


def progress(backfill: BackfillView | None) -> str:
    """How far a backfill is, in a word."""
    if backfill is None:
        return ""
    return f"{backfill.percent}% · {backfill.orders}"
