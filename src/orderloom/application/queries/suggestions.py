"""What is to be bought, why, and of whom: suggestions as the console and programs read them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping
from datetime import datetime, timedelta
from typing import LiteralString

import msgspec

from orderloom.application.queries.sql import NUMBER, Connection, from_cursor, to_cursor, where
from orderloom.domain.inventory.replenish import (
    WEEK_DAYS,
    ReplenishFacts,
    Replenishing,
    ReplenishRule,
    SupplyTerms,
    by_need,
    suggest,
)
from orderloom.statements import beside

SQL = beside(__file__)
PIECE = 2_000
PIECES_MAX = 500
SHORT_ORDERS_MAX = 20_000
HAS_TEXT: LiteralString = \
    "(position(lower(%(q)s) in lower(s.code)) > 0 or position(lower(%(q)s) in lower(s.name)) > 0)"


class SuggestionView(msgspec.Struct, frozen=True):
    """A SKU that is to be bought, in base units. Why: what is here (`on_hand`, of it `frozen` and `promised`),
    what orders wait for, `in_transit` and `on_purchase`, `safety`, what was `sold` in 7 days and the `point` that
    follows; `missing` up to the `target`, and `quantity` after minimum and pack. Without `supplier` nobody is known who
    brings it. `drafted`: units that stand in drafts already. `days_left` null: nothing sells."""

    sku: str
    name: str
    supplier: str
    lead_days: int
    on_hand: int
    frozen: int
    promised: int
    waiting: int
    in_transit: int
    on_purchase: int
    drafted: int
    position: int
    safety: int
    sold: int
    point: int
    target: int
    missing: int
    minimum: int
    pack: int
    quantity: int
    cost: int | None
    currency: str
    days_left: int | None


class SuggestionPage(msgspec.Struct, frozen=True):
    """A page of them, what runs out first in front; `rule`: how points are reckoned."""

    suggestions: list[SuggestionView]
    rule: ReplenishRule
    count: int
    next: str | None


class SuggestionFilter(msgspec.Struct, frozen=True):
    """Which suggestions: empty means any; `q` stands in a code or name."""

    supplier: str = ""
    q: str = ""


async def list_suggestions(
    connection: Connection, wanted: SuggestionFilter, rule: ReplenishRule, at: datetime, *, cursor: str = "",
    limit: int = 50,
) -> SuggestionPage:
    """A page of suggestions. Raises WrongCursor."""
    start = int(from_cursor(cursor, NUMBER)[0]) if cursor else 0
    found = by_need([need async for need in needs(connection, rule, at, q=wanted.q)
                     if not wanted.supplier or (need.terms and need.terms.supplier == wanted.supplier)])
    shown = found[start:start + limit]
    drafts: dict[int, int] = {row[0]: row[1] for row in await (await connection.execute(
        SQL["drafts"], {"skus": [need.facts.sku_id for need in shown]})).fetchall()}
    more = to_cursor(start + limit) if len(found) > start + limit else None
    return SuggestionPage(
        [_view(need, drafts.get(need.facts.sku_id, 0)) for need in shown], rule, len(found), more)


async def needs(
    connection: Connection, rule: ReplenishRule, at: datetime, *, q: str = "",
) -> AsyncIterator[Replenishing]:
    """Everything that is to be bought, read in pieces; `q` stands in a code or name."""
    after = ""
    for _ in range(PIECES_MAX):
        facts = await replenish_facts(connection, at, after=after, q=q)
        terms = await supply_terms(connection, [one.sku_id for one in facts])
        for one in facts:
            if (need := suggest(one, terms.get(one.sku_id, ()), rule)) is not None:
                yield need
        if len(facts) < PIECE:
            return
        after = facts[-1].sku


async def replenish_facts(
    connection: Connection, at: datetime, *, after: str = "", q: str = "", only: Collection[int] | None = None,
) -> list[ReplenishFacts]:
    """What SKUs have and sell, the next ones by code; `only`: of these alone, whatever they have."""
    parts = [HAS_TEXT] if q else []
    if only is not None:
        parts.append("s.id = any (%(only)s::integer[])")
    rows = await connection.execute(SQL["facts"].replace("{where}", where(parts)), {
        "after": after, "since": _since(at), "limit": PIECE, "most": SHORT_ORDERS_MAX, "q": q,
        "only": list(only or ()), "all": only is not None})
    return [ReplenishFacts(*row) for row in await rows.fetchall()]


async def supply_terms(connection: Connection, skus: Collection[int]) -> Mapping[int, list[SupplyTerms]]:
    """Who brings these SKUs, on which terms."""
    found: dict[int, list[SupplyTerms]] = {}
    for sku_id, *terms in await (await connection.execute(SQL["terms"], {"skus": list(skus)})).fetchall():
        found.setdefault(sku_id, []).append(SupplyTerms(*terms))
    return found


def _since(at: datetime) -> datetime:
    """The hour from which on sales count."""
    return at.replace(minute=0, second=0, microsecond=0) - timedelta(days=WEEK_DAYS)


def _view(need: Replenishing, drafted: int) -> SuggestionView:
    facts, terms = need.facts, need.terms or SupplyTerms(0, "", 0)
    return SuggestionView(
        facts.sku, facts.name, terms.supplier, terms.lead_days, facts.on_hand, facts.frozen, facts.promised,
        facts.waiting, facts.in_transit, facts.on_purchase, drafted, facts.position, facts.safety, facts.sold,
        need.point, need.target, need.missing, terms.minimum, terms.pack, need.quantity, terms.cost, terms.currency,
        need.days_left)
