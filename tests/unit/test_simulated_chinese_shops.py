"""The simulated Chinese shops sign as their platforms do; what they show is read as what was bought and happened."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import orjson
import pytest

import orderloom.adapters.channels as channels
from orderloom.adapters.channels.douyin import simulator as douyin
from orderloom.adapters.channels.kuaishou import simulator as kuaishou
from orderloom.adapters.channels.wechat_shop import simulator as wechat
from orderloom.adapters.channels.xiaohongshu import simulator as xiaohongshu
from orderloom.adapters.channels.youzan import simulator as youzan
from orderloom.application.ports import Account
from orderloom.application.translate import translate
from orderloom.blueprint.mapping import CompiledMapping, Mappings, load_folder
from orderloom.domain.draft import AfterSaleReport, OrderDraft

AT = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
CREDENTIALS = {
    "app_key": "k", "app_id": "k", "client_id": "k", "app_secret": "s", "client_secret": "s", "sign_secret": "s",
    "access_token": "t", "refresh_token": "r", "push_token": "p",
    "aes_key": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
}  # fmt: skip
CARRIERS = {"douyin": "shunfeng", "kuaishou": "4", "wechat_shop": "SF", "xiaohongshu": "shunfeng", "youzan": "7"}
TOTAL = 2 * 8_900 - 800 + 3_000 - 1_100 + 1_000
SHOWN: dict[str, Callable[[Any, Any], Any]] = {
    "douyin": lambda shop, order: shop._shown(order), "wechat_shop": lambda shop, order: shop.shape(order),
    "kuaishou": lambda shop, order: kuaishou.shown(order, is_masked=shop.is_masked(order.id)),
    "xiaohongshu": lambda shop, order: xiaohongshu.shown(order, is_masked=shop.is_masked(order.id)),
    "youzan": lambda shop, order: youzan.detailed(order, is_masked=shop.is_masked(order.id)),
}  # fmt: skip
CLAIMED: dict[str, Callable[[Any, Any], Any]] = {
    "douyin": lambda shop, claim: douyin.shown_claim(claim, shop.book.orders[claim.order_id]),
    "kuaishou": lambda shop, claim: kuaishou.shown_claim(claim, shop.book.orders[claim.order_id]),
    "xiaohongshu": lambda shop, claim: xiaohongshu.shown_claim(claim, shop.book.orders[claim.order_id]),
    "wechat_shop": lambda shop, claim: shop.claim_shape(claim), "youzan": lambda _, claim: youzan.shown_claim(claim),
}  # fmt: skip
NAMES = sorted(SHOWN)


class Drive:
    """One simulated shop, and its mapping."""

    def __init__(self, name: str, *, is_masked: bool) -> None:
        self.name, self.module = name, import_module(f"orderloom.adapters.channels.{name}.simulator")
        self.shop = self.module.Simulator(CREDENTIALS, lambda: AT, {"masked": is_masked})
        mapping = load_folder(Path(channels.__path__[0]) / name)
        assert isinstance(mapping, CompiledMapping), mapping
        self._mappings = Mappings({name: mapping})
        self._account = Account(1, "T1", "channels", name, "Asia/Shanghai", "", {}, {})

    def buy(self, n: int, *, is_paid: bool = True) -> str:
        key = self.module.external_id(n)
        placed = AT - timedelta(hours=1)
        self.shop.place({
            "external_id": key, "placed_at": placed, "paid_at": placed + timedelta(minutes=1) if is_paid else None,
            "buyer": "b", "note": "请包好", "currency": "CNY", "freight": 1_000, "discount": 1_100, "tax": 0,
            "receiver": {"name": "张三", "phone": "13800138000", "country": "CN", "province": "浙江省",
                         "city": "杭州市", "district": "余杭区", "detail": "文一西路969号", "postcode": ""},
            "lines": [{"sku": "M-001", "title": "马克杯", "quantity": 2, "price": 8_900, "discount": 800},
                      {"sku": "M-002", "title": "勺子", "quantity": 1, "price": 3_000, "discount": 0}],
        })  # fmt: skip
        return str(key)

    def order(self, key: str) -> OrderDraft:
        found = self._read("order", SHOWN[self.name](self.shop, self.shop.book.orders[key]))
        assert isinstance(found, OrderDraft), found
        return found

    def claim(self, claim_id: str) -> AfterSaleReport:
        found = self._read("refund", CLAIMED[self.name](self.shop, self.shop.book.claims[claim_id]))
        assert isinstance(found, AfterSaleReport), found
        return found

    def _read(self, topic: str, shown: Any) -> Any:
        return translate(self._account, topic, orjson.dumps(shown), {}, AT, self._mappings)[0]


@pytest.mark.parametrize("is_masked", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_what_was_bought_is_what_is_owed_whatever_happened_to_it(name: str, is_masked: bool) -> None:
    drive = Drive(name, is_masked=is_masked)
    keys = [drive.buy(n, is_paid=n != 2) for n in range(1, 8)]
    drive.shop.forbid(keys[2], AT)
    drive.shop.cancel(keys[3], AT)
    drive.shop.book.ship(keys[4], {0: 2}, CARRIERS[name], "SF1", AT)
    drive.shop.book.ship(keys[5], None, CARRIERS[name], "SF2", AT)
    drive.shop.ask_refund(keys[6], 0, AT)
    drafts = [drive.order(key) for key in keys]
    for draft in drafts:
        goods = sum((line.price * line.quantity if line.goods is None else line.goods) - line.discount
                    for line in draft.lines)  # fmt: skip
        assert goods - draft.discount + draft.freight + draft.tax == draft.total == TOTAL
        assert [line.sku_external for line in draft.lines] == ["M-001", "M-002"]
    paid, unpaid, forbidden, cancelled, part, sent, asked = drafts
    assert (paid.payment, paid.paid, paid.hold, paid.is_cancelled) == ("paid", TOTAL, "", False)
    assert (unpaid.payment, unpaid.paid) == ("unpaid", 0)
    assert (forbidden.payment, forbidden.hold) == ("paid", "channel_forbids")
    assert cancelled.is_cancelled and (cancelled.payment, cancelled.refunded) == ("refunded", TOTAL)
    assert [bool(line.fulfilled) for line in part.lines] == [True, False]
    assert [line.fulfilled for line in sent.lines] == [2, 1]
    assert [parcel.waybill for parcel in (*part.shipments, *sent.shipments)] == ["SF1", "SF2"]
    assert asked.lines[0].is_disputed
    assert bool(paid.receiver.token) or not is_masked or name == "youzan", "who is masked has a token, but at Youzan"


@pytest.mark.parametrize("name", NAMES)
def test_an_application_is_known_for_what_it_is(name: str) -> None:
    drive = Drive(name, is_masked=False)
    drive.buy(1)
    key = drive.module.external_id(1)
    wanted = {"refund": "refund_only", "return": "return_refund", "exchange": "exchange"}
    for kind, word in wanted.items():
        report = drive.claim(drive.shop.ask_refund(key, 0, AT, kind))
        assert (report.kind, report.state, report.order_external_id) == (word, "asked", key)
    for state, word in {"sent_back": "returning", "refunded": "refunded", "withdrawn": "withdrawn"}.items():
        claim = drive.shop.ask_refund(key, 1, AT, "return")
        drive.shop.move_claim(claim, state, AT)
        report = drive.claim(claim)
        assert (report.state, report.amount) == (word, drive.shop.book.claims[claim].amount)


def test_douyin_signs_as_its_sdk_does() -> None:
    body = '{"order_by":"update_time","page":0,"product":"A&B <x>","size":100,"update_time_end":1767240000,' \
           '"update_time_start":1767238200}'  # fmt: skip
    key = "7000000000000000001"
    assert douyin.signature("test-secret", key, "order.searchList", body, "1767240000") == (
        "f26e71de8cdd016505d50cc28c5ad3b052f39824a2673ba58abbb60e081ffab2")  # fmt: skip
    push = '[{"tag":"101","msg_id":"1","data":"{\\"p_id\\":4826807239812110000,\\"shop_id\\":1}"}]'
    assert douyin.push_signature("test-secret", key, push) == "0718919c0f2864c8451d2626a04dfed5"


def test_xiaohongshu_signs_as_its_documents_do() -> None:
    assert xiaohongshu.signature("secret-key", "oauth.getAccessToken", "test-app", "1700000000", "1.0") == (
        "15dd91e56a77df52c8a652a43a7c131e")  # fmt: skip
    assert xiaohongshu.push_signature(
        "9a539709cafc1efc9ef05838be468a28", "https://hub.example/open_api/msg?canshu=test", "xhs", "1625475843",
    ) == "a7b7430de338783293443133ab9b9357"  # fmt: skip


@pytest.mark.parametrize(("method", "wanted"), [
    ("MD5", "a8c0ffd504f6fba51f7410ef50b21d9c"), ("HMAC_SHA256", "RJ0h8MbrpZufIBBHIEQVXCH6Zk+fBxQ2Eb3IJdPE1CA="),
])  # fmt: skip
def test_kuaishou_signs_in_both_ways(method: str, wanted: str) -> None:
    asked = '{"beginTime":1767236400000,"cpsType":0,"cursor":"","endTime":1767240000000,"orderViewStatus":1,' \
            '"pageSize":50,"queryType":2,"sort":1}'  # fmt: skip
    said = {"access_token": "at", "appkey": "ks1", "method": "open.order.cursor.list", "param": asked,
            "signMethod": method, "timestamp": "1767240000000", "version": "1"}  # fmt: skip
    assert kuaishou.signature("ss", said) == wanted


def test_youzan_signs_a_push_over_its_bytes() -> None:
    body = '{"client_id":"cid","msg":"%7B%22tid%22%3A%22E1%22%7D","type":"trade_TradeBuyerPay"}'
    assert youzan.push_signature("cid", body, "csecret") == "c95269d4c49aa4c03714d04185669bec"


def test_wechat_seals_and_signs_as_its_sdk_does() -> None:
    key, app = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "wxb11529c136998cb6"
    sealed = wechat.seal("我是中文abcd123".encode(), key, app, b"aaaabbbbccccdddd")
    assert sealed == "jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg=="
    assert wechat.url_signature("pamtest", "1409304348", "xxxxxx", sealed) == "82c962d39941aa48552f90ef55aa323dc620cc10"
    assert wechat.url_signature("pamtest", "1409304348", "xxxxxx") == "76480565cbe296026c53aaacd1ad523a1ddba24f"
    assert len(base64.b64decode(sealed)) % hashlib.sha256().digest_size == 0, "padded to blocks of 32"
