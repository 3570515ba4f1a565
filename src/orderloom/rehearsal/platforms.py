"""The simulators of one seller's world, wired to each other, and the accounts by which a hub reaches them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from starlette.types import ASGIApp

from orderloom.adapters.carriers.kuaidi100.simulator import Simulator as Kuaidi100
from orderloom.adapters.channels.amazon.simulator import Simulator as Amazon
from orderloom.adapters.channels.files.simulator import Simulator as Files
from orderloom.adapters.channels.shopify.simulator import Simulator as Shopify
from orderloom.adapters.channels.taobao.simulator import Simulator as Taobao
from orderloom.adapters.channels.taobao.trade_book import listing_ids
from orderloom.adapters.systems.wangdiantong.simulator import Simulator as Wangdiantong
from orderloom.rehearsal.catalogue import Assortment
from orderloom.rehearsal.options import WorldOptions

CODES = {"taobao": "TB01", "shopify": "SH01", "amazon": "AM01", "files": "FL01"}
WMS, CARRIER = "WD01", "KD01"
WAREHOUSES = (
    ("HZ01", "杭州仓 Hangzhou", "浙江省"), ("GZ01", "广州仓 Guangzhou", "广东省"), ("CD01", "成都仓 Chengdu", "四川省"),
)  # fmt: skip
"""Code (at the WMS too), name, province."""
SHOP_DOMAIN = "rehearsal-shop.myshopify.com"
MARKETPLACE = "ATVPDKIKX0DER"
SHOP_NO = "zhidan-01"
OVERLAP_SECONDS = 4
"""How far pulls look back: platforms tell time to the second, and the rehearsal's clocks are one clock."""
NO_LIMIT = 1_000_000
CREDENTIALS: dict[str, dict[str, str]] = {
    "taobao": {"app_key": "rehearsal-key", "app_secret": "rehearsal-secret", "session": "rehearsal-session"},
    "shopify": {"access_token": "rehearsal-token", "client_secret": "rehearsal-secret", "client_secret_previous": ""},
    "amazon": {"client_id": "rehearsal-client", "client_secret": "rehearsal-secret",
               "refresh_token": "rehearsal-refresh", "seller_id": "REHEARSAL"},
    "files": {"upload_token": "rehearsal-upload"},
    "wangdiantong": {"sid": "rehearsal", "app_key": "rehearsal-key", "app_secret": "rehearsalsecret:rehearsalsalt"},
    "kuaidi100": {"customer": "REHEARSAL", "key": "rehearsal-key", "salt": "rehearsal-salt"},
}  # fmt: skip
"""Made up; they open the simulators and nothing else."""


@dataclass(frozen=True, slots=True)
class AccountPlan:
    """An account as it is to stand in the hub. `pull_seconds` None: it is not pulled."""

    code: str
    family: str
    connector: str
    title: str
    zone: str
    base_url: str
    settings: dict[str, Any] = field(default_factory=dict)
    pull_seconds: float | None = None


