"""What a source left out, by the stretches of time in which it did: one case of an account lists them all.

A stretch is told anew while it is read; what is known of the others stays. Pure: evidence in, evidence out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

WINDOWS_MAX = 100
"""More than so many and the two oldest become one."""
Window = dict[str, Any]


def told_again(known: Mapping[str, Any], start: datetime, end: datetime, *, found: int, missing: int) -> dict[str, Any]:
    """The evidence with this stretch in it: so many orders were found, so many are missing still."""
    windows = {(w["from"], w["to"]): w for w in _windows(known)}
    place = (start.isoformat(), end.isoformat())
    before = windows.get(place, {}).get("found", 0)
    windows[place] = {"from": place[0], "to": place[1], "found": max(found, before), "missing": missing}
    return _evidence([windows[key] for key in sorted(windows, key=lambda key: _at(key[0]))])


def completed(known: Mapping[str, Any], start: datetime, end: datetime) -> dict[str, Any] | None:
    """The evidence once all between these instants was read again and nothing was missing; None: it changes nothing.

    Of a stretch that only a part was read of, what is missing is in the rest.
    """
    windows = _windows(known)
    after = [_after(w, start, end) if w["missing"] else w for w in windows]
    return _evidence(after) if after != windows else None


def _after(window: Window, start: datetime, end: datetime) -> Window:
    first, last = _at(window["from"]), _at(window["to"])
    if start <= first and last <= end:
        return {**window, "missing": 0}
    if start <= first < end:
        return {**window, "from": end.isoformat()}
    if start < last <= end:
        return {**window, "to": start.isoformat()}
    return window


def _evidence(windows: Sequence[Window]) -> dict[str, Any]:
    kept = list(windows)
    while len(kept) > WINDOWS_MAX:
        first, second = kept[:2]
        to = max(first["to"], second["to"], key=_at)
        kept[:2] = [{"from": first["from"], "to": to, "found": first["found"] + second["found"],
                     "missing": first["missing"] + second["missing"]}]
    found, missing = sum([w["found"] for w in kept]), sum([w["missing"] for w in kept])
    return {
        "from": kept[0]["from"], "to": max([w["to"] for w in kept], key=_at), "found": found, "missing": missing,
        "windows": kept,
        "why": f"补回 {found} 单，仍缺 {missing} 单 / {found} orders found, {missing} still missing",
    }


def _windows(known: Mapping[str, Any]) -> list[Window]:
    """The stretches of a case; one of before windows were listed told of its last one alone."""
    if "windows" in known:
        return [dict(w) for w in known["windows"]]
    if {"from", "to", "found", "missing"} <= known.keys():
        return [{name: known[name] for name in ("from", "to", "found", "missing")}]
    return []


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)
