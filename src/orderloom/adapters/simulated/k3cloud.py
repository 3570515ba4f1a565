"""The door of a rehearsed Kingdee K3 Cloud, for whoever simulates a part of it: logins, sessions, bill queries."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypeVar

from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked, Call
from orderloom.adapters.simulated.clock import Now, from_seconds
from orderloom.adapters.simulated.platform import Platform, same
from orderloom.adapters.simulated.refused import No, Refused
from orderloom.adapters.simulated.tokens import Tokens

T = TypeVar("T")
SECONDS_OFF_MAX, ROWS_MAX, SESSION_SECONDS = 900, 10_000, 1_200
ISO = "%Y-%m-%dT%H:%M:%S"
DYNAMIC = "/k3cloud/Kingdee.BOS.WebApi.ServicesStub.DynamicFormService"
LOGIN = "/k3cloud/Kingdee.BOS.WebApi.ServicesStub.AuthService.LoginBySign.common.kdsvc"
QUERY = ("FormId", "FieldKeys", "FilterString", "OrderString", "TopRowCount", "StartRow", "Limit")
BETWEEN = re.compile(r"FModifyDate>='([^']*)' and FModifyDate<='([^']*)'(?: and FSaleOrgId\.FNumber='([^']*)')?")
NUMBERED = re.compile(r"FBillNo='([^']*)'")


def sessions(now: Now) -> Tokens:
    """The sessions of a data centre."""
    return Tokens(now, access_seconds=SESSION_SECONDS)


class K3Door(Platform):
    """How a data centre is knocked at and says no."""

    NOES: ClassVar[dict[str, No]] = {
        why.RATE_LIMITED: No(14, "调用次数超过限制"), why.BUSY: No(4, "系统异常", status=503),
        why.EXPIRED_TOKEN: No(1, "会话信息已丢失，请重新登录"), why.WRONG_TOKEN: No(1, "会话信息已丢失，请重新登录"),
        why.WRONG_KEY: No(2, "没有权限"), why.WRONG_SIGN: No(2, "签名不正确"), why.WRONG_TIME: No(2, "时间戳过期"),
        why.MISSING: No(8, "缺少参数{}"), why.WRONG_VALUE: No(8, "参数{}不正确"),
        why.UNKNOWN_CALL: No(12, "没有服务{}"),
        why.UNKNOWN_PARAMETER: No(8, "没有参数{}"), why.NOT_FOUND: No(10, "没有单据{}"),
    }  # fmt: skip

    def services(self, query: Callable[[Asked], Any], save: Callable[[Asked], Any]) -> dict[str, Call]:
        """The three services that are known here."""
        return {
            "login": Call(self._login, "parameters", at=f"POST {LOGIN}", is_open=True),
            "query": Call(query, " ".join(QUERY), at=f"POST {DYNAMIC}.ExecuteBillQuery.common.kdsvc"),
            "save": Call(save, "FormId Data", at=f"POST {DYNAMIC}.Save.common.kdsvc", is_write=True),
        }

    def piece(self, asked: Asked) -> tuple[int, int]:
        """Which rows of a query are wanted: from where, and how many."""
        start, limit, top = (self.need_number(asked, name, 0, high=ROWS_MAX)
                             for name in ("StartRow", "Limit", "TopRowCount"))  # fmt: skip
        return start, min(limit or ROWS_MAX, max(0, (top or ROWS_MAX) - start))

    def ordered(self, asked: Asked, rows: list[T], cells: Callable[[T], list[Any]]) -> list[T]:
        """Rows in the order of fields that were asked for, the last of them first."""
        keys = asked.text("FieldKeys").split(",")
        for part in reversed([one.split() for one in asked.text("OrderString").split(",") if one.strip()]):
            if part[0] not in keys or part[1:] not in ([], ["asc"], ["desc"]):
                raise self.no(why.WRONG_VALUE, "OrderString")
            at = keys.index(part[0])
            rows = sorted(rows, key=lambda row, at=at: cells(row)[at], reverse=part[1:] == ["desc"])  # type: ignore[misc]
        return rows

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


def saved(number: int, key: str) -> dict[str, Any]:
    """The answer to a bill that was saved."""
    status = {"ErrorCode": "0", "IsSuccess": True, "Errors": [], "MsgCode": 0,
              "SuccessEntitys": [{"Id": str(number), "Number": key, "DIndex": 0}]}  # fmt: skip
    return {"Result": {"ResponseStatus": status, "Id": number, "Number": key}}


def prove(vector: Mapping[str, Any]) -> str:
    """The signature of one of the platform's vectors by this simulator's own code."""
    given = vector["given"]
    if "appdata" in given:
        made = hmac.new(given["app_secret"].encode(), (given["app_id"] + given["appdata"]).encode(), hashlib.sha256)
        return base64.b64encode(made.hexdigest().encode()).decode()
    return _signature(*(str(given[name]) for name in ("acct_id", "user", "app_id", "app_secret", "now")))


def _signature(*parts: str) -> str:
    return hashlib.sha256("".join(sorted(parts)).encode()).hexdigest()
