"""Every operation of the API with the scopes that it declares, and a world full of prices and people to look for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import psycopg
from fastapi import FastAPI
from fastapi.routing import APIRoute

from orderloom.domain.draft import Receiver
from orderloom.entrypoints.http.api.second_factor import person
from orderloom.entrypoints.http.app import ROUTERS
from orderloom.entrypoints.http.kit.guard import Guard, caller_of, signed_in, viewer
from orderloom.testing.builders import a_line
from tests.support.api_hub import World

PRICE = 12_345_787
"""A unit price in minor units that nothing else is."""
DISCOUNT = 8_675_309
PHONE, NAME, STREET = "17711223344", "鲍驹骦", "稀罕路7788号"
PRICES = re.compile(r"12345787|123457\.87|12,345,787|123,457\.87|8675309|86753\.09")
PEOPLE = re.compile(f"{PHONE}|{NAME}|{STREET}")
FREIGHT = 1_000
TOTAL = 2 * PRICE - DISCOUNT + FREIGHT
COST = 7_654_321
"""What a piece of M-001 costs the seller."""
CANARIES: Mapping[str, re.Pattern[str]] = {
    "price": PRICES,
    "paid": re.compile(r"16017265|160172\.65|160,172\.65|24691574|246915\.74|28363052|283630\.52"),
    "cost": re.compile(r"7654321|76543\.21|76,543\.21"),
    "receiver": re.compile("鲍|177\\*|3344|青海|西宁|稀罕"),
    "payload": re.compile("OFF9,2026"),
}
"""What nobody may find in any answer who does not see the group: its only values in the whole world of `fill`."""
PRICED = (
    "订单号,下单时间,付款时间,订单状态,币种,订单金额,收货人,收货人手机,省份,城市,区县,详细地址,商家编码,商品名称,数量,单价\n"
    f"OFF9,2026-11-20 10:00:00,2026-11-20 10:00:00,已付款,CNY,246915.74,{NAME},{PHONE},青海省,西宁市,城中区,{STREET},"
    "M-404,马克杯,2,123457.87\n").encode("utf-8-sig")


class Operation(NamedTuple):
    """An operation with what a person and what a program need for it; nothing: it is open, or for whoever signed in."""

    method: str
    path: str
    of_people: tuple[str, ...]
    of_programs: tuple[str, ...]
    is_open: bool


def operations(app: FastAPI) -> Iterator[Operation]:
    """All that the OpenAPI document names, with what guards it. Raises AssertionError for one that nothing guards."""
    told = {(method.upper(), path) for path, of in app.openapi()["paths"].items() for method in of}
    routes = [route for module in ROUTERS for route in module.router.routes if isinstance(route, APIRoute)]
    assert told == {(m, r.path) for r in routes if r.include_in_schema for m in r.methods}, "some are not looked at"
    for route in routes:
        if not route.include_in_schema:
            continue
        calls = list(_calls(route.dependant))
        guards = [call for call in calls if isinstance(call, Guard)]
        is_for_all = any(call in (signed_in, caller_of, viewer, person) for call in calls)
        for method in route.methods:
            yield Operation(method, route.path, *((guards[0].of_people, guards[0].scopes) if guards else ((), ())),
                            not guards and not is_for_all)


def _calls(dependant: Any) -> Iterator[Any]:
    for one in dependant.dependencies:
        yield one.call
        yield from _calls(one)


async def fill(world: World) -> dict[str, str]:
    """Orders, messages, cases and deliveries with the canaries in them; returns what stands for path parameters."""
    receiver = Receiver(name=NAME, phone=PHONE, country="CN", province="青海省", city="西宁市", district="城中区",
                        detail=STREET, postcode="")
    line = a_line(quantity=2, price=PRICE, discount=DISCOUNT)
    with psycopg.connect(world.dsn) as connection:
        connection.execute("update sku set cost = %s, cost_currency = 'CNY' where code = 'M-001'", (COST,))
    await world.record(2, receiver=receiver, lines=(line,), total=TOTAL, freight=FREIGHT, paid=TOTAL)
    await world.record(1, receiver=receiver, lines=(line,), total=TOTAL + PRICE, freight=FREIGHT, paid=TOTAL)
    async with await world.client("admin") as client:
        taken = await client.post("/api/v1/files/XLS", content=PRICED, params={"name": "seller.csv"})
        assert taken.is_success, taken.text
    await world.work()
    await world.publish()
    return known(world.dsn)


def known(dsn: str) -> dict[str, str]:
    """One value for every path parameter that the world can fill."""
    asked = {
        "reference": "select number from orders order by id limit 1",
        "case_id": "select id::text from case_file limit 1",
        "message_id": "select id::text from message order by id desc limit 1",
        "row": "select id::text from message where topic = 'row' order by id desc limit 1",
        "delivery_id": "select id::text from delivery order by id limit 1",
        "number": "select number from work order by order_id limit 1",
        "run_id": "select coalesce(max(id::text), '01920000-0000-7000-8000-000000000000') from file_import",
        "code": "select 'SH01'", "account_code": "select 'XLS'", "sku": "select 'M-001'", "name": "select 'admin'",
    }
    with psycopg.connect(dsn) as connection:
        found = {name: connection.execute(query.encode()).fetchone() for name, query in asked.items()}
    return {name: row[0] for name, row in found.items() if row}


def place(path: str, given: dict[str, str]) -> str:
    """The path with its parameters filled in."""
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda m: given.get(m[1], "01920000-0000-7000-8000-000000000000"), path)
