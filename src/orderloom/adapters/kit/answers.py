"""What an answer means: the first row of the table that fits; the body decides before the HTTP status does.

Rows that fit nothing: 429 is "too fast", 408, 425 and 5xx are "again", 401 an old token, 403 "not allowed", other 3xx
and 4xx a refusal. A 2xx is good, unless the table says what good looks like and this does not: then nobody knows what
was done.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from orderloom.adapters.http_times import wait_told
from orderloom.adapters.kit.notes import DeclarationNotes, Place
from orderloom.adapters.kit.paths import Path, look, text
from orderloom.adapters.kit.schema import AnswerBlock
from orderloom.application.ports import RETRY_AFTER_MAX
from orderloom.blueprint.duration import seconds

GOOD, UNKNOWN = "good", "unknown"
WORDS_MAX = 500
DEPTH_MAX = 5
_RANGE = re.compile(r"(-?[0-9]{1,18})-(-?[0-9]{1,18})")
_WHOLE = re.compile(r"-?[0-9]{1,18}")
_AGAIN = (408, 425)
WAITS = frozenset({"at", "header", "words", "rate", "needs", "has", "grows", "else"})
"""Where the time to wait stands. `needs`, `has` and `grows` are paths of a budget: what the call costs, what is there
and how much comes back a second."""


class Heard(NamedTuple):
    """An answer as it came: its data are None when there were none to read, or it could not be read."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    data: Any
    is_readable: bool = True


class Judged(NamedTuple):
    """What an answer means, the platform's own code, its words, and for how long to leave it alone."""

    means: str
    code: str = ""
    why: str = ""
    wait: float = 0.0


Row = Callable[[Heard], Judged | None]


def judge(heard: Heard, rows: Sequence[Row], *, says_good: bool) -> Judged:
    """The meaning. `says_good`: a row of the table says what a good answer looks like."""
    for row in rows:
        found = row(heard)
        if found is not None:
            return found
    return _by_status(heard, says_good=says_good)


def _by_status(heard: Heard, *, says_good: bool) -> Judged:
    status, wait = heard.status, _header_seconds(heard, "retry-after")
    code, why = f"http_{status}", _beginning(heard)
    if status == 429:
        return Judged("too_fast", code, why, wait)
    if status >= 500 or status in _AGAIN:
        return Judged("again", code, why, wait)
    if status == 401:
        return Judged("token_old", code, why)
    if status == 403:
        return Judged("not_allowed", code, why)
    if status >= 300:
        return Judged("refused", code, why)
    return Judged(UNKNOWN, UNKNOWN, why) if says_good else Judged(GOOD)


def _beginning(heard: Heard) -> str:
    """Words of the platform's where they usually stand; never the body as a whole, which may hold what is private."""
    said = look(heard.data, ("errors", "error_description", "error", "message", "msg", "errmsg"))
    return _joined(said, DEPTH_MAX)[:WORDS_MAX]


def _joined(said: Any, depth: int) -> str:
    """The words of a refusal that is written as a list or by field."""
    if isinstance(said, dict) and depth:
        return "; ".join(f"{name}: {_joined(one, depth - 1)}" for name, one in said.items())
    if isinstance(said, list) and depth:
        return ", ".join(_joined(one, depth - 1) for one in said)
    return text(said)


def compile_rows(said: Sequence[AnswerBlock], place: Place, notes: DeclarationNotes) -> tuple[Row, ...]:
    """The rows of a table. Notes what is wrong."""
    return tuple(_row(one, (*place, n), notes) for n, one in enumerate(said))


def _row(said: AnswerBlock, place: Place, notes: DeclarationNotes) -> Row:
    fits = _condition(said, place, notes)
    wait = _wait(said.wait, (*place, "wait"), notes)

    def row(heard: Heard) -> Judged | None:
        if not fits(heard):
            return None
        own, why = _text_at(heard, said.code or said.at), _text_at(heard, said.why)
        return Judged(said.means, own or f"http_{heard.status}", why[:WORDS_MAX], wait(heard))

    return row


