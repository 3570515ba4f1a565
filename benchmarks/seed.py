"""The seller whom the benchmarks measure, his SKUs in three warehouses, and the bodies of orders placed with him.

Where the route is timed he has 1,000 SKUs that sell alike. Where many orders are stored he has 10,000 that sell as
goods do: the first in every seventh order, the hundredth in one of five hundred, most of them in a handful.
"""

from __future__ import annotations

import base64
import hmac
import random
from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import orjson

from orderloom.adapters.channels.shopify.rehearsal import SHOP_DOMAIN
from orderloom.adapters.channels.shopify.simulated_order import build
from orderloom.adapters.channels.taobao.trade_book import trade
from orderloom.adapters.db.directory import bump
from orderloom.adapters.simulated.book import OrderBook
from orderloom.adapters.simulated.receivers import is_masked
from orderloom.adapters.systems.wangdiantong.rehearsal import SHOP_NO
from orderloom.application.keep_skus import SkuRow, keep_skus
from orderloom.application.keep_warehouse import WarehouseRow, keep_warehouse
from orderloom.application.ports import Item
from orderloom.bootstrap import Hub
from orderloom.rehearsal.platforms import CREDENTIALS, WAREHOUSES, WMS
from orderloom.rehearsal.setup import receive
from orderloom.testing.drive import publish_default_blueprint

SKU_COUNT, SKU_COUNT_MANY = 1_000, 10_000
STOCK_PER_WAREHOUSE = 10_000_000
TAOBAO, SHOPIFY = "TB01", "SH01"
SHOPS = tuple(f"TB{number:02d}" for number in range(1, 11))
"""The shops of the seller of many orders, the largest first."""
HOT_SKU = "HOT-0001"
PLACES = (
    ("浙江省", "杭州市", "余杭区"), ("广东省", "深圳市", "南山区"), ("四川省", "成都市", "武侯区"),
    ("江苏省", "南京市", "鼓楼区"), ("湖北省", "武汉市", "洪山区"), ("北京市", "北京市", "朝阳区"),
    ("山东省", "青岛市", "市南区"), ("陕西省", "西安市", "雁塔区"),
)  # fmt: skip
FAMILY_NAMES, GIVEN_NAMES = "王李张刘陈杨赵黄周吴", ("清和", "雨桐", "子轩", "思远", "嘉怡", "一诺", "浩然", "静")
ACCOUNT = """
insert into account (code, family, connector, title, zone, base_url, credentials_cipher, settings)
values (%s, %s, %s, %s, %s, '', %s, %s::jsonb)"""
GLAZES = ("青花", "汝窑", "素白", "亚光黑", "樱粉", "松石绿", "描金", "复古")
WARES = ("马克杯", "汤碗", "饭碗", "茶壶", "茶杯", "餐盘", "花瓶", "香炉", "酒具", "调味罐", "烘焙模", "咖啡杯",
         "烟灰缸")  # fmt: skip
PACKS = ("礼盒装", "简装", "两只装", "家庭装", "送人优选")
UNLIMITED = {"rate": {"per_second": 100_000, "burst": 100_000}}


def sku_code(number: int) -> str:
    """The code of one of the seller's SKUs."""
    return f"SKU-{number:04d}"


def title_of(sku: str) -> str:
    """What a channel calls one of many SKUs."""
    n = int(sku[-4:])
    return f"手工{GLAZES[n % len(GLAZES)]}{WARES[n % len(WARES)]} {sku} {PACKS[n % len(PACKS)]}"


async def furnish(hub: Hub, skus: int = SKU_COUNT) -> None:
    """Put the seller in: blueprint, accounts, goods, warehouses that a WMS serves, more stock than is ever asked."""
    await publish_default_blueprint(hub)
    shops = SHOPS if skus == SKU_COUNT_MANY else SHOPS[:1]
    accounts = (
        *[(shop, "channels", "taobao", "Asia/Shanghai", {}) for shop in shops],
        (SHOPIFY, "channels", "shopify", "America/New_York", {"shop_domain": SHOP_DOMAIN}),
        (WMS, "systems", "wangdiantong", "Asia/Shanghai", {"shop_no": SHOP_NO}),
    )
    codes = [sku_code(number) for number in range(skus)]
    async with hub.pool.connection() as connection, connection.transaction():
        for code, family, connector, zone, settings in accounts:
            secret = hub.vault.encrypt(orjson.dumps(CREDENTIALS[connector]))
            settings = orjson.dumps(settings | UNLIMITED).decode()
            await connection.execute(ACCOUNT, (code, family, connector, code, zone, secret, settings))
        await bump(connection)
    await keep_skus(hub.ports.catalogue, [SkuRow(code, code, "件", hs_code="691110") for code in [*codes, HOT_SKU]])
    for priority, (code, name, province) in enumerate(WAREHOUSES, start=1):
        await keep_warehouse(hub.ports.catalogue, WarehouseRow(code, name, "CN", province, WMS, priority))
    goods = [(sku, house, STOCK_PER_WAREHOUSE) for sku in codes for house, _, _ in WAREHOUSES]
    await receive(hub, goods, "opening", "opening stock")


