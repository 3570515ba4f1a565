"""Sales orders of Kingdee: what a company would lose if rows, sessions or outbound bills were taken wrongly."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from orderloom.adapters.kit.load import load_text
from orderloom.adapters.kit.notes import BadConnector
from orderloom.application.ports import Account, Outgoing, Terminal
from orderloom.application.translate import translate
from orderloom.domain.draft import OrderDraft
from tests.support.connector_folders import RECEIVED_AT, Folder, cursor, folders, items, now, purchase, serve

FOLDER: Folder = next(one for one in folders("channels") if one.name == "kingdee_orders")
SYSTEM: Folder = next(one for one in folders("systems") if one.name == "kingdee")


class Company:
    """A data centre, an account that leads there, and one connector."""

    def __init__(self, simulator: Any, account: Account, http: httpx2.AsyncClient) -> None:
        self.simulator, self.account, self.http = simulator, account, http
        self.connector: Any = FOLDER.connector

    async def orders(self) -> list[OrderDraft]:
        pages = [page async for page in self.connector.pull(self.account, cursor(), now(), self.http)]
        found = [one for item in items(pages) for one in translate(
            self.account, item.topic, item.body, dict(item.context), RECEIVED_AT, FOLDER.mappings())]
        assert all(isinstance(one, OrderDraft) for one in found), found
        return [one for one in found if isinstance(one, OrderDraft)]

    async def ship(self, order: OrderDraft, waybill: str, lines: dict[str, int], attempt: int = 1) -> Any:
        body = {"external_id": order.external_id, "carrier": "shunfeng", "waybill": waybill, "is_partial": True,
                "shipped_at": "2026-01-01T08:00:00Z",
                "lines": [{"external_line_id": key, "quantity": units} for key, units in lines.items()]}  # fmt: skip
        sent = Outgoing("01930000-0000-7000-8000-000000000001", "shipment", "k", body, attempt)
        return await self.connector.send(sent, self.account, self.http)


@pytest.fixture
async def company(request: pytest.FixtureRequest) -> AsyncIterator[Company]:
    simulator = FOLDER.simulator()
    async with serve(simulator.app) as base, httpx2.AsyncClient(timeout=30) as http:
        yield Company(simulator, FOLDER.account(base, **getattr(request, "param", {})), http)


async def test_bills_come_whole_whichever_pages_their_rows_stand_on(company: Company) -> None:
    at = now().replace(microsecond=0) - timedelta(minutes=5)
    for n in range(700):
        bought = purchase(FOLDER, n + 1) | {"placed_at": at, "paid_at": at}
        company.simulator.place(bought | {"lines": [{**bought["lines"][0], "sku": f"M-{k}"} for k in range(3)]})
    orders = await company.orders()
    assert len({order.external_id for order in orders}) == len(orders) == 700
    assert {len(order.lines) for order in orders} == {3}
    assert company.simulator.requests["query"] >= 2, "a page has two thousand rows"


@pytest.mark.parametrize("company", [{"sale_org": "100"}, {"sale_org": "200"}], indirect=True)
async def test_orders_of_another_organisation_are_none_of_this_account(company: Company) -> None:
    company.simulator.place(purchase(FOLDER))
    assert len(await company.orders()) == (company.account.settings["sale_org"] == "100")


async def test_a_session_that_ended_is_begun_anew_without_a_bill_lost(company: Company) -> None:
    company.simulator.place(purchase(FOLDER))
    assert len(await company.orders()) == 1
    company.simulator.expire_tokens()
    assert len(await company.orders()) == 1
    assert company.simulator.requests["login"] == 2


async def test_a_parcel_is_an_outbound_bill_of_the_rows_that_left(company: Company) -> None:
    company.simulator.place(purchase(FOLDER))
    [order] = await company.orders()
    first, last = (line.external_id for line in order.lines)
    answer = await company.ship(order, "SF1", {first: 1})
    assert answer.said["system_no"] == f"{order.external_id}-SF1"
    await company.ship(order, "SF1", {first: 1}, attempt=2)
    await company.ship(order, "SF2", {first: 1, last: 1})
    told = company.simulator.shipments[order.external_id]
    assert [[one["external_line_id"] for one in parcel["lines"]] for parcel in told] == [[first], [first, last]]
    with pytest.raises(Terminal):
        await company.ship(order, "SF3", {last: 1})


def test_how_the_platform_is_spoken_to_is_said_once_for_both_folders() -> None:
    mine, theirs = FOLDER.plan.said, SYSTEM.plan.said
    assert (mine.shares, mine.credentials, mine.calls, mine.answers, mine.token, mine.rate) == (
        "systems/kingdee", theirs.credentials, theirs.calls, theirs.answers, theirs.token, theirs.rate)
    assert (FOLDER.path / "connector.yaml").read_text("utf-8").count("AuthService") == 0


@pytest.mark.parametrize(("named", "said"), [
    ("systems/kingde", "systems/kingdee"), ("../systems/kingdee", "systems/kingdee"),
    ("channels/kingdee_orders", "shares another folder itself"),
])  # fmt: skip
def test_a_folder_that_shares_with_none_is_told_where_and_what_there_is(named: str, said: str) -> None:
    text = f"connector: 1\nname: x\nfamily: channels\ntitle: {{zh: 甲, en: X}}\nzone: UTC\nshares: {named}\n"
    with pytest.raises(BadConnector) as bad:
        load_text(text, "x/connector.yaml")
    assert "x/connector.yaml:6: shares" in str(bad.value) and said in str(bad.value)
