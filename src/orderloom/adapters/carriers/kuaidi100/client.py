"""The hub's side of Kuaidi100: subscribes parcels, takes in the signed pushes, asks for a parcel that is silent."""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

import httpx2
import msgspec

from orderloom.adapters.carriers.kuaidi100 import signing
from orderloom.application.ports import (
    Account,
    Answer,
    Cursor,
    Inbound,
    Item,
    Outgoing,
    Page,
    Probed,
    Terminal,
    Transient,
    Verdict,
)
from orderloom.domain import carriers

THANKS = '{"result":true,"returnCode":"200","message":"成功"}'.encode()
NO_THANKS = '{"result":false,"returnCode":"500","message":"验签失败"}'.encode()
TIMEOUT_SECONDS = 20.0
WITH_CODES_AND_AREAS = "4"
"""`resultv2`: scans come with the advanced status code that the dictionary reads."""

ACCEPTED, ALREADY_WATCHED, NO_NEWS, BAD_SIGNATURE = "200", "501", "500", "503"
WATCH_PASSING = frozenset({"500", "502"})
QUERY_PASSING = frozenset({"501", "502"})
PARAM_LENGTH_MAX = 1_000_000
NO_PAGES: tuple[Page, ...] = ()


class _Reply(msgspec.Struct, rename="camel"):
    result: bool | None = None
    return_code: str = ""
    message: str = ""
    status: str = ""


class _Push(msgspec.Struct):
    status: str = ""


class Kuaidi100:
    """The connector (see `ports.Connector`), and `query` beside it for the parcels that fell silent."""

    name = "kuaidi100"

    def receive(self, request: Inbound, account: Account, at: datetime) -> Verdict:
        """One push is one item, its body the request's: topic `push`, or `push.abort` when watching was given up."""
        param, sign = _form(request.body)
        salt = account.credentials.get("salt", "")
        fault = _fault(request, param, sign, salt)
        topic = "push.abort" if not fault and _is_abort(param) else "push"
        if fault:
            return Verdict((Item(topic, request.body),), quarantine=fault, status=401, reply=NO_THANKS)
        return Verdict((Item(topic, request.body),), reply=THANKS)

    async def pull(
        self, account: Account, cursor: Cursor, at: datetime, http: httpx2.AsyncClient
    ) -> AsyncIterator[Page]:
        """Nothing: the platform has no list to read, news come by push and by `query`."""
        for page in NO_PAGES:
            yield page

    async def send(self, outgoing: Outgoing, account: Account, http: httpx2.AsyncClient) -> Answer:
        """`watch`: subscribe one waybill. Being subscribed already is a yes."""
        if outgoing.kind != "watch":
            raise Terminal("unknown_kind", f"kuaidi100 takes watch, not {outgoing.kind}")
        form = {"schema": "json", "param": _subscription(outgoing.body, account)}
        raw = await _post(account, http, "/poll", form)
        reply = _read(raw)
        if reply.return_code not in (ACCEPTED, ALREADY_WATCHED):
            _refuse(reply, raw, WATCH_PASSING)
        state = "watched" if reply.return_code == ACCEPTED else "already_watched"
        return Answer(raw, {"waybill": str(outgoing.body["waybill"]), "state": state})

    async def query(
        self, carrier: str, waybill: str, phone_last4: str, account: Account, http: httpx2.AsyncClient
    ) -> Item:
        """Ask for one parcel's history (topic `query`); "no result yet" is an item too, which says nothing.

        Not more often than every 30 minutes for one waybill: the platform locks it. Raises `Transient` or `Terminal`.
        """
        asked = {"com": _company(carrier), "num": waybill, "resultv2": WITH_CODES_AND_AREAS, "order": "desc"}
        param = _json(asked | ({"phone": phone_last4} if phone_last4 else {}))
        key, customer = account.credentials["key"], account.credentials["customer"]
        form = {"customer": customer, "sign": signing.query_sign(param, key, customer), "param": param}
        raw = await _post(account, http, "/poll/query.do", form)
        reply = _read(raw)
        if reply.result is False and reply.return_code != NO_NEWS:
            _refuse(reply, raw, QUERY_PASSING)
        return Item("query", raw)

    async def probe(self, account: Account, http: httpx2.AsyncClient) -> Probed:
        """Ask for a waybill that does not exist: a signature that is right is answered with "no result"."""
        if not account.credentials.get("salt"):
            return Probed(False, "请设置推送签名 salt，否则推送无法验签 / set the salt, or pushes cannot be verified")
        try:
            await self.query("yuantong", "YT0000000000000", "", account, http)
        except (Transient, Terminal) as refusal:
            return Probed(False, f"连接失败 / failed: {refusal}")
        return Probed(True, "正常 / well")


