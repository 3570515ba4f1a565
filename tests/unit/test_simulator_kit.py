"""The kit for simulators: what a connector's rehearsal would not notice if a simulated platform were too kind."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from orderloom.adapters.simulated.asked import Call
from orderloom.adapters.simulated.book import RECEIVED, REFUNDED, OrderBook
from orderloom.adapters.simulated.floor import Floor
from orderloom.adapters.simulated.labels import Labels
from orderloom.adapters.simulated.parcels import DONE, Parcel
from orderloom.adapters.simulated.pushes import Push
from orderloom.adapters.simulated.road import RoadSimulator, Watch
from orderloom.adapters.simulated.tokens import NotGranted, Tokens
from orderloom.testing.builders import a_purchase
from tests.support.connector_folders import serve

PAGE = Path(__file__).resolve().parents[2] / "docs" / "simulators.md"
CREDENTIALS = {"app": "a", "secret": "s", "token": "t0", "refresh": "r0"}
AT = datetime(2026, 5, 1, 8, tzinfo=UTC)


class Caller:
    """A shop of the page's example on loopback, and somebody who calls it rightly."""

    def __init__(self, shop: Any, base: str, http: httpx2.AsyncClient, external_id: Any) -> None:
        self.shop, self.base, self.http, self._id = shop, base, http, external_id
        self.token = "t0"

    def place(self, n: int, **more: Any) -> str:
        bought = a_purchase(self._id(n), AT + timedelta(seconds=n)) | more
        self.shop.place(bought)
        return str(bought["external_id"])

    async def call(self, method: str, **given: Any) -> Any:
        form = {"method": method, "app": "a", "token": self.token, "time": str(int(time.time())), **given}
        form = {name: str(value) for name, value in form.items()}
        text = "s" + "".join(name + value for name, value in sorted(form.items())) + "s"
        sign = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
        return (await self.http.post(self.base, data=form | {"sign": sign})).json()

    async def orders(self, **given: Any) -> Any:
        whole = {"from": int(AT.timestamp()), "to": int(AT.timestamp()) + 3_600}
        return await self.call("order.list", **whole | given)


@pytest.fixture
async def acme() -> AsyncIterator[Caller]:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)
    shop = names["Simulator"](CREDENTIALS, lambda: datetime.now(UTC), {"slow_seconds": 0.01})
    async with serve(shop.app) as base, httpx2.AsyncClient(timeout=5) as http:
        yield Caller(shop, base, http, names["external_id"])


async def test_the_example_on_the_page_lists_ships_and_takes_stock(acme: Caller) -> None:
    key = acme.place(1)
    listed = await acme.orders()
    assert (listed["total"], listed["orders"][0]["id"], listed["orders"][0]["pay"]) == (1, key, "199.00")
    assert await acme.call("order.ship", id=key, carrier="SF", waybill="SF1") == {"ok": True}
    assert [(told["waybill"], len(told["lines"])) for told in acme.shop.shipments[key]] == [("SF1", 2)]
    sku = listed["orders"][0]["items"][0]["sku"]
    assert await acme.call("stock.set", sku=sku, quantity=7) == {"ok": True} and acme.shop.stock == {sku: 7}
    assert not acme.shop.rejected


async def test_what_the_platform_does_not_know_is_refused_and_not_ignored(acme: Caller) -> None:
    assert (await acme.orders(colour="red"))["error"]["words"] == "no parameter colour"
    assert (await acme.call("order.burn"))["error"]["words"] == "no method order.burn"
    assert (await acme.orders(size=101))["error"]["words"] == "size is wrong"
    assert (await acme.call("order.list", to=1))["error"]["words"] == "from is missing"
    acme.token = "stolen"
    assert (await acme.orders())["error"]["words"] == "no such token"
    assert len(acme.shop.rejected) == 5


async def test_a_wrong_clock_and_a_wrong_signature_are_two_different_refusals(acme: Caller) -> None:
    acme.shop.skew(3_600)
    assert (await acme.orders())["error"]["words"] == "bad time"
    acme.shop.skew(0)
    acme.shop.credentials = CREDENTIALS | {"secret": "another"}
    assert (await acme.orders())["error"]["words"] == "bad sign"


async def test_an_ended_token_is_renewed_once_and_its_refresh_token_is_then_spent(acme: Caller) -> None:
    acme.shop.expire_tokens()
    assert (await acme.orders())["error"]["words"] == "token expired"
    answer = (await acme.http.post(acme.base + "/token", data={"refresh": "r0"})).json()
    acme.token = answer["token"]
    assert (await acme.orders())["total"] == 0 and answer["seconds"] == 7_200
    assert (await acme.http.post(acme.base + "/token", data={"refresh": "r0"})).json()["error"]["words"] == "used"


