"""Tell Taobao that a parcel is on its way: whole trades, or some of their sub-orders."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx2
import msgspec

from orderloom.adapters.carrier_words import carrier_words
from orderloom.adapters.channels.taobao.gateway import as_utf8, call
from orderloom.application.ports import Account, Answer, Outgoing, Terminal, Transient
from orderloom.domain.carriers import canonical

API = "taobao.logistics.offline.send"
READ_API = "taobao.trade.fullinfo.get"
WORDS = carrier_words(Path(__file__).parent)


class _Shipping(msgspec.Struct, frozen=True):
    is_success: bool = False


class _Sent(msgspec.Struct, frozen=True):
    shipping: _Shipping


class _SentEnvelope(msgspec.Struct, frozen=True):
    logistics_offline_send_response: _Sent


async def send(outgoing: Outgoing, account: Account, http: httpx2.AsyncClient) -> Answer:
    """Report the shipment `outgoing`; the trade turns shipped at once.

    The platform has no idempotency key: when it refuses, the trade is read, and if it carries this waybill already an
    attempt before had arrived (the count of attempts says nothing: who sends again by hand begins anew). Raises
    Transient or Terminal.
    """
    parameters = _parameters(outgoing.body)
    try:
        reply = await call(API, parameters, account, http)
    except Terminal:
        if await _carries(parameters, account, http):
            return Answer(b"", {"state": "already_shipped"})
        raise
    try:
        answer = as_utf8(reply.body)
        sent = msgspec.json.decode(answer, type=_SentEnvelope, strict=False).logistics_offline_send_response
    except msgspec.DecodeError as error:
        raise Transient("unreadable_answer", f"{API}: {error}", answer=reply.body) from error
    if not sent.shipping.is_success:
        raise Terminal("not_shipped", f"{API}: is_success is false", answer=reply.body)
    return Answer(reply.body, {"state": "shipped"})


def _parameters(body: dict[str, Any]) -> dict[str, str]:
    carrier = str(body["carrier"])
    code = WORDS.of(canonical(carrier) or carrier)
    parameters = {"tid": str(body["external_id"]), "out_sid": str(body["waybill"]), "company_code": code}
    if body.get("is_partial"):
        parameters["sub_tid"] = ",".join(str(line["external_line_id"]) for line in body["lines"])
        parameters["is_split"] = "1"
    return parameters


class _Order(msgspec.Struct, frozen=True):
    oid_str: str = ""
    oid: int = 0
    invoice_no: str = ""


class _Orders(msgspec.Struct, frozen=True):
    order: list[_Order] = []


class _Trade(msgspec.Struct, frozen=True):
    orders: _Orders = _Orders()


class _Read(msgspec.Struct, frozen=True):
    trade: _Trade


class _ReadEnvelope(msgspec.Struct, frozen=True):
    trade_fullinfo_get_response: _Read


async def _carries(
    parameters: dict[str, str], account: Account, http: httpx2.AsyncClient
) -> bool:
    """Say whether the trade's lines (the named ones, or any) already carry the waybill."""
    question = {"tid": parameters["tid"], "fields": "tid,orders"}
    try:
        reply = await call(READ_API, question, account, http)
        orders = msgspec.json.decode(
            as_utf8(reply.body), type=_ReadEnvelope, strict=False
        ).trade_fullinfo_get_response.trade.orders.order
    except (msgspec.DecodeError, Terminal):
        return False
    wanted = set(filter(None, parameters.get("sub_tid", "").split(",")))
    asked = [order for order in orders if not wanted or (order.oid_str or str(order.oid)) in wanted]
    return any(order.invoice_no == parameters["out_sid"] for order in asked)
