"""WeChat's API on loopback: a token of the app's own that ends the one before, ids first and details after, AES pushes.

It opens and signs with code of its own, by the platform's documents. Every answer is HTTP 200; `errcode` tells.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Mapping
from typing import Any

import httpx2
import orjson
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from starlette.responses import Response

from orderloom.adapters.channels.wechat_shop.after_sale_desk import after_sale_desk
from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked, Call
from orderloom.adapters.simulated.book import (
    AGREED,
    ASKED,
    CANCELLED,
    PAID,
    PART_SHIPPED,
    RECEIVED,
    REFUND,
    REFUNDED,
    REFUSED,
    SENT_BACK,
    SHIPPED,
    UNPAID,
    WITHDRAWN,
    Claim,
    Line,
    Order,
)
from orderloom.adapters.simulated.clock import Now, from_seconds, seconds
from orderloom.adapters.simulated.draw import hex_token
from orderloom.adapters.simulated.pushes import Push, Pushes
from orderloom.adapters.simulated.receivers import masked, token_of
from orderloom.adapters.simulated.refused import No, Refused
from orderloom.adapters.simulated.shelf import drawn_ids
from orderloom.adapters.simulated.shop import ShopSimulator
from orderloom.adapters.simulated.tokens import Tokens

GRACE_SECONDS, RENEWED_BEFORE_SECONDS = 300, 300
WINDOW_SECONDS = 7 * 86_400
BLOCK = 32
STATUSES = {UNPAID: 10, PAID: 20, PART_SHIPPED: 21, SHIPPED: 30, RECEIVED: 100, CANCELLED: 250}
GROUP_OPEN = 13
EVENTS = {10: "new", 13: "pay", 20: "pay", 21: "deliver", 30: "deliver", 100: "confirm", 250: "cancel"}
CLAIM_WORDS = {
    REFUND: {ASKED: "MERCHANT_PROCESSING", AGREED: "PLATFORM_REFUNDING", SENT_BACK: "MERCHANT_WAIT_RECEIPT",
             REFUSED: "MERCHANT_REJECT_REFUND", REFUNDED: "MERCHANT_REFUND_SUCCESS", WITHDRAWN: "USER_CANCELD"},
    "": {ASKED: "MERCHANT_PROCESSING", AGREED: "USER_WAIT_RETURN", SENT_BACK: "MERCHANT_WAIT_RECEIPT",
         REFUSED: "MERCHANT_REJECT_RETURN", REFUNDED: "MERCHANT_RETURN_SUCCESS", WITHDRAWN: "USER_CANCELD"},
}  # fmt: skip
COMPANIES = frozenset({"SF", "YTO", "ZTO", "STO", "YD", "EMS", "JD", "shunfeng", "yuantong", "zhongtong", "shentong",
                       "yunda", "ems", "jd", "youzhengguonei", "debangkuaidi", "jtexpress", "danniao"})  # fmt: skip
PUSH_TOPIC = ""
"""The order as it is."""
CREDENTIALS = {"aes_key": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"}
"""Made up; a key of this kind is 43 characters long."""
NOES = {
    why.RATE_LIMITED: No(45011, "api minute-quota reach limit, must slower, retry next minute"),
    why.BUSY: No(-1, "system error"), why.EXPIRED_TOKEN: No(42001, "access_token expired"),
    why.WRONG_TOKEN: No(40001, "invalid credential, access_token is invalid or not latest"),
    why.WRONG_KEY: No(40013, "invalid appid"), why.WRONG_SIGN: No(40001, "invalid credential"),
    why.WRONG_TIME: No(40097, "invalid args"), why.UNKNOWN_CALL: No(48001, "api unauthorized {}"),
    why.UNKNOWN_PARAMETER: No(40097, "invalid args {}"), why.MISSING: No(41001, "{} missing"),
    why.WRONG_VALUE: No(40097, "invalid args {}"), why.NOT_FOUND: No(10020052, "{} not found"),
}
EC = "/channels/ec"


def external_id(n: int) -> str:
    """The n-th valid order id: 19 digits, beyond what a float can hold."""
    return str(3_705_115_058_471_208_000 + n)


def url_signature(token: str, *parts: str) -> str:
    """What WeChat signs with: the sorted texts in one, by SHA-1."""
    return hashlib.sha1("".join(sorted((token, *parts))).encode(), usedforsecurity=False).hexdigest()


def seal(plain: bytes, aes_key: str, app_id: str, random16: bytes) -> str:
    """The envelope: random, length, message and app in AES-256-CBC, padded to blocks of 32."""
    key = base64.b64decode(aes_key + "=")
    inner = random16 + len(plain).to_bytes(4, "big") + plain + app_id.encode()
    missing = BLOCK - len(inner) % BLOCK
    cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(cipher.update(inner + bytes([missing]) * missing) + cipher.finalize()).decode()


class Simulator(ShopSimulator):
    """One shop at WeChat."""

    NOES = NOES
    COMMON = frozenset({"access_token"})

    def __init__(self, credentials: dict[str, str], now: Now, settings: dict[str, Any]) -> None:
        super().__init__(credentials, now, settings)
        self.tokens: Tokens = Tokens(now, float(settings.get("access_seconds") or 7_200), grace_seconds=GRACE_SECONDS)
        self._grant = self.tokens.know(credentials.get("access_token", ""))
        self.pushes = Pushes(self.news, _is_thanked)

    def declare(self) -> dict[str, Call]:
        calls = {
            "order/list/get": Call(self._list, "create_time_range update_time_range status page_size next_key"),
            "order/get": Call(self._get, "order_id"),
            "order/delivery/send": Call(self._send, "order_id delivery_list", is_write=True),
            "aftersale/getaftersalelist": Call(
                self._claims, "begin_create_time end_create_time begin_update_time end_update_time next_key"),
            "aftersale/getaftersaleorder": Call(self._claim, "after_sale_order_id"),
            **after_sale_desk(self),
            "product/list/get": Call(self._products, "status page_size next_key"),
            "product/get": Call(self._product, "product_id data_type"),
            "product/stock/update": Call(self._set_stock, "product_id sku_id diff_type num", is_write=True),
            "product/stock/get": Call(self._stock, "product_id sku_id"),
        }  # fmt: skip
        return {
            "cgi-bin/token": Call(self._token, "grant_type appid secret", at="GET /cgi-bin/token", is_open=True),
            "cgi-bin/stable_token": Call(self._stable, "grant_type appid secret force_refresh",
                                         at="POST /cgi-bin/stable_token", is_open=True),
            **{name: call._replace(at=f"POST {EC}/{name}") for name, call in calls.items()},
        }  # fmt: skip

    def is_id(self, text: str) -> bool:
        return text.isdigit()

    def line_id(self, order_id: str, place: int) -> str:
        return drawn_ids(self.book.orders[order_id].lines[place].sku)[1]

    def status(self, external_id: str) -> str:
        return str(_status(self.book.orders[external_id]))

    def verify(self, asked: Asked) -> None:
        """A token that is alive; nothing is signed."""
        token = asked.query.get("access_token", "")
        if not token:
            raise self.no(why.MISSING, "access_token")
        if not self.tokens.holder(token):
            raise self.no(why.EXPIRED_TOKEN if self.tokens.was_known(token) else why.WRONG_TOKEN)

    def write(self, content: Any, asked: Asked) -> Response:
        return self.respond(json.dumps({"errcode": 0, "errmsg": "ok", **content}, ensure_ascii=False).encode())

    def write_no(self, refused: Refused, asked: Asked) -> Response:
        return self.respond(orjson.dumps({"errcode": refused.code, "errmsg": refused.message}))

    # Tokens

    def _token(self, asked: Asked) -> Response:
        """A new token; the one before has five minutes left."""
        self._check_app(asked)
        self._grant = self.tokens.by_app()
        return self._granted()

    def _stable(self, asked: Asked) -> Response:
        """The same token until it is near its end."""
        self._check_app(asked)
        if asked.args.get("force_refresh") is True or self._grant.lives(self.now())[0] <= RENEWED_BEFORE_SECONDS:
            self._grant = self.tokens.by_app()
        return self._granted()

    def _check_app(self, asked: Asked) -> None:
        if asked.text("grant_type") != "client_credential":
            raise Refused(40002, "invalid grant_type")
        if asked.text("appid") != self.credentials["app_id"]:
            raise self.no(why.WRONG_KEY)
        if asked.text("secret") != self.credentials["app_secret"]:
            raise Refused(40125, "invalid appsecret")

    def _granted(self) -> Response:
        return self.respond(orjson.dumps({
            "access_token": self._grant.access, "expires_in": self._grant.lives(self.now())[0]}))  # fmt: skip

    # Orders

    def _list(self, asked: Asked) -> dict[str, Any]:
        by = "update_time_range" if asked.args.get("update_time_range") else "create_time_range"
        span = asked.args.get(by)
        if not isinstance(span, dict):
            raise self.no(why.MISSING, by)
        try:
            start, end = (from_seconds(span[name]) for name in ("start_time", "end_time"))
        except (KeyError, TypeError, ValueError) as error:
            raise self.no(why.WRONG_VALUE, by) from error
        if not 0 <= (end - start).total_seconds() <= WINDOW_SECONDS:
            raise self.no(why.WRONG_VALUE, by)
        field = "changed_at" if by == "update_time_range" else "placed_at"
        found = self.shown(self.book.between(start, end, field))
        if asked.text("status"):
            found = [order for order in found if str(_status(order)) == asked.text("status")]
        size = self.need_number(asked, "page_size", low=1, high=100)
        page = self.pages.by_cursor(found, asked.text("next_key"), size)
        return {"order_id_list": [order.id for order in page.rows], "next_key": page.next, "has_more": page.has_more}

    def _order(self, key: str) -> Order:
        if key not in self.book.orders:
            raise self.no(why.NOT_FOUND, key)
        return self.book.orders[key]

    def _get(self, asked: Asked) -> dict[str, Any]:
        return {"order": self.shape(self._order(self.need(asked, "order_id")[0]))}

    def shape(self, order: Order) -> dict[str, Any]:
        """The order as the platform knows it."""
        goods = sum(line.price * line.quantity for line in order.lines)
        off = goods + order.freight - order.total
        return {
            "order_id": order.id, "status": _status(order), "create_time": seconds(order.placed_at),
            "update_time": seconds(order.changed_at), "openid": f"o{hex_token(order.buyer, 12)}",
            "order_detail": {
                "product_infos": [_line(order, line) for line in order.lines],
                "pay_info": {"pay_time": seconds(order.paid_at)} if order.paid_at else {},
                "price_info": {"product_price": goods, "order_price": order.total, "freight": order.freight,
                               "discounted_price": off, "merchant_receieve_price": order.total,
                               "merchant_discounted_price": off, "finder_discounted_price": 0},
                "delivery_info": {
                    "address_info": self._address(order), "deliver_method": 0,
                    "ship_done_time": seconds(order.shipped_at) if _status(order) in (30, 100) else 0,
                    "delivery_product_info": [
                        {"waybill_id": parcel.waybill, "delivery_id": parcel.carrier,
                         "delivery_time": seconds(parcel.at), "deliver_type": 1, "product_infos": [
                             {"product_id": drawn_ids(order.lines[place].sku)[0],
                              "sku_id": drawn_ids(order.lines[place].sku)[1], "product_cnt": units}
                             for place, units in parcel.quantities.items()]}
                        for parcel in order.parcels]},
                "ext_info": {"customer_notes": order.note, "merchant_notes": order.seller_note, "order_scene": 2},
            },
            "aftersale_detail": {"on_aftersale_order_cnt": 0, "aftersale_order_list": []},
        }  # fmt: skip

    def _address(self, order: Order) -> dict[str, Any]:
        who = masked(order.receiver) if self.is_masked(order.id) else order.receiver
        phone = {"tel_number": "", "use_tel_number": 1, "tel_number_ext_info": {
            "real_tel_number": "", "virtual_tel_number": "18400000000-1234",
            "virtual_tel_expire_time": seconds(order.placed_at) + 2_592_000}} \
            if self.is_masked(order.id) else {"tel_number": who["phone"]}  # fmt: skip
        return {"user_name": who["name"], "postal_code": "", "province_name": who["province"],
                "city_name": who["city"], "county_name": who["district"], "detail_info": who["detail"],
                "hash_code": token_of(order.receiver), **phone}  # fmt: skip

    def _send(self, asked: Asked) -> dict[str, Any]:
        (key,) = self.need(asked, "order_id")
        parcels = asked.args.get("delivery_list")
        if not isinstance(parcels, list) or not parcels:
            raise self.no(why.WRONG_VALUE, "delivery_list")
        order = self._order(key)
        places = {drawn_ids(line.sku)[1]: line.place for line in order.lines}
        for parcel in parcels:
            if parcel.get("deliver_type") != 1 or parcel.get("delivery_id") not in COMPANIES:
                raise self.no(why.WRONG_VALUE, "delivery_id")
            units: dict[int, int] = {}
            for one in parcel.get("product_infos") or []:
                item = next((drawn_ids(line.sku)[0] for line in order.lines
                             if drawn_ids(line.sku) == (one.get("product_id"), one.get("sku_id"))), "")
                if not item or not isinstance(one.get("product_cnt"), int):
                    raise self.no(why.WRONG_VALUE, "product_infos")
                units[places[one["sku_id"]]] = one["product_cnt"]
            if not units or not parcel.get("waybill_id"):
                raise self.no(why.WRONG_VALUE, "product_infos")
            self.ship(key, units, str(parcel["delivery_id"]), str(parcel["waybill_id"]),
                      lambda words: Refused(10020067, f"order status not allowed {words}"))  # fmt: skip
        return {}

    # After the sale, stock

    def _claims(self, asked: Asked) -> dict[str, Any]:
        by = "update" if asked.text("begin_update_time") else "create"
        start, end = (self.instant(asked, f"{side}_{by}_time", from_seconds) for side in ("begin", "end"))
        found = self.book.claims_between(start, end, "changed_at" if by == "update" else "asked_at")
        page = self.pages.by_cursor(found, asked.text("next_key"), 50)
        return {"after_sale_order_id_list": [row.id for row in page.rows], "has_more": page.has_more,
                "next_key": page.next}  # fmt: skip

    def _claim(self, asked: Asked) -> dict[str, Any]:
        (key,) = self.need(asked, "after_sale_order_id")
        if key not in self.book.claims:
            raise self.no(why.NOT_FOUND, key)
        return {"after_sale_order": self.claim_shape(self.book.claims[key])}

    def claim_shape(self, claim: Claim) -> dict[str, Any]:
        """The application as the platform knows it."""
        item, variant = drawn_ids(self.book.orders[claim.order_id].lines[claim.place].sku)
        words = CLAIM_WORDS.get(claim.kind) or CLAIM_WORDS[""]
        return {
            "after_sale_order_id": claim.id, "order_id": claim.order_id, "status": words[claim.state],
            "type": {REFUND: "REFUND", "exchange": "EXCHANGE"}.get(claim.kind, "RETURN"), "openid": "oDemo",
            "product_info": {"product_id": item, "sku_id": variant, "count": claim.quantity},
            "refund_info": {"amount": claim.amount, "refund_reason": 0}, "reason": "NO_LONGER_WANT",
            "reason_text": claim.reason,
            "return_info": {"waybill_id": claim.waybill, "delivery_id": claim.carrier, "delivery_name": ""},
            "create_time": seconds(claim.asked_at), "update_time": seconds(claim.changed_at), "deadline": 172_800,
        }  # fmt: skip

    def _set_stock(self, asked: Asked) -> dict[str, Any]:
        item, variant = self.need(asked, "product_id", "sku_id")
        kind = self.one_of(asked, "diff_type", frozenset({"1", "2", "3"}))
        units = self.need_number(asked, "num") * (-1 if kind == "2" else 1)
        lines = [(self.shelf.at(item, variant), variant, units)]
        for words in self.put_stock(lines, is_change=kind != "3").values():
            raise Refused(10020010, words)
        return {}

    def _stock(self, asked: Asked) -> dict[str, Any]:
        item, variant = self.need(asked, "product_id", "sku_id")
        offer = self.shelf.at(item, variant)
        if offer is None:
            raise self.no(why.NOT_FOUND, variant)
        return {"data": {"normal_stock_num": self.stock.get(offer.name, 0), "limited_discount_stock_num": 0}}

    def _products(self, asked: Asked) -> dict[str, Any]:
        self.one_of(asked, "status", frozenset({"", "5"}))
        size = self.need_number(asked, "page_size", low=1, high=30)
        page = self.pages.by_cursor(self.shelf.items(), asked.text("next_key"), size)
        return {"product_ids": [one.item for one in page.rows], "next_key": page.next, "total_num": page.total}

    def _product(self, asked: Asked) -> dict[str, Any]:
        (item,) = self.need(asked, "product_id")
        self.one_of(asked, "data_type", frozenset("123"), "1")
        found = [one for one in self.shelf.all() if one.item == item]
        if not found:
            raise self.no(why.NOT_FOUND, item)
        return {"product": {"product_id": item, "title": found[0].sku, "status": 5, "skus": [
            {"sku_id": one.variant, "sku_code": one.sku, "out_sku_id": one.sku, "stock_num": self.units(one)}
            for one in found]}}  # fmt: skip

    # Pushes

    def news(self, external_id: str, topic: str) -> Push:
        """The order's push of now, sealed; `topic` "refund" tells its last application."""
        order = self.book.orders[external_id]
        told: dict[str, Any] = {"order_info": {"order_id": int(order.id)}}
        event = f"channels_ec_order_{EVENTS[_status(order)]}"
        if topic == "refund" and order.claims:
            claim = order.claims[-1]
            event, told = "channels_ec_aftersale_update", {"finder_shop_aftersale_status_update": {
                "after_sale_order_id": claim.id, "order_id": order.id}}
        message = {"ToUserName": "gh_demo", "FromUserName": "oDemo", "CreateTime": seconds(self.now()),
                   "MsgType": "event", "Event": topic if topic.startswith("channels_") else event, **told}  # fmt: skip
        sealed = seal(orjson.dumps(message), self.credentials["aes_key"], self.credentials["app_id"], os.urandom(16))
        timestamp, nonce, token = str(int(self.wall().timestamp())), os.urandom(4).hex(), self.credentials["push_token"]
        query = {"signature": url_signature(token, timestamp, nonce), "timestamp": timestamp, "nonce": nonce,
                 "encrypt_type": "aes", "msg_signature": url_signature(token, timestamp, nonce, sealed)}  # fmt: skip
        return Push(orjson.dumps({"ToUserName": "gh_demo", "Encrypt": sealed}), {"content-type": "application/json"},
                    query)  # fmt: skip

    def trial(self, echo: str) -> dict[str, str]:
        """The query by which WeChat tries the address; what comes back must be `echo`."""
        timestamp, nonce = str(int(self.wall().timestamp())), os.urandom(4).hex()
        return {"signature": url_signature(self.credentials["push_token"], timestamp, nonce), "timestamp": timestamp,
                "nonce": nonce, "echostr": echo}  # fmt: skip