def _text_at(heard: Heard, path: Path) -> str:
    """The first of the paths at which something is said."""
    paths = [path] if isinstance(path, str) else path
    return next((found for one in paths if (found := text(look(heard.data, one)))), "")


def _condition(said: AnswerBlock, place: Place, notes: DeclarationNotes) -> Callable[[Heard], bool]:
    tests: list[Callable[[Heard], bool]] = []
    if said.status is not None:
        wanted = frozenset(said.status)
        tests.append(lambda heard: heard.status in wanted)
    where: Path = said.at
    if said.in_ is not None:
        hits = _matcher(said.in_)
        tests.append(lambda heard: (found := _at(heard, said)) is not None and hits(text(found)))
    if said.not_ is not None:
        misses = _matcher(said.not_)
        tests.append(lambda heard: (found := _at(heard, said)) is not None and not misses(text(found)))
    if said.has is not None:
        words = tuple(said.has)
        tests.append(lambda heard: any(word in text(_at(heard, said)) for word in words))
    if said.present is not None:
        tests.append(lambda heard: (_at(heard, said) is not None) is said.present)
    if not tests:
        notes.wrong(place, "没有条件：写 at 与 in、not、has 或 present，或 status / a row needs a condition: at with "
                    "in, not, has or present, or status")
    elif not where and not said.header and said.status is None:
        notes.wrong(place, "缺少 at / at is missing: where it looks")
    others = frozenset(said.or_status)
    return lambda heard: heard.status in others or all(test(heard) for test in tests)


def _at(heard: Heard, said: AnswerBlock) -> Any:
    return heard.headers.get(said.header.lower()) if said.header else look(heard.data, said.at)


def _matcher(said: Sequence[Any]) -> Callable[[str], bool]:
    """Exact values, ranges of numbers, globs."""
    exact = {text(one) for one in said}
    ranges = [(int(m[1]), int(m[2])) for one in said if (m := _RANGE.fullmatch(text(one)))]
    globs = [text(one) for one in said if set(text(one)) & set("*?[")]

    def hits(value: str) -> bool:
        if value in exact or any(fnmatchcase(value, glob) for glob in globs):
            return True
        return bool(ranges and _WHOLE.fullmatch(value) and any(a <= int(value) <= b for a, b in ranges))

    return hits


def _wait(said: str | Mapping[str, str], place: Place, notes: DeclarationNotes) -> Callable[[Heard], float]:
    if isinstance(said, str):
        try:
            fixed = float(seconds(said)) if said else 0.0
        except ValueError:
            notes.wrong(place, f"“{said}”不是时长，例如 60s、5m / no duration, such as 60s, 5m")
            fixed = 0.0
        return lambda heard: _header_seconds(heard, "retry-after") or fixed
    for key in said.keys() - WAITS:
        notes.unknown((*place, key), key, WAITS)
    fallback = float(seconds(said["else"])) if "else" in said else 0.0
    pattern = re.compile(said.get("words", r"\b\B"))

    def wait(heard: Heard) -> float:
        if "header" in said:
            return _header_seconds(heard, said["header"]) or fallback
        if "rate" in said:
            rate = _number(heard.headers.get(said["rate"].lower()))
            return min(1 / rate, RETRY_AFTER_MAX) if rate else fallback
        if "needs" in said:
            lacking, grows = (_number(look(heard.data, said["needs"])) - _number(look(heard.data, said.get("has", ""))),
                              _number(look(heard.data, said.get("grows", ""))))
            return min(max(lacking / grows, 0.1), RETRY_AFTER_MAX) if grows else fallback
        found = look(heard.data, said.get("at", ""))
        if "words" in said:
            match = pattern.search(text(found))
            return _number(match[1]) or fallback if match else fallback
        return _number(found) or fallback

    return wait


def _header_seconds(heard: Heard, name: str) -> float:
    return wait_told(heard.headers, name.lower())


def _number(said: Any) -> float:
    """A number of seconds; what is none is 0."""
    try:
        found = float(text(said))
    except ValueError:
        return 0.0
    return min(found, RETRY_AFTER_MAX) if found > 0 else 0.0
