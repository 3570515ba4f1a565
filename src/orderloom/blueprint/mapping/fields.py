"""A field of a mapping compiled to one closure: where the value is, what its word means, and what kind it becomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from typing import Any, NamedTuple

from orderloom.blueprint.mapping import casts
from orderloom.blueprint.mapping.check import Notes, Wrong, is_of, near
from orderloom.blueprint.mapping.conditions import Test, compile_condition
from orderloom.blueprint.mapping.expressions import compile_expression
from orderloom.blueprint.mapping.follow import compile_path, words_of
from orderloom.blueprint.mapping.functions import FUNCTIONS, check_options
from orderloom.blueprint.mapping.meanings import by_dictionary, by_values, check_words
from orderloom.blueprint.mapping.paths import parse_path, settings_of
from orderloom.blueprint.mapping.scope import Getter, Scope, Unfit, nobody
from orderloom.blueprint.mapping.statuses import TAKES
from orderloom.blueprint.mapping.written import Manner, Wanted
from orderloom.blueprint.zone import zone_of

RULE_KEYS = (
    *("path", "const", "function", "of", "each", "with", "expr", "holds", "values", "otherwise", "dictionary", "take"),
    *("when", "default", "required", "as", "money", "round", "zone", "format"),
)
_SOURCES = ("path", "const", "function", "expr", "holds")
_DEPTH_MAX = 6


class Rule(NamedTuple):
    """One way to a field's value; `cast` is the last step."""

    source: Getter
    meaning: casts.Cast | None
    cast: casts.Cast
    when: Test | None
    asked: tuple[str, ...] = ()
    """Settings of the account that say what the source calls it."""


def compile_field(said: Any, field: Wanted, manner: Manner, notes: Notes, place: str) -> Getter:
    """A closure that gives the field's value, or its fallback after reporting why there is none."""
    is_list_of_rules = isinstance(said, list) and any(isinstance(one, dict) for one in said)
    ways = said if is_list_of_rules else [said]
    rules = [_rule(one, field, manner, notes, place) for one in ways]
    fallback, is_required = _absence(ways, field, manner, notes, place)
    if len(rules) == 1 and rules[0].when is None and rules[0].meaning is None:
        return _simple(rules[0], field.name, fallback, is_required)
    return _general(rules, field.name, fallback, is_required)


def _absence(ways: list[Any], field: Wanted, manner: Manner, notes: Notes, place: str) -> tuple[Any, bool]:
    fallback, is_required = field.fallback, field.is_required
    for way in ways:
        if not isinstance(way, dict):
            continue
        is_required = is_required or way.get("required") is True
        if "default" in way:
            is_required = False
            fallback = _literal(way["default"], _cast(way, field, manner, notes, place), notes, f"{place}.default")
    return fallback, is_required


def _literal(value: Any, cast: casts.Cast, notes: Notes, place: str) -> Any:
    """A default is converted once; money in a default is read with two decimals."""
    try:
        found = cast(value, nobody()) if value not in ("", None) else value
    except Unfit as unfit:
        notes.wrong(place, f"{value!r}: {unfit}")
        return None
    return "" if found is None and value == "" else found


def _simple(rule: Rule, name: str, fallback: Any, is_required: bool) -> Getter:
    source, cast = rule.source, rule.cast

    def read(node: Any, scope: Scope) -> Any:
        value = None
        try:
            value = source(node, scope)
            if value is not None:
                found = cast(value, scope)
                if found is not None:
                    return found
        except Unfit as unfit:
            scope.report(name, value, unfit)
            return fallback
        if is_required:
            scope.report(name, None, absent(name, [rule], scope))
        return fallback

    return read


def _general(rules: list[Rule], name: str, fallback: Any, is_required: bool) -> Getter:
    def read(node: Any, scope: Scope) -> Any:
        value = None
        try:
            for rule in rules:
                if rule.when is not None and not rule.when(node, scope):
                    continue
                value = rule.source(node, scope)
                meant = value if rule.meaning is None else rule.meaning(value, scope)
                found = None if meant is None else rule.cast(meant, scope)
                if found is not None:
                    return found
        except Unfit as unfit:
            scope.report(name, value, unfit)
            return fallback
        if is_required:
            scope.report(name, None, absent(name, rules, scope))
        return fallback

    return read


def absent(name: str, rules: Sequence[Rule] = (), scope: Scope | None = None) -> Unfit:
    """The problem of a required field that is not there; of a form, what the account's settings call it."""
    asked = {one: words_of(scope.settings.get(one)) for rule in rules for one in rule.asked} if scope else {}
    if any(asked.values()):
        zh = "，".join(f"“{'、'.join(words)}”（账户设置 {one}）" for one, words in asked.items())
        en = ", ".join(f'"{" or ".join(words)}" (setting {one})' for one, words in asked.items())
        return Unfit("missing_field", f"来源里没有 {zh}；请填写，或把设置改成来源里的名字",
                     f"the source has no {en}: fill it in, or set it to what it is called there")
    return Unfit(
        "missing_field",
        f"缺少必填字段 {name}，请检查来源或映射",
        f"{name} is required; check the source or the mapping",
    )


def _rule(said: Any, field: Wanted, manner: Manner, notes: Notes, place: str) -> Rule:
    if isinstance(said, (str, list)):
        said = {"path": said}
    block = notes.block(said, place)
    notes.known(block, RULE_KEYS, place)
    if sum(key in block for key in _SOURCES) != 1:
        notes.wrong(place, f"exactly one of {', '.join(_SOURCES)} is expected")
    if field.kind in casts.CLOSED:
        check_words(block, field.name, casts.CLOSED[field.kind], manner.dictionaries, notes, place)
    source = compile_source(block, manner, notes, place)
    when = compile_condition(block["when"], notes, f"{place}.when") if "when" in block else None
    return Rule(
        source, _meaning(block, field, manner, notes, place), _cast(block, field, manner, notes, place), when,
        _asked(block.get("path")),
    )


