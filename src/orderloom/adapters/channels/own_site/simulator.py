"""A small shop's own site on loopback: tells its orders by signed webhooks, and hears of parcels and stock by them.

It has no list to be read. It has its own check and making of signatures and shares no code with the client.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import orjson

from orderloom.adapters.simulated import book as at_book
from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked, Call
from orderloom.adapters.simulated.book import CANCELLED, Order
from orderloom.adapters.simulated.clock import from_seconds, iso, seconds
from orderloom.adapters.simulated.draw import amount
from orderloom.adapters.simulated.platform import same
from orderloom.adapters.simulated.pushes import Push
from orderloom.adapters.simulated.refused import No, Refused
from orderloom.adapters.simulated.shop import ShopSimulator

TOLERANCE = timedelta(minutes=5)
PUSH_TOPIC = "order.created"
CREDENTIALS = {"webhook_secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "webhook_secret_previous": ""}
"""The public example of the specification."""
NOES = {
    why.RATE_LIMITED: No("too_many", "too many requests", status=429), why.BUSY: No("busy", "try again", status=503),
    why.EXPIRED_TOKEN: No("not_proven", "signature expected", status=401),
    why.WRONG_SIGN: No("not_proven", "signature does not fit", status=401),
    why.WRONG_TIME: No("not_proven", "timestamp is stale", status=401),
    why.UNKNOWN_CALL: No("not_found", "nothing here", status=404), why.MISSING: No("missing", "{}", status=400),
    why.WRONG_VALUE: No("wrong", "{}", status=400), why.UNKNOWN_PARAMETER: No("unknown", "{}", status=400),
    why.NOT_FOUND: No("not_found", "{}", status=404),
}  # fmt: skip
CLAIMS = {at_book.ASKED: "asked", at_book.AGREED: "agreed", at_book.SENT_BACK: "returning",
          at_book.REFUSED: "refused", at_book.REFUNDED: "refunded", at_book.WITHDRAWN: "withdrawn"}  # fmt: skip
AFTER = {"refund": at_book.AGREED, "return": at_book.AGREED, "exchange": at_book.AGREED, "cancel": at_book.REFUNDED,
         "receipt": at_book.REFUNDED, "decline": at_book.REFUSED, "decline_receipt": at_book.REFUSED}  # fmt: skip
DECISION = {"application", "order", "decision", "answer", "amount", "currency", "reason"}
NOES_SAID = ("decline", "decline_receipt")
KINDS = {at_book.REFUND: "refund_only", at_book.RETURN: "return_refund", at_book.EXCHANGE: "exchange"}


def external_id(n: int) -> str:
    """The n-th valid order id."""
    return f"W-{1_000 + n}"


def expected_sign(secret: str, message_id: str, stamp: str, body: bytes) -> str:
    """The symmetric signature of Standard Webhooks."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, f"{message_id}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