def purchase(
    number: int, at: datetime, *, skus: Sequence[str] = (), is_paid: bool = True, has_many: bool = False,
) -> dict[str, object]:
    """What a buyer does, repeatable by number: two different SKUs of the thousand, of `has_many`, or those named."""
    chance = random.Random(number)
    if has_many:
        chosen: Sequence[str] = [sku_code(n) for n in _wanted(chance)]
    else:
        chosen = skus or [sku_code(n) for n in chance.sample(range(SKU_COUNT), 2)]
    province, city, district = PLACES[chance.randrange(len(PLACES))]
    lines = [
        {"sku": sku, "title": title_of(sku) if has_many else f"手工陶瓷马克杯 {sku} 礼盒装",
         "quantity": 1 + chance.randrange(2) * (not skus),
         "price": 990 + 100 * chance.randrange(200), "discount": 100 * chance.randrange(5)}
        for sku in chosen
    ]
    return {
        "external_id": str(number), "placed_at": at, "paid_at": at if is_paid else None,
        "buyer": f"buyer-{number % 5_000}", "note": "请尽快发货，谢谢" if number % 7 == 0 else "", "currency": "CNY",
        "receiver": {
            "name": chance.choice(FAMILY_NAMES) + chance.choice(GIVEN_NAMES),
            "phone": f"199{chance.randrange(10**8):08d}", "country": "CN", "province": province, "city": city,
            "district": district, "detail": f"文一西路{chance.randrange(1, 999)}号{chance.randrange(1, 30)}幢"
            f"{chance.randrange(101, 2501)}室", "postcode": "311100",
        },
        "lines": lines, "freight": 1_000, "discount": 100 * chance.randrange(10), "tax": 0,
    }  # fmt: skip


def _wanted(chance: random.Random) -> Sequence[int]:
    """Two different SKUs; how often one is wanted falls with its place among them."""
    first = second = int(SKU_COUNT_MANY ** chance.random()) - 1
    while second == first:
        second = int(SKU_COUNT_MANY ** chance.random()) - 1
    return first, second


def taobao_items(start: int, count: int, at: datetime, **how: object) -> list[Item]:
    """Orders in Taobao's own form, numbered from `start`."""
    book = OrderBook()
    placed = [book.place(purchase(number, at, **how)) for number in range(start, start + count)]  # type: ignore[arg-type]
    return [Item("trade", orjson.dumps(trade(order, is_masked=is_masked(order.id, {})))) for order in placed]


def webhook_signature(secret: str, body: bytes) -> str:
    """What Shopify sends with a webhook."""
    return base64.b64encode(hmac.digest(secret.encode(), body, "sha256")).decode()


def shopify_items(start: int, count: int, at: datetime) -> list[Item]:
    """Orders as a webhook brings them, numbered from `start`."""
    zone = ZoneInfo("America/New_York")
    return [
        Item("orders/create", orjson.dumps(build(purchase(number, at), at, zone)), f"bench-{number}")
        for number in range(start, start + count)
    ]


def shopify_requests(start: int, count: int, at: datetime, port: int) -> Iterator[tuple[str, bytes]]:
    """Signed webhook requests as they go over the wire, each with the id of its order."""
    zone, secret = ZoneInfo("America/New_York"), CREDENTIALS["shopify"]["client_secret"]
    for number in range(start, start + count):
        body = orjson.dumps(build(purchase(number, at), at, zone))
        head = (
            f"POST /webhooks/{SHOPIFY} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\ncontent-type: application/json\r\n"
            f"x-shopify-topic: orders/create\r\nx-shopify-hmac-sha256: {webhook_signature(secret, body)}\r\n"
            f"x-shopify-shop-domain: {SHOP_DOMAIN}\r\nx-shopify-webhook-id: bench-{number}\r\n"
            f"x-shopify-api-version: 2026-04\r\ncontent-length: {len(body)}\r\n\r\n"
        )
        yield str(number), head.encode() + body


def batches(items: Sequence[Item], size: int = 500) -> Iterator[Sequence[Item]]:
    """The items in groups."""
    for start in range(0, len(items), size):
        yield items[start:start + size]
