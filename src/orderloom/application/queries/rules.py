"""The rules in force as tables for people: columns, and each cell in words beside what is written."""

from __future__ import annotations

import msgspec

from orderloom.application.queries.sql import Connection
from orderloom.blueprint.cell_text import read_cell
from orderloom.blueprint.cell_words import cell_words
from orderloom.blueprint.compile import CompiledBlueprint
from orderloom.blueprint.compile_rules import CompiledRule
from orderloom.blueprint.rules import RowEntry
from orderloom.domain.rule import Value
from orderloom.domain.rule_places import PLACES
from orderloom.domain.words import Words
from orderloom.statements import beside

SQL = beside(__file__)


class ColumnView(msgspec.Struct, frozen=True):
    """A column: a trait that is asked for, or an outcome that is stated; `type` as in the place."""

    name: str
    type: str
    title: Words


class ConditionView(msgspec.Struct, frozen=True):
    """A condition as it is written (empty: any) and in words."""

    written: str
    words: Words


class RuleRowView(msgspec.Struct, frozen=True):
    """A row; its cells in the order of the columns, outcomes with their defaults filled in."""

    id: str
    title: Words | None
    when: list[ConditionView]
    then: list[str | int | bool]


class TableView(msgspec.Struct, frozen=True):
    """A rule. `unknown_skus`: codes in it that are no SKU of ours: nothing is given of them."""

    name: str
    title: Words
    place: str
    hit: str
    is_on: bool
    when: list[ColumnView]
    then: list[ColumnView]
    rows: list[RuleRowView]
    unknown_skus: list[str]


class PlaceView(msgspec.Struct, frozen=True):
    """A place where rules are asked: what they may ask about and what they may state."""

    name: str
    title: Words
    hits: list[str]
    traits: list[ColumnView]
    outcomes: list[ColumnView]


class RulesView(msgspec.Struct, frozen=True):
    """The rules of the blueprint in force, those that are off too, and every place."""

    version: int
    blueprint: str
    rules: list[TableView]
    places: list[PlaceView]


async def read_rules(connection: Connection, blueprint: CompiledBlueprint, version: int, zone: str) -> RulesView:
    """All of it, instants by the clock of the zone. Codes are looked up as they are now."""
    codes = {code for rule in blueprint.rules.every for code in _codes(rule)}
    rows = await (await connection.execute(SQL["known"], {"codes": sorted(codes)})).fetchall()
    unknown = codes - {row[0] for row in rows}
    places = [
        PlaceView(place.name, place.title, list(place.hits),
                  [ColumnView(one.name, str(one.type), one.title) for one in place.traits],
                  [ColumnView(one.name, one.type, one.title) for one in place.outcomes])
        for place in PLACES.values()
    ]
    tables = [_table(rule, sorted(unknown.intersection(_codes(rule))), zone) for rule in blueprint.rules.every]
    return RulesView(version, blueprint.name, tables, places)


def _codes(rule: CompiledRule) -> list[str]:
    names = [one.name for one in rule.place.outcomes if one.type == "sku"]
    return [str(row.outcome[name]) for row in rule.outcomes for name in names]


def _table(rule: CompiledRule, unknown: list[str], zone: str) -> TableView:
    traits = [trait for name in rule.source.when if (trait := rule.place.trait(name)) is not None]
    outcomes = [one for one in rule.place.outcomes if one.name in rule.source.then]
    rows = [_row(rule, row, stated.outcome, [one.name for one in outcomes], zone)
            for row, stated in zip(rule.source.rows, rule.outcomes, strict=True)]
    return TableView(
        rule.name, rule.source.title, rule.place.name, rule.source.hit, rule.source.is_on,
        [ColumnView(trait.name, str(trait.type), trait.title) for trait in traits],
        [ColumnView(one.name, one.type, one.title) for one in outcomes], rows, unknown,
    )


def _row(
    rule: CompiledRule, row: RowEntry, stated: dict[str, Value], names: list[str], zone: str,
) -> RuleRowView:
    cells = []
    for name in rule.source.when:
        written, trait = row.when.get(name), rule.place.trait(name)
        assert trait is not None
        text = "" if written is None else str(written).lower() if isinstance(written, bool) else str(written)
        cells.append(ConditionView(text, cell_words(read_cell(written, trait), trait, zone)))
    return RuleRowView(row.id, row.title, cells, [stated[name] for name in names])
