"""Values: what goes into a request. Typed, from a closed set of forms; `$name` stands alone and never inside a text.

    12, true, "text"                      itself
    $shipment.waybill                     what the name stands for; nothing where there is nothing
    {of: $x, as: unix_s}                  written in one of the ways of `casts.py`
    {of: $x, from: table, else: v}        by a table of the file, `carriers`, or the account's own (`from: $names`)
    {of: $x, split: ","}                  a text as the list that it writes
    {choose: $x, of: {a: 1, b: 2}}        by the value of another
    {for: line, in: $shipment.lines, give: {...}}     one for each; with `join: ","` as one text
    {each: $message.fields, give: v}      a block with the same names; `$name` and `$value` are what each is
    {text: [$a, "-", $b]}                 joined
    {json: {...}}                         as JSON text
    {xml: {...}}                          as XML text
    {first: [$a, $b]}                     the first that is there
    {pick: $list, where: {name: $x}, take: id}    of the first record of a list that says so, whatever its capitals
    {minor: $line.amount, in: $work.currency, as: text}   our minor units as an amount (a number without `as`)
    {sum_of: [v, …]}                      whole numbers added up, in lists too
    {bearer: $token}, {basic: [$a, $b]}   a header
    {sign: recipe}                        a digest: see `signing.py`
    {null: true}                          null, said outright
    {digest: $x}                          SHA-256 of what the value reads as JSON: the same for the same
    {give: v, when: $x}                   only where $x is there and not false
    a block or list of values             itself, without what turned out to be nothing
    {block: {text: $x}}                   a block whose names are those of forms

Nothing (None) leaves a block; in a list too.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from functools import partial
from typing import Any, Literal
from xml.sax.saxutils import escape, quoteattr

import msgspec
from msgspec.inspect import Type, type_info

from orderloom.adapters.kit.casts import CASTS, to_json
from orderloom.adapters.kit.notes import DeclarationNotes, Place
from orderloom.adapters.kit.paths import SELF, look, several, text
from orderloom.adapters.kit.schema.block import Count, Word
from orderloom.adapters.kit.scope import CallNames
from orderloom.adapters.kit.shape import check_kind
from orderloom.adapters.kit.signing import compile_recipe
from orderloom.blueprint.zone import zone_of
from orderloom.domain.money import exponent

Value = Callable[[CallNames], Any]
KEPT = frozenset({"", None})
NULL = msgspec.Raw(b"null")
BUILT_IN_TABLES = frozenset({"carriers", "carrier_words", "carrier_names_zh", "carrier_names_en"})
"""The platform's own words for carriers (`carriers.yaml`; else our code, with `carrier_words` nothing), and the names
that people know them by."""


class Compiler:
    """Compiles the values of one file; `known` are the names that `$` may lead to at the place."""

    def __init__(self, notes: DeclarationNotes, tables: Collection[str]) -> None:
        self._notes, self._tables = notes, frozenset(tables) | BUILT_IN_TABLES

    def value(self, said: Any, place: Place, known: Collection[str]) -> Value:
        """What a value says. Notes what is wrong."""
        if isinstance(said, str) and said.startswith("$"):
            return self._name(said[1:], place, known)
        if isinstance(said, list):
            parts = [self.value(one, (*place, n), known) for n, one in enumerate(said)]
            return lambda scope: [v for v in (part(scope) for part in parts) if v is not None]
        if not isinstance(said, dict):
            return lambda _: said
        for key, form in FORMS.items():
            if key in said and _is_form(key, said):
                return form(self, said, place, known) if self._is_plain(key, said, place) else _nothing
        return self.block(said, place, known)

    def _is_plain(self, form: str, said: Mapping[str, Any], place: Place) -> bool:
        """Whether the keys of a form that are no values themselves are what they must be. Notes what is wrong."""
        before = len(self._notes.mistakes)
        for key, kind in PLAIN_KEYS.get(form, {}).items():
            if key in said:
                check_kind(said[key], kind, (*place, key), self._notes)
        return len(self._notes.mistakes) == before

    def block(self, said: Mapping[str, Any], place: Place, known: Collection[str]) -> Value:
        """A block of values; what is nothing is left out. Its keys are the platform's own words."""
        for key in said:
            if str(key).startswith("$") and str(key)[1:].partition(".")[0] in known:
                self._notes.wrong((*place, key), f"键 {key} 不能是变量；以它为键的一组写成 / a key is no name; a block "
                                  "by it is written {for: x, in: $list, key: $x.id, give: …}")
        parts = {key: self.value(one, (*place, key), known) for key, one in said.items()}

        def give(scope: CallNames) -> dict[str, Any]:
            found = ((key, part(scope)) for key, part in parts.items())
            return {key: value for key, value in found if value is not None}

        return give

    def _name(self, dotted: str, place: Place, known: Collection[str]) -> Value:
        root = dotted.partition(".")[0]
        if root not in known:
            self._notes.unknown(place, f"${root}", [f"${name}" for name in known])
        return lambda scope: _there(scope.get(dotted))

    def _of(self, said: dict[str, Any], place: Place, known: Collection[str]) -> Value:
        inner = self.value(said["of"], (*place, "of"), known)
        other = self.value(said.get("else"), (*place, "else"), known)
        table, cast, zone = said.get("from"), said.get("as"), said.get("zone")
        joined, most, split = said.get("join"), said.get("most"), said.get("split")
        own_table = self.value(table, (*place, "from"), known) if str(table).startswith("$") else None
        if table is not None and own_table is None and table not in self._tables:
            self._notes.unknown((*place, "from"), str(table), self._tables)
        if cast is not None and cast not in CASTS:
            self._notes.unknown((*place, "as"), str(cast), CASTS)
        own_zone = zone_of(zone) if zone else None
        if zone and own_zone is None:
            self._notes.wrong((*place, "zone"), "不是时区名，例如 Asia/Shanghai / no IANA zone, such as Asia/Shanghai")

        def give(scope: CallNames) -> Any:
            found = inner(scope)
            if own_table is not None:
                words = own_table(scope)
                found = words.get(text(found)) if isinstance(words, dict) else None
            elif table is not None and found is not None:
                words = scope.tables.get(table, {})
                found = words.get(text(found), words.get("*", found if table == "carriers" else None))
            if found is None:
                return other(scope)
            if split is not None:
                found = [part for one in text(found).split(split) if (part := one.strip())]
            if joined is not None:
                found = joined.join(map(text, found if isinstance(found, list) else [found]))
            if cast is not None:
                found = CASTS[cast](found, own_zone or scope.zone)
            return found[:most] if most and isinstance(found, str) else found

        return give

    def _choose(self, said: dict[str, Any], place: Place, known: Collection[str]) -> Value:
        inner = self.value(said["choose"], (*place, "choose"), known)
        cases = said.get("of", {})
        if not cases:
            self._notes.wrong((*place, "of"), "缺少 of: 每种值对应什么 / a block of values by the one chosen by")
        ways = {key: self.value(one, (*place, "of", key), known) for key, one in cases.items()}
        other = self.value(said.get("else"), (*place, "else"), known)
        return lambda scope: ways.get(text(inner(scope)), other)(scope)

    def _for(self, said: dict[str, Any], place: Place, known: Collection[str]) -> Value:
        name = str(said["for"])
        many = self.value(said.get("in"), (*place, "in"), known)
        give = self.value(said.get("give"), (*place, "give"), {*known, name})
        key = self.value(said["key"], (*place, "key"), {*known, name}) if "key" in said else None
        joined = said.get("join")

        def every(scope: CallNames) -> Any:
            each = [scope.also(**{name: one}) for one in several(many(scope))]
            if key is not None:
                told = {text(key(one)): give(one) for one in each}
                return {key: value for key, value in told.items() if key and value is not None}
            found = [v for v in map(give, each) if v is not None]
            return found if joined is None else joined.join(map(text, found))

        return every

    def _each(self, said: dict[str, Any], place: Place, known: Collection[str]) -> Value:
        many = self.value(said["each"], (*place, "each"), known)
        give = self.value(said.get("give"), (*place, "give"), {*known, "name", "value"})

        def every(scope: CallNames) -> Any:
            found = many(scope)
            rows = found.items() if isinstance(found, dict) else ()
            told = {name: give(scope.also(name=name, value=value)) for name, value in rows}
            return {name: one for name, one in told.items() if one is not None}

        return every

    def _block(self, said: dict[str, Any], place: Place, known: Collection[str]) -> Value:
        return self.block(said["block"], (*place, "block"), known)

    def _text(self, said: dict[str, Any], place: Place, known: Collection[str]) -> Value:
        parts = [self.value(one, (*place, "text", n), known) for n, one in enumerate(_list(said["text"]))]
        return lambda scope: "".join(text(part(scope)) for part in parts)

    def _json(self, said: dict[str, Any], place: Place, known: Collection[str]) -> Value:
        inner = self.value(said["json"], (*place, "json"), known)
        return lambda scope: to_json(inner(scope), is_sorted=bool(said.get("sorted")))

    def _xml(self, said: dict[str, Any], place: Place, known: Collection[str]) -> Value:
        inner = self.value(said["xml"], (*place, "xml"), known)
        return lambda scope: to_xml(inner(scope))

    def _first(self, said: dict[str, Any], place: Place, known: Collection[str]) -> Value:
        parts = [self.value(one, (*place, "first", n), known) for n, one in enumerate(_list(said["first"]))]
        return lambda scope: next((v for v in (part(scope) for part in parts) if v not in KEPT), None)

    def _pick(self, said: dict[str, Any], place: Place, known: Collection[str]) -> Value:
        many = self.value(said["pick"], (*place, "pick"), known)
        where = {path: self.value(one, (*place, "where", path), known) for path, one in said.get("where", {}).items()}
        take = str(said.get("take", SELF))

        def give(scope: CallNames) -> Any:
            asked = ((path, value(scope)) for path, value in where.items())
            wanted = {path: text(value).casefold() for path, value in asked if value is not None}
            for record in several(many(scope)):
                if all(text(look(record, path)).casefold() == one for path, one in wanted.items()):
                    return _there(look(record, take))
            return None

        return give

    def _minor(self, said: dict[str, Any], place: Place, known: Collection[str]) -> Value:
        inner = self.value(said["minor"], (*place, "minor"), known)
        currency = self.value(said.get("in", "CNY"), (*place, "in"), known)
        is_text = said.get("as") == "text"

        def give(names: CallNames) -> Any:
            found = inner(names)
            if found is None:
                return None
            digits = exponent(text(currency(names)))
            worth = Decimal(int(found)).scaleb(-digits)
            return f"{worth:.{digits}f}" if is_text else worth

        return give

    def _sum_of(self, said: dict[str, Any], place: Place, known: Collection[str]) -> Value:
        inner = self.value(said["sum_of"], (*place, "sum_of"), known)
        return lambda names: _added(inner(names))

    def _bearer(self, said: dict[str, Any], place: Place, known: Collection[str]) -> Value:
        inner = self.value(said["bearer"], (*place, "bearer"), known)
        return lambda scope: f"Bearer {text(inner(scope))}"

    def _basic(self, said: dict[str, Any], place: Place, known: Collection[str]) -> Value:
        parts = [self.value(one, (*place, "basic", n), known) for n, one in enumerate(_list(said["basic"]))]
        return lambda scope: "Basic " + base64.b64encode(":".join(text(p(scope)) for p in parts).encode()).decode()

    def _sign(self, said: dict[str, Any], place: Place, known: Collection[str]) -> Value:
        recipe = compile_recipe(said["sign"], (*place, "sign"), known, self._notes)
        return lambda scope: recipe.sign(scope.get)

    def _null(self, said: dict[str, Any], place: Place, known: Collection[str]) -> Value:
        return lambda _: NULL

    def _digest(self, said: dict[str, Any], place: Place, known: Collection[str]) -> Value:
        inner = self.value(said["digest"], (*place, "digest"), known)
        return lambda scope: hashlib.sha256(to_json(inner(scope), is_sorted=True).encode()).hexdigest()

    def _give(self, said: dict[str, Any], place: Place, known: Collection[str]) -> Value:
        inner = self.value(said["give"], (*place, "give"), known)
        condition = self.value(said.get("when"), (*place, "when"), known)
        equal = said.get("is")

        def give(scope: CallNames) -> Any:
            found = condition(scope)
            holds = found not in (None, "", False, 0) if equal is None else text(found) == text(equal)
            return inner(scope) if holds else None

        return give


