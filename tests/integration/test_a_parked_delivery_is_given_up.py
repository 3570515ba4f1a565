"""What can never be sent holds up its order until a person gives it up, in one step that says who and why."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx2
import psycopg
import pytest
from test_cli_answers import Cli, cli

from orderloom.adapters.db import outbox
from orderloom.application import commands as c
from orderloom.application.change import Delivery
from orderloom.application.give_up import give_up, give_up_case
from orderloom.application.ports import Account, Answer, Outgoing, Transient
from orderloom.application.resend import resend
from orderloom.application.sending import Deliverer
from orderloom.bootstrap import Hub, open_hub
from orderloom.domain.actor import connector, person
from orderloom.settings import Settings
from orderloom.testing.builders import a_draft, a_line
from orderloom.testing.clock import STORY_BEGINS
from tests.support.api_hub import World
from tests.support.moves import CHANNEL, WMS
from tests.support.seller import rows, settle_in

__all__ = ["cli"]
LAST_TRY = "update delivery set attempts = 6, due_at = now() where state = 'due' and kind = 'work'"
STATES = "select kind, state from delivery where account_id = 2 order by position"
OPEN = "select kind from case_file where resolved_at is null order by kind"


class Target:
    """A warehouse's system that takes everything, but for work while it is `deaf`."""

    def __init__(self) -> None:
        self.name, self.is_deaf, self.sent = "wangdiantong", True, list[str]()

    async def send(self, outgoing: Outgoing, account: Account, http: httpx2.AsyncClient) -> Answer:
        if outgoing.kind == "work" and self.is_deaf:
            raise Transient("unreachable", "nobody answers")
        self.sent.append(outgoing.kind)
        return Answer()


async def _deliver(hub: Hub) -> None:
    deliverer = Deliverer(hub)
    await deliverer.step()
    await deliverer.drain()


async def _stuck(hub: Hub) -> tuple[Target, str, str]:
    """An order whose work ran out of tries, with word for the same system behind it; (target, order, delivery)."""
    await settle_in(hub)
    target = Target()
    hub.connectors["wangdiantong"] = target  # type: ignore[index]
    [made] = await hub.handle([c.RecordOrder(
        actor=connector("TB01"), account_id=CHANNEL, draft=a_draft("E0", a_line("A", 2)),
        sealed=hub.vault.seal(a_draft("E0").receiver, "b"), received_at=STORY_BEGINS,
    )])
    assert made.order_id
    async with hub.pool.connection() as connection:
        await outbox.add(connection, [Delivery(WMS, "event", made.order_id, made.order_id, {"type": "x"})], hub.now())
    await rows_none(hub, LAST_TRY)
    await _deliver(hub)
    await _deliver(hub)
    assert await rows(hub, STATES) == [("work", "parked"), ("event", "due")] and target.sent == []
    [(stuck,)] = await rows(hub, "select id::text from delivery where state = 'parked'")
    return target, made.order_id, str(stuck)


async def rows_none(hub: Hub, query: str) -> None:
    async with hub.pool.connection() as connection:
        await connection.execute(query.encode())


async def test_the_rest_of_an_order_goes_out_once_a_person_gives_up_what_cannot_be_sent(
    database: str, home: Path,
) -> None:
    async with open_hub(Settings(home=home), database) as hub:
        target, _, stuck = await _stuck(hub)
        world = World(hub, database)
        async with await world.client("orders:read") as reader:
            assert (await reader.post(f"/api/v1/deliveries/{stuck}/give-up", json={"reason": "x"})).status_code == 403
        async with await world.client("orders:read", "deliveries:write") as client:
            done = await client.post(f"/api/v1/deliveries/{stuck}/give-up", json={"reason": "仓库已电话下单"})
            assert done.json() == {"deliveries": 1, "cases_closed": 1, "is_more": False}
            shown = (await client.get(f"/api/v1/deliveries/{stuck}")).json()
            assert shown["delivery"]["state"] == "given_up"
            assert [(e["kind"], e["reason"]) for e in shown["history"]] == [("given_up", "仓库已电话下单")]
            await _deliver(hub)
            assert target.sent == ["event"] and await rows(hub, OPEN) == [("work_refused",)]
            assert await rows(hub, "select state, negotiation from work") == [("allocated", "rejected")]
            again = await client.post(f"/api/v1/deliveries/{stuck}/give-up", json={"reason": "x"})
            assert (again.status_code, again.json()["code"]) == (409, "not_parked")
            target.is_deaf = False
            assert (await client.post(f"/api/v1/deliveries/{stuck}/resend")).json()["ids"] == [stuck]
            await _deliver(hub)
            assert target.sent == ["event", "work"]
            assert await rows(hub, "select state, negotiation from work") == [("released", "accepted")]
            shown = (await client.get(f"/api/v1/deliveries/{stuck}")).json()
            assert [e["kind"] for e in shown["history"]] == ["given_up", "resent"]
        with psycopg.connect(database) as connection, pytest.raises(psycopg.errors.RestrictViolation):
            connection.execute("update delivery_event set by = 'nobody'")


