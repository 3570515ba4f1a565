"""What the hub tells the world: shown stock to every channel, signed events to subscribers, and what is oversold."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time

from msgspec.structs import replace

from orderloom.adapters.channels.amazon.rehearsal import MARKETPLACE
from orderloom.adapters.channels.taobao.trade_book import listing_ids
from orderloom.adapters.subscribers.webhook.client import sign
from orderloom.application.publish_blueprint import publish_blueprint
from orderloom.application.queries.sale_shown import stock_reach
from orderloom.application.teach_alias import AliasRow, teach_aliases
from orderloom.blueprint.load import load_folder
from orderloom.blueprint.publish import ShownKeys, SkuShown
from orderloom.testing.builders import a_purchase
from orderloom.testing.drive import BLUEPRINT
from tests.support.stage import WHSEC, Stage, plain, spare, tid


async def list_everywhere(stage: Stage) -> None:
    """M-001 is on show at three channels."""
    item, sku = listing_ids("M-001")
    stage.taobao.list_sku("M-001")
    stage.amazon.list_sku("MO-001")
    await stage.alias("TB01", "M-001", "M-001", listing={"num_iid": str(item), "sku_id": str(sku)})
    await stage.run("delete from sku_alias where alias in ('MO-001', 'm-001')")
    await stage.alias("AM01", "MO-001", "M-001", listing={"product_type": "HOME", "marketplace_id": MARKETPLACE})
    await stage.alias("SH01", "m-001", "M-001", listing=stage.shopify.listing("m-001"))


def shown(stage: Stage) -> dict[str, int]:
    """What buyers see at each channel."""
    return {"taobao": stage.taobao.stock.get("M-001", -1), "amazon": stage.amazon.stock.get("MO-001", -1),
            "shopify": stage.shopify.stock.get("m-001", -1)}  # fmt: skip


async def test_a_unit_sold_at_one_channel_leaves_the_shelf_of_all_within_one_step(stage: Stage) -> None:
    """Two hundred lie in two warehouses; Taobao sells three, and every channel shows it (Amazon keeps two back)."""
    await list_everywhere(stage)
    await stage.settle()
    assert shown(stage) == {"taobao": 200, "amazon": 198, "shopify": 200}
    stage.taobao.place(a_purchase(tid(1), **plain(spare("M-001", 3))))
    await stage.pull()
    await stage.hub.handler.handle_messages()
    before = await stage.snapshot()
    await stage.steps["publish_stock"]()
    await stage.deliverer.step()
    await stage.deliverer.drain()
    assert shown(stage) == {"taobao": 197, "amazon": 195, "shopify": 197}
    told = await stage.rows("select quantity from stock_shown order by quantity")
    assert told == [(195,), (197,), (197,)]
    await stage.settle()
    before = await stage.snapshot()
    await stage.steps["publish_stock"]()
    await stage.settle()
    assert await stage.changed_since(before) == set(), "an unchanged figure was sent again"


async def test_a_shop_that_is_slow_to_be_told_is_told_the_newest_figure_alone(stage: Stage) -> None:
    """Three counts while nothing leaves are one push; what is on its way already is not changed under its feet."""
    await list_everywhere(stage)
    pushes = "select state, body::jsonb -> 'figures' -> 0 ->> 'quantity' from delivery d join account a" \
             " on a.id = d.account_id where a.code = 'TB01' and d.kind = 'stock' order by d.position"
    for units in (50, 40, 30):
        await stage.count("M-001", "HZ01", units)
        await stage.steps["publish_stock"]()
    assert await stage.rows(pushes) == [("due", "130")]
    await stage.run("update delivery set lease_until = now(), attempts = 1 where kind = 'stock'")
    await stage.count("M-001", "HZ01", 20)
    await stage.steps["publish_stock"]()
    assert await stage.rows(pushes) == [("due", "130"), ("due", "120")]
    await stage.run("update delivery set lease_until = null, attempts = 0 where kind = 'stock'")
    await stage.settle()
    assert shown(stage) == {"taobao": 120, "amazon": 118, "shopify": 120}


async def test_it_is_known_how_long_a_sale_took_to_leave_every_other_shelf(stage: Stage) -> None:
    """Taobao sells, the figure is due two seconds later, and Amazon says yes after four more: six in all, and the step
    that waited is named. Taobao itself is no other shelf."""
    await list_everywhere(stage)
    await stage.settle()
    await stage.steps["fold_tally"]()
    stage.taobao.place(a_purchase(tid(1), **plain(spare("M-001", 3))))
    await stage.pull()
    await stage.hub.handler.handle_messages()
    stage.clock.forward(2)
    await stage.steps["publish_stock"]()
    stage.clock.forward(4)
    directory = await stage.hub.directory()
    async with stage.hub.ports.reading() as connection:
        before = await stock_reach(connection, directory, 24, stage.hub.now())
    await stage.deliverer.step()
    await stage.deliverer.drain()
    await stage.steps["fold_tally"]()
    async with stage.hub.ports.reading() as connection:
        found = await stock_reach(connection, directory, 24, stage.hub.now())
    assert {shop.account: shop.waiting for shop in before.shops} == {"AM01": 1, "SH01": 1}
    assert {(s.account, s.timed, s.late, s.p99_ms, s.step, s.waiting) for s in found.shops} == {
        (account, 1, 0, 8_000, "queue", 0) for account in ("AM01", "SH01")}
    worst = found.shops[0].worst
    assert worst is not None and (worst.sku, worst.sold_by, worst.step) == ("M-001", "TB01", "queue")
    assert worst.steps["publish"] == 2_000 and worst.steps["queue"] == 4_000
    assert await stage.rows("select count(*) from sale_wait") == [(0,)]


async def test_a_shop_that_knows_only_its_own_ids_is_told_what_somebody_said_to_be_on_sale_there(stage: Stage) -> None:
    """Shopee takes no code for an address: nothing of the other goods is pushed there, and what is taught with its ids
    is, also when the same figure was pushed before under none.
    """
    await stage.account("SE01", "channels", "shopee", "Asia/Singapore", "/shopee", is_pulled=False)
    await list_everywhere(stage)
    pushed = ("select f ->> 'sku_external', f -> 'listing' from delivery d join account a on a.id = d.account_id,"
              " jsonb_array_elements(d.body::jsonb -> 'figures') f where a.code = 'SE01' and d.kind = 'stock'"
              " order by d.position")
    await stage.steps["publish_stock"]()
    assert await stage.rows(pushed) == [], "its shelf would be told of goods that it may not have"
    await stage.alias("SE01", "M-001", "M-001", listing={})
    await stage.count("M-001", "HZ01", 99)
    await stage.steps["publish_stock"]()
    assert await stage.rows(pushed) == [("M-001", {})], "that its ids are not known is to become a case"
    row = AliasRow("M-001", "M-001", account="SE01", listing={"item_id": "7"})
    await teach_aliases(stage.hub.ports.catalogue, [row])
    await stage.steps["publish_stock"]()
    assert await stage.rows(pushed) == [("M-001", {"item_id": "7"})], "what nobody had begun to send was told better"


async def test_a_figure_that_a_channel_refuses_is_a_case_and_holds_back_no_other(stage: Stage) -> None:
    """Taobao knows no such item: a person hears of that one listing, the shelf beside it is told, and so is every later
    figure; once it is on sale there, the next change is told and the case closes."""
    await list_everywhere(stage)
    item, sku = listing_ids("N-001")
    await stage.alias("TB01", "N-001", "N-001", listing={"num_iid": str(item), "sku_id": str(sku)})
    await stage.count("N-001", "HZ01", 7)
    await stage.settle()
    assert shown(stage)["taobao"] == 200
    ((kind, evidence),) = await stage.cases()
    assert kind == "figure_refused" and (evidence["account"], evidence["listing"]) == ("TB01", "N-001")
    assert await stage.rows("select 1 from delivery where kind = 'stock' and state <> 'done'") == []
    told = "select quantity from stock_shown s join account a on a.id = s.account_id where a.code = 'TB01'" \
           " and sku_external = 'N-001'"
    assert await stage.rows(told) == [], "what it did not take it does not show"
    stage.taobao.list_sku("N-001")
    await stage.count("N-001", "HZ01", 5)
    await stage.settle()
    assert await stage.cases() == [] and stage.taobao.stock["N-001"] > 0 and await stage.rows(told) != []


async def test_a_channels_share_and_buffer_are_kept_back(stage: Stage) -> None:
    """Shopify may show half, less ten: of two hundred it shows ninety, of nineteen none."""
    await list_everywhere(stage)
    own = ShownKeys(share_percent=50, buffer=10)
    rule = load_folder(BLUEPRINT)
    rule = replace(rule, publish=replace(rule.publish, skus={"M-001": SkuShown(shops={"SH01": own})}))
    await publish_blueprint(stage.hub.ports.blueprints, rule, "li", "half of it is for the shop around the corner")
    await stage.settle()
    assert shown(stage)["shopify"] == 90
    await stage.count("M-001", "HZ01", 19)
    await stage.count("M-001", "GZ01", 0)
    await stage.settle()
    assert shown(stage) == {"taobao": 19, "amazon": 17, "shopify": 0}


async def test_a_stocktake_that_finds_too_little_opens_a_case_and_shows_nothing(stage: Stage) -> None:
    """14:00. Three are promised and one is found: it is written down as it is, seen, and mended by what arrives."""
    await list_everywhere(stage)
    await stage.count("M-001", "GZ01", 0)
    stage.taobao.place(a_purchase(tid(1), **plain(spare("M-001", 3))))
    await stage.flow()
    await stage.count("M-001", "HZ01", 1)
    await stage.settle()
    level = await stage.level("M-001")
    assert (level.on_hand, level.allocated, level.free, level.is_oversold) == (1, 3, -2, True)
    ((kind, evidence),) = await stage.cases()
    assert (kind, evidence["sku"], evidence["warehouse"]) == ("oversold", "M-001", "HZ01")
    assert (evidence["on_hand"], evidence["allocated"]) == (1, 3)
    assert shown(stage) == {"taobao": 0, "amazon": 0, "shopify": 0}
    losses = "select on_hand, reason from stock_movement where kind = 'stocktake' and on_hand = -99"
    assert await stage.rows(losses) == [(-99, "counted by hand")]
    stage.shopify.place(a_purchase("5500000000001", **plain(spare("m-001", 1))))
    await stage.flow()
    assert (await stage.order("5500000000001")).stage == "short", "one more was sold of what is not there"
    await stage.receive("M-001", "HZ01", 5)
    await stage.settle()
    assert (await stage.order("5500000000001")).stage == "paid", "the waiting order did not get what arrived"
    assert (await stage.kinds(), await stage.held("M-001")) == ([], (6, 0, 4))
    assert shown(stage) == {"taobao": 2, "amazon": 0, "shopify": 2}


def test_a_subscribers_signature_is_the_one_that_the_standard_gives() -> None:
    """The published vector of Standard Webhooks: every verifier in every language accepts this one."""
    body = b'{"test": 2432232314}'
    assert sign(WHSEC, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body) == (
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")


async def test_a_subscriber_can_verify_every_event_and_gets_each_in_order_after_trouble(stage: Stage) -> None:
    """15:00. The subscriber's server fails once: the same event comes again under the same id, before the next one."""
    await stage.account("SUB1", "subscribers", "webhook", "UTC", "/listener/hook", is_pulled=False,
                        credentials={"secret": WHSEC})
    stage.listener.answers = [503]
    stage.taobao.place(a_purchase(tid(1), **plain(spare("M-001", 1))))
    await stage.flow()
    assert len(stage.listener.heard) == 1, "a later event overtook the one that failed"
    stage.clock.forward(3)
    await stage.settle()
    heard = [(head["webhook-id"], json.loads(body)) for head, body in stage.listener.heard]
    assert heard[0] == heard[1] and len({key for key, _ in heard}) == len(heard) - 1
    order = await stage.order(tid(1))
    assert [(told["type"], told["data"]["seq"]) for _, told in heard[1:]] == [
        (f"order.{kind}", seq) for seq, kind in enumerate(await stage.events(tid(1)), 1)]
    assert {told["data"]["number"] for _, told in heard} == {order.number}
    key = base64.b64decode(WHSEC.removeprefix("whsec_"))
    for head, body in stage.listener.heard:
        assert abs(int(head["webhook-timestamp"]) - time.time()) < 300
        signed = f"{head['webhook-id']}.{head['webhook-timestamp']}.".encode() + body
        expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        assert head["webhook-signature"].split(",", 1) == ["v1", expected]
        assert "林清和" not in body.decode() and "19900012345" not in body.decode(), "an event carries personal data"
