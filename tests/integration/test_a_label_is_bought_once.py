"""A label costs money: however often it is asked for, and whatever becomes of the answers, one is bought for a box."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import orjson
import pytest

from orderloom.adapters.db.directory import bump
from orderloom.application.ports import Account, Answer, Outgoing, Terminal, Transient
from orderloom.application.rotate_keys import rotate_keys
from tests.support.accounts import ACCOUNT
from tests.support.api_hub import World, a_world

SENDER = {"sender_name": "仓管", "sender_phone": "13900000000", "sender_detail": "仓库路1号", "sender_city": "杭州市"}
FIELDS = ("label_no external_id box purpose product weight_g worth note sender.name sender.phone sender.detail "
          "receiver.name receiver.phone receiver.detail receiver.token lines.title lines.quantity")
ROWS = "select state, waybill, print_cipher from label"


class Seller:
    """A carrier that sells labels: asked by order number when in doubt, and it loses its answer while `is_losing`."""

    name = "kuaidi100"

    def __init__(self) -> None:
        self.sold: dict[str, str] = {}
        self.bodies: list[dict[str, Any]] = []
        self.asked = 0
        self.is_losing = False
        self.refusal = ""
        self.prints = '{"to":"张三 文一西路1号"}'

    async def send(self, outgoing: Outgoing, account: Account, http: httpx2.AsyncClient) -> Answer:
        assert outgoing.kind == "label"
        number = outgoing.body["label_no"]
        self.bodies.append(outgoing.body)
        if outgoing.attempt > 1:
            self.asked += 1
            if number in self.sold:
                return self._answer(number)
        if self.refusal:
            raise Terminal(self.refusal, "收件人不在服务范围", answer="文一西路1号".encode())
        self.sold[f"{number}" if number not in self.sold else f"{number} again"] = f"SF{7_000_000_000 + len(self.sold)}"
        if self.is_losing:
            raise Transient("unreachable", "no answer")
        return self._answer(number)

    def _answer(self, number: str) -> Answer:
        return Answer("张三".encode(), {"waybill": self.sold[number], "print_data": self.prints})


@pytest.fixture
async def world(home: Path, database: str) -> AsyncIterator[World]:
    async with a_world(home, database, orders=1) as world:
        for code, settings in (("SF01", SENDER), ("YT01", SENDER), ("NO01", {})):
            await connect_carrier(world, code, settings)
        yield world


async def connect_carrier(world: World, code: str, settings: dict[str, str]) -> None:
    hub = world.hub
    async with hub.pool.connection() as connection, connection.transaction():
        await connection.execute(ACCOUNT, {
            "code": code, "family": "carriers", "connector": "kuaidi100", "title": code, "zone": "Asia/Shanghai",
            "base_url": "", "credentials": hub.vault.encrypt(b"{}"), "settings": orjson.dumps(settings).decode()})
        await bump(connection)


@pytest.fixture
def seller(world: World) -> Seller:
    return sells_labels(world)


def sells_labels(world: World) -> Seller:
    """The carrier's connector is this seller from now on."""
    found, known = Seller(), world.hub.manifests["kuaidi100"]
    world.hub.connectors = {**world.hub.connectors, "kuaidi100": found}  # type: ignore[dict-item]
    world.hub.manifests = {**world.hub.manifests, "kuaidi100": msgspec.structs.replace(
        known, capabilities=[*known.capabilities, "label"], outbound={"label": dict.fromkeys(FIELDS.split())},
        carriers=["shunfeng"])}
    return found


async def _work(client: httpx2.AsyncClient) -> str:
    return str((await client.get("/api/v1/works")).json()["works"][0]["number"])


