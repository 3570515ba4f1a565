"""The formula of shown stock in force, and what another one would change: figures told, and what is oversold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import msgspec

from orderloom.application.directory import Directory
from orderloom.application.queries.catalogue import sku_ids
from orderloom.application.queries.oversell_price import OversellPrice, price_formulas
from orderloom.application.queries.sql import Connection
from orderloom.application.queries.stock_preview import ShownChange
from orderloom.application.queries.stock_shown import figure, read_all_kept, read_shelves
from orderloom.application.save_formula import FormulaRules, rules_of
from orderloom.blueprint.compile import CompiledBlueprint
from orderloom.blueprint.publish import KEYS, Publish, layers

SAMPLES_MAX = 20
WORST_SAMPLES = 5
"""So many of those that could be oversold most are among the samples, when nobody names any."""
PRINTED = ("0 if free <= zero_below else min(cap, floor((free + campaign * campaign_percent/100 "
           "+ unpaid * unpaid_percent/100) * share_percent/100) - buffer) / factor")


class PlaceFormula(msgspec.Struct, frozen=True):
    """What the formula counts with at a shop for SKUs that say nothing of their own. `said_by`: default, channel or
    shop, by key (keys that nobody says are not in it)."""

    account: str
    channel: str
    share_percent: int
    buffer: int
    cap: int | None
    zero_below: int | None
    campaign_percent: int
    unpaid_percent: int
    said_by: dict[str, str]


class FormulaPage(msgspec.Struct, frozen=True):
    """The formula in force, by blueprint `version`: what is said where, and what holds at each shop that takes stock.
    `share_sum`: percent of the same units that all these shops show together."""

    version: int
    within_seconds: int
    printed: str
    rules: FormulaRules
    places: list[PlaceFormula]
    share_sum: int


class FormulaPreview(msgspec.Struct, frozen=True):
    """What a candidate would do. Send `token` with the command that saves it: it proves that this was looked at.

    `shown`: what shops would be told now of some SKUs, those named or those that could be oversold most."""

    as_of: datetime
    version: int
    token: str
    price: OversellPrice
    places: list[PlaceFormula]
    share_sum: int
    shown: list[ShownChange]


def formula_page(directory: Directory, takers: Mapping[str, bool]) -> FormulaPage:
    """As it is in force."""
    active = directory.blueprints[directory.blueprint_active]
    places = places_of(active.publish, directory, takers)
    return FormulaPage(directory.blueprint_active, active.publish.within_seconds, PRINTED, rules_of(active.source),
                       places, sum(one.share_percent for one in places))


def places_of(publish: Publish, directory: Directory, takers: Mapping[str, bool]) -> list[PlaceFormula]:
    """Every shop that is switched on and takes stock."""
    found = []
    for account in sorted(directory.accounts.values(), key=lambda one: one.code):
        if account.family == "channels" and account.is_active and account.connector in takers:
            said = layers(publish.source, account.connector, account.code, "")
            by = {key: level for level, keys in said for key in KEYS if getattr(keys, key) is not None}
            one = publish.formula(account.connector, account.code)
            found.append(PlaceFormula(
                account.code, account.connector, one.share_percent, one.buffer, one.cap, one.zero_below,
                one.campaign_percent, one.unpaid_percent, by))
    return found


async def preview_formula(
    connection: Connection, directory: Directory, takers: Mapping[str, bool], candidate: CompiledBlueprint,
    samples: Sequence[str], demand: int, at: datetime, token_of: Callable[[int], str],
) -> FormulaPreview:
    """The formula in force beside a candidate. Nothing is written."""
    version = directory.blueprint_active
    now = directory.blueprints[version].publish
    kept = await read_all_kept(connection)
    price = await price_formulas(connection, directory, takers, now, candidate.publish, demand, kept, at)
    chosen = samples or [one.sku for one in price.worst[:WORST_SAMPLES]]
    then = msgspec.structs.replace(directory, blueprints={**directory.blueprints, version: candidate})
    shown = await _shown(connection, chosen, (directory, then), takers)
    places = places_of(candidate.publish, directory, takers)
    share_sum = sum(one.share_percent for one in places)
    return FormulaPreview(at, version, token_of(version), price, places, share_sum, shown)


async def _shown(
    connection: Connection, codes: Sequence[str], by: tuple[Directory, Directory], takers: Mapping[str, bool],
) -> list[ShownChange]:
    """What each shop that is on would be told of these SKUs, by the one formula and the other."""
    ids = await sku_ids(connection, codes)
    shelves = await read_shelves(connection, sorted(ids.values()), by[0])
    found = []
    for one in shelves.listed:
        if one.is_on:
            before, why = figure(one, shelves, by[0], takers)
            after, _ = figure(one, shelves, by[1], takers)
            found.append(ShownChange(one.account, shelves.goods.skus[one.sku_id].code, one.alias, before, after, why))
    return found