def _asked(said: Any) -> tuple[str, ...]:
    """The settings that paths of a rule go by; a path that is wrong has been told as such."""
    found: list[str] = []
    for one in said if isinstance(said, list) else [said]:
        if isinstance(one, str) and "@setting." in one:
            try:
                found += settings_of(parse_path(one))
            except Wrong:
                continue
    return tuple(dict.fromkeys(found))


def compile_source(block: Mapping[str, Any], manner: Manner, notes: Notes, place: str, depth: int = 0) -> Getter:
    """A closure to the raw value: by path, constant, function, expression or condition."""
    if depth > _DEPTH_MAX:
        notes.wrong(place, "functions are nested too deeply")
    elif "const" in block:
        value = block["const"]
        return lambda node, scope: value
    elif "holds" in block:
        return compile_condition(block["holds"], notes, f"{place}.holds")
    elif "expr" in block:
        return compile_expression(block["expr"], block.get("of"), notes, place)
    elif "function" in block:
        return _called(block, manner, notes, place, depth)
    elif "path" in block:
        return compile_paths(block["path"], notes, place)
    return _nothing


def _nothing(node: Any, scope: Scope) -> Any:
    return None


def compile_paths(said: Any, notes: Notes, place: str) -> Getter:
    """A closure to the first path that is there."""
    getters: list[Getter] = []
    if said == []:
        notes.wrong(place, "a path is expected, the list is empty")
    for one in said if isinstance(said, list) else [said]:
        try:
            getters.append(compile_path(parse_path(one)))
        except Wrong as error:
            notes.wrong(place, str(error))
    if len(getters) == 1:
        return getters[0]

    def first(node: Any, scope: Scope) -> Any:
        for get in getters:
            value = get(node, scope)
            if value is not None:
                return value
        return None

    return first


def _called(block: Mapping[str, Any], manner: Manner, notes: Notes, place: str, depth: int) -> Getter:
    name, options, of = block["function"], block.get("with") or {}, block.get("of")
    if not is_of(name, FUNCTIONS):
        notes.at(block, "function")
        notes.wrong(place, f"the function {name} is not known{near(str(name), FUNCTIONS)}")
        return _nothing
    check_options(name, notes.block(options, f"{place}.with"), notes, place)
    function, parts = FUNCTIONS[name], of if isinstance(of, list) else [of]
    if of is None or not function.values_min <= len(parts) <= function.values_max:
        notes.wrong(f"{place}.of", f"{name} takes {function.values_min} to {function.values_max} values")
        return _nothing
    getters = [
        compile_source(one, manner, notes, f"{place}.of", depth + 1)
        if isinstance(one, dict)
        else compile_paths(one, notes, f"{place}.of")
        for one in parts
    ]
    call = function.call
    if "each" in block:
        elements = compile_paths(block["each"], notes, f"{place}.each")
        return lambda node, scope: call(
            [[get(one, scope) for one in _listed(elements(node, scope))] for get in getters], options
        )
    return lambda node, scope: call([get(node, scope) for get in getters], options)


def _listed(found: Any) -> list[Any]:
    return found if isinstance(found, list) else [] if found is None else [found]


def _meaning(block: Mapping[str, Any], field: Wanted, manner: Manner, notes: Notes, place: str) -> casts.Cast | None:
    if "values" in block:
        return by_values(notes.block(block["values"], f"{place}.values"), block)
    if "dictionary" not in block:
        if "take" in block:
            notes.wrong(place, "take needs a dictionary")
        return None
    name, take = block["dictionary"], block.get("take", field.name)
    if not is_of(name, manner.dictionaries):
        notes.at(block, "dictionary")
        notes.wrong(f"{place}.dictionary", f"{name} is not in statuses.yaml{near(str(name), manner.dictionaries)}")
        return None
    if not is_of(take, TAKES):
        notes.wrong(f"{place}.take", f"{take} is not known{near(str(take), TAKES)}")
        return None
    return by_dictionary(manner.dictionaries[name], take)


def _cast(block: Mapping[str, Any], field: Wanted, manner: Manner, notes: Notes, place: str) -> casts.Cast:
    if field.kind in casts.CLOSED:
        return casts.closed_cast(casts.CLOSED[field.kind])
    kind = block.get("as", field.kind)
    if not is_of(kind, casts.KINDS):
        notes.wrong(f"{place}.as", f"{kind} is not known{near(str(kind), casts.KINDS)}")
        return casts.text
    if kind == "money":
        unit = block.get("money", "minor" if manner.is_minor else "major")
        if unit not in ("minor", "major"):
            notes.wrong(f"{place}.money", "minor or major is expected")
        return casts.money_cast(unit == "minor", block.get("round") is True or block.get("function") == "divide")
    if kind == "time":
        zone = read_zone(block.get("zone"), notes, place) or manner.zone
        return casts.time_cast(zone, str(block.get("format", "")), is_revision=field.name == "revision")
    return casts.PLAIN[kind]


def read_zone(name: Any, notes: Notes, place: str) -> tzinfo | None:
    """The zone of an IANA name; None for the account's own."""
    if name in (None, "account"):
        return None
    if (zone := zone_of(name)) is None:
        notes.wrong(f"{place}.zone" if place else "zone", f"{name} is no IANA zone")
    return zone
