"""Whichever filter leads to the orders, a list shows the same in the same order, and nobody sees more than theirs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx2
import psycopg
import pytest

from orderloom.application.queries import order_lead
from tests.support.api_hub import a_world

WAYS = {"each is checked": (-1, -1), "the rarest is held in mind": (1_000, -1), "it leads": (1_000, 1_000)}
FILTERS: tuple[dict[str, Any], ...] = (
    {"tag": "VIP"}, {"tag": "VIP,rare"}, {"phase": "ready", "tag": "rare"}, {"q": "M-001"},
    {"q": "M-001", "tag": "VIP"},
    {"warehouse": "HZ", "payment": "paid"}, {"amount_from": 1, "currency": "CNY"}, {"is_held": True, "tag": "VIP"},
    {"field": "invoice_title:ACME", "placed": "7d"}, {"late": "overdue"}, {"case": "oversold", "tag": "VIP"},
    {"carrier": "SF"}, {"account": "SH01", "province": "浙江省", "tag": "rare"}, {"tag": "VIP", "currency": "USD"},
)
SORTS = ("-recorded", "recorded", "-amount", "placed", "number", "ship_by")


async def listed(client: httpx2.AsyncClient, **params: Any) -> list[str]:
    answer = await client.get("/api/v1/orders", params=params)
    assert answer.status_code == 200, answer.text
    return [order["id"] for order in answer.json()["orders"]]


def put_beside(database: str, ids: list[str]) -> None:
    """Tags, fields, cases and ship-by times on some of the orders."""
    with psycopg.connect(database) as connection:
        connection.execute("insert into tag (name, colour, made_by, made_at) values ('VIP', 'red', 'user:t', now()),"
                           " ('rare', 'red', 'user:t', now())")
        for place, order_id in enumerate(ids):
            connection.execute("insert into order_ship_by values (%s, now() - make_interval(hours => %s), true)"
                               " on conflict (order_id) do update set ship_by = excluded.ship_by, is_open = true",
                               (order_id, place))
            tags = ["VIP"] * (place % 2 == 0) + ["rare"] * (place == 2)
            for tag in tags:
                connection.execute("insert into order_tag values (%s, %s, 'user:t', now())", (order_id, tag))
        connection.execute("insert into order_field values (%s, 'invoice_title', 'ACME', 'user:t', now())", (ids[1],))
        connection.execute("insert into case_file (id, kind, subject, order_id, evidence, owner, opened_at, seen_at)"
                           " values (gen_random_uuid(), 'oversold', 'x', %s, '{}', 'operations', now(), now())",
                           (ids[0],))


@pytest.mark.asyncio
async def test_a_list_is_the_same_whichever_filter_leads(
    tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with a_world(tmp_path, database, orders=6) as world, await world.client("admin") as client:
        put_beside(database, world.order_ids)
        found: dict[str, list[list[str]]] = {}
        for way, (few, few_read) in WAYS.items():
            monkeypatch.setattr(order_lead, "FEW", few)
            monkeypatch.setattr(order_lead, "FEW_READ", few_read)
            found[way] = [await listed(client, sort=sort, **asked) for asked in FILTERS for sort in SORTS]
        assert await listed(client, phase="returned", sort="ship_by") == [], "what is out has no ship-by time"
        checked, *others = found.values()
        assert all(other == checked for other in others)
        assert sum(map(bool, checked)) > len(checked) / 2, "most of the filters fit something"
        assert [sum(len(one) for one in checked[n:n + len(SORTS)]) for n in range(0, 12, len(SORTS))] == [18, 18]


@pytest.mark.asyncio
async def test_a_rare_filter_shows_nobody_the_orders_of_others(
    tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with a_world(tmp_path, database, orders=6) as world:
        put_beside(database, world.order_ids)
        theirs = world.order_ids[2]
        with psycopg.connect(database) as connection:
            connection.execute("update orders set receiver_province = '西藏自治区' where id = %s", (theirs,))
        async with await world.user("regional_manager", {"region": ["西藏自治区"]}) as client:
            for few, few_read in WAYS.values():
                monkeypatch.setattr(order_lead, "FEW", few)
                monkeypatch.setattr(order_lead, "FEW_READ", few_read)
                for asked in ({"tag": "VIP"}, {"tag": "rare", "sort": "-amount"}, {"phase": "ready", "sort": "placed"},
                              {"late": "overdue", "sort": "ship_by"}, {}):
                    assert await listed(client, **asked) == [theirs], asked
                assert await listed(client, field="invoice_title:ACME") == []
