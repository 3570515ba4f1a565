"""What was found when a source's messages were held to their mapping, summed up over all of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from orderloom.application.ports import UNREADABLE, Account, Item
from orderloom.application.shown_draft import shown_draft
from orderloom.application.translate import Reading, judged, read
from orderloom.blueprint.mapping import Mappings
from orderloom.blueprint.mapping.attempts import Attempt, Message, attempts
from orderloom.blueprint.mapping.reads import Reads, places_of
from orderloom.blueprint.mapping.surplus import Look, SurplusField
from orderloom.domain.contract_report import OverLong
from orderloom.domain.draft import Draft, Problem
from orderloom.domain.encoding import Text, charset_of, decode
from orderloom.domain.limits import TEXT_MAX
from orderloom.domain.shown import shown_of

TOLD_MAX = 200
"""Fields or problems of one kind that are told; the sums count all."""
DRAFTS_MAX = 20
ITEMS_MAX = 2_000
"""Orders of one file that are looked at."""
MISSING = ("missing_field", "no_lines")
UNMAPPED = ("unknown_status", "unknown_value")
OVERSIZE = "oversize_field"
UNREAD = ("unreadable_body", "no_mapping", UNREADABLE)


class LackingField(msgspec.Struct, frozen=True):
    """A required field that is nowhere. `looked_at`: the paths of the mapping; `count`: in how many orders."""

    field: str
    looked_at: list[str]
    mend: str
    count: int = 1


class UnfitField(msgspec.Struct, frozen=True):
    """A value of the wrong kind; `found` shows it without words of a person, or names its kind."""

    code: str
    field: str
    found: str
    mend: str
    count: int = 1


class UnmappedWord(msgspec.Struct, frozen=True):
    """A word that no dictionary or table of the mapping has."""

    field: str
    word: str
    mend: str
    count: int = 1


class ContractChecked(msgspec.Struct, frozen=True):
    """What was found. `is_fit`: it can be used as it is; surplus fields cost bytes and stand in nobody's way."""

    account: str
    connector: str
    direction: str
    """inbound or outbound."""
    topic: str
    """Of the mapping's document, or the kind of delivery."""
    format: str
    encoding: str
    bytes: int
    items: int
    """Orders, reports or bodies that were looked at."""
    is_fit: bool
    surplus_bytes: int
    surplus: list[SurplusField]
    missing: list[LackingField]
    wrong: list[UnfitField]
    oversize: list[OverLong]
    unmapped: list[UnmappedWord]
    drafts: list[dict[str, Any]]


