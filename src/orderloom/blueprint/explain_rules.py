"""Write down for people what the decision tables decide: a table for each rule."""

from __future__ import annotations

from collections.abc import Iterator

from orderloom.blueprint.outcomes import read_outcome
from orderloom.blueprint.rules import TableEntry
from orderloom.blueprint.schema import Blueprint
from orderloom.domain.rule_places import PLACES


def explain_rules(blueprint: Blueprint) -> Iterator[tuple[str, list[tuple[str, ...]]]]:
    """For each rule what it is about, and its table: the columns, then each row. Empty: anything, or the default."""
    for rule in blueprint.rules:
        place = PLACES[rule.place]
        yield (f"**{rule.title.zh}** {rule.title.en} `{rule.name}`: at {place.name} ({place.title.zh}), "
               f"{rule.hit} hit{'' if rule.is_on else ', **off**'}", list(_table(rule)))


def _table(rule: TableEntry) -> Iterator[tuple[str, ...]]:
    place = PLACES[rule.place]
    traits = {trait.name: trait.title.zh for trait in place.traits}
    outcomes = [one for one in place.outcomes if one.name in rule.then]
    yield ("row", *(f"{traits[name]} `{name}`" for name in rule.when),
           *(f"→ {one.title.zh} `{one.name}`" for one in outcomes))
    for row in rule.rows:
        title = f"{row.title.zh}<br>{row.title.en} " if row.title else ""
        yield (f"{title}`{row.id}`", *(f"`{row.when[name]}`" if row.when.get(name) not in (None, "") else ""
                                       for name in rule.when),
               *(f"`{str(read_outcome(one, row.then.get(one.name))).replace('True', 'true').replace('False', 'false')}`"
                 for one in outcomes))