class Simulator(ShopSimulator):
    """One site."""

    UNFIT_TROUBLE = ("broken_body", "half_body")
    NOES = NOES
    promises: list[dict[str, Any]]
    """What it was told to tell its buyers."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.promises = []

    def declare(self) -> dict[str, Call]:
        return {"hook": Call(self._hook, "type timestamp data", at="POST /hooks/orderloom", is_write=True)}

    def verify(self, asked: Asked) -> None:
        """Id, time and signature of Standard Webhooks."""
        message, stamp = asked.headers.get("webhook-id", ""), asked.headers.get("webhook-timestamp", "")
        if not message or not stamp.isdecimal():
            raise self.no(why.WRONG_SIGN)
        if abs(from_seconds(stamp) - self.wall()) > TOLERANCE:
            raise self.no(why.WRONG_TIME)
        wanted = expected_sign(self.credentials["webhook_secret"], message, stamp, asked.body)
        if not any(same(one, wanted) for one in asked.headers.get("webhook-signature", "").split()):
            raise self.no(why.WRONG_SIGN)

    def _hook(self, asked: Asked) -> dict[str, Any]:
        (kind,) = self.need(asked, "type")
        data = asked.args["data"]
        takes = {"shipment.sent": self._sent, "stock.changed": self._changed, "decision.made": self._decided,
                 "promise.moved": self._promised}
        if kind not in takes:
            raise self.no(why.WRONG_VALUE, f"type {kind}")
        self.once(asked.headers["webhook-id"], lambda: takes[kind](data))
        return {"taken": True}

    def _sent(self, data: dict[str, Any]) -> bool:
        order = self.book.orders.get(str(data["order"]))
        if order is None:
            raise self.no(why.NOT_FOUND, str(data["order"]))
        if any(parcel.waybill == data["waybill"] for parcel in order.parcels):
            return True
        places = {self.line_id(order.id, line.place): line.place for line in order.lines}
        units = {places[one["id"]]: int(one["quantity"]) for one in data["lines"] if one["id"] in places}
        self.ship(order.id, units or None, data["carrier"], data["waybill"],
                  lambda words: Refused("wrong", words, status=400))
        return True

    def _changed(self, data: dict[str, Any]) -> bool:
        lines = [(next(iter(self.shelf.offers(one["sku"])), None), one["sku"], int(one["quantity"]))
                 for one in data["figures"]]  # fmt: skip
        for called, words in self.put_stock(lines).items():
            raise Refused("wrong", f"{called}: {words}", status=400)
        return True

    def _promised(self, data: dict[str, Any]) -> bool:
        """The site tells its buyer; the last word on an order counts."""
        if data.keys() != {"order", "was", "promised_at", "reason"} or data["was"] >= data["promised_at"]:
            raise self.no(why.WRONG_VALUE, "data")
        if str(data["order"]) not in self.book.orders:
            raise self.no(why.NOT_FOUND, str(data["order"]))
        self.promises.append(data)
        return True

    def _decided(self, data: dict[str, Any]) -> bool:
        if data.keys() - DECISION or data["decision"] != ("declined" if data["answer"] in NOES_SAID else "granted"):
            raise self.no(why.WRONG_VALUE, "data")
        claim, told = self.book.claims.get(str(data["application"])), data.get("amount")
        if claim is None or claim.order_id != str(data["order"]):
            raise self.no(why.NOT_FOUND, str(data["application"]))
        currency = self.book.orders[claim.order_id].currency
        cents = None if told is None else round(float(told) * 10 ** len(amount(1, currency).partition(".")[2]))
        self.decide(claim.id, data["answer"], AFTER[data["answer"]], lambda words: Refused("wrong", words, status=400),
                    cents)
        return True

    def news(self, external_id: str, topic: str) -> Push:
        """The order (or its last application, by `after_sale.updated`) as of now."""
        order, kind = self.book.orders[external_id], topic or "order.updated"
        data = self._claim(order) if kind.startswith("after_sale") else self._order(order)
        body = orjson.dumps({"type": kind, "timestamp": iso(self.now()), "data": data})
        message, stamp = f"msg_{external_id}_{order.revision}_{kind}", str(seconds(self.wall()))
        signed = expected_sign(self.credentials["webhook_secret"], message, stamp, body)
        return Push(body, {"content-type": "application/json", "webhook-id": message, "webhook-timestamp": stamp,
                           "webhook-signature": signed})  # fmt: skip

    def _order(self, order: Order) -> dict[str, Any]:
        who = order.receiver
        payment = "refunded" if order.cancelled_at and order.paid_at else "paid" if order.paid_at else "unpaid"
        lines = [{"id": self.line_id(order.id, line.place), "sku": line.sku, "title": line.title,
                  "quantity": line.quantity, "price": amount(line.price, order.currency),
                  "discount": amount(line.discount, order.currency), "shipped": line.shipped}
                 for line in order.lines]  # fmt: skip
        parts = ("name", "phone", "country", "province", "city", "district", "postcode")
        return {
            "id": order.id, "status": "cancelled" if order.phase == CANCELLED else "open", "payment": payment,
            "placed_at": iso(order.placed_at), "updated_at": iso(order.changed_at), "currency": order.currency,
            **({"paid_at": iso(order.paid_at)} if order.paid_at else {}), "total": amount(order.total, order.currency),
            "shipping": amount(order.freight, order.currency), "discount": amount(order.discount, order.currency),
            "tax": amount(order.tax, order.currency), "lines": lines,
            "receiver": {**{name: who[name] for name in parts}, "address": who["detail"]},
            "buyer": order.buyer, "note": order.note, **({"hold": "on_hold"} if order.is_forbidden else {}),
            "shipments": [{"waybill": one.waybill, "carrier": one.carrier, "at": iso(one.at)}
                          for one in order.parcels],
        }  # fmt: skip

    def _claim(self, order: Order) -> dict[str, Any]:
        claim = order.claims[-1]
        return {
            "id": claim.id, "order": order.id, "kind": KINDS[claim.kind], "state": CLAIMS[claim.state],
            "updated_at": iso(claim.changed_at), "asked_at": iso(claim.asked_at), "currency": order.currency,
            "amount": amount(claim.amount, order.currency), "reason": claim.reason, "waybill": claim.waybill,
            "lines": [{"id": self.line_id(order.id, claim.place), "quantity": claim.quantity}],
        }  # fmt: skip


def prove(vector: Mapping[str, Any]) -> str:
    """The signature of one of the platform's vectors by this simulator's own code."""
    given = vector["given"]
    message_id = given.get("header.webhook-id") or given["delivery.id"]
    stamp = str(given.get("header.webhook-timestamp") or given["now"])
    return expected_sign(given["webhook_secret"], message_id, stamp, given["raw_body"].encode())