FORM_KEYS: Mapping[str, frozenset[str]] = {
    "for": frozenset({"for", "in", "give", "join", "key"}),
    "each": frozenset({"each", "give"}),
    "block": frozenset({"block"}),
    "choose": frozenset({"choose", "of", "else"}),
    "of": frozenset({"of", "as", "from", "else", "zone", "join", "most", "split"}),
    "text": frozenset({"text"}),
    "json": frozenset({"json", "sorted"}),
    "xml": frozenset({"xml"}),
    "first": frozenset({"first"}),
    "pick": frozenset({"pick", "where", "take"}),
    "minor": frozenset({"minor", "in", "as"}),
    "sum_of": frozenset({"sum_of"}),
    "bearer": frozenset({"bearer"}),
    "basic": frozenset({"basic"}),
    "sign": frozenset({"sign"}),
    "digest": frozenset({"digest"}),
    "null": frozenset({"null"}),
    "give": frozenset({"give", "when", "is"}),
}
_TEXT, _WORD, _VALUES = (type_info(one) for one in (str, Word, dict[str, Any]))
PLAIN_KEYS: Mapping[str, Mapping[str, Type]] = {
    "for": {"for": _WORD, "join": _TEXT},
    "block": {"block": _VALUES},
    "choose": {"of": _VALUES},
    "of": {"as": _WORD, "from": _WORD, "zone": _WORD, "join": _TEXT, "split": _WORD, "most": type_info(Count)},
    "json": {"sorted": type_info(bool)},
    "pick": {"where": _VALUES, "take": _WORD},
    "minor": {"as": type_info(Literal["text"])},
}
"""Keys of forms that are no values themselves."""
OF_LISTS = frozenset({"text", "first", "basic"})
"""Forms whose value is a list: a platform's own `text: {content: …}` is none."""
FORMS: Mapping[str, Callable[[Compiler, dict[str, Any], Place, Collection[str]], Value]] = {
    "for": Compiler._for, "each": Compiler._each, "block": Compiler._block, "choose": Compiler._choose,
    "of": Compiler._of, "text": Compiler._text, "json": Compiler._json, "xml": Compiler._xml,
    "first": Compiler._first, "pick": Compiler._pick, "bearer": Compiler._bearer, "basic": Compiler._basic,
    "sign": Compiler._sign, "digest": Compiler._digest, "null": Compiler._null, "give": Compiler._give,
    "minor": Compiler._minor, "sum_of": Compiler._sum_of,
}


