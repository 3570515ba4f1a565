"""A rehearsed Kingdee K3 Cloud: signed logins, bill queries by filter, saved sales orders that a floor ships."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, ClassVar

from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked, Call
from orderloom.adapters.simulated.clock import CHINA, from_seconds, local, read_local
from orderloom.adapters.simulated.floor import Job
from orderloom.adapters.simulated.platform import same
from orderloom.adapters.simulated.refused import No, Refused
from orderloom.adapters.simulated.tokens import Tokens
from orderloom.adapters.simulated.warehouse import WarehouseSimulator

SECONDS_OFF_MAX, ROWS_MAX = 900, 10_000
ISO = "%Y-%m-%dT%H:%M:%S"
DYNAMIC = "/k3cloud/Kingdee.BOS.WebApi.ServicesStub.DynamicFormService"
LOGIN = "/k3cloud/Kingdee.BOS.WebApi.ServicesStub.AuthService.LoginBySign.common.kdsvc"
QUERY = frozenset({"FormId", "FieldKeys", "FilterString", "OrderString", "TopRowCount", "StartRow", "Limit"})
FORMS = frozenset({"SAL_SaleOrder", "SAL_OUTSTOCK", "STK_Inventory", "BD_Currency"})
BETWEEN = re.compile(r"FModifyDate>='([^']*)' and FModifyDate<='([^']*)'")
NUMBERED = re.compile(r"FBillNo='([^']*)'")


class Simulator(WarehouseSimulator):
    """One data centre. `bills` are sales orders that others made; what the hub saves goes to the floor."""

    NOES: ClassVar[dict[str, No]] = {
        why.RATE_LIMITED: No(14, "调用次数超过限制"), why.BUSY: No(4, "系统异常", status=503),
        why.EXPIRED_TOKEN: No(1, "会话信息已丢失，请重新登录"), why.WRONG_TOKEN: No(1, "会话信息已丢失，请重新登录"),
        why.WRONG_KEY: No(2, "没有权限"), why.WRONG_SIGN: No(2, "签名不正确"), why.WRONG_TIME: No(2, "时间戳过期"),
        why.MISSING: No(8, "缺少参数{}"), why.WRONG_VALUE: No(8, "参数{}不正确"),
        why.UNKNOWN_CALL: No(12, "没有服务{}"),
        why.UNKNOWN_PARAMETER: No(8, "没有参数{}"), why.NOT_FOUND: No(10, "没有单据{}"),
    }  # fmt: skip

    def __init__(self, credentials: dict[str, str], now: Callable[[], datetime], settings: dict[str, Any]) -> None:
        super().__init__(credentials, now, settings)
        self.tokens = Tokens(now, access_seconds=1_200)
        self.bills: dict[str, list[list[Any]]] = {}
        """Rows of each sales order as the query of the connector gives them, by bill number."""

    def declare(self) -> dict[str, Call]:
        """Three services."""
        return {
            "login": Call(self._login, "parameters", at=f"POST {LOGIN}", is_open=True),
            "query": Call(self._query, " ".join(QUERY), at=f"POST {DYNAMIC}.ExecuteBillQuery.common.kdsvc"),
            "save": Call(self._save, "FormId Data", at=f"POST {DYNAMIC}.Save.common.kdsvc", is_write=True),
        }

    def verify(self, asked: Asked) -> None:
        """A session that lives, or the call's own signature in its headers, as Kingdee's own client has it."""
        assert self.tokens is not None
        if "x-kd-signature" in asked.headers:
            self._verify_headers(asked)
            return
        if not self.tokens.holder(asked.headers.get("kdservice-sessionid", "")):
            raise self.no(why.EXPIRED_TOKEN)

    def _verify_headers(self, asked: Asked) -> None:
        """App, account and time. The second signature is not looked at: nobody documents how its key is made."""
        own, headers = self.credentials, asked.headers
        try:
            data = base64.b64decode(headers.get("x-kd-appdata", ""), validate=True).decode()
        except ValueError as error:
            raise self.no(why.WRONG_SIGN) from error
        if headers.get("x-kd-appkey") != own["app_id"] or data.split(",")[:2] != [own["acct_id"], own["user"]]:
            raise self.no(why.WRONG_KEY)
        made = hmac.new(own["app_secret"].encode(), f"{own['app_id']}{data}".encode(), hashlib.sha256).hexdigest()
        if not same(headers["x-kd-signature"], base64.b64encode(made.encode()).decode()):
            raise self.no(why.WRONG_SIGN)
        stamp = headers.get("x-api-timestamp", "")
        if not stamp.isdecimal() or abs((from_seconds(stamp) - self.wall()).total_seconds()) > SECONDS_OFF_MAX:
            raise self.no(why.WRONG_TIME)

    def read_args(self, asked: Asked) -> dict[str, Any]:
        """A list of parameters (of a query one JSON text), or the same by name, as Kingdee's own client sends them."""
        said = asked.json
        if isinstance(said, dict) and set(said) == {"data"} and asked.name == "query":
            return dict(said["data"])
        if isinstance(said, dict) and set(said) == {"formid", "data"} and asked.name == "save":
            return {"FormId": said["formid"], "Data": said["data"]}
        if not isinstance(said, dict) or set(said) != {"parameters"} or not isinstance(said["parameters"], list):
            raise self.no(why.WRONG_VALUE, "parameters")
        many = said["parameters"]
        if asked.name == "query":
            if len(many) != 1 or not isinstance(many[0], str):
                raise self.no(why.WRONG_VALUE, "parameters")
            found: dict[str, Any] = json.loads(many[0])
            return found
        if asked.name == "save":
            if len(many) != 2 or not isinstance(many[1], dict):
                raise self.no(why.WRONG_VALUE, "parameters")
            return {"FormId": many[0], "Data": many[1]}
        return {"parameters": many}

    def write(self, content: Any, asked: Asked) -> Any:
        """As it is."""
        return self.respond(json.dumps(content, ensure_ascii=False).encode())

    def write_no(self, refused: Refused, asked: Asked) -> Any:
        """HTTP 200; of a query a row that is no row."""
        status = {"ErrorCode": 500, "IsSuccess": False, "SuccessEntitys": [], "MsgCode": refused.code,
                  "Errors": [{"FieldName": None, "Message": refused.message, "DIndex": 0}]}  # fmt: skip
        said: Any = {"Result": {"ResponseStatus": status, "Id": "", "Number": ""}}
        if asked.name == "login":
            said = {"Message": refused.message, "LoginResultType": 0, "KDSVCSessionId": None}
        return self.respond(json.dumps([[said]] if asked.name == "query" else said).encode(), refused.status)

    def _login(self, asked: Asked) -> dict[str, Any]:
        """The digest is over all five values, sorted."""
        if len(asked.args["parameters"]) != 6:
            raise self.no(why.WRONG_VALUE, "parameters")
        account, user, app, at, sign, _ = asked.args["parameters"]
        own = self.credentials
        if (account, user, app) != (own["acct_id"], own["user"], own["app_id"]):
            raise self.no(why.WRONG_KEY)
        if not same(str(sign), _signature(str(account), str(user), str(app), own["app_secret"], str(at))):
            raise self.no(why.WRONG_SIGN)
        if abs((from_seconds(at) - self.wall()).total_seconds()) > SECONDS_OFF_MAX:
            raise self.no(why.WRONG_TIME)
        assert self.tokens is not None
        return {"Message": None, "LoginResultType": 1, "KDSVCSessionId": self.tokens.login(), "IsSuccessByAPI": True}

    def _query(self, asked: Asked) -> list[list[Any]]:
        form = self.one_of(asked, "FormId", FORMS)
        start, limit, top = (self.need_number(asked, name, 0, high=ROWS_MAX)
                             for name in ("StartRow", "Limit", "TopRowCount"))  # fmt: skip
        keys = asked.text("FieldKeys").split(",")
        rows = _ordered(self._rows(form, keys, asked.text("FilterString")), keys, asked.text("OrderString"))
        rows = rows[:top] if top else rows
        return rows[start : start + limit] if limit else rows

    def _rows(self, form: str, keys: list[str], wanted: str) -> list[list[Any]]:
        if form == "BD_Currency":
            return [["CNY"]]
        if form == "STK_Inventory":
            lying = sorted(self.floor.stock_modified)
            return [[house, sku, float(self.floor.on_hand(house, sku))] for house, sku in lying]
        if numbered := NUMBERED.fullmatch(wanted):
            known = numbered[1] in self.floor.jobs or numbered[1] in self.bills
            return [[numbered[1]]] if known and keys == ["FBillNo"] else []
        window = BETWEEN.fullmatch(wanted)
        if window is None:
            raise self.no(why.WRONG_VALUE, "FilterString")
        start, end = (read_local(text) for text in window.groups())
        if form == "SAL_SaleOrder":
            return [row for no in sorted(self.bills) for row in self.bills[no]
                    if start <= read_local(row[1], CHINA, ISO) <= end]  # fmt: skip
        jobs = self.floor.between(start, end)
        return [row for job in jobs if job.is_out for row in self._outstock(job)]

    def _outstock(self, job: Job) -> list[list[Any]]:
        assert job.out_at is not None
        head = [f"XSCKD{job.number:06d}", local(job.modified, CHINA, ISO), local(job.out_at, CHINA, ISO), "C",
                job.waybill, job.carrier.code]  # fmt: skip
        return [[*head, job.number * 100 + n, job.key, sku, float(units)]
                for n, (sku, units) in enumerate(sorted(job.wanted.items()))]  # fmt: skip

    def _save(self, asked: Asked) -> dict[str, Any]:
        model = asked.args["Data"].get("Model") or {}
        key, entries = model.get("FBillNo"), model.get("FSaleOrderEntry") or []
        if asked.args["FormId"] != "SAL_SaleOrder" or not key or not entries:
            raise self.no(why.WRONG_VALUE, "FBillNo, FSaleOrderEntry")
        for name in ("FBillTypeID", "FSaleOrgId", "FCustId"):
            if not any((model.get(name) or {}).values()):
                raise Refused(11, f"{name}必录")
        if key in self.floor.jobs:
            raise Refused(11, f"单据编号{key}已存在")
        if words := self.check_refusal(key):
            raise Refused(11, words)
        wanted: dict[str, int] = {}
        for entry in entries:
            sku, units = entry["FMaterialId"]["FNumber"], float(entry["FQty"])
            if entry.get("FUnitID", {}).get("FNumber") != "Pcs" or units <= 0:
                raise Refused(11, "FUnitID必录")
            wanted[sku] = wanted.get(sku, 0) + int(units)
        job = self.floor.accept(key, wanted, self.now(), raw=model, receiver={"phone": model.get("FLinkPhone", "")})
        status = {"ErrorCode": "0", "IsSuccess": True, "Errors": [], "MsgCode": 0,
                  "SuccessEntitys": [{"Id": str(job.number), "Number": key, "DIndex": 0}]}  # fmt: skip
        return {"Result": {"ResponseStatus": status, "Id": job.number, "Number": key}}


def _ordered(rows: list[list[Any]], keys: list[str], wanted: str) -> list[list[Any]]:
    """Rows in the order of fields that were asked for, the last of them first."""
    for part in reversed([one.split() for one in wanted.split(",") if one.strip()]):
        rows = sorted(rows, key=lambda row, at=keys.index(part[0]): row[at], reverse=part[1:] == ["desc"])  # type: ignore[misc]
    return rows


def prove(vector: Mapping[str, Any]) -> str:
    """The signature of one of the platform's vectors by this simulator's own code."""
    given = vector["given"]
    if "appdata" in given:
        made = hmac.new(given["app_secret"].encode(), (given["app_id"] + given["appdata"]).encode(), hashlib.sha256)
        return base64.b64encode(made.hexdigest().encode()).decode()
    return _signature(*(str(given[name]) for name in ("acct_id", "user", "app_id", "app_secret", "now")))


def _signature(*parts: str) -> str:
    return hashlib.sha256("".join(sorted(parts)).encode()).hexdigest()
