"""JD's JOS gateway on loopback: checks every call by JD's signature document (2643) and answers as the platform does.

Settings: `masked` (true: all receivers; false: none; absent: 30 % of the orders), `shows_unpaid` (the POP search as a
rule shows none), `token_seconds`, `companies` (further logistics companies of this shop, name by id). Not documented in
public and so a guess here: the envelopes of the two after-sale lists and of stock, the words of a refusal to ship, and
what a used `trade_no` answers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import orjson
from starlette.responses import Response

from orderloom.adapters.channels.jd import simulated_order as shape
from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked, Call
from orderloom.adapters.simulated.book import UNPAID, Claim, Order
from orderloom.adapters.simulated.clock import Now, read_local
from orderloom.adapters.simulated.platform import same
from orderloom.adapters.simulated.refused import No, Refused
from orderloom.adapters.simulated.shop import ShopSimulator
from orderloom.adapters.simulated.tokens import NotGranted, Tokens

TOLERANCE_SECONDS = 360
WINDOW_MAX = timedelta(days=31)
PAGE_SIZE_MAX = 100
TOKEN_SECONDS, REFRESH_OPENS_SECONDS = 365 * 86_400, 86_400
PACKED = "360buy_param_json"
SETTINGS = {"cancel_lists": True}
"""Of the account that rehearses against it."""
NOES = {
    why.RATE_LIMITED: No("2", "调用次数超过限制", "App Call Limited"),
    why.BUSY: No("1", "平台服务不可用", "Service Currently Unavailable"),
    why.EXPIRED_TOKEN: No("19", "access_token已过期", "Invalid access_token"),
    why.WRONG_TOKEN: No("19", "无效access_token", "Invalid access_token"),
    why.WRONG_KEY: No("21", "无效app_key", "Invalid app_key"),
    why.WRONG_TIME: No("8", "无效时间戳", "Invalid Timestamp"),
    why.WRONG_SIGN: No("12", "无效签名", "Invalid Signature"),
    why.UNKNOWN_CALL: No("15", "无效方法 {}", "Invalid Method"),
    why.MISSING: No("43", "缺少业务参数 {}", "Missing {}"),
    why.WRONG_VALUE: No("44", "业务参数不合法 {}", "Invalid {}"),
    why.UNKNOWN_PARAMETER: No("44", "未知业务参数 {}", "Unknown {}"),
    why.NOT_FOUND: No("67", "不存在 {}", "Not Found"),
}
MISSING = (("method", "14"), ("app_key", "20"), ("access_token", "18"), ("timestamp", "7"), ("v", "4"), ("sign", "11"))
STATES = frozenset(shape.REMARKS) | {"WAIT_SELLER_DELIVERY", "PAUSE", "WAIT_SEND_CODE", "DELIVERY_RETURN", "UN_KNOWN"}
COMPANIES = {"467": "顺丰快递", "463": "圆通快递", "1499": "中通速递", "470": "申通快递", "1327": "韵达快递",
             "465": "EMS", "3046": "德邦", "2087": "京东快递", "1274": "厂家自送"}  # fmt: skip


def external_id(n: int) -> str:
    """The n-th valid order id: twelve digits."""
    return str(250_000_000_000 + n)


class Simulator(ShopSimulator):
    """One merchant's shop at JD."""

    NOES = NOES

    def __init__(self, credentials: dict[str, str], now: Now, settings: dict[str, Any]) -> None:
        super().__init__(credentials, now, settings)
        self.companies = COMPANIES | dict(settings.get("companies") or {})
        life = float(settings.get("token_seconds", TOKEN_SECONDS))
        self.tokens = Tokens(now, life, life, refresh_opens_seconds=REFRESH_OPENS_SECONDS)
        self.tokens.know(credentials.get("access_token", ""), credentials.get("refresh_token", ""))

    def declare(self) -> dict[str, Call]:
        return {
            "jingdong.pop.order.search":
                Call(self._search, "start_date end_date order_state optional_fields page page_size sortType dateType"),
            "jingdong.pop.order.get": Call(self._get, "order_id order_state optional_fields"),
            "jingdong.pop.order.shipment":
                Call(self._ship, "orderId logiCoprId logiNo installId venderTaskAddressId", is_write=True),
            "360buy.order.sop.outstorage":
                Call(self._leave, "order_id logistics_id waybill trade_no", is_write=True),
            "360buy.order.sop.waybill.update":
                Call(self._change_waybill, "order_id logistics_id waybill trade_no", is_write=True),
            "360buy.delivery.logistics.get": Call(self._companies),
            "360buy.sku.stock.update": Call(self._stock, "sku_id outer_id quantity trade_no", is_write=True),
            "jingdong.sku.read.searchSkuList": Call(self._skus, "skuStatuValue field pageNo page_size"),
            "jingdong.pop.PopCommentJsfService.getVenderCommentsForJos": Call(
                self._comments, "beginTime endTime score page pageSize orderIds skuids"),
            "jingdong.pop.afs.soa.refundapply.queryPageList": Call(
                self._applications, "ids status orderId applyTimeStart applyTimeEnd checkTimeStart checkTimeEnd "
                "pageIndex pageSize"),
            "jingdong.asc.query.list": Call(
                self._services, "serviceId orderId customerExpect serviceStatus applyTimeBegin applyTimeEnd "
                "updateTimeBegin updateTimeEnd pageNumber pageSize"),
            "jingdong.asc.query.view": Call(self._service, "serviceId orderId"),
            "refresh": Call(self._refresh, "app_key app_secret grant_type refresh_token",
                            at="POST /oauth2/refresh_token", is_open=True),
            "access": Call(self._access, "app_key app_secret grant_type code",
                           at="POST /oauth2/access_token", is_open=True),
            "authorize": Call(self.agree, "app_key response_type redirect_uri state scope",
                              at="GET /oauth2/to_login", is_open=True),
        }  # fmt: skip

    def line_id(self, order_id: str, place: int) -> str:
        return shape.sku_id(self.book.orders[order_id].lines[place].sku)

    def is_id(self, text: str) -> bool:
        return text.isdigit()

    def status(self, external_id: str) -> str:
        return shape.state(self.book.orders[external_id])

    def write(self, content: Any, asked: Asked) -> Response:
        if asked.name in ("refresh", "access"):
            return self.respond(orjson.dumps(content))
        root = asked.name.replace(".", "_") + "_responce"
        return self.respond(orjson.dumps({root: {"code": "0", **content}}))

    def write_no(self, refused: Refused, asked: Asked) -> Response:
        body = {"code": refused.code, "zh_desc": refused.message, "en_desc": refused.sub_code or refused.message}
        return self.respond(orjson.dumps({"error_response": body}))

    def read_args(self, asked: Asked) -> dict[str, Any]:
        """The business parameters are one JSON text; null stands for not given."""
        form = _form(asked)
        if PACKED not in form:
            return {} if form.get("method") else asked.args
        try:
            held = orjson.loads(form[PACKED])
        except orjson.JSONDecodeError as error:
            raise self.no(why.WRONG_VALUE, PACKED) from error
        return {name: value for name, value in held.items() if value is not None}

    def verify(self, asked: Asked) -> None:
        """What document 2643 asks of every call."""
        form = _form(asked)
        for name, code in MISSING:
            if not form.get(name):
                raise Refused(code, f"缺少{name}参数", f"Missing {name}")
        for name in form.keys() - {"method", "app_key", "access_token", "timestamp", "v", "sign", PACKED}:
            raise self.no(why.UNKNOWN_PARAMETER, name)
        if form["v"] != "2.0":
            raise Refused("5", "无效版本", "Invalid Version")
        if form["app_key"] != self.credentials["app_key"]:
            raise self.no(why.WRONG_KEY)
        if abs((self._sent(form["timestamp"]) - self.wall()).total_seconds()) > TOLERANCE_SECONDS:
            raise self.no(why.WRONG_TIME)
        if not same(form["sign"], _signature(form, self.credentials["app_secret"])):
            raise self.no(why.WRONG_SIGN)
        if not self.tokens or not self.tokens.holder(form["access_token"]):
            is_old = self.tokens is not None and self.tokens.was_known(form["access_token"])
            raise self.no(why.EXPIRED_TOKEN if is_old else why.WRONG_TOKEN)
        if words := self.check_refusal(asked.name):
            raise Refused("24", "没有权限", words)

    def _sent(self, text: str) -> datetime:
        """Beijing time, with or without milliseconds and zone."""
        try:
            return datetime.strptime(text, "%Y-%m-%d %H:%M:%S.%f%z") if "." in text else read_local(text)
        except ValueError as error:
            raise self.no(why.WRONG_TIME) from error

    # Orders

    def _search(self, asked: Asked) -> dict[str, Any]:
        (states, fields) = self.need(asked, "order_state", "optional_fields")
        wanted = set(states.split(","))
        if wanted - STATES:
            raise self.no(why.WRONG_VALUE, "order_state")
        start, end = (self.instant(asked, name, read_local) for name in ("start_date", "end_date"))
        if not start <= end <= start + WINDOW_MAX:
            raise self.no(why.WRONG_VALUE, "start_date / end_date")
        by = {"0": "changed_at", "1": "placed_at"}[self.one_of(asked, "dateType", frozenset("01"), "1")]
        found = self.shown(self.book.between(start, end, by))
        rows = [order for order in found if shape.state(order) in wanted and self._is_listed(order)]
        is_falling = self.one_of(asked, "sortType", frozenset("01"), "1") == "1"
        page = self.pages.by_number(rows[::-1] if is_falling else rows, *self._page(asked, "page", "page_size"))
        listed = [self._chosen(order, fields) for order in page.rows]
        return {"searchorderinfo_result": {"apiResult": _well(), "orderTotal": page.total, "orderInfoList": listed}}

    def _get(self, asked: Asked) -> dict[str, Any]:
        (fields,) = self.need(asked, "optional_fields")
        order = self._known(asked, "order_id")
        if asked.text("order_state") and shape.state(order) not in asked.text("order_state").split(","):
            raise self.no(why.NOT_FOUND, order.id)
        return {"orderDetailInfo": {"apiResult": _well(), "orderInfo": self._chosen(order, fields)}}

    def _is_listed(self, order: Order) -> bool:
        return order.phase != UNPAID or bool(self.settings.get("shows_unpaid"))

    def _chosen(self, order: Order, fields: str) -> dict[str, Any]:
        """The id, and every field that was named."""
        names = {"orderId", *(name.strip() for name in fields.split(","))}
        whole = shape.shown(order, is_masked=self.is_masked(order.id))
        return {name: value for name, value in whole.items() if name in names}

    def _known(self, asked: Asked, name: str) -> Order:
        (key,) = self.need(asked, name)
        if key not in self.book.orders:
            raise self.no(why.NOT_FOUND, key)
        return self.book.orders[key]

    def _page(self, asked: Asked, page: str, size: str) -> tuple[int, int]:
        return self.need_number(asked, page, 1, low=1), self.need_number(asked, size, 20, low=1, high=PAGE_SIZE_MAX)

    # Parcels

    def _companies(self, asked: Asked) -> dict[str, Any]:
        listed = [{"logistics_id": int(key) if key.isdigit() else key, "logistics_name": name}
                  for key, name in self.companies.items()]  # fmt: skip
        return {"vender_id": 10_000_000, "logistics_list": listed}

    def _ship(self, asked: Asked) -> dict[str, Any]:
        """Several parcels stand in one text of carriers and one of waybills, with | between them."""
        key, carriers, waybills = self.need(asked, "orderId", "logiCoprId", "logiNo")
        try:
            self._take(key, carriers, waybills)
        except Refused as refused:
            self.rejected.append(f"{asked.name}: {refused}")
            return {"sopjosshipment_result": _ill(refused)}
        return {"sopjosshipment_result": _well()}

    def _leave(self, asked: Asked) -> dict[str, Any]:
        key, carriers, waybills, serial = self.need(asked, "order_id", "logistics_id", "waybill", "trade_no")
        self.once(f"leave/{serial}", lambda: self._take(key, carriers, waybills))
        return {"vender_id": 10_000_000, "modified": str(self.now())}

    def _take(self, key: str, carriers: str, waybills: str) -> bool:
        ids, numbers = carriers.split("|"), waybills.split("|")
        if len(ids) != len(numbers) or set(ids) - self.companies.keys():
            raise Refused("10400003", "物流公司ID不正确", "logiCoprId")
        order = self.book.orders.get(key)
        if order is not None and shape.state(order) != "WAIT_SELLER_STOCK_OUT":
            raise Refused("10400001", f"订单状态不正确 {shape.state(order)}", "order state")
        self.ship(key, None, carriers, waybills, lambda words: Refused("10400002", words, "refused"))
        return True

    def _change_waybill(self, asked: Asked) -> dict[str, Any]:
        order = self._known(asked, "order_id")
        company, waybill, _ = self.need(asked, "logistics_id", "waybill", "trade_no")
        if not order.parcels:
            raise Refused("10400001", "订单未出库", "order state")
        order.parcels[-1] = order.parcels[-1]._replace(carrier=company, waybill=waybill)
        self.shipments[order.id][-1] |= {"carrier": company, "waybill": waybill}
        self.book.note(order.id, "waybill changed", self.now())
        return {"vender_id": 10_000_000, "modified": str(self.now())}

    # Stock

    def _stock(self, asked: Asked) -> dict[str, Any]:
        """Absolute, by JD's id or the seller's code; one `trade_no` counts once."""
        sku = asked.text("sku_id") or shape.sku_id(self.need(asked, "outer_id")[0])
        quantity, (serial,) = self.need_number(asked, "quantity"), self.need(asked, "trade_no")
        return dict(self.once(f"stock/{serial}", lambda: self._put(sku, quantity)))

    def _put(self, sku: str, quantity: int) -> dict[str, Any]:
        for called, words in self.put_stock([(self.shelf.at("", sku), f"sku {sku}", quantity)]).items():
            raise Refused("10500001", f"库存更新失败 {called} {words}", "stock")
        return {"sku_id": int(sku), "modified": str(self.now())}

    def _skus(self, asked: Asked) -> dict[str, Any]:
        """What is on sale; only the fields that are named come."""
        (fields,) = self.need(asked, "field")
        self.one_of(asked, "skuStatuValue", frozenset("124"), "1")
        number = self.need_number(asked, "pageNo", 1, low=1)
        page = self.pages.by_number(self.shelf.all(), number, self.need_number(asked, "page_size", 20, low=1, high=50))
        rows = [{"skuId": int(one.variant), "wareId": int(one.item), "outerId": one.sku, "status": 1,
                 "stockNum": self.units(one)} for one in page.rows]  # fmt: skip
        named = {name.strip() for name in fields.split(",")}
        return {"page": {"pageNo": number, "pageSize": asked.number("page_size", 20), "totalItem": page.total, "data": [
            {name: value for name, value in row.items() if name in named} for row in rows]}}

    def _comments(self, asked: Asked) -> dict[str, Any]:
        start, end = (self.instant(asked, name, read_local) for name in ("beginTime", "endTime"))
        self.one_of(asked, "score", frozenset("0123"), "0")
        number = self.need_number(asked, "page", 1, low=1)
        size = self.need_number(asked, "pageSize", 10, low=1, high=50)
        told = [shape.comment(n, self.book.orders[one.order_id], one) for n, one in enumerate(self.book.ratings, 1)
                if start <= one.at <= end]  # fmt: skip
        return {"totalItem": len(told), "page": number, "comments": told[(number - 1) * size : number * size]}

    # After the sale

    def _applications(self, asked: Asked) -> dict[str, Any]:
        """Applications before shipping, the newest first."""
        by = "asked_at" if asked.text("applyTimeStart") else "changed_at"
        names = ("applyTimeStart", "applyTimeEnd") if by == "asked_at" else ("checkTimeStart", "checkTimeEnd")
        rows = self._claims(asked, names, by, is_before=True)
        if asked.text("status"):
            rows = [one for one in rows if str(shape.APPLICATIONS.get(one.state, 2)) == asked.text("status")]
        page = self.pages.by_number(rows, *self._page(asked, "pageIndex", "pageSize"))
        listed = [shape.application(self.book.orders[one.order_id], one) for one in page.rows]
        return {"queryResult": {"success": True, "totalCount": page.total, "result": listed}}

    def _services(self, asked: Asked) -> dict[str, Any]:
        """Applications after shipping, the newest first."""
        by = "asked_at" if asked.text("applyTimeBegin") else "changed_at"
        names = ("applyTimeBegin", "applyTimeEnd") if by == "asked_at" else ("updateTimeBegin", "updateTimeEnd")
        rows = self._claims(asked, names, by, is_before=False)
        for place, name in enumerate(("serviceId", "customerExpect", "serviceStatus")):
            if asked.text(name):
                rows = [one for one in rows if _of(one)[place] == asked.text(name)]
        page = self.pages.by_number(rows, *self._page(asked, "pageNumber", "pageSize"))
        listed = [shape.service(self.book.orders[one.order_id], one) for one in page.rows]
        return {"pageResult": {"totalCount": page.total, "data": listed}}

    def _claims(self, asked: Asked, names: tuple[str, str], by: str, *, is_before: bool) -> list[Claim]:
        if asked.text("orderId"):
            found = list(self._known(asked, "orderId").claims)
        else:
            start, end = (self.instant(asked, name, read_local) for name in names)
            found = self.book.claims_between(start, end, by)
        orders = self.book.orders
        return [one for one in found[::-1] if shape.is_before_shipping(orders[one.order_id], one) == is_before]

    def _service(self, asked: Asked) -> dict[str, Any]:
        (key,) = self.need(asked, "serviceId")
        if key not in self.book.claims:
            raise self.no(why.NOT_FOUND, key)
        claim = self.book.claims[key]
        return {"result": {"success": True, "data": shape.service(self.book.orders[claim.order_id], claim)}}

    # Tokens

    def _refresh(self, asked: Asked) -> dict[str, Any]:
        self._check_app(asked, "refresh_token")
        return self._granted(lambda tokens: tokens.refresh(*self.need(asked, "refresh_token")))

    def _access(self, asked: Asked) -> dict[str, Any]:
        self._check_app(asked, "authorization_code")
        return self._granted(lambda tokens: tokens.by_code(*self.need(asked, "code")))

    def _check_app(self, asked: Asked, grant: str) -> None:
        self.need(asked, "app_key", "app_secret", "grant_type")
        if asked.text("grant_type") != grant:
            raise self.no(why.WRONG_VALUE, "grant_type")
        if not all(same(asked.text(name), self.credentials[name]) for name in ("app_key", "app_secret")):
            raise self.no(why.WRONG_KEY)

    def _granted(self, ask: Any) -> dict[str, Any]:
        try:
            grant = ask(self.tokens)
        except NotGranted as refused:
            raise Refused("400", f"授权失败 {refused.reason}", "invalid_grant") from refused
        return {"access_token": grant.access, "expires_in": grant.lives(self.now())[0], "refresh_token": grant.refresh,
                "scope": "snsapi_base", "open_id": "demo-open-id", "uid": "10000000", "token_type": "bearer",
                "code": 0}  # fmt: skip


def _form(asked: Asked) -> dict[str, str]:
    """The parameters, in the body or, as JD's own client sends them, in the address."""
    return {**asked.query, **asked.form}


def prove(vector: Mapping[str, Any]) -> str:
    """The signature of one of the platform's vectors by this simulator's own code."""
    return _signature(vector["params"], vector["given"]["app_secret"])


def _signature(form: Mapping[str, str], secret: str) -> str:
    text = secret + "".join(name + value for name, value in sorted(form.items()) if name != "sign") + secret
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest().upper()


def _of(claim: Claim) -> tuple[str, str, str]:
    return claim.id, str(shape.EXPECTS[claim.kind][0]), str(shape.SERVICES[claim.state][0])


def _well() -> dict[str, Any]:
    return {"success": True, "chineseErrCode": "", "englishErrCode": "", "errorCode": "", "numberCode": 0}


def _ill(refused: Refused) -> dict[str, Any]:
    return {"success": False, "chineseErrCode": refused.message, "englishErrCode": refused.sub_code,
            "errorCode": str(refused.code), "numberCode": int(refused.code)}  # fmt: skip