async def test_a_box_gets_one_waybill_and_goes_out_under_it_without_anybody_typing_it(
    world: World, seller: Seller, database: str
) -> None:
    async with await world.client("admin") as client:
        number = await _work(client)
        url = f"/api/v1/works/{number}"
        wish = {"account": "SF01", "product": "2", "weight_g": 520}
        first = (await client.post(f"{url}/label", json=wish)).json()
        assert (first["number"], first["state"], first["is_known"]) == (f"{number}-1", "asked", False)
        assert (await client.post(f"{url}/label", json=wish)).json()["is_known"] is True
        await world.send(2)
        assert (await client.post(f"{url}/label", json=wish)).json()["state"] == "bought"
        assert len(seller.sold) == 1 and len(seller.bodies) == 1
        body = seller.bodies[0]
        assert body["sender"] == {"name": "仓管", "phone": "13900000000", "detail": "仓库路1号"}
        assert body["receiver"]["name"] and body["weight_g"] == 520 and body["lines"][0]["quantity"] == 1
        assert (await client.post(f"{url}/out", json={})).status_code == 200
        order = (await client.get(f"/api/v1/orders/{first_order(world)}")).json()
        assert [(p["carrier"], p["waybill"]) for p in order["parcels"]] == [("shunfeng", "SF7000000000")]
        again = await client.post(f"{url}/label", json=wish | {"box": 2})
        assert again.json()["code"] == "out_already"
        back = (await client.post(f"{url}/label", json=wish | {"purpose": "back"})).json()
        assert back["number"] == f"{number}-1R"
        await world.send()
        assert seller.bodies[1]["receiver"]["name"] == "仓管" and len(seller.sold) == 2


def first_order(world: World) -> str:
    return world.order_ids[0]


async def test_a_lost_answer_is_asked_for_and_no_second_label_is_bought(
    world: World, seller: Seller, database: str
) -> None:
    seller.is_losing = True
    async with await world.client("admin") as client:
        number = await _work(client)
        await client.post(f"/api/v1/works/{number}/label", json={"account": "SF01"})
        await world.send(3)
        labels = (await client.get(f"/api/v1/works/{number}/labels")).json()["labels"]
        assert (labels[0]["state"], labels[0]["waybill"]) == ("bought", "SF7000000000")
        assert len(seller.sold) == 1 and seller.asked == 1


async def test_a_label_in_doubt_is_bought_of_nobody_else_until_a_person_gives_it_up(
    world: World, seller: Seller, database: str
) -> None:
    seller.is_losing = True
    async with await world.client("admin") as client:
        number = await _work(client)
        url = f"/api/v1/works/{number}/label"
        await client.post(url, json={"account": "SF01"})
        sold, seller.sold = seller.sold, Deaf()
        await world.send(8)
        assert world.rows(ROWS)[0][0] == "in_doubt"
        assert (await client.post(url, json={"account": "YT01"})).json()["code"] == "label_stands"
        assert (await client.post(url, json={"account": "SF01"})).json()["state"] == "in_doubt"
        [(stuck,)] = world.rows("select id::text from delivery where kind = 'label' and state = 'parked'")
        seller.sold, seller.is_losing = sold | {f"{number}-1": "SF7000000000"}, False
        assert (await client.post(f"/api/v1/deliveries/{stuck}/resend")).status_code == 200
        before = seller.asked
        await world.send()
        assert seller.asked == before + 1 and len(seller.sold) == 1, "sent again by a person it asks first, too"
        assert world.rows(ROWS)[0][:2] == ("bought", "SF7000000000")
        assert (await client.post(f"/api/v1/deliveries/{stuck}/resend")).status_code == 409


class Deaf(dict[str, str]):
    """A carrier that sells and then knows nothing of it."""

    def __contains__(self, key: object) -> bool:
        return False


