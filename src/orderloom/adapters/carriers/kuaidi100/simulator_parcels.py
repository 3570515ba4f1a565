"""Kuaidi100's own form of a parcel's history: its codes, its words, newest scan first."""

from __future__ import annotations

from typing import Any

from orderloom.adapters.simulated import parcels as road
from orderloom.adapters.simulated.clock import local
from orderloom.adapters.simulated.parcels import DONE, Parcel, Scan

BASIC = {"103": "1", "1002": "0", "1001": "0", "301": "3", "304": "3"}
"""What an advanced code is called by those who asked for the basic ones."""
SAID = {
    road.COLLECTED: ("103", "揽收", "【{place}】快件已被揽收"),
    road.IN_TRANSIT: ("1002", "干线", "快件离开【{place}转运中心】,发往下一站"),
    road.ARRIVED: ("1001", "到达派件城市", "快件到达【{place}】"),
    road.OUT_FOR_DELIVERY: ("5", "派件", "【{place}】派件员正在派送,请保持电话畅通"),
    road.DELIVERED: ("301", "本人签收", "快件已签收,签收人:本人"),
    road.PICKUP_READY: ("304", "投柜或站签收", "快件已由驿站代收,请及时取件"),
    road.REFUSED: ("14", "拒签", "收件人拒收"),
    road.RETURNING: ("6", "退回", "快件退回中"),
    road.RETURNED: ("4", "退签", "退回件已由寄件人签收"),
}
"""Code, word and sentence of each thing that can happen."""


def code(word: str, *, is_advanced: bool) -> str:
    """What a thing that happened is called; "0" before the first."""
    told = SAID[word][0] if word else "0"
    return told if is_advanced else BASIC.get(told, told)


def result(parcel: Parcel, is_advanced: bool) -> dict[str, Any]:
    """The history of the scans so far as queries and pushes carry it, newest first."""
    return {
        "message": "ok",
        "nu": parcel.waybill,
        "ischeck": "1" if parcel.last in DONE else "0",
        "com": parcel.carrier,
        "status": "200",
        "condition": "F00",
        "state": code(parcel.last, is_advanced=is_advanced),
        "data": [_row(scan, is_advanced) for scan in reversed(parcel.scans)],
    }


def _row(scan: Scan, is_advanced: bool) -> dict[str, str]:
    time, (_, word, sentence) = local(scan.due), SAID[scan.word]
    return {
        "time": time,
        "ftime": time,
        "context": sentence.format(place=scan.place),
        "location": scan.place,
        "areaCode": "",
        "areaName": scan.place,
        "status": word,
        "statusCode": code(scan.word, is_advanced=is_advanced),
    }