async def test_work_that_was_given_up_and_called_back_is_not_sent_after_all(database: str, home: Path) -> None:
    async with open_hub(Settings(home=home), database) as hub:
        target, order_id, stuck = await _stuck(hub)
        li = person("li", "operations")
        await give_up(hub.handler.handle, hub.ports.outbox, [stuck], "wrong address", li, hub.now())
        await hub.handle([c.CancelOrder(actor=person("li", "administrator"), order_id=order_id, reason="x")])
        target.is_deaf = False
        assert (await resend(hub.ports.outbox, [stuck], "li", hub.now())).ids == []
        await _deliver(hub)
        await _deliver(hub)
        assert "work" not in target.sent


async def test_one_that_is_not_parked_leaves_all_as_they_were(database: str, home: Path) -> None:
    async with open_hub(Settings(home=home), database) as hub:
        _, _, stuck = await _stuck(hub)
        [(waiting,)] = await rows(hub, "select id::text from delivery where kind = 'event'")
        world = World(hub, database)
        async with await world.client("deliveries:write") as client:
            wish: dict[str, Any] = {"reason": "x", "ids": [stuck, str(waiting)]}
            refused = await client.post("/api/v1/deliveries/give-up", json=wish)
            assert (refused.status_code, refused.json()["code"]) == (409, "not_parked")
            none = "00000000-0000-7000-8000-000000000000"
            assert (await client.post(f"/api/v1/deliveries/{none}/give-up", json={"reason": "x"})).status_code == 404
            blank = await client.post(f"/api/v1/deliveries/{stuck}/give-up", json={"reason": " "})
            assert blank.status_code == 422
        assert await rows(hub, STATES) == [("work", "parked"), ("event", "due")]
        assert await rows(hub, "select count(*)::int from delivery_event") == [(0,)]


async def test_all_that_a_case_is_about_is_given_up_at_once(database: str, home: Path) -> None:
    async with open_hub(Settings(home=home), database) as hub:
        await _stuck(hub)
        [(case,)] = await rows(hub, "select id::text from case_file where kind = 'delivery_parked'")
        li, carry = person("li", "operations"), hub.handler.handle
        done = await give_up_case(carry, hub.ports.outbox, str(case), "the target is gone", li, hub.now())
        assert (done.deliveries, done.cases_closed) == (1, 1)
        closed = await rows(hub, "select resolved_by, resolution from case_file where kind = 'delivery_parked'")
        assert closed == [("li", "the target is gone")]


def test_who_types_it_sees_what_was_given_up_and_how_to_send_it_after_all(cli: Cli, database: str) -> None:
    cli("connect", "files", "--code", "F01")
    with psycopg.connect(database) as connection:
        connection.execute(
            "insert into delivery (id, account_id, kind, order_key, body, state, due_at, created_at) "
            "select '00000000-0000-7000-8000-00000000000a', id, 'stock', 'x', '{}', 'parked', now(), now() "
            "from account")
    wanted = "00000000-0000-7000-8000-00000000000A"
    assert cli("deliveries", "give-up", wanted)[0] == 2
    code, out, _ = cli("--lang", "zh", "deliveries", "give-up", wanted, "--reason", "店铺已关")
    assert code == 0 and "已放弃 1 条" in out and "deliveries resend" in out
    assert "店铺已关" in cli("--lang", "zh", "deliveries", "show", wanted)[1]
    assert "已放弃" in cli("--lang", "zh", "deliveries", "list", "--state", "given_up")[1]
    code, _, err = cli("deliveries", "give-up", wanted, "--reason", "x")
    assert code == 1 and "given_up" in err