class Platforms:
    """One simulator of each kind. `taobao_settings` may be changed while it runs (its encoding)."""

    def __init__(self, options: WorldOptions, catalogue: Assortment, folder: Path, now: Callable[[], datetime]) -> None:
        self._options, self._folder, self._catalogue = options, folder, catalogue
        self.inbox, self.outbox = folder / "inbox", folder / "outbox"
        for path in (self.inbox, self.outbox):
            path.mkdir(parents=True, exist_ok=True)
        shares = options.shares
        self.taobao_settings: dict[str, Any] = {"slow_seconds": 3, "encoding": "utf-8"}
        self.taobao = Taobao(CREDENTIALS["taobao"], now, self.taobao_settings)
        self.shopify = Shopify(CREDENTIALS["shopify"], now, {
            "bucket_size": NO_LIMIT, "leak_per_second": NO_LIMIT, "shop_domain": SHOP_DOMAIN, "slow_seconds": 3,
        })
        rates = {name: [NO_LIMIT, NO_LIMIT] for name in AMAZON_CALLS}
        self.amazon = Amazon(CREDENTIALS["amazon"], now, {"rates": rates, "horizon_seconds": 0, "slow_seconds": 3})
        self.files = Files(CREDENTIALS["files"], now, {"inbox": str(self.inbox), "outbox": str(self.outbox)})
        self.wms = Wangdiantong(CREDENTIALS["wangdiantong"], now, {
            "shop_no": SHOP_NO, "warehouses": [code for code, _, _ in WAREHOUSES], "seed": options.seed,
            "pace_seconds": options.wms_pace_seconds, "slow_address_seconds": 0.2, "slow_seconds": 3,
        })
        self.carrier = Kuaidi100(CREDENTIALS["kuaidi100"], now, {
            "pace_seconds": options.carrier_pace_seconds, "seed": options.seed, "slow_seconds": 3,
            "stall_share": shares.parcel_stalls, "return_share": shares.parcel_returns,
        })
        self.wms.on_handed_over = self._hand_over
        self.listings = self._list_all()

    @property
    def channels(self) -> dict[str, Any]:
        """The channels' simulators by connector name."""
        return {"taobao": self.taobao, "shopify": self.shopify, "amazon": self.amazon, "files": self.files}

    @property
    def apps(self) -> dict[str, ASGIApp]:
        """What is served, by first part of the path."""
        return {"taobao": self.taobao.app, "shopify": self.shopify.app, "amazon": self.amazon.app,
                "wangdiantong": self.wms.app, "kuaidi100": self.carrier.app}  # fmt: skip

    def accounts(self, base: str, hub_url: str) -> list[AccountPlan]:
        """The accounts of a hub at `hub_url` when the simulators are served at `base`."""
        pull, overlap = self._options.pull_seconds, {"overlap_seconds": OVERLAP_SECONDS}
        return [
            AccountPlan("TB01", "channels", "taobao", "淘宝旗舰店 Taobao", "Asia/Shanghai",
                        f"{base}/taobao/router/rest", overlap | {"page_size": 100}, pull),
            AccountPlan("SH01", "channels", "shopify", "独立站 Shopify", "America/New_York", f"{base}/shopify",
                        {"shop_domain": SHOP_DOMAIN, **overlap}, pull * 3),
            AccountPlan("AM01", "channels", "amazon", "亚马逊北美 Amazon", "UTC", f"{base}/amazon",
                        {"marketplace_ids": MARKETPLACE, "horizon_seconds": 1, **overlap,
                         "backfill_pause_seconds": 0.001, "token_url": f"{base}/amazon/auth/o2/token"}, pull),
            AccountPlan("FL01", "channels", "files", "线下订单表格 Order files", "Asia/Shanghai", "",
                        {"inbox": str(self.inbox), "outbox": str(self.outbox), "settle_seconds": 0.2}, pull),
            AccountPlan(WMS, "systems", "wangdiantong", "旺店通 Wangdiantong", "Asia/Shanghai", f"{base}/wangdiantong",
                        {"shop_no": SHOP_NO, "stock_pull": False, "page_size": 200, **overlap}, pull),
            AccountPlan(CARRIER, "carriers", "kuaidi100", "快递100 Kuaidi100", "Asia/Shanghai", f"{base}/kuaidi100",
                        {"callback_url": f"{hub_url}/webhooks/{CARRIER}"}),
        ]  # fmt: skip

    def _hand_over(self, parcel: dict[str, Any]) -> None:
        self.carrier.hand_over(
            parcel["carrier"], parcel["waybill"], parcel["at"], parcel["province"], parcel["phone_last4"]
        )

    def _list_all(self) -> dict[str, dict[str, dict[str, str]]]:
        """Put every spelling up for sale; returns the platforms' own ids by channel and spelling."""
        found: dict[str, dict[str, dict[str, str]]] = {"taobao": {}, "shopify": {}, "amazon": {}, "files": {}}
        for spelling in self._catalogue.known["taobao"]:
            self.taobao.list_sku(spelling.text)
            item, sku = listing_ids(spelling.text)
            found["taobao"][spelling.text] = {"num_iid": str(item), "sku_id": str(sku)}
        for spelling in self._catalogue.known["shopify"]:
            found["shopify"][spelling.text] = self.shopify.listing(spelling.text)
        ids = {"product_type": "HOME", "marketplace_id": MARKETPLACE}
        for spelling in self._catalogue.known["amazon"]:
            self.amazon.list_sku(spelling.text)
        found["amazon"] = {spelling.text: dict(ids) for spelling in self._catalogue.known["amazon"]}
        return found


AMAZON_CALLS = (
    "getOrders", "getOrderItems", "confirmShipment", "patchListingsItem", "searchListingsItems",
    "createRestrictedDataToken",
)
