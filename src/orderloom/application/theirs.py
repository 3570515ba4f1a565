"""Whose word counts about work and parcels: numbers are known to all, but each system speaks of its own."""

from __future__ import annotations

from orderloom.application.journey import Journey
from orderloom.domain.draft import Problem
from orderloom.domain.order import Work
from orderloom.domain.shown import shown

NOT_THEIRS = "not_their_work"


def not_their_work(j: Journey, account_id: int, work: Work) -> tuple[Problem, ...]:
    """Why the account's report on the work does not count; none when it does.

    The system that was given the work speaks of it, the one that its warehouse is wired to now, and the shop whose
    order it is.
    """
    house = j.world.directory.warehouse(work.warehouse_id)
    if account_id in (work.account_id, house.account_id, j.order.account_id):
        return ()
    speaker, owner = _code(j, account_id), _code(j, house.account_id)
    return (Problem(
        NOT_THEIRS, "work_no", work.number,
        f"作业单 {work.number} 属于仓库 {house.code}（系统：{owner or '无'}），账号 {speaker} 的回报未采用；"
        f"该仓库若已改由它管，运行 orderloom warehouse add {house.code} --account {speaker} 即自动继续，"
        "否则作废这条消息 | "
        f"work {work.number} is of warehouse {house.code} (system: {owner or 'none'}), so {speaker}'s report was "
        f"not taken; if it runs that warehouse now, orderloom warehouse add {house.code} --account {speaker} lets it "
        "go on, else discard the message",
        f"work:{work.number}", order_id=j.order.id,
    ),)


def not_their_parcel(j: Journey, account_id: int, waybill: str) -> tuple[Problem, ...]:
    """The same for news of a waybill: any carrier's word counts, another account's of what it, or its shop, sent."""
    directory = j.world.directory
    if directory.accounts[account_id].family == "carriers":
        return ()
    for order_id in j.world.find("waybill", waybill):
        if (order := j.world.orders.get(order_id)) is None:
            continue
        houses = [directory.warehouse(w.warehouse_id).account_id for w in order.works]
        if account_id in (order.account_id, *houses, *[w.account_id for w in order.works]):
            return ()
    told, speaker = shown(waybill), _code(j, account_id)
    return (Problem(
        NOT_THEIRS, "waybill", told,
        f"运单号 {told} 的包裹不是账号 {speaker} 的仓库或店铺发的，状态未改；核对来源后作废这条消息"
        f" | the parcel {told} was sent by no warehouse or shop of {speaker}: nothing was changed; look at the source, "
        "then discard the message",
        f"waybill:{waybill}", order_id=j.order.id,
    ),)


def _code(j: Journey, account_id: int | None) -> str:
    account = j.world.directory.accounts.get(account_id) if account_id is not None else None
    return account.code if account else ""