async def test_what_was_refused_or_given_up_can_be_asked_of_another_carrier(
    world: World, seller: Seller, database: str
) -> None:
    async with await world.client("admin") as client:
        number = await _work(client)
        url = f"/api/v1/works/{number}/label"
        seller.refusal = "out_of_area"
        await client.post(url, json={"account": "SF01"})
        await world.send()
        label = (await client.get(f"{url}s")).json()["labels"][0]
        assert (label["state"], label["error"]) == ("refused", "out_of_area: 收件人不在服务范围")
        [(stuck, answer)] = world.rows("select id::text, answer from delivery where kind = 'label'")
        assert answer == "", "what is said of a label may repeat the receiver"
        seller.refusal, seller.is_losing = "", True
        assert (await client.post(url, json={"account": "YT01"})).json()["account"] == "YT01"
        assert (await client.post(f"/api/v1/deliveries/{stuck}/resend")).status_code == 409, "another is asked now"
        seller.sold = Deaf()
        await world.send(8)
        [(stuck,)] = world.rows("select id::text from delivery where state = 'parked' and account_id = "
                                     "(select id from account where code = 'YT01')")
        given = await client.post(f"/api/v1/deliveries/{stuck}/give-up", json={"reason": "问过承运商，没有下单"})
        assert given.status_code == 200 and world.rows(ROWS)[0][0] == "given_up"
        seller.sold, seller.is_losing = {}, False
        assert (await client.post(url, json={"account": "SF01"})).json()["state"] == "asked"
        await world.send()
        assert world.rows(ROWS)[0][:2] == ("bought", "SF7000000000")


async def test_what_prints_a_label_is_seen_with_a_reason_alone_and_lies_encrypted(
    world: World, seller: Seller, database: str
) -> None:
    async with await world.client("admin") as client:
        number = await _work(client)
        await client.post(f"/api/v1/works/{number}/label", json={"account": "SF01"})
        await world.send()
        url = f"/api/v1/works/{number}/labels"
        plain = (await client.get(url)).json()
        assert plain["prints"] == {} and plain["labels"][0]["has_print"] is True
        why = {"X-Unmask-Reason": "print"}
        assert (await client.get(url, headers=why)).json()["prints"] == {f"{number}-1": '{"to":"张三 文一西路1号"}'}
        assert world.rows("select count(*) from unmasking where reason = 'print'") == [(1,)]
        stored = world.rows("select string_agg(d::text, ' ') from delivery d")[0][0]
        assert "张三" not in stored and "文一西路" not in stored
        assert "张三".encode() not in bytes(world.rows(ROWS)[0][2])
    async with await world.client("orders:read") as client:
        assert (await client.get(url, headers=why)).status_code == 403
    assert (await rotate_keys(world.hub.ports.sealed, lambda *_: None)).damaged == []


async def test_who_may_not_or_cannot_buy_is_told_why(world: World, seller: Seller, database: str) -> None:
    async with await world.client("admin") as client:
        number = await _work(client)
        url = f"/api/v1/works/{number}/label"
        wishes: list[tuple[dict[str, Any], int, str]] = [
            ({}, 409, "no_label_account"), ({"account": "SH01"}, 409, "no_label_account"),
            ({"account": "NO01"}, 409, "no_sender"), ({"account": "SF01", "carrier": "飞毛腿"}, 409, "unknown_carrier"),
            ({"account": "SF01", "carrier": "圆通"}, 409, "unknown_carrier"),
            ({"account": "SF01", "box": 0}, 422, "wrong_value"),
            ({"account": "SF01", "purpose": "back"}, 409, "not_out_yet"),
        ]
        for wish, status, code in wishes:
            answer = await client.post(url, json=wish)
            assert (answer.status_code, answer.json()["code"]) == (status, code), wish
        missing = await client.post("/api/v1/works/NOWHERE-1/label", json={"account": "SF01"})
        assert (missing.status_code, missing.json()["code"]) == (404, "no_such_work")
        await client.post(f"/api/v1/orders/{first_order(world)}/hold", json={"type": "manual", "reason": "x"})
        assert (await client.post(url, json={"account": "SF01"})).status_code == 409
    async with await world.client("orders:read") as client:
        assert (await client.post(url, json={"account": "SF01"})).status_code == 403
    assert world.rows("select count(*) from label") == [(0,)] and not seller.bodies
