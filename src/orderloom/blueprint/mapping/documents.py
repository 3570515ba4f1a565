"""A document of a mapping compiled: which messages it reads and how a body becomes drafts or problems."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from orderloom.blueprint.mapping import targets
from orderloom.blueprint.mapping.after_sale import compile_after_sale
from orderloom.blueprint.mapping.check import Notes, is_of, near
from orderloom.blueprint.mapping.conditions import Test, compile_condition
from orderloom.blueprint.mapping.fields import absent, compile_field, compile_paths
from orderloom.blueprint.mapping.parts import compile_each, compile_part, compile_parts, compile_said, compile_values
from orderloom.blueprint.mapping.scope import Getter, Scope, Unfit, nobody
from orderloom.blueprint.mapping.stated import compile_stated
from orderloom.blueprint.mapping.ways import way_of
from orderloom.blueprint.mapping.written import Manner, Wanted, Written
from orderloom.domain.draft import (
    Draft,
    DraftLine,
    Nothing,
    OrderDraft,
    Problem,
    Receiver,
    StockFigure,
    StockReport,
    TrackEntry,
    TrackReport,
    WorkLine,
    WorkReport,
)
from orderloom.domain.looked import ListingFigure, ListingReport, Rating, RatingReport

Build = Callable[[Any, Scope], Any]


class Document(NamedTuple):
    """A compiled document. `said` is its block as written, for the mapping page and for samples."""

    topics: tuple[str, ...]
    format: str
    produces: str
    root: Getter
    elements: Getter
    each: Callable[[Any, Scope], list[Any]]
    when: Test | None
    build: Build
    said: Mapping[str, Any]

    def reads(self, topic: str) -> bool:
        """True when the topic fits one of the globs."""
        return any(fnmatchcase(topic, glob) for glob in self.topics)

    def enter(self, scope: Scope) -> Any:
        """The root node; of rows, the first one."""
        node = self.root(scope.body, scope)
        return node[0] if self.format == "rows" and isinstance(node, list) else node

    def draft(self, node: Any, scope: Scope) -> list[Draft | tuple[Problem, ...]]:
        """One draft, or all problems of it, per element of the body."""
        results: list[Draft | tuple[Problem, ...]] = []
        flags = list(scope.flags)
        for one in self.each(node, scope):
            scope.start(one)
            scope.flags.extend(flags)
            built = self.build(one, scope)
            results.append(tuple(scope.problems) if scope.problems else built)
        return results or [self._empty(node, scope)]

    def _empty(self, node: Any, scope: Scope) -> Draft | tuple[Problem, ...]:
        """An empty list is nothing to do; a list that is not there at all is a problem, so that no order is lost."""
        if self.elements(node, scope) is not None:
            return Nothing("the body holds an empty list")
        scope.report("each", self.said.get("each"), absent("each"))
        return tuple(scope.problems)


def compile_document(said: Mapping[str, Any], manner: Manner, notes: Notes) -> Document:
    """The document with its closures; mistakes go to `notes`."""
    produces = _one_of(said, "produces", said.get("produces"), tuple(targets.BLOCKS), notes)
    form = _one_of(said, "format", said.get("format", "json"), targets.FORMATS, notes)
    notes.known(said, (*targets.DOCUMENT_KEYS, *targets.BLOCKS.get(produces, tuple(said))), "")
    compiler = _COMPILERS.get(produces, _compile_nothing)
    return Document(
        _topics(said, notes),
        form,
        produces,
        compile_paths(said.get("root") or "$", notes, "root"),
        compile_paths(said.get("each") or ".", Notes(""), "each"),
        compile_each(said, "", notes, "each"),
        compile_condition(said["when"], notes, "when") if said.get("when") else None,
        compiler(said, manner, notes),
        said,
    )


def _one_of(said: Mapping[str, Any], key: str, value: Any, known: tuple[str, ...], notes: Notes) -> str:
    if is_of(value, known):
        return str(value)
    notes.at(said, key)
    notes.wrong(key, f"{value!r} is not known{near(str(value), known)}")
    return ""


def _topics(said: Mapping[str, Any], notes: Notes) -> tuple[str, ...]:
    topic = said.get("topic")
    topics = topic if isinstance(topic, list) else [topic]
    if not topics or not all(isinstance(one, str) and one for one in topics):
        notes.wrong("topic", "a glob or a list of globs is expected")
        return ()
    return tuple(topics)


def _fields(
    said: Mapping[str, Any], fields: Mapping[str, Wanted], manner: Manner, notes: Notes
) -> list[Written]:
    notes.at(said, "fields")
    return compile_values(notes.block(said.get("fields") or {}, "fields"), fields, manner, notes, "fields")


def _compile_order(said: Mapping[str, Any], manner: Manner, notes: Notes) -> Build:
    block = dict(notes.block(said.get("fields") or {}, "fields"))
    values = _fields(said, targets.ORDER, manner, notes)
    readers = {one.name: one.full for one in values}
    currency = readers.get("currency", compile_paths("currency", notes, "fields.currency"))
    stated = block.get("currency")
    always = currency({}, nobody()) if isinstance(stated, dict) and set(stated) == {"const"} else None
    values = [one for one in values if one.name != "currency"] + _source_time(block, manner, notes)
    parts = _order_parts(said, manner, notes)
    if notes.mistakes:
        return _compile_nothing(said, manner, notes)
    read = way_of(manner).draft_reader(values, parts, manner, _without_lines)

    def build(node: Any, scope: Scope) -> OrderDraft:
        scope.currency = always or currency(node, scope) or ""
        return read(node, scope)

    return build


def _without_lines(scope: Scope) -> None:
    scope.report("lines", None, Unfit("no_lines", "订单没有商品行", "the order has no lines"))


def _source_time(block: Mapping[str, Any], manner: Manner, notes: Notes) -> list[Written]:
    """The placing time as the source wrote it, read by the same rule as the instant."""
    if "source_placed_at" in block or "placed_at" not in block:
        return []
    raw = Wanted("source_placed_at", "text", "", False)
    rule = block["placed_at"]
    kept = (
        {key: rule[key] for key in ("path", "function", "of", "with", "const") if key in rule}
        if isinstance(rule, dict)
        else rule
    )
    if not kept or (isinstance(kept, list) and any(isinstance(one, dict) for one in kept)):
        return []
    full = compile_field(kept, raw, manner, Notes(notes.file), "fields.placed_at")
    return [Written("source_placed_at", kept, raw, full)]


def _order_parts(said: Mapping[str, Any], manner: Manner, notes: Notes) -> list[tuple[str, Build]]:
    notes.at(said, "lines")
    if "lines" not in said:
        notes.wrong("lines", "an order needs lines")
    default_each = "$" if said.get("format") == "rows" else ""
    parts: list[tuple[str, Build]] = [
        ("lines", compile_parts(said.get("lines", {}), DraftLine, targets.LINE, manner, notes, "lines", default_each))
    ]
    if "receiver" in said:
        notes.at(said, "receiver")
        parts.append(("receiver", _compile_receiver(said["receiver"], manner, notes)))
    parts += compile_stated(said, manner, notes)
    if "said" in said:
        notes.at(said, "said")
        parts.append(("said", compile_said(said["said"], manner, notes)))
    if "facts" in said:
        parts.append(("facts", _compile_facts(said["facts"], manner, notes)))
    if "flags" in said:
        raise_flags = _compile_flags(said["flags"], manner, notes)
        lines = parts[0][1]

        def flagged_lines(node: Any, scope: Scope) -> Any:
            raise_flags(node, scope)
            return lines(node, scope)

        parts[0] = ("lines", flagged_lines)
    return parts


def _compile_receiver(said: Any, manner: Manner, notes: Notes) -> Build:
    values = compile_values(notes.block(said, "receiver"), targets.RECEIVER, manner, notes, "receiver")
    if notes.mistakes:
        return _compile_nothing({}, manner, notes)
    return way_of(manner).struct_reader(Receiver, values, manner)


def _compile_facts(said: Any, manner: Manner, notes: Notes) -> Build:
    block = notes.block(said, "facts")
    values = []
    for name, rule in block.items():
        notes.at(block, name)
        if isinstance(rule, dict) and rule.get("as") == "time":
            notes.wrong(f"facts.{name}.as", "facts are text, integer, money or flag")
        field = Wanted(name, "text", None, False)
        values.append(Written(name, rule, field, compile_field(rule, field, manner, notes, f"facts.{name}")))
    if notes.mistakes:
        return _compile_nothing({}, manner, notes)
    return way_of(manner).dict_reader("facts", values, manner)


def _compile_flags(said: Any, manner: Manner, notes: Notes) -> Build:
    flags = [(name, test, compile_condition(test, notes, f"flags.{name}"))
             for name, test in notes.block(said, "flags").items()]
    return _compile_nothing({}, manner, notes) if notes.mistakes else way_of(manner).flags_reader(flags, manner)


def _compile_work(said: Mapping[str, Any], manner: Manner, notes: Notes) -> Build:
    values = _fields(said, targets.WORK, manner, notes)
    if "said" not in said:
        notes.wrong("said", "a work report says something")
    statements = compile_said(said.get("said", []), manner, notes)
    has_lines = "lines" in said
    lines = compile_part(
        said.get("lines", {}), WorkLine, targets.WORK_LINE, manner, notes if has_lines else Notes(""), "lines"
    )
    if notes.mistakes:
        return _compile_nothing(said, manner, notes)
    read = way_of(manner).dict_reader("WorkReport", values, manner)

    def build(node: Any, scope: Scope) -> WorkReport | Nothing:
        drafted = read(node, scope)
        spoken = statements(node, scope)
        if not spoken:
            return Nothing("the report states no milestone")
        return WorkReport(said=spoken[0], lines=lines(node, scope) if has_lines else (), **drafted)

    return build


def _compile_track(said: Mapping[str, Any], manner: Manner, notes: Notes) -> Build:
    values = _fields(said, targets.TRACK, manner, notes)
    if "entries" not in said:
        notes.wrong("entries", "a track report needs entries")
    entries = compile_part(said.get("entries", {}), TrackEntry, targets.ENTRY, manner, notes, "entries")
    if notes.mistakes:
        return _compile_nothing(said, manner, notes)
    read = way_of(manner).dict_reader("TrackReport", values, manner)

    def build(node: Any, scope: Scope) -> TrackReport | Nothing:
        drafted = read(node, scope)
        found = entries(node, scope)
        if scope.problems or not found:
            return Nothing("the report holds no entries")
        # Sources list newest first: reversed before the stable sort, entries of one second keep their true order.
        is_newest_first = found[0].at > found[-1].at
        ordered = sorted(reversed(found) if is_newest_first else found, key=lambda entry: entry.at)
        return TrackReport(entries=tuple(ordered), **drafted)

    return build


def _figures_of(
    report: Callable[[tuple[Any, ...]], Draft], struct: type[Any], fields: Mapping[str, Wanted]
) -> Callable[[Mapping[str, Any], Manner, Notes], Build]:
    """Compiles a report that is nothing but figures."""

    def compiled(said: Mapping[str, Any], manner: Manner, notes: Notes) -> Build:
        if "figures" not in said:
            notes.wrong("figures", "this report needs figures")
        figures = compile_parts(said.get("figures", {}), struct, fields, manner, notes, "figures")
        return lambda node, scope: report(figures(node, scope))

    return compiled


def _compile_ratings(said: Mapping[str, Any], manner: Manner, notes: Notes) -> Build:
    ratings = compile_parts(said.get("ratings", {}), Rating, targets.RATING, manner, notes, "ratings")
    return lambda node, scope: RatingReport(ratings(node, scope))


def _compile_nothing(said: Mapping[str, Any], manner: Manner, notes: Notes) -> Build:
    reason = str(said.get("reason") or "this topic is not followed")
    return lambda node, scope: Nothing(reason)


_COMPILERS: dict[str, Callable[[Mapping[str, Any], Manner, Notes], Build]] = {
    "order": _compile_order,
    "work_report": _compile_work,
    "track_report": _compile_track,
    "stock_report": _figures_of(StockReport, StockFigure, targets.FIGURE),
    "listing_report": _figures_of(ListingReport, ListingFigure, targets.LISTING_FIGURE),
    "rating_report": _compile_ratings,
    "after_sale_report": compile_after_sale,
    "nothing": _compile_nothing,
}