@pytest.mark.parametrize("kind", ["dropped", "half_body"])
async def test_a_connection_that_breaks_is_an_error_of_the_network(acme: Caller, kind: str) -> None:
    acme.place(1)
    acme.shop.fault(kind)
    with pytest.raises(httpx2.TransportError):
        await acme.orders()
    assert (await acme.orders())["total"] == 1


async def test_an_answer_that_is_lost_was_done_all_the_same(acme: Caller) -> None:
    key = acme.place(1)
    acme.shop.fault("lost_answer")
    await acme.orders()
    with pytest.raises(httpx2.TransportError):
        await acme.call("order.ship", id=key, carrier="SF", waybill="SF1")
    assert acme.shop.status(key) == "3" and len(acme.shop.shipments[key]) == 1
    assert (await acme.call("order.ship", id=key, carrier="SF", waybill="SF1"))["error"]["code"] == 201


async def test_trouble_strikes_the_call_it_was_ordered_for_and_an_unknown_kind_is_an_error(acme: Caller) -> None:
    acme.place(1)
    acme.shop.fault("busy", on="order.ship")
    assert (await acme.orders())["total"] == 1
    assert (await acme.call("order.ship", id="?", carrier="SF", waybill="1"))["error"]["words"] == "system busy"
    with pytest.raises(ValueError, match="status_500"):
        acme.shop.fault("status500")
    with pytest.raises(ValueError, match="has no words for it"):
        Tracker({}, lambda: AT, {}).fault("expired_token")


async def test_one_bad_record_stands_among_good_ones(acme: Caller) -> None:
    for n in range(3):
        acme.place(n)
    acme.shop.fault("bad_record")
    assert [row["items"] == "?" for row in (await acme.orders())["orders"]] == [False, True, False]
    acme.shop.fault("null_object")
    assert [row["receiver"] for row in (await acme.orders())["orders"]].count(None) == 1
    acme.shop.fault("empty_page")
    assert (await acme.orders())["orders"] == [] != (await acme.orders())["orders"]


async def test_an_order_moves_while_the_pages_are_walked_and_a_page_comes_again(acme: Caller) -> None:
    ids = [acme.place(n, paid_at=None) for n in range(4)]
    acme.shop.meanwhile(lambda: acme.shop.pay(ids[0], AT + timedelta(seconds=900)))
    pages = [[row["id"] for row in (await acme.orders(page=page, size=2))["orders"]] for page in (1, 2)]
    assert pages == [ids[:2], [ids[3], ids[0]]]
    acme.shop.fault("repeated_page")
    again = [[row["id"] for row in (await acme.orders(page=page, size=2))["orders"]] for page in (1, 2, 2)]
    assert again == [ids[1:3], ids[1:3], [ids[3], ids[0]]]


async def test_a_limit_says_when_to_come_back(acme: Caller) -> None:
    acme.shop.limits.rates["order.list"] = (0.5, 2.0)
    answers = [await acme.orders() for _ in range(3)]
    assert ["error" in answer for answer in answers] == [False, False, True]
    assert acme.shop.rejected == ["order.list: 429 slow down"]


def test_a_platform_that_revokes_on_reuse_ends_every_token_of_the_shop() -> None:
    tokens = Tokens(lambda: AT, 60, is_single_use=True, revokes_on_reuse=True)
    tokens.know("t0", "r0", "shop")
    first = tokens.refresh("r0")
    assert tokens.holder(first.access)
    with pytest.raises(NotGranted, match="used"):
        tokens.refresh("r0")
    assert tokens.holder(first.access) is None
    with pytest.raises(NotGranted):
        tokens.refresh(first.refresh)


def test_an_app_token_ends_the_one_before_after_its_grace_and_a_code_works_once() -> None:
    moments = [AT]
    tokens = Tokens(lambda: moments[-1], 7_200, grace_seconds=300)
    before, after = tokens.by_app(), tokens.by_app()
    assert tokens.holder(before.access)
    moments.append(AT + timedelta(seconds=301))
    assert tokens.holder(before.access) is None and tokens.holder(after.access)
    code = tokens.consent("shop")
    assert tokens.by_code(code).subject == "shop"
    with pytest.raises(NotGranted, match="unknown"):
        tokens.by_code(code)


