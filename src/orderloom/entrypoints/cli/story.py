"""Tells `trace` and `show` in words: facts, states, kinds and reasons as people call them, never as codes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from orderloom.application.queries.sql import UUID
from orderloom.application.queries.trace import TraceEntry
from orderloom.application.queries.vocabulary import Vocabulary
from orderloom.domain import carriers
from orderloom.domain.words import Words
from orderloom.entrypoints.cli import names
from orderloom.entrypoints.cli.screen import money, screen

MONEY = ("total", "paid", "amount")
PARTS = ("claims", "items", "holds", "hold", "after_sale")
"""Fields of a fact that hold parts of it which people want to hear of."""
BY_KEY: Mapping[str, Mapping[str, Words]] = {
    "payment": names.PAYMENTS, "negotiation": names.NEGOTIATIONS, "action": names.ACTIONS, "reason": names.REASONS,
    "resolution": names.REASONS,
}

STATES: Mapping[str, Mapping[str, Words]] = {
    "work": names.WORKS, "stock": names.BINDING_STATES, "after": names.AFTER_SALE_STATES,
}
"""What a state is one of, by what the fact is about; else a parcel's."""

KINDS: Mapping[str, Mapping[str, Words]] = {"money_recorded": names.MONEY, "after_sale_heard": names.AFTER_SALES}
"""What a kind is one of, by the fact; else a stock binding's."""


class Story:
    """What the words of one order's story are called, by the blueprints' vocabulary and by `names`."""

    def __init__(self, called: Vocabulary) -> None:
        self._called = called

    def who(self, name: str) -> str:
        """Who said or did it: roles and the hub's own parts by their word, everybody else by name."""
        return names.shown(names.ACTORS, name) if name in names.ACTORS else screen.called(self._called.role(name))

    def source(self, entry: TraceEntry) -> str:
        """Where an entry comes from."""
        return names.shown(names.SOURCES, entry.source)

    def what(self, entry: TraceEntry) -> str:
        """What happened."""
        return _joined(self._what(entry))

    def detail(self, entry: TraceEntry, currency: str) -> str:
        """What is to be known of it, without ids and digests; `--json` has all of it."""
        if entry.source == "voucher":
            size, _, outcome = entry.detail.partition(" bytes, ")
            told = names.called(names.OUTCOMES, outcome)
            return screen.words(f"{size} 字节，{told.zh}", f"{size} bytes, {told.en}", between=" ")
        if entry.source == "delivery":
            count, _, error = entry.detail.partition(" attempts")
            return screen.words(f"第 {count} 次", f"try {count}", between=" ") + error if count.isdigit() else ""
        if entry.detail.startswith("{"):
            return self._facts(entry, json.loads(entry.detail), currency)
        if entry.source == "case":  # what it is about is the order itself, or a part of it by its number
            part = entry.detail.partition("/")[2] if UUID.match(entry.detail) else entry.detail
            return names.shown(names.REASONS, part)
        return entry.detail

    def hold(self, kind: str) -> str:
        """What a type of hold is called."""
        return screen.called(self._called.hold(kind))

    def reason(self, text: str) -> str:
        """The hub's own reasons in the asked language; a person's words stand."""
        return screen.called(names.reason(text))

    def _what(self, entry: TraceEntry) -> Iterator[Words]:
        word, _, rest = entry.what.partition(" ")
        if entry.source == "fact":
            yield names.called(names.FACTS, word)
        elif entry.source in ("claim", "scan"):
            yield self._called.milestone(word)
        elif entry.source == "delivery":
            yield names.called(names.DELIVERIES, word)
            yield names.called(names.DELIVERY_STATES, rest)
        elif entry.source == "case":
            yield self._called.case(word)
            yield names.called(names.CASES, rest)
        elif entry.source == "unmasking":
            yield Words("查看收件人", "receiver seen")
        else:
            yield names.called(names.TOPICS, entry.what)

    def _facts(self, entry: TraceEntry, facts: Mapping[str, Any], currency: str) -> str:
        """`key value` of what people know by a word, one after the other, each once."""
        kind = entry.what.partition(" ")[0]
        said = [f"{screen.called(names.KEYS[key])} {value}" for key, value in self._pairs(kind, facts, currency)]
        return (", " if screen.language == "en" else "，").join(dict.fromkeys(said))

    def _pairs(self, kind: str, facts: Mapping[str, Any], currency: str) -> Iterator[tuple[str, str]]:
        for key, value in facts.items():
            if key in PARTS:
                for part in [value] if isinstance(value, dict) else value:
                    if isinstance(part, dict):
                        yield from self._pairs("" if key == "holds" else kind, part, currency)
            elif key in names.KEYS and value not in ("", None) and not isinstance(value, list | dict):
                yield key, self._value(kind, key, value, str(facts.get("currency") or currency))

    def _value(self, kind: str, key: str, value: Any, currency: str) -> str:
        if key in MONEY:
            return money(int(value), currency)
        text = str(value)
        if key == "cause":
            return screen.called(self._trigger(text.partition(":")[2]))
        if key == "carrier":
            return screen.called(Words(carriers.name(text), carriers.name(text, "en")))
        return screen.called(self._word(kind, key, text))

    def _word(self, kind: str, key: str, text: str) -> Words:
        if key == "stage":
            return self._called.stage(text)
        if key == "milestone":
            return self._called.milestone(text)
        if key == "type":
            return self._called.hold(text)
        if key in ("owner", "from", "to") and kind != "parcel_announced":
            return self._called.role(text)
        if key == "state":
            return names.called(STATES.get(kind.partition("_")[0], names.PARCELS), text)
        if key == "reason":
            return names.reason(text)
        if key == "kind":
            return names.called(KINDS.get(kind, names.BINDINGS), text)
        return names.called(BY_KEY.get(key, {}), text)

    def _trigger(self, name: str) -> Words:
        known = names.TRIGGERS.get(name) or names.ACTIONS.get(name)
        return known or self._called.milestone(name)


def _joined(parts: Iterator[Words]) -> str:
    found = list(parts)
    zh, en = " ".join(w.zh for w in found), " ".join(w.en for w in found)
    return screen.called(Words(zh, en))
