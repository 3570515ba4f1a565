"""Goods that come in go to who waits longest, and not to who happens to order at that moment."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from orderloom.application import handle
from orderloom.application.commands import CancelOrder, HearAnswer, PlaceHold, RecordOrder
from orderloom.application.publish_blueprint import publish_blueprint
from orderloom.application.restock import Restocker
from orderloom.blueprint.load import load_folder
from orderloom.domain.actor import connector, person
from orderloom.domain.draft import OrderDraft
from orderloom.domain.order import Order
from orderloom.testing.builders import a_draft, a_line
from orderloom.testing.drive import BLUEPRINT
from tests.support.by_hand import book_table
from tests.support.stage import Stage, tid


async def _says(stage: Stage, draft: OrderDraft) -> None:
    """The channel states an order, and everything follows."""
    account = (await stage.hub.directory()).account_by_code("TB01")
    assert account is not None
    await stage.hub.handle([RecordOrder(
        actor=connector("TB01"), account_id=account.id, draft=draft, received_at=stage.clock(),
        sealed=stage.hub.vault.seal(draft.receiver, ""),
    )])


async def _waiting(stage: Stage, count: int) -> None:
    """Orders of two units each, one a second, for which there is nothing left."""
    for house in ("HZ01", "GZ01"):
        await stage.count("N-002", house, 0)
    for n in range(count):
        await _says(stage, a_draft(tid(n + 1), a_line("N-002", 2), at=stage.clock.forward(1)))
    assert {o.stage for o in await _orders(stage, count)} == {"short"}


async def _orders(stage: Stage, count: int) -> list[Order]:
    return [await stage.order(tid(n + 1)) for n in range(count)]


async def test_goods_that_come_in_go_to_who_waited_longest_in_the_same_moment(stage: Stage) -> None:
    await _waiting(stage, 5)
    await stage.receive("N-002", "HZ01", 5)
    await _says(stage, a_draft("newcomer", a_line("N-002", 1), at=stage.clock.forward(1)))
    served = [order.stage for order in await _orders(stage, 5)]
    assert served == ["paid", "paid", "short", "short", "short"], "five units are two orders of two, first come first"
    assert (await stage.order("newcomer")).stage == "paid", "a unit that nobody who waits can use is not kept back"


async def test_a_stock_file_serves_who_waits_before_it_is_booked_for_anybody_else(stage: Stage) -> None:
    await _waiting(stage, 3)
    taken = await book_table(stage.hub, "编码,仓库,数量\nN-002,HZ01,4\n".encode(), "DOC-1", "by file", "li")
    assert not taken.mistakes
    assert [order.stage for order in await _orders(stage, 3)] == ["paid", "paid", "short"]


async def test_who_is_to_ship_soonest_is_served_first_where_the_rule_says_so(stage: Stage) -> None:
    for house in ("HZ01", "GZ01"):
        await stage.count("N-002", house, 0)
    for n, ship_by in enumerate(("2026-11-25T00:00:00Z", "2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z"), 1):
        draft = a_draft(tid(n), a_line("N-002", 1), at=stage.clock.forward(1), facts={"ship_by": ship_by})
        await _says(stage, draft)
    rule = load_folder(BLUEPRINT)
    rule = replace(rule, sourcing=replace(rule.sourcing, restock="ship_by"))
    await publish_blueprint(stage.hub.ports.blueprints, rule, "li", "who is to ship soonest first")
    await stage.receive("N-002", "HZ01", 2)
    assert [order.stage for order in await _orders(stage, 3)] == ["short", "paid", "paid"]


async def test_many_who_wait_for_something_else_too_do_not_stand_in_the_way(
    stage: Stage, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(handle, "BATCH_MAX", 2)
    for house in ("HZ01", "GZ01"):
        for sku in ("N-001", "N-002"):
            await stage.count(sku, house, 0)
    for n in range(7):
        lines = (a_line("N-002", 1), a_line("N-001", 1)) if n < 5 else (a_line("N-002", 1),)
        await _says(stage, a_draft(tid(n + 1), *lines, at=stage.clock.forward(1)))
    await stage.receive("N-002", "HZ01", 5)
    assert [order.stage for order in await _orders(stage, 7)] == ["short"] * 5 + ["paid"] * 2


async def test_a_short_rest_of_an_order_that_is_partly_out_is_served_when_goods_come(stage: Stage) -> None:
    await _says(stage, a_draft(tid(1), a_line("M-001", 1), at=stage.clock.forward(1)))
    await stage.wait(600)
    assert (await stage.order(tid(1))).parcels
    for house in ("HZ01", "GZ01"):
        await stage.count("N-002", house, 0)
    await _says(stage, a_draft(tid(1), a_line("M-001", 1), a_line("N-002", 1), at=stage.clock.forward(1)))
    assert (await stage.order(tid(1))).stage == "short"
    await stage.receive("N-002", "HZ01", 1)
    order = await stage.order(tid(1))
    assert order.stage == "paid" and len(order.works) == 2


async def test_one_order_that_cannot_be_served_keeps_no_goods_from_the_shelf_and_none_from_the_others(
    stage: Stage,
) -> None:
    await _waiting(stage, 3)
    second = (await stage.order(tid(2))).id
    await stage.run(
        "create function broken() returns trigger language plpgsql as $$ begin"
        f" if new.order_id = '{second}' then raise exception '林清和 19900012345'; end if; return new; end $$")
    await stage.run("create trigger broken before insert on stock_hold for each row execute function broken()")
    await stage.receive("N-002", "HZ01", 5)
    assert await stage.value("select sum(on_hand) from stock_level l join sku s on s.id = l.sku_id"
                             " where s.code = 'N-002'") == 5
    assert [order.stage for order in await _orders(stage, 3)] == ["paid", "short", "paid"]
    ((_, evidence),) = [c for c in await stage.cases() if c[0] == "restock_failed"]
    assert "林清和" not in str(evidence) and evidence["error"]
    await stage.run("drop trigger broken on stock_hold")
    await stage.receive("N-002", "HZ01", 1)
    assert (await stage.order(tid(2))).stage == "paid" and "restock_failed" not in await stage.kinds()


async def test_an_order_that_is_stopped_stays_short_and_keeps_its_place_without_standing_in_the_way(
    stage: Stage, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(handle, "BATCH_MAX", 2)
    await _waiting(stage, 7)
    for n in range(5):
        order = await stage.order(tid(n + 1))
        await stage.hub.handle([
            PlaceHold(actor=person("li", "management"), order_id=order.id, type="fraud", reason="?")])
    await stage.receive("N-002", "HZ01", 4)
    assert [order.stage for order in await _orders(stage, 7)] == ["short"] * 5 + ["paid"] * 2


async def test_goods_that_came_free_are_offered_again_when_the_worker_died_over_it(
    stage: Stage, monkeypatch: pytest.MonkeyPatch,
) -> None:
    for house in ("HZ01", "GZ01"):
        await stage.count("N-002", house, 0)
    await stage.receive("N-002", "HZ01", 2)
    await _says(stage, a_draft(tid(9), a_line("N-002", 2), at=stage.clock.forward(1)))
    await _says(stage, a_draft(tid(1), a_line("N-002", 2), at=stage.clock.forward(1)))
    await stage.steps["publish_stock"]()
    owner = await stage.order(tid(9))
    await stage.hub.handle([CancelOrder(actor=person("li", "operations"), order_id=owner.id, reason="asked by phone")])
    await stage.run("update delivery set state = 'cancelled' where kind = 'work_cancel'")
    taken = (await stage.order(tid(9))).works[0].number
    await stage.hub.handle([
        HearAnswer(actor=connector("deliver"), order_id=owner.id, kind="work_cancel", work_no=taken)])
    assert (await stage.order(tid(1))).stage == "short"
    with monkeypatch.context() as dying:
        dying.setattr(Restocker, "restock", _dies)
        with pytest.raises(OSError, match="killed"):
            await stage.steps["publish_stock"]()
    await stage.steps["publish_stock"]()
    assert (await stage.order(tid(1))).stage == "paid"


async def _dies(*_: object) -> None:
    raise OSError("killed")
