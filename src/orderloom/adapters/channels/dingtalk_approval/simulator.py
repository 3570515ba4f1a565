"""DingTalk's approvals on loopback: a token of the app's own, ids of a template's approvals, the form that a company
filled in, comments, and event pushes that are sealed and signed here with code of its own.

A buyer who orders is somebody who fills the form in; who pays is the last one who agrees.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
from collections.abc import Mapping
from typing import Any

import httpx2
import orjson
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from starlette.responses import Response

from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked, Call
from orderloom.adapters.simulated.book import CANCELLED, UNPAID, Line, Order
from orderloom.adapters.simulated.clock import Now, from_seconds, iso, millis
from orderloom.adapters.simulated.draw import hex_token, long_number, yuan
from orderloom.adapters.simulated.pushes import Push, Pushes
from orderloom.adapters.simulated.refused import No, Refused
from orderloom.adapters.simulated.shop import ShopSimulator
from orderloom.adapters.simulated.tokens import Tokens

BLOCK, TEXT_MAX, SIZE_MAX = 32, 1_024, 20
SPAN_SECONDS, PAST_SECONDS = 120 * 86_400, 365 * 86_400
MILLIS_MAX = 10**14
STATUSES = frozenset({"NEW", "RUNNING", "COMPLETED", "TERMINATED", "CANCELED"})
PUSH_TOPIC = "finish"
CREDENTIALS = {"aes_key": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"}
"""Made up; a key of this kind is 43 characters long."""
SETTINGS = {"process_code": "PROC-5CB63684-096E-40DD-B326-CF60691C507A"}
TOLD = re.compile(r"(?:已|部分)发货 / (?:S|Part s)hipped: (\S+) (\S+)((?:\n.+ × \d+)*)")
CHANGES = {"created": ("START_PROCESS_INSTANCE", "NONE"), "paid": ("EXECUTE_TASK_NORMAL", "AGREE"),
           "cancelled": ("TERMINATE_PROCESS_INSTANCE", "REFUSE")}  # fmt: skip


def external_id(n: int) -> str:
    """The n-th valid id of an approval."""
    made = hex_token(f"approval{n}")
    return f"{made[:8]}-{made[8:12]}-4{made[13:16]}-8{made[17:20]}-{made[20:32]}"


def url_signature(token: str, *parts: str) -> str:
    """What an event is signed with: the sorted texts in one, by SHA-1."""
    return hashlib.sha1("".join(sorted((token, *parts))).encode(), usedforsecurity=False).hexdigest()


def seal(plain: bytes, aes_key: str, owner: str, random16: bytes) -> str:
    """The envelope: random, length, message and owner in AES-256-CBC, padded to blocks of 32."""
    key = base64.b64decode(aes_key + "=")
    inner = random16 + len(plain).to_bytes(4, "big") + plain + owner.encode()
    missing = BLOCK - len(inner) % BLOCK
    cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(cipher.update(inner + bytes([missing]) * missing) + cipher.finalize()).decode()


def unseal(sealed: str, aes_key: str) -> tuple[bytes, str]:
    """The message of an envelope, and whose it is."""
    key = base64.b64decode(aes_key + "=")
    cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
    inner = cipher.update(base64.b64decode(sealed)) + cipher.finalize()
    inner = inner[16:-inner[-1]]
    length = int.from_bytes(inner[:4], "big")
    return inner[4:4 + length], inner[4 + length:].decode()


class Simulator(ShopSimulator):
    """One company, and one template of its approvals. `comments`: what was said below each approval."""

    NOES = {
        why.RATE_LIMITED: No("Forbidden.AccessDenied.QpsLimitForApi", "请求被流控", status=403),
        why.BUSY: No("ServiceUnavailable", "系统繁忙", status=503),
        why.EXPIRED_TOKEN: No("InvalidAuthentication", "不合法的access_token", status=400),
        why.WRONG_TOKEN: No("InvalidAuthentication", "不合法的access_token", status=400),
        why.WRONG_KEY: No("invalidClientIdOrSecret", "无效的clientId或者clientSecret", status=400),
        why.UNKNOWN_CALL: No("InvalidAction.NotFound", "Specified api is not found: {}", status=404),
        why.UNKNOWN_PARAMETER: No("invalidParameter", "不支持的参数{}", status=400),
        why.MISSING: No("MissingParameter", "缺少参数{}", status=400),
        why.WRONG_VALUE: No("InvalidParameter", "{}不合法", status=400),
        why.NOT_FOUND: No("processInstance.notFound", "审批实例不存在: {}", status=400),
    }  # fmt: skip

    def __init__(self, credentials: dict[str, str], now: Now, settings: dict[str, Any]) -> None:
        super().__init__(credentials, now, settings)
        self.tokens: Tokens = Tokens(now, float(settings.get("access_seconds") or 7_200))
        self._grant = self.tokens.know(credentials.get("access_token", ""))
        self.comments: dict[str, list[dict[str, Any]]] = {}
        self.pushes = Pushes(self.news, self._is_thanked)

    def declare(self) -> dict[str, Call]:
        """Four calls of the API of approvals, and the one that gives tokens."""
        flow = "/v1.0/workflow"
        return {
            "accessToken": Call(self._token, "appKey appSecret", at="POST /v1.0/oauth2/accessToken", is_open=True),
            "instanceIds": Call(self._ids, "processCode startTime endTime nextToken maxResults userIds statuses",
                                at=f"POST {flow}/processes/instanceIds/query"),
            "instance": Call(self._instance, "processInstanceId", at=f"GET {flow}/processInstances"),
            "comment": Call(self._comment, "processInstanceId text commentUserId", is_write=True,
                            at=f"POST {flow}/processInstances/comments"),
        }  # fmt: skip

    def line_id(self, order_id: str, place: int) -> str:
        """The number of a row of the table."""
        return f"TableDataField_{hex_token(f'{order_id}/{place}', 12).upper()}"

    def status(self, external_id: str) -> str:
        """Status and result of an approval."""
        order = self.book.orders[external_id]
        return "/".join(word for word in (_status(order), _result(order)) if word)

    def verify(self, asked: Asked) -> None:
        """A token that lives; nothing is signed."""
        token = asked.headers.get("x-acs-dingtalk-access-token", "")
        if not self.tokens.holder(token):
            raise self.no(why.EXPIRED_TOKEN if self.tokens.was_known(token) else why.WRONG_TOKEN)

    def write(self, content: Any, asked: Asked) -> Response:
        """A good answer."""
        return self.respond(json.dumps(content, ensure_ascii=False).encode())

    def write_no(self, refused: Refused, asked: Asked) -> Response:
        """A refusal, which has an HTTP status of its own."""
        said = {"code": refused.code, "requestid": "8D7C7F4A-0000", "message": refused.message}
        return self.respond(orjson.dumps(said), refused.status, refused.headers)

    def _token(self, asked: Asked) -> dict[str, Any]:
        """The same token until it is near its end."""
        key, secret = self.need(asked, "appKey", "appSecret")
        if (key, secret) != (self.credentials["app_key"], self.credentials["app_secret"]):
            raise self.no(why.WRONG_KEY)
        if self._grant.lives(self.now())[0] <= 0:
            self._grant = self.tokens.by_app()
        return {"accessToken": self._grant.access, "expireIn": self._grant.lives(self.now())[0]}

    # Approvals

    def _ids(self, asked: Asked) -> dict[str, Any]:
        code, _ = self.need(asked, "processCode", "startTime")
        if code != self.settings["process_code"]:
            raise Refused("processCode.invalid", "审批模板不存在", status=400)
        start = from_seconds(self.need_number(asked, "startTime", high=MILLIS_MAX) / 1_000)
        end = from_seconds(self.need_number(asked, "endTime", millis(self.now()) + 1_000, high=MILLIS_MAX) / 1_000)
        span, age = (end - start).total_seconds(), (self.now() - start).total_seconds()
        if not 0 <= span <= SPAN_SECONDS or age > PAST_SECONDS:
            raise self.no(why.WRONG_VALUE, "startTime")
        wanted = asked.args.get("statuses") or sorted(STATUSES)
        if not isinstance(wanted, list) or not STATUSES.issuperset(wanted):
            raise self.no(why.WRONG_VALUE, "statuses")
        users = asked.args.get("userIds")
        found = [order for order in self.shown(self.book.between(start, end, "placed_at"))
                 if _status(order) in wanted and (users is None or f"user-{order.buyer}" in users)]
        size, offset = self.need_number(asked, "maxResults", low=1, high=SIZE_MAX), self.need_number(asked, "nextToken")
        page = self.pages.by_offset(found, offset, size)
        more = {"nextToken": str(offset + size)} if page.has_more else {}
        return {"result": {"list": [order.id for order in page.rows], **more}, "success": True}

    def _instance(self, asked: Asked) -> dict[str, Any]:
        (key,) = self.need(asked, "processInstanceId")
        if key not in self.book.orders:
            raise self.no(why.NOT_FOUND, key)
        return {"result": self.shape(self.book.orders[key]), "success": True}

    def shape(self, order: Order) -> dict[str, Any]:
        """An approval as the platform tells it; its own id is not in it."""
        over = _status(order) != "RUNNING"
        return {
            "title": f"{order.buyer}提交的加急发货", "createTime": iso(order.placed_at), "bizAction": "NONE",
            **({"finishTime": iso(order.cancelled_at or order.paid_at or order.changed_at)} if over else {}),
            "originatorUserId": f"user-{order.buyer}", "originatorDeptId": "1", "originatorDeptName": "销售部",
            "status": _status(order), **({"result": _result(order)} if _result(order) else {}),
            "businessId": str(long_number(order.id, 21)), "approverUserIds": ["manager164"],
            "formComponentValues": self._form(order), "operationRecords": self._records(order), "tasks": [],
        }  # fmt: skip

    def _form(self, order: Order) -> list[dict[str, Any]]:
        """The form as this company made it."""
        who = order.receiver
        rows = [{"rowNumber": self.line_id(order.id, line.place), "rowValue": _row(line)} for line in order.lines]
        fields = [
            ("TextField", "收货人", who["name"]), ("PhoneField", "联系电话", who["phone"]),
            ("TextareaField", "收货地址", "".join(who.get(part) or "" for part in
                                               ("province", "city", "district", "detail"))),
            ("TableField", "商品明细", json.dumps(rows, ensure_ascii=False)),
            ("MoneyField", "运费", yuan(order.freight)), ("MoneyField", "整单优惠", yuan(order.discount)),
            ("MoneyField", "合计金额", yuan(order.total)),
            ("DDSelectField", "紧急程度", str(order.purchase.get("urgency") or "特急")),
            ("TextareaField", "备注", order.note),
        ]  # fmt: skip
        return [{"id": f"{kind}_{hex_token(name, 8)}", "name": name, "componentType": kind, "value": value}
                for kind, name, value in fields]  # fmt: skip

    def _records(self, order: Order) -> list[dict[str, Any]]:
        known = [
            {"userId": "manager164", "date": iso(change.at), "type": kind, "result": result, "remark": ""}
            for change in self.book.changes if change.order_id == order.id
            for kind, result in [CHANGES.get(change.what, ("", ""))] if kind
        ]
        return sorted([*known, *self.comments.get(order.id, [])], key=lambda one: str(one["date"]))

    def _comment(self, asked: Asked) -> dict[str, Any]:
        """Somebody says something below an approval; what reads like news of a parcel is one."""
        key, text, user = self.need(asked, "processInstanceId", "text", "commentUserId")
        if key not in self.book.orders:
            raise self.no(why.NOT_FOUND, key)
        if len(text) > TEXT_MAX:
            raise self.no(why.WRONG_VALUE, "text")
        if words := self.check_refusal(key):
            raise Refused("comment.notAllowed", words, status=400)
        if told := TOLD.fullmatch(text):
            self._parcel(key, told[1], told[2], told[3])
        said = {"userId": user, "date": iso(self.now()), "type": "ADD_REMARK", "result": "NONE", "remark": text}
        self.comments.setdefault(key, []).append(said)
        return {"result": True, "success": True}

    def _parcel(self, key: str, carrier: str, waybill: str, rows: str) -> None:
        places = {self.line_id(key, line.place): line.place for line in self.book.orders[key].lines}
        units = dict(row.split(" × ") for row in rows.splitlines() if row)
        if unknown := sorted(units.keys() - places.keys()):
            raise Refused("comment.notAllowed", f"no row {unknown}", status=400)
        self.ship(key, {places[row]: int(count) for row, count in units.items()}, carrier, waybill,
                  lambda words: Refused("comment.notAllowed", words, status=400))  # fmt: skip

    # Events

    def news(self, external_id: str, topic: str) -> Push:
        """The event of an approval as of now, sealed; `topic` says which: start, finish, terminate."""
        order = self.book.orders[external_id]
        kind = {UNPAID: "start", CANCELLED: "terminate"}.get(order.phase, "finish")
        told = {
            "EventType": "bpms_instance_change", "eventId": hex_token(f"{order.id}{order.revision}"),
            "processInstanceId": order.id, "corpId": "dingdemo", "businessId": str(long_number(order.id, 21)),
            "title": "加急发货", "type": kind, "createTime": millis(order.placed_at), "staffId": "manager164",
            "processCode": self.settings["process_code"], "bizCategoryId": "",
            **({"result": "agree", "finishTime": millis(order.changed_at)} if kind == "finish" else {}),
        }  # fmt: skip
        return self._event(told)

    def trial(self) -> Push:
        """What the platform sends when an address is registered."""
        return self._event({"EventType": "check_url"})

    def _event(self, told: Mapping[str, Any]) -> Push:
        own = self.credentials
        sealed = seal(orjson.dumps(told), own["aes_key"], own["app_key"], os.urandom(16))
        timestamp, nonce = str(millis(self.wall())), os.urandom(4).hex()
        signed = url_signature(own["push_token"], timestamp, nonce, sealed)
        query = {"signature": signed, "msg_signature": signed, "timestamp": timestamp, "nonce": nonce}
        return Push(orjson.dumps({"encrypt": sealed}), {"content-type": "application/json"}, query)

    def _is_thanked(self, answer: httpx2.Response) -> bool:
        """Only a sealed and signed "success" is."""
        try:
            said = answer.json()
            signed = url_signature(self.credentials["push_token"], said["timeStamp"], said["nonce"], said["encrypt"])
            plain, owner = unseal(said["encrypt"], self.credentials["aes_key"])
        except (ValueError, KeyError, TypeError):
            return False
        return signed == said["msg_signature"] and (plain, owner) == (b"success", self.credentials["app_key"])


def _status(order: Order) -> str:
    if order.phase == CANCELLED:
        return "TERMINATED"
    return "RUNNING" if order.phase == UNPAID else "COMPLETED"


def _result(order: Order) -> str:
    return "agree" if _status(order) == "COMPLETED" else ""


def _row(line: Line) -> list[dict[str, str]]:
    fields = [("TextField", "商品编码", line.sku), ("TextField", "商品名称", line.title),
              ("NumberField", "数量", str(line.quantity)), ("MoneyField", "单价", yuan(line.price)),
              ("MoneyField", "行优惠", yuan(line.discount))]  # fmt: skip
    return [{"componentType": kind, "label": label, "key": f"{kind}_{hex_token(label, 8)}", "value": value}
            for kind, label, value in fields]  # fmt: skip


def prove(vector: Mapping[str, Any]) -> str:
    """The signature of one of the platform's vectors by this simulator's own code."""
    given = vector["given"]
    return url_signature(given["push_token"], given["query"]["timestamp"], given["query"]["nonce"],
                         given["data"]["encrypt"])
