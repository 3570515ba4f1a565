"""A yes counts only when it is one: an empty, foreign or half answer under HTTP 200 leaves nothing untold."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from orderloom.adapters.kit.answers import Heard, judge
from orderloom.adapters.kit.load import load_folder
from orderloom.application.ports import Account, Answer, Outgoing, Terminal, Transient, Trouble
from tests.support.connector_folders import folders

FAMILIES = ("channels", "systems", "messengers")
CONNECTORS: dict[str, Any] = {folder.name: folder.connector for folder in folders()}
TAOBAO, SHOPIFY, WANGDIANTONG = (CONNECTORS[name] for name in ("taobao", "shopify", "wangdiantong"))
CREDENTIALS = {"app_key": "k", "app_secret": "a:b", "session": "s", "sid": "s", "access_token": "t"}
TAOBAO_STOCK = {"figures": [{"sku_external": "A-1", "quantity": 0, "listing": {"num_iid": "1", "sku_id": "2"}}]}
TAOBAO_ITEM = {"figures": [{"sku_external": "A-1", "quantity": 0, "listing": {"num_iid": "1"}}]}
TAOBAO_PARCEL = {"external_id": "1", "carrier": "shunfeng", "waybill": "SF1", "lines": [
    {"external_line_id": "11", "quantity": 1}], "is_partial": True}
SHOPIFY_STOCK = {"figures": [{"sku_external": "A-1", "quantity": 0,
                              "listing": {"inventory_item_id": "1", "location_id": "2"}}]}
LINE = {"line_no": 1, "sku": "A-1", "title": "", "quantity": 1, "price": 100, "amount": 100}


def work(number: str) -> dict[str, Any]:
    receiver = {"name": "n", "phone": "13800000000", "detail": "d"}
    return {"work_no": number, "order_no": number, "channel": "c", "external_id": "1", "currency": "CNY", "paid": 100,
            "placed_at": "2026-11-21T01:00:00Z", "lines": [LINE], "receiver": receiver}


async def answered(
    connector: Any, kind: str, body: dict[str, Any], answer: Callable[[httpx2.Request], httpx2.Response],
    attempt: int = 1, **settings: Any,
) -> Answer | Trouble:
    account = Account(1, "A", "channels", connector.name, "UTC", "http://x.example", CREDENTIALS,
                      {"shop_no": "S", **settings})
    async with httpx2.AsyncClient(transport=httpx2.MockTransport(answer)) as http:
        try:
            return await connector.send(Outgoing("d", kind, "k", body, attempt), account, http)  # type: ignore[no-any-return]
        except Trouble as refused:
            return refused


def always(content: bytes) -> Callable[[httpx2.Request], httpx2.Response]:
    return lambda _: httpx2.Response(200, content=content)


@pytest.mark.parametrize("content", [
    b"<html>busy</html>", b"", b"null", b"{}", b'{"other_response":{}}',
    b'{"error_response":{"code":7,"msg":null,"sub_code":null,"sub_msg":null}}',
])
@pytest.mark.parametrize(("connector", "kind", "body"), [
    (TAOBAO, "stock", TAOBAO_STOCK), (TAOBAO, "stock", TAOBAO_ITEM), (TAOBAO, "shipment", TAOBAO_PARCEL),
    (SHOPIFY, "stock", SHOPIFY_STOCK), (WANGDIANTONG, "work", work("W1")),
])
async def test_what_is_no_answer_to_the_question_is_asked_again(
    connector: Any, kind: str, body: dict[str, Any], content: bytes,
) -> None:
    assert isinstance(await answered(connector, kind, body, always(content)), Transient)


@pytest.mark.parametrize("content", [b'{"data":null}', b'{"data":{"inventorySetQuantities":null}}'])
async def test_shop_stock_that_nothing_is_said_of_is_not_taken_for_set(content: bytes) -> None:
    assert isinstance(await answered(SHOPIFY, "stock", SHOPIFY_STOCK, always(content)), Transient)


async def test_every_listing_is_set_though_more_of_them_are_refused_than_there_are_figures() -> None:
    others = [{"inventory_item_id": str(n), "location_id": "2"} for n in range(2, 60)]
    listing = {"inventory_item_id": "1", "location_id": "2", "others": others}
    kept: set[str] = set()

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked = json.loads(request.content)["variables"]["i"]["quantities"]
        bad = [at for at, one in enumerate(asked) if int(one["inventoryItemId"].rsplit("/", 1)[1]) < 40]
        if not bad:
            kept.update(one["inventoryItemId"] for one in asked)
        errors = [{"field": ["input", "quantities", str(at)], "code": "NOT_STOCKED"} for at in bad[:1]]
        return httpx2.Response(200, json={"data": {"inventorySetQuantities": {"userErrors": errors}}})

    figures = [{"sku_external": "A-1", "quantity": 3, "listing": listing}]
    told = await answered(SHOPIFY, "stock", {"figures": figures}, answer)
    assert isinstance(told, Terminal) and len(kept) == 20


async def test_an_error_at_a_place_that_there_is_not_is_told_and_not_stumbled_over() -> None:
    errors = [{"field": ["input", "quantities", "7"], "code": "BAD", "message": "no"}]
    content = json.dumps({"data": {"inventorySetQuantities": {"userErrors": errors}}}).encode()
    told = await answered(SHOPIFY, "stock", SHOPIFY_STOCK, always(content))
    assert isinstance(told, Terminal) and told.code == "BAD"


async def test_a_parcel_that_a_gbk_shop_carries_already_is_not_parked_as_refused() -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        if b"offline.send" in request.content:
            return httpx2.Response(200, json={"error_response": {"code": 15, "sub_code": "isv.already-sent"}})
        order = {"oid_str": "11", "invoice_no": "SF1", "title": "誠"}
        trade = {"trade_fullinfo_get_response": {"trade": {"orders": {"order": [order]}}}}
        return httpx2.Response(200, content=json.dumps(trade, ensure_ascii=False).encode("gbk"))

    told = await answered(TAOBAO, "shipment", TAOBAO_PARCEL, answer, attempt=2)
    assert isinstance(told, Answer) and told.said == {"state": "already_done"}


async def told_to_shopify(
    body: dict[str, Any], status: str = "SUCCESS", waybill: str = "", **settings: Any
) -> tuple[Answer | Trouble, list[dict[str, Any]]]:
    """What comes of a parcel told to a shop with one open line, and the parcels that it was told."""
    line, posted = {"id": "gid://shopify/LineItem/5"}, list[dict[str, Any]]()
    made = {"status": status, "trackingInfo": [{"number": waybill}],
            "fulfillmentLineItems": {"nodes": [{"quantity": 1, "lineItem": line}]}}
    work = {"id": "gid://shopify/FulfillmentOrder/9", "status": "OPEN", "assignedLocation": {"location": {"id": "1"}},
            "lineItems": {"nodes": [{"id": "6", "remainingQuantity": 1, "lineItem": line}]}}

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked = json.loads(request.content)
        if "fulfillmentCreate" in asked["query"]:
            posted.append(asked["variables"]["f"]["trackingInfo"])
            done = {"fulfillment": {"legacyResourceId": "8"}, "userErrors": []}
            return httpx2.Response(200, json={"data": {"fulfillmentCreate": done}})
        order = {"fulfillments": [made] if waybill else [], "fulfillmentOrders": {"nodes": [work]}}
        return httpx2.Response(200, json={"data": {"order": order}})

    return await answered(SHOPIFY, "shipment", body, answer, **settings), posted


SHOPIFY_PARCEL = {"external_id": "1", "carrier": "shunfeng", "waybill": "SF1",
                  "lines": [{"external_line_id": "5", "quantity": 1}]}


@pytest.mark.parametrize("status", ["ERROR", "FAILURE", "CANCELLED"])
async def test_a_parcel_whose_fulfilment_came_to_nothing_is_told_again(status: str) -> None:
    told, posted = await told_to_shopify(SHOPIFY_PARCEL, status, "SF1")
    assert isinstance(told, Answer) and told.said == {"state": "done", "fulfillment_id": "8"}
    assert posted == [{"number": "SF1", "company": "SF Express"}], "the name by which the shop links the parcel"
    told, posted = await told_to_shopify(SHOPIFY_PARCEL, "SUCCESS", "SF1")
    assert isinstance(told, Answer) and posted == []


@pytest.mark.parametrize(("carrier", "names", "company"), [
    ("danniao", {}, "Danniao"), ("顺丰", {"shunfeng": "SF"}, "SF"), ("ups", {"ups": "UPS Ground"}, "UPS Ground"),
    ("Our own van", {}, "Our own van"), ("yuantong", {}, "YTO Express"),
])
async def test_a_buyer_is_shown_the_carriers_name_and_no_code(
    carrier: str, names: dict[str, str], company: str
) -> None:
    _, posted = await told_to_shopify({**SHOPIFY_PARCEL, "carrier": carrier}, carrier_names=names)
    assert [one["company"] for one in posted] == [company]


async def pushed(errors: list[dict[str, str]]) -> list[Any]:
    data = {"status": 0, "data": {"new_count": 1, "error_list": errors}}
    account = Account(1, "W", "systems", "wangdiantong", "UTC", "http://x.example", CREDENTIALS, {"shop_no": "S"})
    async with httpx2.AsyncClient(transport=httpx2.MockTransport(lambda _: httpx2.Response(200, json=data))) as http:
        group = [Outgoing(n, "work", n, work(n), 1) for n in ("W1", "W2")]
        return await WANGDIANTONG.send_many(group, account, http)


@pytest.mark.parametrize("named", [{"no": "W2-1"}, {}, {"no": ""}])
async def test_a_refusal_that_names_nobody_makes_no_work_taken(named: dict[str, str]) -> None:
    with pytest.raises(Terminal, match="unattributed"):
        await pushed([{**named, "error": "货品不存在"}])


async def test_of_several_refusals_of_one_work_none_covers_another() -> None:
    first, second = await pushed([{"no": "W2", "error": "货品编码错误"}, {"no": "W2", "error": "原始单已存在"}])
    assert isinstance(first, Answer) and isinstance(second, Terminal)


@pytest.mark.parametrize("content", [b'{"status":0}', b'{"status":0,"data":null}', b'{"status":0,"data":{}}'])
async def test_a_bare_yes_of_the_warehouse_is_read_and_not_stumbled_over(content: bytes) -> None:
    told = await answered(WANGDIANTONG, "work", work("W1"), always(content))
    assert isinstance(told, Answer) and told.said["state"] == "unchanged"
    recalled = await answered(WANGDIANTONG, "work_cancel", {"work_no": "W1"}, always(content))
    assert isinstance(recalled, Transient), "who says nothing has not said that there is no such work"


@pytest.mark.parametrize("data", [{"order": []}, {"order": None, "total_count": 0}])
async def test_a_work_that_the_warehouse_does_not_have_is_called_back(data: dict[str, Any]) -> None:
    content = json.dumps({"status": 0, "data": data}).encode()
    recalled = await answered(WANGDIANTONG, "work_cancel", {"work_no": "W1"}, always(content))
    assert isinstance(recalled, Terminal) and recalled.code == "not_found"


async def test_a_parcel_of_a_second_marketplace_is_not_confirmed_for_the_first() -> None:
    said: list[dict[str, Any]] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.url.path.endswith("/token"):
            return httpx2.Response(200, json={"access_token": "t", "expires_in": 3600})
        said.append(json.loads(request.content))
        return httpx2.Response(204)

    keys = dict.fromkeys(("client_id", "client_secret", "refresh_token"), "x")
    settings = {"marketplace_ids": ["A1PA6795UKMFR9", "A13V1IB3VIYZZH"]}
    account = Account(9, "A", "channels", "amazon", "UTC", "http://x.example", keys, settings)
    body = {"external_id": "1", "carrier": "ups", "waybill": "1Z", "shipped_at": "2026-11-21T01:00:00Z", "lines": []}
    async with httpx2.AsyncClient(transport=httpx2.MockTransport(answer)) as http:
        for marketplace in ("A13V1IB3VIYZZH", ""):
            sent = Outgoing("d", "shipment", "k", body | {"marketplace": marketplace}, 1)
            await CONNECTORS["amazon"].send(sent, account, http)
    assert [one["marketplaceId"] for one in said] == ["A13V1IB3VIYZZH", "A1PA6795UKMFR9"]


def meant(name: str, kind: str, data: Any) -> str:
    """What an answer under HTTP 200 means to a telling of a kind, or to any call."""
    [plan] = [load_folder(folder.path) for folder in folders(*FAMILIES) if folder.name == name]
    told = plan.tells[kind].question if kind else None
    rows = (*(told.rows if told is not None else ()), *plan.rows)
    return judge(Heard(200, {}, b"", data), rows, says_good=plan.says_good).means


def qimen(message: str, sub_code: str = "") -> Any:
    said = {"flag": "failure", "code": "S9", "message": message}
    return {"response": said | ({"sub_code": sub_code} if sub_code else {})}


def ebs(message: str) -> Any:
    return {"OutputParameters": {"X_RETURN_STATUS": "E", "X_MESSAGES": message}}


NUMBER = "SH01-261126-0K3F9QX2-7-1"


@pytest.mark.parametrize(("kind", "message"), [
    ("work", "item S1 does not exist"), ("work", "warehouse WH9 not exist"), ("work", "订单行号重复：行1"),
    ("work", "收件人已存在风险，拒收"), ("work", "order line already exists"), ("work", "order type 7 already exists"),
    ("work", f"单据{NUMBER}的货品编码重复"), ("work", "原始订单号重复"), ("work", f"客户已存在，单据{NUMBER}未接收"),
    ("work_cancel", "order can not be canceled: shipped"), ("work_cancel", "仓库编码WH9不存在"),
    ("work_cancel", "货主不存在"), ("work_cancel", "该单据不允许取消，状态已取消除外"),
    ("work_cancel", "单据不存在可取消的行"),
    ("work_cancel", f"单据{NUMBER}未取消"), ("work_cancel", "owner O1 does not exist"),
    ("work_cancel", "单据类型1不存在"),
])
def test_a_refusal_of_the_warehouse_is_no_yes_because_a_word_stands_in_it(kind: str, message: str) -> None:
    assert meant("qimen", kind, qimen(message)) == "refused"


@pytest.mark.parametrize(("kind", "message", "means"), [
    ("work", f"单据{NUMBER}已存在", "done"), ("work", "发货单编码重复", "done"),
    ("work", "订单已存在，请勿重复提交！", "done"),
    ("work", f"order {NUMBER} already exists.", "done"), ("work", f"deliveryOrderCode {NUMBER} exists", "done"),
    ("work_cancel", f"单据{NUMBER}已取消", "done"),
    ("work_cancel", f"The order [{NUMBER}] has been cancelled", "done"),
    ("work_cancel", f"单据{NUMBER}不存在", "missing"), ("work_cancel", f"order {NUMBER} does not exist", "missing"),
])
def test_a_warehouse_that_speaks_of_the_document_itself_is_believed(kind: str, message: str, means: str) -> None:
    assert meant("qimen", kind, qimen(message)) == means


@pytest.mark.parametrize(("kind", "message", "means"), [
    ("work", "ORIG_SYS_DOCUMENT_REF is required", "refused"), ("work", "Duplicate line 1", "refused"),
    ("work", "Validation failed for the field - ORIG_SYS_DOCUMENT_REF", "refused"), ("work", "行号重复", "refused"),
    ("work", "ORIG_SYS_DOCUMENT_REF W-1 exists in no source", "refused"),
    ("work", f"ORIG_SYS_DOCUMENT_REF {NUMBER} exists", "done"),
    ("work_cancel", "组织S不存在", "refused"), ("work_cancel", "Responsibility does not exist", "refused"),
    ("work_cancel", "Order source 1021 does not exist", "refused"), ("work_cancel", "204 does not exist", "refused"),
    ("work_cancel", "A line that is already cancelled cannot be changed", "refused"),
    ("work_cancel", f"Order {NUMBER} does not exist", "missing"),
    ("work_cancel", "The order is already cancelled", "done"),
])
def test_order_management_is_believed_of_the_reference_itself_alone(kind: str, message: str, means: str) -> None:
    assert meant("oracle_ebs", kind, ebs(message)) == means


def k3cloud(said: dict[str, Any], asked: list[str]) -> Callable[[httpx2.Request], httpx2.Response]:
    """A Kingdee that answers services by their last word."""
    def answer(request: httpx2.Request) -> httpx2.Response:
        service = request.url.path.split(".")[-3]
        asked.append(service)
        login = {"LoginResultType": 1, "KDSVCSessionId": "s"}
        return httpx2.Response(200, json=login if service == "LoginBySign" else said[service])
    return answer


def k3no(message: str) -> Any:
    status = {"IsSuccess": False, "MsgCode": 11, "Errors": [{"Message": message}]}
    return {"Result": {"ResponseStatus": status}}


@pytest.mark.parametrize(("said", "code"), [
    ({"ExecuteBillQuery": []}, "not_found"), ({"ExecuteBillQuery": {}}, "unreadable_answer"),
    ({"ExecuteBillQuery": [[NUMBER, "C"]], "UnAudit": k3no("操作员不存在或没有单据作废权限")}, "11"),
    ({"ExecuteBillQuery": [[NUMBER, "C"]], "UnAudit": k3no("用户不存在")}, "11"),
    ({"ExecuteBillQuery": [[NUMBER, "A"]], "ExcuteOperation": k3no("操作员不存在或没有单据作废权限")}, "11"),
])
async def test_a_recall_is_over_where_the_list_says_so_and_by_no_word(said: dict[str, Any], code: str) -> None:
    told = await answered(CONNECTORS["kingdee"], "work_cancel", {"work_no": NUMBER}, k3cloud(said, []))
    assert isinstance(told, Trouble) and told.code == code


async def test_an_order_that_was_taken_back_to_draft_before_is_made_void_without_asking_that_again() -> None:
    asked, good = list[str](), {"Result": {"ResponseStatus": {"IsSuccess": True}}}
    said = {"ExecuteBillQuery": [[NUMBER, "D"]], "ExcuteOperation": good}
    told = await answered(CONNECTORS["kingdee"], "work_cancel", {"work_no": NUMBER}, k3cloud(said, asked))
    assert isinstance(told, Answer) and asked[-2:] == ["ExecuteBillQuery", "ExcuteOperation"]


@pytest.mark.parametrize(("data", "code"), [
    ({"orders": []}, "not_found"), (None, "unreadable_answer"), ({}, "unreadable_answer"),
    ({"orders": None}, "unreadable_answer"),
])
async def test_who_says_nothing_of_the_orders_has_not_said_that_there_is_none(data: Any, code: str) -> None:
    content = json.dumps({"code": 0, "data": data}).encode()
    told = await answered(CONNECTORS["jushuitan"], "work_cancel", {"work_no": NUMBER}, always(content), shop_id="1")
    assert isinstance(told, Trouble) and told.code == code


@pytest.mark.parametrize(("name", "data", "means"), [
    ("wangdiantong_enterprise", {"code": 9, "message": "considered outside delivery area"}, "refused"),
    ("wangdiantong_enterprise", {"code": 9, "message": "already assigned"}, "refused"),
    ("wangdiantong_enterprise", {"code": 9, "message": "可用数量超限"}, "refused"),
    ("wangdiantong_enterprise", {"code": 9, "message": "电子面单签名错误"}, "refused"),
    ("wangdiantong_enterprise", {"code": 9, "message": "sign签名错误"}, "wrong_key"),
    ("wangdiantong_enterprise", {"code": 9, "message": "接口调用频率超限"}, "too_fast"),
    ("wangdiantong", {"status": 100, "message": "手机号验证失败"}, "refused"),
    ("youzan", {"gw_err_resp": {"err_code": 1, "err_msg": "oaid token of order invalid"}}, "refused"),
    ("youzan", {"gw_err_resp": {"err_code": 1, "err_msg": "token已过期"}}, "token_old"),
    ("youzan", {"code": 1, "message": "订单超时未支付，已关闭"}, "refused"),
    ("kuaishou", {"result": 7, "error_msg": "订单超时未支付，已关闭"}, "refused"),
    ("kuaishou", {"result": 7, "error_msg": "无发货权限类目"}, "refused"),
    ("kuaishou", {"result": 7, "error_msg": "未授权品牌商品"}, "refused"),
    ("kuaishou", {"result": 7, "error_msg": "没有接口权限"}, "not_allowed"),
    ("kuaishou", {"result": 7, "error_msg": "服务繁忙，请稍后重试"}, "again"),
    ("xiaohongshu", {"error_code": -7, "error_msg": "订单超时未支付，已关闭"}, "refused"),
    ("xiaohongshu", {"error_code": -7, "error_msg": "电子签名缺失"}, "refused"),
    ("xiaohongshu", {"error_code": -7, "error_msg": "买家下单频繁，已拦截"}, "refused"),
    ("xiaohongshu", {"error_code": -7, "error_msg": "签名校验失败"}, "wrong_key"),
    ("qimen", qimen("已分配", "isv.order-assigned"), "refused"), ("qimen", qimen("客户下单频繁，拒收"), "refused"),
    ("qimen", qimen("no", "isv.invalid-signature"), "wrong_key"),
    ("douyin", {"code": 40003, "sub_code": "isv.parameter-invalid", "sub_msg": "order timestamp missing"}, "refused"),
    ("jushuitan", {"code": 21, "msg": "订单时间戳不正确"}, "refused"),
    ("dingtalk_approval", {"code": "processInstance.noPermission", "message": "no"}, "refused"),
    ("dingtalk_approval", {"code": "userNotExist", "message": "no"}, "refused"),
    ("feishu", {"code": 19021, "msg": "sign match fail or timestamp is not within one hour"}, "wrong_key"),
])
def test_what_kind_of_trouble_it_is_no_word_within_another_decides(name: str, data: Any, means: str) -> None:
    assert meant(name, "", data) == means
