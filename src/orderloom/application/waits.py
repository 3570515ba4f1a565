"""What a message waits for that is about something unknown: in words, and with the key under which it is let go on."""

from __future__ import annotations

from orderloom.domain.draft import Problem
from orderloom.domain.shown import shown


def work_unknown(number: str) -> Problem:
    """A report on work that nobody knows."""
    return Problem(
        "work_unknown", "work_no", number[:80],
        f"没有编号为 {number[:80]} 的作业单；核对编号后重放，不属于这里就作废 | "
        f"no fulfilment work {number[:80]}; check the number and replay it, or discard what is not meant for this hub",
        f"work:{number}",
    )


def waybill_unknown(waybill: str) -> Problem:
    """News of a parcel that is not out yet."""
    return Problem(
        "waybill_unknown", "waybill", waybill[:80],
        f"没有运单号 {waybill[:80]} 的包裹；出库后自动处理 | "
        f"no parcel with waybill {waybill[:80]}; it goes on once it ships",
        f"waybill:{waybill}",
    )


def order_key(account_id: int, external_id: str) -> str:
    """The park key of messages that wait for a channel's order."""
    return f"order:{account_id}:{external_id}"


def order_unknown(key: tuple[int, str]) -> Problem:
    """News about a channel's order that has not come yet."""
    account_id, external_id = key
    told = shown(external_id)
    return Problem(
        "order_unknown", "order_external_id", told,
        f"还没有平台单号为 {told} 的订单；收到后自动处理，早于接入的老订单请作废 | "
        f"no order {told} of this channel yet; it goes on once that arrives: discard it for orders of before",
        order_key(account_id, external_id),
    )