def _form(body: bytes) -> tuple[str, str]:
    """(param, sign) of a form body; empty texts where they are missing or the bytes are no form."""
    try:
        fields = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=20, errors="strict")
    except ValueError:
        return "", ""
    return fields.get("param", [""])[0], fields.get("sign", [""])[0]


def _fault(request: Inbound, param: str, sign: str, salt: str) -> str:
    """Why a push is not to be believed; "" when it is genuine."""
    if request.method != "POST" or not param or len(param) > PARAM_LENGTH_MAX:
        return "not a push: no param in a form body"
    if not salt:
        return "no salt is configured: anyone could have sent this"
    if not hmac.compare_digest(signing.push_sign(param, salt).encode(), sign.encode()):
        return "bad signature"
    return ""


def _is_abort(param: str) -> bool:
    """Whether the platform says that it stopped watching; a param that cannot be read is left to translation."""
    try:
        return msgspec.json.decode(param, type=_Push).status == "abort"
    except (msgspec.DecodeError, UnicodeError):
        return False


def _company(carrier: str) -> str:
    """The platform's word for a carrier: ours is its own; an unknown one goes as it is."""
    return carriers.canonical(carrier) or carrier.lower()


def _subscription(body: dict[str, Any], account: Account) -> str:
    parameters = {
        "callbackurl": account.settings["callback_url"],
        "salt": account.credentials["salt"],
        "resultv2": WITH_CODES_AND_AREAS,
    }
    if body.get("phone_last4"):
        parameters["phone"] = body["phone_last4"]
    if not body.get("carrier"):
        parameters["autoCom"] = "1"
    return _json(
        {
            "company": _company(body.get("carrier") or ""),
            "number": body["waybill"],
            "key": account.credentials["key"],
            "parameters": parameters,
        }
    )


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


async def _post(account: Account, http: httpx2.AsyncClient, path: str, form: dict[str, str]) -> bytes:
    """POST a form; raises `Transient` for a lost connection, 429 and 5xx, `Terminal` for other HTTP statuses."""
    try:
        response = await http.post(account.base_url.rstrip("/") + path, data=form, timeout=TIMEOUT_SECONDS)
    except httpx2.TransportError as error:
        raise Transient("unreachable", f"{type(error).__name__}: {error}") from error
    if response.status_code == 429 or response.status_code >= 500:
        code = f"http_{response.status_code}"
        pause = 60.0 if response.status_code == 429 else 0.0
        raise Transient(code, "the platform is unwell", retry_after=pause, answer=response.content)
    if response.status_code != 200:
        raise Terminal(f"http_{response.status_code}", "not the platform's address?", answer=response.content)
    return response.content


def _read(raw: bytes) -> _Reply:
    try:
        return msgspec.json.decode(raw, type=_Reply, strict=False)
    except (msgspec.DecodeError, UnicodeError) as error:
        words = f"answered 200 with a body that cannot be read: {error}"
        raise Transient("unreadable_answer", words, answer=raw) from error


def _refuse(reply: _Reply, raw: bytes, passing: frozenset[str]) -> None:
    """Raise for a reply that is no yes."""
    if reply.return_code in passing:
        raise Transient(f"code_{reply.return_code}", reply.message, retry_after=60.0, answer=raw)
    code = "bad_signature" if reply.return_code == BAD_SIGNATURE else f"code_{reply.return_code}"
    raise Terminal(code, reply.message or "refused without a reason", answer=raw)


CONNECTOR = Kuaidi100()