def test_the_book_adds_up_and_keeps_what_happened() -> None:
    book = OrderBook()
    order = book.place(a_purchase("1", AT))
    assert sum(line.due for line in order.lines) + order.freight + order.tax == order.total == 19_900
    book.ship("1", {0: 1}, "SF", "1", AT + timedelta(minutes=1))
    with pytest.raises(ValueError, match="no 2 to ship"):
        book.ship("1", {0: 2}, "SF", "2", AT)
    book.ship("1", None, "SF", "2", AT + timedelta(minutes=2))
    claim = book.ask("1", 1, AT + timedelta(minutes=3))
    book.receive("1", AT + timedelta(minutes=4))
    book.move_claim(claim.id, REFUNDED, AT + timedelta(minutes=5))
    assert order.phase == RECEIVED and [change.revision for change in book.changes] == [1, 2, 3, 4, 5, 6, 7]
    assert book.claims_between(AT, AT + timedelta(hours=1))[0].amount == order.lines[1].due


def test_an_order_that_is_split_loses_no_cent() -> None:
    book = OrderBook()
    parent = book.place(a_purchase("1", AT))
    children = book.split("1", [("2", [0]), ("3", [1])], AT + timedelta(minutes=1))
    assert sum(child.total for child in children) == parent.total and {child.parent for child in children} == {"1"}
    assert parent.cancelled_at


def test_a_warehouse_works_at_its_pace_runs_short_and_lists_what_left() -> None:
    floor, left = Floor({"pace_seconds": 60, "jitter": 0, "stock": {"WH1": {"M": 3}}}), list[dict[str, Any]]()
    floor.on_handed_over = left.append
    for key in ("1", "2"):
        floor.accept(key, {"M": 2}, AT, receiver={"phone": "19900012345", "province": "浙江省"})
    floor.step(AT + timedelta(minutes=2))
    assert [job.word for job in floor.jobs.values()] == ["waybill", "waybill"] and floor.free("WH1", "M") == -1
    floor.step(AT + timedelta(minutes=10))
    assert [job.word for job in floor.jobs.values()] == ["out", "short"]
    assert (floor.on_hand("WH1", "M"), left[0]["phone_last4"], left[0]["lines"]) == (1, "2345", {"M": 2})
    assert [job.key for job in floor.between(AT, AT + timedelta(days=1), "out_at")] == ["1"]
    assert (floor.cancel("2", AT), floor.cancel("1", AT)) == (True, False) and floor.jobs["2"].word == "put_back"


def test_a_label_is_sold_once_for_a_key_and_again_after_it_was_given_back() -> None:
    labels = Labels()
    first = labels.buy("P1", {}, AT)
    assert labels.buy("P1", {}, AT) is first and labels.by_waybill(first.waybill) is first
    assert labels.cancel("P1") and not labels.cancel("P1") and labels.find("P1") is None
    assert labels.buy("P1", {}, AT).waybill != first.waybill
    labels.left = 0
    with pytest.raises(ValueError, match="no waybills left"):
        labels.buy("P2", {}, AT)


class Tracker(RoadSimulator):
    """Tells each scan in its own word."""

    def declare(self) -> dict[str, Call]:
        return {}

    def news(self, watch: Watch, parcel: Parcel) -> Push:
        return Push(parcel.last.encode(), {})


def test_who_watches_a_parcel_hears_of_each_scan_and_of_nothing_after_the_end() -> None:
    road = Tracker({}, lambda: AT, {"pace_seconds": 60})
    road.watch("shunfeng", "SF1", "http://127.0.0.1:9/hook")
    road.hand_over("shunfeng", "SF1", AT)
    road.step(AT + timedelta(hours=1))
    heard = [message.body.decode() for message, _ in road.pushes.waiting]
    assert heard[0] == "collected" and heard[-1] in DONE and len(heard) == len(road.parcels["shunfeng", "SF1"].plan)
    road.tell(("shunfeng", "SF1"))
    assert len(road.pushes.waiting) == len(heard) and road.find("SF1") is road.parcels["shunfeng", "SF1"]


async def test_a_filter_that_a_simulator_knows_by_name_alone_is_refused_and_not_passed_over(acme: Caller) -> None:
    acme.place(1)
    acme.shop.is_strict = True
    acme.shop.calls["order.list"] = acme.shop.calls["order.list"]._replace(
        known=acme.shop.calls["order.list"].known + " colour")
    assert "orders" in await acme.orders()
    refused = (await acme.orders(colour="red"))["error"]
    assert (refused["code"], "colour" in refused["words"]) == (107, True)
