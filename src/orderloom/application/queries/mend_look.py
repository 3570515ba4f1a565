"""Gathers what there is to choose from for a case, and what was tried for it by itself."""

from __future__ import annotations

from collections.abc import Sequence, Set

from orderloom.application.act import offered
from orderloom.application.directory import Directory
from orderloom.application.mends.shapes import MendChoice, Try
from orderloom.application.queries.cases import CaseDetail
from orderloom.application.queries.mend_evidence import KnownMappings, ReadMessage, spelling_of, wanted_of
from orderloom.application.queries.mend_offer import MendFacts, sku_choices
from orderloom.application.queries.mends import candidates, holds_of, tried
from orderloom.application.queries.sql import Connection
from orderloom.application.queries.vocabulary import Vocabulary
from orderloom.domain.order import Order

TOLD_MAX = 500


async def gather(
    connection: Connection, case: CaseDetail, mappings: KnownMappings, directory: Directory, order: Order | None,
    roles: Set[str], message: ReadMessage | None, *, messages: int, deliveries: int,
) -> MendFacts:
    """What the ways of this case have to choose from."""
    spelling = spelling_of(case)
    wanted = wanted_of(spelling, message)
    skus = sku_choices(wanted, await candidates(connection, wanted)) if spelling else []
    mapping = mappings.of(message.account.connector) if message else None
    return MendFacts(
        messages, deliveries, skus, list(mapping.dictionaries) if mapping else [],
        [MendChoice(w.code, w.province or w.code) for w in directory.warehouses if w.is_active],
        await holds_of(connection, order.id) if order else [],
        offered(order, directory, frozenset(roles)) if order else [], Vocabulary(directory).hold,
        message.account.code if message else _account(case), message.view.topic if message else "",
        str(case.evidence.get("sku", "")))


def _account(case: CaseDetail) -> str:
    """The connection that a case without a message is about."""
    return case.account or str(case.evidence.get("account") or case.evidence.get("to") or "")


async def tries_of(
    connection: Connection, case: CaseDetail, known: MendFacts, ids: Sequence[str], stuck: Sequence[str],
) -> list[Try]:
    """What was tried by itself: taken through again, sent again, and looked for among the SKUs."""
    found = []
    times, at = await tried(connection, "replayed", ids[:TOLD_MAX])
    if times > 1:
        found.append(Try("replayed", times - 1, at))
    times, at = await tried(connection, "attempts", stuck[:TOLD_MAX])
    if times:
        found.append(Try("sent", times, at))
    if known.skus:
        found.append(Try("likeness", len(known.skus), None, str(known.skus[0].score)))
    if case.tries:
        found.append(Try("again", case.tries))
    return found
