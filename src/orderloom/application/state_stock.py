"""Keep what a system says it has and compare it with ours; a figure whose meaning is not declared is not used."""

from __future__ import annotations

from orderloom.application.batch import Batch
from orderloom.application.change import StockClaim
from orderloom.application.commands import Outcome, StateStock
from orderloom.domain.draft import StockFigure
from orderloom.domain.states import StockMeaning

MEANINGS = frozenset(StockMeaning)


def state_stock(batch: Batch, command: StateStock) -> Outcome:
    """Take a system's figures; one that cannot be placed opens a case and stops no other."""
    directory, goods = batch.world.directory, batch.world.goods
    system = directory.accounts[command.account_id].code
    houses = directory.stocked
    for figure in command.report.figures:
        sku_id, house = goods.sku_id(figure.sku), houses.get(figure.warehouse)
        if sku_id is None or house is None or figure.meaning not in MEANINGS:
            batch.open_case(
                "stock_figure_unknown", f"{system}:{figure.warehouse}:{figure.sku}",
                {"system": system, "warehouse": figure.warehouse, "sku": figure.sku, "meaning": figure.meaning},
                command.account_id,
            )
            continue
        batch.close_case("stock_figure_unknown", f"{system}:{figure.warehouse}:{figure.sku}")
        batch.claim_stock(StockClaim(
            system, house, sku_id, figure.meaning, figure.quantity, figure.as_of, command.message_id,
        ))
        _compare(batch, command, figure, sku_id, house, system)
    return Outcome()


def _compare(batch: Batch, command: StateStock, figure: StockFigure, sku_id: int, house: int, system: str) -> None:
    level = batch.world.levels.get((sku_id, house))
    if level is None:
        return
    ours = {
        StockMeaning.PHYSICAL: level.on_hand, StockMeaning.NET_OF_ORDERS: level.on_hand - level.allocated,
        StockMeaning.ATP: level.free,
    }[StockMeaning(figure.meaning)]
    subject = f"{system}:{house}:{sku_id}"
    if ours == figure.quantity:
        batch.close_case("stock_differs", subject)
        return
    batch.open_case(
        "stock_differs", subject,
        {"system": system, "sku": batch.world.goods.skus[sku_id].code, "ours": ours, "theirs": figure.quantity,
         "meaning": figure.meaning},
        command.account_id,
    )
