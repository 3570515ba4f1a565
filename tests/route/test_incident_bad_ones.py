"""One deadline, one SKU, one order whose turn fails: it is set aside with a case, and every other one goes on."""

from __future__ import annotations

import json

import pytest
from test_incident_publish import list_everywhere, shown

from orderloom.application.still_due import CONDITIONS
from orderloom.testing.builders import a_purchase
from tests.support.stage import WHSEC, Stage, plain, spare, tid

REFUSE = """
create function broken() returns trigger language plpgsql as $$
begin
    if new.{name} like '%{text}%' then raise exception '林清和 19900012345 %', new.{name}; end if;
    return new;
end $$"""
BREAK = "create trigger broken before insert or update on {table} for each row execute function broken()"


async def test_one_deadline_that_fails_lets_every_other_fire(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Five unpaid orders; the reservation of the third can never be asked. The others' stock is free in time."""
    for n in range(5):
        stage.taobao.place(a_purchase(tid(n), stage.clock(), paid_at=None, **plain(spare("M-001", 1))))
    await stage.flow()
    third = (await stage.order(tid(2))).id
    await stage.run("update deadline set kind = 'unheard_of' where subject_id = %s and kind = 'reservation'", third)
    due = await stage.value("select max(due_at) from deadline where kind = 'reservation'")
    stage.clock.set(due)
    await stage.settle()
    assert await stage.value("select count(*) from deadline where kind = 'reservation' and state = 'fired'") == 4
    assert await stage.value("select sum(reserved) from stock_level") == 1
    ((_, evidence),) = [c for c in await stage.cases() if c[0] == "deadline_failed"]
    assert (evidence["deadline"], evidence["tries"]) == ("unheard_of", 1)
    assert evidence["error"].startswith("KeyError (application/wake.py:")
    before = await stage.snapshot()
    await stage.settle()
    assert await stage.changed_since(before) == set(), "it is tried without a pause"
    monkeypatch.setitem(CONDITIONS, "unheard_of", lambda asked: True)  # a build that knows the kind
    stage.clock.forward(60)
    await stage.settle()
    assert await stage.value("select state from deadline where kind = 'unheard_of'") == "fired"
    assert "deadline_failed" not in await stage.kinds()


async def test_one_sku_that_cannot_be_published_leaves_no_other_figure_stale(stage: Stage) -> None:
    """What is shown of one SKU cannot be stored. The other SKU is told at once, and this one when it is mended."""
    await list_everywhere(stage)
    await stage.alias("SH01", "m-002", "M-002", listing=stage.shopify.listing("m-002"))
    await stage.settle()
    await stage.run(REFUSE.format(table="stock_shown", name="sku_external", text="m-002"))
    await stage.run(BREAK.format(table="stock_shown"))
    await stage.receive("M-002", "HZ01", 10)
    stage.taobao.place(a_purchase(tid(1), **plain(spare("M-001", 3))))
    await stage.flow()
    assert shown(stage) == {"taobao": 197, "amazon": 195, "shopify": 197}
    ((_, evidence),) = [c for c in await stage.cases() if c[0] == "publish_failed"]
    assert (evidence["stream"], evidence["tries"]) == ("stock", 1)
    assert stage.shopify.stock["m-002"] == 200
    await stage.run("drop trigger broken on stock_shown")
    await stage.receive("M-002", "GZ01", 1)
    await stage.settle()
    assert stage.shopify.stock["m-002"] == 211
    assert "publish_failed" not in await stage.kinds()


async def test_one_order_that_cannot_be_told_of_keeps_its_facts_and_holds_up_nobody(stage: Stage) -> None:
    """Its events wait in their order and leave when it is mended; the subscriber hears of all others meanwhile."""
    await stage.account("SUB1", "subscribers", "webhook", "UTC", "/listener/hook", is_pulled=False,
                        credentials={"secret": WHSEC})
    await stage.run(REFUSE.format(table="order_search", name="document", text=tid(2)))
    await stage.run(BREAK.format(table="order_search"))
    for n in range(4):
        stage.taobao.place(a_purchase(tid(n), stage.clock(), **plain(spare("M-001", 1))))
    await stage.flow()
    third = (await stage.order(tid(2))).number

    def told() -> dict[str, list[int]]:
        heard: dict[str, list[int]] = {}
        for _, body in stage.listener.heard:
            data = json.loads(body)["data"]
            heard.setdefault(data["number"], []).append(data["seq"])
        return heard

    assert third not in told() and len(told()) == 3
    ((_, evidence),) = [c for c in await stage.cases() if c[0] == "publish_failed"]
    assert "林清和" not in json.dumps(evidence, ensure_ascii=False), "the database's text is in the case"
    await stage.wait(30, step=30)
    assert third not in told(), "a later fact overtook those that wait"
    await stage.run("drop trigger broken on order_search")
    await stage.wait(60, step=60)
    assert told()[third] == list(range(1, len(await stage.events(tid(2))) + 1))
    assert "publish_failed" not in await stage.kinds()


async def test_a_warehouse_system_that_says_nothing_is_one_case_until_it_speaks_again(stage: Stage) -> None:
    """A hundred and five works accepted and no word of the floor: one case; the floor's words close it."""
    await stage.receive("M-001", "HZ01", 200)
    stage.wms.floor.pace = 600
    for n in range(105):
        stage.taobao.place(a_purchase(tid(n), stage.clock(), **plain(spare("M-001", 1))))
    await stage.flow()
    stage.clock.forward(90)
    await stage.settle()
    ((kind, evidence),) = await stage.cases()
    assert (kind, evidence["cause"]) == ("downstream_missing", "warehouse:HZ01")
    assert await stage.value("select count(*) from case_member where resolved_at is null") == 105
    await stage.wait(600, step=600)
    assert await stage.value("select count(*) from case_member where resolved_at is null") == 0
    assert "downstream_missing" not in await stage.kinds()


async def test_one_voucher_and_one_receiver_that_no_key_opens_stop_no_other(stage: Stage) -> None:
    for n in range(3):
        stage.taobao.place(a_purchase(tid(n), stage.clock(), **plain(spare("M-001", 1))))
    await stage.steps["handle"]()
    await stage.pull()
    spoil = "set_byte({0}, length({0}) - 1, get_byte({0}, length({0}) - 1) # 1)"
    cipher = spoil.format("body_cipher")
    await stage.run(f"update message set body_cipher = {cipher} where id = (select message_id from intake"
                    " where outcome = 'pending' order by message_id limit 1)")
    await stage.steps["handle"]()
    assert await stage.value("select count(*) from orders") == 2
    ((_, evidence),) = [c for c in await stage.cases() if c[0] == "unreadable_body"]
    assert evidence["problems"][0]["value"] == "damaged"
    cipher = spoil.format("receiver_cipher")
    await stage.run(f"update orders set receiver_cipher = {cipher} where id = (select min(id::text)::uuid from orders)")
    await stage.flow()
    assert sorted(state for _, state, _ in await stage.deliveries("work")) == ["done", "parked"]
