"""An order that is paid at the door leaves the warehouse, and the money for it is asked for."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from test_wangdiantong import opened, rows, work

from orderloom.application.ports import Terminal


@pytest.mark.parametrize(("changes", "parts"), [
    ({"to_collect": 6_948}, ("0", "0", "69.48")),
    ({"to_collect": 7_448}, ("0", "5.00", "74.48")),
    ({"to_collect": 6_448, "discount": 500}, ("5.00", "0", "64.48")),
    ({"to_collect": 5_948, "paid": 1_000}, ("0", "0", "69.48")),
])
async def test_goods_to_be_paid_at_the_door_leave_and_the_amounts_balance(
    changes: dict[str, Any], parts: tuple[str, str, str],
) -> None:
    async with opened(stock_pull=False) as house:
        await house.send("work", work(**({"paid": 0} | changes)))
        raw = house.simulator.trades["W1"].raw
        assert [Decimal(raw[name]) for name in ("discount", "other_amount", "receivable")] == list(map(Decimal, parts))
        assert (raw["delivery_term"], Decimal(raw["cod_amount"])) == (2, Decimal(changes["to_collect"]) / 100)
        assert Decimal(raw["paid"]) + Decimal(raw["cod_amount"]) == Decimal(raw["receivable"])
        house.wait(3_600)
        assert any(row["status"] == 110 for row in rows(await house.pull())), "it waits for the money"


async def test_two_lines_never_share_a_number_that_was_cut() -> None:
    async with opened() as house:
        with pytest.raises(Terminal, match="oversize_field"):
            await house.send("work", work("W" * 39))
        assert not house.simulator.trades
