"""The rehearsed road behind the Kuaidi100 simulator: parcels that are scanned, stall, or come back, by seed."""

from __future__ import annotations

import random
from datetime import datetime, timedelta, timezone
from typing import Any

import msgspec

CHINA = timezone(timedelta(hours=8))
BASIC = {"103": "1", "1002": "0", "1001": "0", "301": "3", "304": "3"}
"""What an advanced code is called by those who asked for the basic ones."""

WORDS = {
    "103": "揽收", "1002": "干线", "1001": "到达派件城市", "5": "派件", "301": "本人签收", "304": "投柜或站签收",
    "14": "拒签", "6": "退回", "4": "退签",
}
TEXTS = {
    "103": "【{place}】快件已被揽收",
    "1002": "快件离开【{place}转运中心】,发往下一站",
    "1001": "快件到达【{place}】",
    "5": "【{place}】派件员正在派送,请保持电话畅通",
    "301": "快件已签收,签收人:本人",
    "304": "快件已由驿站代收,请及时取件",
    "14": "收件人拒收",
    "6": "快件退回中",
    "4": "退回件已由寄件人签收",
}
DONE = frozenset({"301", "304", "4"})


class Scan(msgspec.Struct, frozen=True):
    """One scan that will happen at `due`."""

    code: str
    due: datetime
    place: str


class Parcel(msgspec.Struct):
    """One waybill's way; `seen` scans of `plan` have happened."""

    carrier: str
    waybill: str
    phone_last4: str
    plan: tuple[Scan, ...]
    seen: int = 0

    @property
    def scans(self) -> tuple[Scan, ...]:
        return self.plan[: self.seen]

    @property
    def is_done(self) -> bool:
        return self.seen > 0 and self.plan[self.seen - 1].code in DONE


def draw(carrier: str, waybill: str, at: datetime, province: str, phone_last4: str, settings: dict[str, Any]) -> Parcel:
    """The way of one parcel, drawn from the seed and its waybill: mostly to the door, sometimes nowhere or back."""
    chance = random.Random(f"{settings.get('seed', 1)}:{carrier}:{waybill}")
    codes = ["103", *["1002"] * chance.randint(1, 3), "1001", "5", chance.choice(("301", "301", "301", "304"))]
    fate = chance.random()
    stall_share, return_share = float(settings.get("stall_share", 0.0)), float(settings.get("return_share", 0.0))
    if fate < stall_share:
        codes = codes[: chance.randint(1, len(codes) - 2)]
    elif fate < stall_share + return_share:
        codes = [*codes[:-1], "14", "6", "4"]
    pace, due, plan = float(settings.get("pace_seconds", 300)), at, []
    for code in codes:
        due += timedelta(seconds=max(1.0, pace * chance.uniform(0.6, 1.4)))
        place = "始发地" if code in ("103", "4") else province or "目的地"
        plan.append(Scan(code, due.replace(microsecond=0), place))
    return Parcel(carrier, waybill, phone_last4, tuple(plan))


def result(parcel: Parcel, seen: int, is_advanced: bool) -> dict[str, Any]:
    """The history of the first `seen` scans as queries and pushes carry it, newest first."""
    scans = parcel.plan[:seen]
    rows = [_row(scan, is_advanced) for scan in reversed(scans)]
    last = scans[-1].code if scans else "0"
    return {
        "message": "ok",
        "nu": parcel.waybill,
        "ischeck": "1" if last in DONE else "0",
        "com": parcel.carrier,
        "status": "200",
        "condition": "F00",
        "state": last if is_advanced else BASIC.get(last, last),
        "data": rows,
    }


def _row(scan: Scan, is_advanced: bool) -> dict[str, str]:
    time = scan.due.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")
    return {
        "time": time,
        "ftime": time,
        "context": TEXTS[scan.code].format(place=scan.place),
        "location": scan.place,
        "areaCode": "",
        "areaName": scan.place,
        "status": WORDS[scan.code],
        "statusCode": scan.code if is_advanced else BASIC.get(scan.code, scan.code),
    }