def _status(order: Order) -> int:
    return GROUP_OPEN if order.is_forbidden and order.phase == PAID else STATUSES[order.phase]


def _line(order: Order, line: Line) -> dict[str, Any]:
    item, variant = drawn_ids(line.sku)
    claim = order.claim(line.place)
    is_open = claim is not None and claim.state in (ASKED, AGREED, SENT_BACK)
    return {
        "product_id": item, "sku_id": variant, "sku_code": line.sku, "out_product_id": line.sku,
        "out_sku_id": line.sku, "title": line.title, "sku_cnt": line.quantity, "sale_price": line.price,
        "on_aftersale_sku_cnt": line.quantity if is_open else 0,
        "finish_aftersale_sku_cnt": line.quantity if claim and claim.state == REFUNDED else 0,
        "market_price": line.price, "real_price": line.due, "sku_attrs": [], "delivery_deadline": 0,
        "sku_deliver_info": {"stock_type": 0},
    }  # fmt: skip


def _is_thanked(answer: httpx2.Response) -> bool:
    return answer.status_code == 200 and answer.text.strip() in ("success", "")


def prove(vector: Mapping[str, Any]) -> str:
    """The signature of one of the platform's vectors by this simulator's own code."""
    given = vector["given"]
    parts = [given["query"]["timestamp"], given["query"]["nonce"]]
    return url_signature(given["push_token"], *parts, *given.get("data", {}).values())
