"""From nothing to the first parcel by the API alone, as the console walks it: file, mapping, goods, a box."""

from __future__ import annotations

from pathlib import Path

import psycopg

from orderloom.adapters.db.identity import ensure_administrator
from orderloom.bootstrap import open_hub
from orderloom.settings import Settings
from orderloom.testing.drive import publish_default_blueprint
from tests.support.api_hub import World

FILE = (
    "客户单号,料号2,购买件数,成交价,收件人名,收件电话,送货地址,下单日\n"
    "A-1001,CUP-1,2,50.00,王小明,19912345678,浙江省杭州市余杭区文一西路1号,2026-11-20 10:00:00\n"
)
OURS = {"客户单号": "订单号", "料号2": "商品编码", "购买件数": "数量", "成交价": "单价", "收件人名": "收货人",
        "收件电话": "手机", "送货地址": "收货地址", "下单日": "下单时间"}


async def test_a_seller_with_nothing_but_a_file_ships_the_first_order(home: Path, database: str) -> None:
    with psycopg.connect(database) as connection:
        ensure_administrator(connection)
    async with open_hub(Settings(home=home), database, connections_max=6) as hub:
        world = World(hub, database)
        await publish_default_blueprint(hub)
        async with await world.client("admin") as client:
            draft = (await client.put("/api/v1/connect-drafts", json={
                "connector": "files", "form": {"code": "FL01", "title": "线下"}})).json()
            done = await client.post(f"/api/v1/connect-drafts/{draft['id']}/connect", json={})
            assert done.status_code == 200, done.text
            base, topic = "/api/v1/accounts/FL01", {"topic": "row"}
            await client.put(f"{base}/mapping/sample", params=topic | {"name": "自家.csv"},
                             content=FILE.encode("gb18030"))
            kept = (await client.put(f"{base}/mapping/draft", params=topic, json={"content": {"columns": OURS}})).json()
            tried = (await client.post(f"{base}/mapping/trial", params=topic)).json()
            assert (tried["read"], tried["failed"]) == (1, 0), tried
            await client.post(f"{base}/mapping/publish", params=topic,
                              json={"digest": kept["digest"], "reason": "自家的列名"})
            await client.post(f"{base}/live", json={"seen": "process"})
            goods = await client.post("/api/v1/skus", json={"skus": [{"code": "CUP-1", "name": "杯"}]})
            assert goods.status_code < 300, goods.text
            made = await client.post("/api/v1/warehouses", json={"code": "HZ", "name": "杭州仓", "province": "浙江省"})
            assert made.status_code < 300, made.text
            moved = await client.post("/api/v1/stock/movements", json={
                "sku": "CUP-1", "warehouse": "HZ", "kind": "receive", "on_hand": 10, "reason": "opening"})
            assert moved.status_code < 300, moved.text
            taken = (await client.post(f"{base}/import-sample", params=topic)).json()
            assert taken == {"orders": 1, "duplicates": 0}
            await world.work()
            (work,) = (await client.get("/api/v1/works")).json()["works"]
            out = await client.post(f"/api/v1/works/{work['number']}/out",
                                    json={"waybill": "SF1001", "carrier": "顺丰"})
            assert out.status_code == 200, out.text
            order = (await client.get(f"/api/v1/orders/{work['order_id']}")).json()["order"]
            assert (order["external_id"], order["stage"]) == ("A-1001", "shipped")
