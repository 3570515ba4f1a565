"""`rescue ORDER`: send an order that was missed, in one command."""

from __future__ import annotations

from typing import Annotated

import typer

from orderloom.adapters.ids import new_id
from orderloom.application.buy_label import WEIGHT_MAX
from orderloom.application.commands import Outcome
from orderloom.application.queries.rescued import order_to_rescue
from orderloom.application.rescue import RescueWish, rescue
from orderloom.application.rescue_shapes import OrderToRescue, Rescued
from orderloom.domain.refusal import Refusal
from orderloom.entrypoints.cli.attach import doer, hub, run
from orderloom.entrypoints.cli.decisions import refuse
from orderloom.entrypoints.cli.frame import single
from orderloom.entrypoints.cli.orders import find
from orderloom.entrypoints.cli.screen import screen
from orderloom.entrypoints.rescued_words import in_words

app = single()


@app.command(help="抢发漏发订单：找货、优先拣、申请面单 / send a missed order: goods, rush pick, label")
def rescue_command(
    reference: Annotated[str, typer.Argument(metavar="ORDER", help="订单号 / its number")],
    account: Annotated[str, typer.Option(help="用哪个面单账号 / whose label is bought")] = "",
    carrier: Annotated[str, typer.Option(help="承运商 / the carrier")] = "",
    weight_g: Annotated[int, typer.Option("--weight-g", min=1, max=WEIGHT_MAX, help="克 / grams")] = 1_000,
) -> None:
    """Find the goods, have them picked, buy the label."""
    done = in_words(run(lambda: _rescue(reference, RescueWish(account, carrier, "", weight_g))))
    if not screen.answer(done):
        _tell(done)
    if any(work.refused for work in done.works):
        raise typer.Exit(1)


async def _rescue(reference: str, wish: RescueWish) -> Rescued:
    async with hub() as opened:
        async with opened.ports.reading() as one:
            order_id = await find(one, reference)

        async def read() -> OrderToRescue:
            async with opened.ports.reading() as reading:
                return await order_to_rescue(reading, order_id)

        done = await rescue(opened, read, order_id, wish, doer(), new_id)
    if isinstance(done, Refusal):
        refuse(Outcome(refusal=done.code, particulars=done.particulars))
        raise AssertionError
    return done


def _tell(done: Rescued) -> None:
    for work in done.works:
        who, label = work.accepted_by or work.system or "-", work.waybill or work.label_state or "-"
        wave = work.wave or "-"
        screen.say(f"{done.order} · 作业单 {work.number} · {work.warehouse} · 接单 {who} · 波次 {wave} · 面单 {label}",
                   f"{done.order} · work {work.number} · {work.warehouse} · in the hands of {who} · wave {wave} "
                   f"· label {label}")
        where = {(pick.sku, pick.place, pick.lot): pick.units for pick in work.picks}
        rows = [(sku, units, place, lot) for (sku, place, lot), units in where.items()] or [
            (line.sku, line.units, "", "") for line in work.lines]
        screen.table({"SKU": "SKU", "数量": "Units", "库位": "Place", "批号": "Lot"}, rows)
        for step in work.refused:
            zh, _, en = step.detail.partition(" | ")
            screen.say(f"✗ {zh}", f"✗ {en or zh}", style="red")