class Sums:
    """What was found so far of an account's messages."""

    def __init__(self, account: Account, at: datetime, mappings: Mappings) -> None:
        self._account, self._at, self._mappings = account, at, mappings
        self._known: dict[int, Reads] = {}
        self._look = Look()
        self._problems: dict[tuple[str, str, str], tuple[Problem, int, list[str]]] = {}
        self._long: dict[str, OverLong] = {}
        self._drafts: list[dict[str, Any]] = []
        self._topic = self._format = self._encoding = ""
        self.items = 0

    def take(self, item: Item) -> None:
        """Look at one more message. Without a topic the document that fits best is taken."""
        self.items += 1
        headers = dict(item.context)
        decoded = decode(item.body, charset_of(headers.get("content-type", "")))
        self._encoding = self._encoding or headers.get("encoding") or decoded.encoding
        mapping = self._mappings.of(self._account.connector)
        best = None
        if mapping is not None and item.topic != UNREADABLE:
            message = Message(self._account.code, self._account.zone, item.topic, decoded.text, headers, self._at,
                              decoded.raw, self._account.settings)
            tried = [one for one in attempts(mapping, message, self._known) if one.is_entered]
            best = max(tried, key=lambda one: one.rank, default=None)
        if best is None:
            self._unread(item, headers)
            return
        self._topic = self._topic or item.topic or best.document.topics[0]
        self._read(best, decoded)

    def _unread(self, item: Item, headers: Mapping[str, str]) -> None:
        topic = item.topic or "?"
        results = judged(read(self._account, topic, item.body, headers, self._at, self._mappings), self._account,
                         self._at)
        self._topic = self._topic or item.topic
        for one in results:
            for problem in one if isinstance(one, tuple) else ():
                code = "unreadable_body" if not item.topic and problem.code == "no_mapping" else problem.code
                mend = _NO_FORMAT if code != problem.code else problem.mend
                self._note(msgspec.structs.replace(problem, code=code, mend=mend, value=""), [])

    def _read(self, best: Attempt, decoded: Text) -> None:
        document = best.document
        self._format = self._format or document.format
        self._look.take(best.left)
        for built, problems in best.built:
            given: Draft | tuple[Problem, ...] = problems if problems or built is None else built
            reading = Reading([given], decoded.is_broken, decoded.is_misdeclared)
            found = judged(reading, self._account, self._at)[0]
            for problem in found if isinstance(found, tuple) else ():
                self._note(problem, places_of(document, problem.field) if problem.code in MISSING else [])
            self._note_long(built)
            if not isinstance(found, tuple) and len(self._drafts) < DRAFTS_MAX:
                self._drafts.append(shown_draft(found))

    def _note(self, problem: Problem, places: list[str]) -> None:
        field = _any_element(problem.field)
        word = problem.value if problem.code in UNMAPPED else ""
        key = (problem.code, field, word)
        known = self._problems.get(key)
        self._problems[key] = (known[0], known[1] + 1, places) if known else (
            msgspec.structs.replace(problem, field=field), 1, places)

    def _note_long(self, built: Any) -> None:
        """Texts beyond their bound, whether or not the draft could be made."""
        waiting: list[tuple[str, Any]] = [("", built)]
        while waiting:
            place, node = waiting.pop()
            for name in getattr(node, "__struct_fields__", ()):
                value, field = getattr(node, name), f"{place}{name}"
                if isinstance(value, str) and name in TEXT_MAX and len(value) > TEXT_MAX[name]:
                    length = max(len(value), self._long[field].length if field in self._long else 0)
                    self._long[field] = OverLong(field, length, TEXT_MAX[name], "refuse")
                elif isinstance(value, tuple):
                    waiting += [(f"{field}[].", one) for one in value]
                elif hasattr(value, "__struct_fields__"):
                    waiting.append((f"{field}.", value))

    def result(self, size: int) -> ContractChecked:
        """The sums, of a payload of so many bytes."""
        told = list(self._problems.values())
        kinds = (*MISSING, *UNMAPPED, OVERSIZE)
        surplus = self._look.found()
        return ContractChecked(
            self._account.code, self._account.connector, "inbound", self._topic, self._format, self._encoding, size,
            self.items, not (told or self._long), sum(one.bytes for one in surplus), surplus[:TOLD_MAX],
            [LackingField(p.field, places, p.mend, n) for p, n, places in told if p.code in MISSING][:TOLD_MAX],
            [UnfitField(p.code, p.field, p.value, p.mend, n) for p, n, _ in told if p.code not in kinds][:TOLD_MAX],
            sorted(self._long.values(), key=lambda one: one.field)[:TOLD_MAX],
            [UnmappedWord(p.field, shown_of(p.field, p.value), p.mend, n) for p, n, _ in told
             if p.code in UNMAPPED][:TOLD_MAX],
            self._drafts,
        )


_NO_FORMAT = ("正文读不出来：不是该账号能读的格式；请核对文件，或用 --topic 指定主题 / "
              "the body cannot be read: it has none of the account's formats; check it, or name its topic")


def _any_element(field: str) -> str:
    """`lines[3].price` as `lines[].price`: the same fault of many lines is told once."""
    head, bracket, tail = field.partition("[")
    inside, closed, rest = tail.partition("]")
    return f"{head}[]{rest}" if bracket and closed and inside.isdigit() else field