def _is_form(key: str, said: Mapping[str, Any]) -> bool:
    """Whether a block is a form of this language, and no block of a platform that calls a field so."""
    return said.keys() <= FORM_KEYS[key] and (key not in OF_LISTS or isinstance(said[key], list))


def _nothing(_: CallNames) -> Any:
    return None


def _list(said: Any) -> list[Any]:
    return said if isinstance(said, list) else [said]


def _added(value: Any) -> int:
    """Whole numbers of a list, and of lists in it; what is no number counts nothing."""
    if isinstance(value, list):
        return sum(map(_added, value))
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _there(value: Any) -> Any:
    """A name that stands for an empty text stands for nothing."""
    return None if value == "" else value


def to_xml(value: Any) -> str:
    """A block as elements, a list as an element repeated, `@name` as an attribute."""
    if isinstance(value, dict):
        return "".join(_element(name, one) for name, one in value.items())
    return escape(text(value))


def _element(name: str, value: Any) -> str:
    if isinstance(value, list):
        return "".join(map(partial(_element, name), value))
    attributes, inner = "", value
    if isinstance(value, dict):
        attributes = "".join(f" {k[1:]}={quoteattr(text(v))}" for k, v in value.items() if k.startswith("@"))
        inner = {k: v for k, v in value.items() if not k.startswith("@")}
    return f"<{name}{attributes}>{to_xml(inner)}</{name}>"
