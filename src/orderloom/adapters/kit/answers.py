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
from orderloom.adapters.kit.schema import AnswerBlock, WaitBlock
from orderloom.application.ports import RETRY_AFTER_MAX
from orderloom.blueprint.duration import seconds

GOOD, UNKNOWN = "good", "unknown"
MADE = (GOOD, "done")
"""After these there is nothing to wait for."""
WORDS_MAX = 500
DEPTH_MAX = 5
_RANGE = re.compile(r"(-?[0-9]{1,18})-(-?[0-9]{1,18})")
_WHOLE = re.compile(r"-?[0-9]{1,18}")
_AGAIN = (408, 425)
_LATIN = re.compile("[0-9A-Za-z_]")
_ENDS = " .。!！;；"
ORDER_NO = "{no}"
_ORDER_NO = r"[ :：=#\[【(（'\"]*(?=[A-Za-z_-]*[0-9])[0-9A-Za-z_-]+[\]】)）'\"]* *"
"""What `{no}` of a form stands for: a number as orders have it - letters and hyphens too, a digit in any case."""


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
    status, why = heard.status, _beginning(heard)
    if status < 300:
        return Judged(UNKNOWN, UNKNOWN, why) if says_good else Judged(GOOD)
    code, wait = f"http_{status}", _header_seconds(heard, "retry-after")
    if status == 429:
        return Judged("too_fast", code, why, wait)
    if status >= 500 or status in _AGAIN:
        return Judged("again", code, why, wait)
    if status == 401:
        return Judged("token_old", code, why)
    if status == 403:
        return Judged("not_allowed", code, why)
    return Judged("refused", code, why)


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
        seconds_told = 0.0 if said.means in MADE else wait(heard)
        return Judged(said.means, own or f"http_{heard.status}", why[:WORDS_MAX], seconds_told)

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
        words = _words(said.has)
        tests.append(lambda heard: words.search(text(_at(heard, said))) is not None)
    if said.like is not None:
        forms = _forms(said.like, (*place, "like"), notes)
        tests.append(lambda heard: _is_like(text(_at(heard, said)), forms))
    if said.present is not None:
        tests.append(lambda heard: (_at(heard, said) is not None) is said.present)
    for one in (*(said.in_ or ()), *(said.not_ or ())):
        if (match := _RANGE.fullmatch(text(one))) and int(match[1]) > int(match[2]):
            notes.wrong(place, f"“{match[0]}”的起止颠倒 / “{match[0]}” ends before it begins")
    if not tests:
        notes.wrong(place, "没有条件：写 at 与 in、not、has、like 或 present，或 status / a row needs a condition: "
                    "at with in, not, has, like or present, or status")
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


def _words(said: Sequence[str]) -> re.Pattern[str]:
    """Any of the words. A Latin one stands alone: `sign` is no part of `assigned`, nor `sid` of `outside`."""
    apart = (f"{'(?<![0-9A-Za-z_])' if _LATIN.match(one) else ''}{re.escape(one)}"
             f"{'(?![0-9A-Za-z_])' if _LATIN.match(one[-1:]) else ''}" for one in said)
    return re.compile("|".join(apart))


def _forms(said: Sequence[str], place: Place, notes: DeclarationNotes) -> tuple[re.Pattern[str], ...]:
    found = list[re.Pattern[str]]()
    for n, one in enumerate(said):
        try:
            found.append(re.compile(one.replace(ORDER_NO, _ORDER_NO), re.IGNORECASE))
        except re.error as error:
            notes.wrong((*place, n), f"不是正则表达式：{error} / no regular expression: {error}")
    return tuple(found)


def _is_like(said: str, forms: Sequence[re.Pattern[str]]) -> bool:
    """Whether one of the forms is the whole text, but for the mark that ends a sentence."""
    plain = said.strip().rstrip(_ENDS)
    return len(plain) <= WORDS_MAX and any(form.fullmatch(plain) for form in forms)


def _wait(said: str | WaitBlock, place: Place, notes: DeclarationNotes) -> Callable[[Heard], float]:
    if isinstance(said, str):
        fixed = float(seconds(said)) if said else 0.0
        return lambda heard: _header_seconds(heard, "retry-after") or fixed
    fallback = float(seconds(said.else_)) if said.else_ else 0.0
    pattern = _pattern(said, place, notes)

    def wait(heard: Heard) -> float:
        if said.header:
            return _header_seconds(heard, said.header) or fallback
        if said.rate:
            rate = _number(heard.headers.get(said.rate.lower()))
            return min(1 / rate, RETRY_AFTER_MAX) if rate else fallback
        if said.needs:
            lacking, grows = (_number(look(heard.data, said.needs)) - _number(look(heard.data, said.has)),
                              _number(look(heard.data, said.grows)))
            return min(max(lacking / grows, 0.1), RETRY_AFTER_MAX) if grows else fallback
        found = look(heard.data, said.at)
        if pattern is not None:
            match = pattern.search(text(found))
            return _number(match[1]) or fallback if match else fallback
        return _number(found) or fallback

    return wait


def _pattern(said: WaitBlock, place: Place, notes: DeclarationNotes) -> re.Pattern[str] | None:
    """The pattern of the number of seconds. Notes one that cannot be, and a wait that stands nowhere."""
    if sum(map(bool, (said.at, said.header, said.rate, said.needs))) != 1 or (said.words and not said.at) or \
            any(bool(one) is not bool(said.needs) for one in (said.has, said.grows)):
        notes.wrong(place, "写 at（可加 words）、header、rate 之一，或 needs、has、grows 三者 / one of at (with "
                           "words), header, rate is needed, or needs, has and grows")
    try:
        found = re.compile(said.words) if said.words else None
    except (re.error, RecursionError, OverflowError) as error:
        notes.wrong((*place, "words"), f"不是正则表达式 / not a regular expression: {error}")
        return None
    if found is not None and not found.groups:
        notes.wrong((*place, "words"), "缺少括号：秒数写成 ([0-9]+) / the seconds stand in brackets: ([0-9]+)")
        return None
    return found


def _header_seconds(heard: Heard, name: str) -> float:
    return wait_told(heard.headers, name.lower())


def _number(said: Any) -> float:
    """A number of seconds; what is none is 0."""
    try:
        found = float(text(said))
    except ValueError:
        return 0.0
    return min(found, RETRY_AFTER_MAX) if found > 0 else 0.0
