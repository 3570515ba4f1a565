"""Every "no" of the API as problem+json (RFC 9457): what was wrong, where, how to mend it, Chinese first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import msgspec
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from orderloom.adapters.vault import KeyMissing
from orderloom.application.commands import Outcome
from orderloom.application.identity.denied import Denied
from orderloom.application.identity.sight import SIGHT
from orderloom.application.not_kept import NotKept
from orderloom.application.ports import NoRoom, Raced, StoreAway, StoreRefused
from orderloom.application.preview import Preview
from orderloom.application.queries.order_evidence import EventView
from orderloom.application.queries.orders import Ambiguous
from orderloom.application.queries.sql import WrongCursor
from orderloom.application.queries.vocabulary import UnknownWord
from orderloom.application.redaction import redacted
from orderloom.domain.fault import kind_of, where
from orderloom.domain.words import Words
from orderloom.entrypoints.http.kit.floor_titles import FLOOR_TITLES
from orderloom.entrypoints.http.kit.misfit import of_parameters
from orderloom.entrypoints.http.kit.paper_problems import PAPER_PROBLEMS
from orderloom.entrypoints.http.kit.purchase_titles import PURCHASE_TITLES
from orderloom.entrypoints.refusals import words_of

MEDIA_TYPE = "application/problem+json"
CAREFUL = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
"""Headers of every answer that says nothing else about it."""
log = structlog.get_logger()

TITLES: Mapping[str, tuple[int, str, str]] = {
    "unreadable_body": (422, "请求内容读不出来", "The body cannot be read"),
    "wrong_value": (422, "有一个值不能用", "A value cannot be used"),
    "narrow_time": (422, "范围太大，请缩小", "Too much to look through: narrow it"),
    "wrong_cursor": (422, "分页游标无效", "The cursor is not one of this list"),
    "no_token": (401, "需要登录或令牌", "A token is needed"),
    "wrong_token": (401, "令牌无效或已失效", "The token is not valid"),
    "wrong_login": (401, "用户名或密码不对", "Name or password is wrong"),
    "password_to_change": (403, "请先更换一次性密码", "Replace the one-time password first"),
    "unknown_here": (401, "本系统里没有你的用户或角色", "You have no user or role here"),
    "signs_in_elsewhere": (409, "此用户没有本地密码", "They have no password here"),
    "code_needed": (401, "还需要第二因素的验证码", "A code of the second factor is needed"),
    "second_factor_to_set": (403, "请先设置第二因素", "Set up a second factor first"),
    "csrf": (403, "请求不是本系统的页面发出的", "No page of this hub asks for it"),
    "wrong_host": (421, "请求的域名不是本系统的", "The host that the request names is not this hub's"),
    "no_scope": (403, "没有这项权限", "The token lacks the scope"),
    "limited_rows": (403, "你只看得到一部分数据", "You see some of the rows only"),
    "hidden_field": (403, "你的角色看不到这项内容", "Your role does not see this"),
    "too_many_tries": (429, "失败次数过多", "Too many failed tries"),
    "too_many_streams": (429, "同时打开的事件流过多", "Too many event streams are open"),
    "not_found": (404, "没有找到", "There is no such thing"),
    "no_such_order": (404, "没有这个订单", "There is no such order"),
    "wrong_method": (405, "这个地址不支持该方法", "The address does not know this method"),
    "no_authorisation": (409, "不需要在浏览器里授权", "It is not authorised in a browser"),
    "wrong_state": (409, "这次授权无效，请重新发起", "The authorisation is not valid: begin again"),
    "not_possible": (409, "做不到", "That cannot be done"),
    "outside_failed": (409, "外部系统没有给出", "The system outside did not give it"),
    "test_failed": (409, "测试没有通过，没有保存", "The test failed; nothing was kept"),
    "not_authorised": (409, "平台没有授权", "The platform did not authorise it"),
    "ambiguous": (409, "不止一张订单", "Several orders are meant"),
    "too_large": (413, "内容太大", "The body is too large"),
    "unreadable_file": (422, "文件读不出来", "The file cannot be read"),
    "already_there": (409, "已经存在", "It is there already"),
    "in_use": (409, "已有记录，不能删除", "It has a past and cannot be removed"),
    "already_open": (409, "异常单没有关闭", "The case is open"),
    "already_resolved": (409, "异常单已关闭", "The case is resolved already"),
    "quarantined": (409, "被隔离的消息不能重放", "A quarantined message cannot be replayed"),
    "not_quarantined": (409, "不在隔离中", "It is not in quarantine"),
    "not_parked": (409, "不是搁置的", "It is not parked"),
    "draft_moved": (409, "草稿已被别人改过", "Somebody else changed the draft"),
    "mapping_wrong": (409, "映射还有错误", "The mapping has mistakes"),
    "trial_needed": (409, "发布前要先试跑", "It has to be tried before it is published"),
    "trial_failed": (409, "试跑没有通过", "The trial did not pass"),
    "nothing_to_discard": (409, "没有可以作废的消息", "There is nothing to discard"),
    "nothing_waits": (409, "没有等着它的东西", "Nothing waits for it"),
    "nothing_to_give_up": (409, "没有可以放弃的推送", "There is nothing to give up"),
    "nothing_to_replay": (409, "没有可以重放的内容", "There is nothing to replay"),
    "text_not_kept": (409, "推送内容已按保留期清除，不能重发", "The text of the delivery is not kept any more"),
    "nothing_to_resend": (409, "没有可以重发的推送", "There is nothing to send again"),
    "unknown_hold": (409, "没有这种挂起类型", "The blueprint has no such hold type"),
    "no_such_hold": (409, "没有这个生效中的挂起", "No such hold stands"),
    "erased": (409, "个人信息已按请求抹除", "The person was erased on request"),
    "in_progress": (409, "订单还没走完", "The order is still under way"),
    "deliveries_wait": (409, "还有推送没送完", "Deliveries of it still wait"),
    "already_cancelled": (409, "订单已取消", "The order is cancelled already"),
    **PAPER_PROBLEMS,
    "no_label_account": (409, "没有能申请面单的账号", "No account that sells labels is meant"),
    "no_pickup_account": (409, "没有能预约取件的账号", "No account that sends couriers is meant"),
    "no_quote_account": (409, "没有能询价的账号", "No account that names prices is meant"),
    "label_not_bought": (409, "没有可取消的面单", "There is no label to give back"),
    "no_cancelling": (409, "这个账号的面单不能从这里取消", "Labels of this account are not given back from here"),
    "pickup_not_booked": (409, "没有可取消的取件", "There is no courier to call off"),
    "pickup_of_label": (409, "取件随面单取消", "The courier is called off with the label"),
    "no_calling_off": (409, "这个账号的取件不能从这里取消", "Couriers of this account are not called off from here"),
    "collected_already": (409, "承运商已经揽收", "The carrier has the box already"),
    "label_of_another": (409, "面单属于别的账号", "The label is another account's"),
    "pickup_over_midnight": (409, "取件时间跨了两天", "The pickup begins and ends on two days"),
    "wrong_pickup": (409, "取件时间不能用", "The pickup cannot be used"),
    "no_sender": (409, "账号没有寄件人", "The account has no sender"),
    "label_stands": (409, "这一箱已经申请过面单", "The box has a label, or may have one"),
    "no_cash_on_delivery": (409, "面单不能代收货款", "Labels of this account collect no money"),
    "buyer_fetches": (409, "买家自提", "The buyer fetches it"),
    "not_out_yet": (409, "还没有出库", "It is not out yet"),
    "wrong_label": (409, "面单申请里有一个值不能用", "A value of the label request cannot be used"),
    "too_late": (409, "已经太晚", "It is too late for that"),
    "not_allowed": (403, "你的角色不能这样做", "Your role may not do that"),
    "rule_fails": (409, "蓝图的条件无法判断", "A condition of the blueprint cannot be evaluated"),
    "unknown_action": (409, "没有这个动作", "There is no such action"),
    "no_such_application": (404, "订单没有这个售后申请", "The order has no such application"),
    "unknown_decision": (409, "没有这种决定", "There is no such decision"),
    "application_over": (409, "售后申请已结束", "The application is over"),
    "application_waits": (409, "售后申请现在不等商家", "The application does not wait for the seller"),
    "refund_of_another": (409, "售后由别处答复", "Applications of this account are answered elsewhere"),
    "no_decisions": (409, "这个渠道不能从这里回复售后", "The channel cannot be told decisions from here"),
    "answer_not_taken": (409, "这个渠道不能这样回复", "The channel cannot be given this answer from here"),
    "no_amount": (409, "这个决定不能带金额", "The decision takes no amount"),
    "wrong_amount": (409, "金额不能用", "The amount cannot be granted"),
    "decided_otherwise": (409, "售后申请已经决定", "The application is decided already"),
    "decision_under_way": (409, "上一个决定正在告知", "An earlier decision is being told"),
    "no_such_work": (404, "没有这张作业单", "There is no such fulfilment work"),
    "no_such_parcel": (409, "没有这个包裹", "There is no such parcel"),
    "has_system": (409, "作业单归仓储系统管", "A warehouse system has the work in hand"),
    "work_cancelled": (409, "作业单已召回", "The work was called back"),
    "not_left": (409, "订单里没有这么多待发", "The order has fewer of them left"),
    "wrong_units": (409, "装箱数量不对", "There is less left to box"),
    "nothing_to_rescue": (409, "没有可以抢发的作业单", "There is no work that people could send"),
    "accepted_before": (409, "别人已先接单", "Somebody else accepted the work before"),
    "not_accepted": (409, "还没有人接单", "Nobody has accepted the work yet"),
    "waybill_used": (409, "运单已用于别的收货人", "The waybill is another receiver's"),
    "out_already": (409, "作业单已出库", "The work is out already"),
    "parcel_moves": (409, "包裹已有物流信息", "The parcel is moving already"),
    "parcel_arrives": (409, "包裹没有异常", "The parcel is in no trouble"),
    "nothing_to_pick": (409, "没有要拣的商品", "There is nothing to pick"),
    "too_many_works": (409, "作业单太多", "Too many works"),
    "unknown_carrier": (409, "不认识这个承运商", "The carrier is not known"),
    "no_carrier": (409, "缺少承运商", "The carrier is missing"),
    "wrong_waybill": (409, "运单号不能用", "The waybill cannot be used"),
    "wrong_reason": (409, "原因太长", "The reason is too long"),
    "last_administrator": (409, "最后一位管理员", "The last administrator"),
    "no_proposal": (409, "没有可接受的建议", "Nothing is proposed"),
    "held": (409, "订单被挂起", "The order is on hold"),
    "unknown_movement": (409, "没有这种库存变动", "There is no such movement"),
    "receiver_damaged": (409, "收件人已损坏，打不开", "The receiver is damaged and cannot be opened"),
    "nobody_there": (409, "没有能收到货的收件人", "Nobody there can be reached"),
    "still_masked": (409, "收件人还带星号", "The receiver still has stars"),
    "place_unsure": (409, "地址里的省市区无法确定", "The place of the address is unsure"),
    "receiver_changed": (409, "收件人刚刚变了", "The receiver has just changed"),
    "key_used": (409, "凭据号已用于另一笔", "The key is another movement's"),
    "typed_order": (409, "手工订单请用更正", "A typed order is corrected"),
    "gift_line": (409, "这一行是赠品", "The line is a gift"),
    "no_such_line": (409, "没有这一行", "There is no such line"),
    "nothing_left": (409, "改完就没有商品了", "Nothing would be left"),
    "wrong_line_units": (409, "件数不能用", "The units cannot be"),
    "wrong_line_discount": (409, "优惠比金额还多", "More comes off than it costs"),
    "price_above_paid": (409, "已付款的订单不能靠改价多收", "A paid order cannot be made dearer"),
    "not_manual": (409, "不是手工订单", "It is no manual order"),
    "nothing_to_change": (409, "没有要改的内容", "There is nothing to change"),
    "unknown_sku": (404, "没有这个商品编码", "There is no such SKU"),
    "unknown_warehouse": (404, "没有这个仓库", "There is no such warehouse"),
    "twice": (409, "同一商品同一仓库写了两行", "One SKU and warehouse stands there twice"),
    "same_place": (409, "调出调入是同一仓库", "Both warehouses are the same"),
    "not_free": (409, "能调的不够", "Fewer units can be moved"),
    "unknown_account": (404, "没有这个账号", "There is no such account"),
    "quota_for_nobody": (409, "没有写明给谁", "Nobody is named"),
    "quota_of_bundle": (409, "组合商品没有自己的库存", "A bundle has no units of its own"),
    "quota_closed": (409, "配额已结束", "The quota is closed"),
    "below_drawn": (409, "比已用掉的还少", "Fewer than were drawn"),
    "ends_before_it_starts": (409, "结束时间不对", "It ends before it starts"),
    "no_such_quota": (404, "没有这个配额", "There is no such quota"),
    "blueprint_moved": (409, "蓝图刚刚有了新版本", "The blueprint was published meanwhile"),
    "preview_stale": (409, "预览已过时", "The preview is out of date"),
    "rows_refused": (409, "有行不能办", "Some lines cannot be done"),
    "below_zero": (409, "数量会小于零", "A quantity would fall below zero"),
    "too_many": (409, "数量太大", "More units than can be kept"),
    "changed_meanwhile": (409, "刚刚有人改过", "Somebody has just changed it"),
    "no_such_document": (404, "没有这张单据", "There is no such document"),
    "document_state": (409, "单据的状态不允许", "The document's state does not allow it"),
    "no_document_lines": (409, "单据还没有明细", "The document has no lines"),
    "own_document": (403, "不能审批自己的单据", "Nobody judges a document of their own"),
    "no_such_document_line": (422, "没有这一行", "There is no such line"),
    "line_agreed": (409, "这一行已数清", "The line is agreed on"),
    "count_by_another": (409, "要换一个人复盘", "Somebody else has to count it"),
    "counted_too_often": (409, "数的次数太多", "Counted too often"),
    "digit_slip": (409, "数字像是按错了", "A digit may have slipped"),
    "line_counted_twice": (422, "同一行报了两次", "A line is told twice"),
    "wrong_scan_time": (422, "扫描时间不对", "The time of a scan cannot be"),
    "not_in_transit": (409, "在途的没有这么多", "Fewer units are in transit"),
    "transfer_needs_to": (422, "调拨要写调入仓库", "A transfer needs where it goes"),
    "only_transfers_go": (422, "只有调拨有调入仓库", "Only a transfer goes somewhere"),
    "document_twice": (422, "明细重复", "A line stands twice"),
    "never_frozen": (422, "这种单据没有冻结数", "Such documents have no frozen units"),
    "wrong_document_quantity": (422, "数量不能用", "The quantity cannot be"),
    "document_below_zero": (409, "数量会小于零", "A quantity would fall below zero"),
    "document_not_free": (409, "能调的不够", "Fewer units can be moved"),
    "document_too_many": (409, "数量太大", "Too many units"),
    **FLOOR_TITLES,
    "no_leak": (409, "这里没有对不上的占用了", "Nothing is bound for nobody there"),
    "leak_changed": (409, "差额刚刚变了", "The difference has just changed"),
    "level_first": (409, "先改正库存数的差额", "Put the level right first"),
    "call_key_used": (409, "幂等键已用于另一个请求", "The Idempotency-Key is another call's"),
    "refused": (409, "现在不能这样做", "It cannot be done now"),
    "busy": (503, "正忙，请稍后再试", "Too busy just now; try again"),
    "no_room": (503, "磁盘已满，现在不能接收", "The disk is full: nothing can be taken in now"),
    "database_away": (503, "数据库暂时连不上", "The database cannot be reached"),
    "not_ready": (503, "还没有准备好", "Not ready yet"),
    "defect": (500, "程序出错", "A defect of the hub"),
} | PURCHASE_TITLES
"""Code → status and titles. A refusal of the domain that is not named here is `refused` under its own code."""


class ProblemDetails(msgspec.Struct, frozen=True, omit_defaults=True):
    """RFC 9457. `type` ends in the code; `facts` explain a refusal. `preview_stale` brings the new `preview`,
    `changed_meanwhile` the facts `since` the version that was looked at, and the `version` of now."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    particulars: dict[str, str] = msgspec.field(name="facts", default_factory=dict)
    preview: Preview | None = None
    since: list[EventView] = []
    version: int | None = None


class Problem(Exception):
    """Ends a request with a problem. `detail` names what, where, and how to mend it: `中文 | English`."""

    def __init__(
        self, code: str, detail: str, *, particulars: Mapping[str, str] | None = None, retry_after: int | None = None,
        **more: Any,
    ) -> None:
        """`more`: further members of ProblemDetails."""
        super().__init__(f"{code}: {detail}")
        self.more = more
        self.code, self.detail, self.particulars, self.retry_after = code, detail, dict(particulars or {}), retry_after


def not_found(what_zh: str, what_en: str, name: str) -> Problem:
    """A problem for something that is not there."""
    return Problem("not_found", f"没有{what_zh} {name} | there is no {what_en} {name}")


def install(app: FastAPI) -> None:
    """Make the app answer every error as a problem."""

    async def problem(request: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)
        return answer(request, error)

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        words = of_parameters(error.errors())
        detail = f"{words.zh}，请改正后重发 | {words.en}; correct it and send again"
        return answer(request, Problem("wrong_value", detail))

    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        code = {404: "not_found", 405: "wrong_method", 413: "too_large"}.get(error.status_code, "unreadable_body")
        response = answer(request, Problem(code, f"{request.method} {request.url.path}: {error.detail}"))
        response.headers.update(error.headers or {})
        return response

    async def wrong_cursor(request: Request, error: Exception) -> Response:
        return answer(request, Problem(
            "wrong_cursor", "cursor: 请用上一页返回的 next，不要自行拼写 | use the `next` of the page before as it is"))

    async def raced(request: Request, error: Exception) -> Response:
        return answer(request, Problem("busy", "同一订单同时被多处修改 | the order is being changed elsewhere",
                                       retry_after=1))

    app.add_exception_handler(Problem, problem)
    app.add_exception_handler(ClientDisconnect, _left)
    app.add_exception_handler(Denied, _denied)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(NotKept, _not_kept)
    app.add_exception_handler(UnknownWord, _unknown_word)
    app.add_exception_handler(Ambiguous, _ambiguous)
    app.add_exception_handler(WrongCursor, wrong_cursor)
    app.add_exception_handler(Raced, raced)
    app.add_exception_handler(KeyMissing, defect)
    app.add_exception_handler(Exception, defect)
    _install_database(app)


def _install_database(app: FastAPI) -> None:
    """What the database and the disk may do, as problems: nothing of it quotes a row."""

    async def away(request: Request, error: Exception) -> Response:
        log.warning("database_away", path=request.url.path, why=str(error))
        return answer(request, Problem(
            "database_away", "请稍后再试；消息仍在接收并落盘 | try again soon; messages are still taken in",
            retry_after=5,
        ))

    async def unstorable(request: Request, error: Exception) -> Response:
        assert isinstance(error, StoreRefused)
        if not error.is_input:
            return await defect(request, error)
        return answer(request, Problem(
            "wrong_value", f"有一个值过长、超出范围或无法存储（{error}），请改正 | "
            f"a value is too long, out of range or cannot be stored ({error}): correct it"))

    async def full(request: Request, error: Exception) -> Response:
        log.warning("not_kept", path=request.url.path, why=str(error))
        return answer(request, no_room())

    app.add_exception_handler(StoreAway, away)
    app.add_exception_handler(StoreRefused, unstorable)
    app.add_exception_handler(NoRoom, full)


async def defect(request: Request, error: Exception) -> Response:
    """A fault of the hub: its log and the caller get the same number, and neither gets the error's own text."""
    number = uuid4().hex[:12]
    log.error("defect", number=number, path=request.url.path, error=kind_of(error), where=where(error))
    return answer(request, Problem("defect", f"请把编号 {number} 报给管理员 | report number {number}"))


def no_room() -> Problem:
    """Nothing can be kept now: the sender is to try again, and is told so instead of an acknowledgement."""
    return Problem("no_room", "请腾出磁盘空间；恢复后会自动继续，请稍后重发 | "
                   "free some disk space; it goes on by itself, send it again later", retry_after=30)


def problem_of(outcome: Outcome) -> Problem:
    """The domain's no, in words where there are any, with the particulars that explain it."""
    particulars = ", ".join(f"{k}={v}" for k, v in outcome.particulars.items())
    words = words_of(outcome.refusal, outcome.particulars)
    detail = f"{words.zh} | {words.en}" if words else f"未作任何更改 | nothing was changed: {particulars}"
    return Problem(outcome.refusal, detail, particulars=outcome.particulars)


def title_of(code: str) -> Words:
    """What a code is called."""
    _, zh, en = TITLES.get(code, TITLES["refused"])
    return Words(zh, en)


def answer(request: Request, error: Problem) -> Response:
    """The response for a problem, its title in the language that the caller accepts, else in both."""
    status, zh, en = TITLES.get(error.code, TITLES["refused"])
    wanted = request.headers.get("accept-language", "").strip().lower()[:2]
    title = {"zh": zh, "en": en}.get(wanted, f"{zh} | {en}")
    details = ProblemDetails(
        f"/problems/{error.code}", title, status, error.detail, request.url.path, error.code, error.particulars,
        **error.more,
    )
    headers = dict(CAREFUL) if error.retry_after is None else {**CAREFUL, "Retry-After": str(error.retry_after)}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    hides = SIGHT.get().hides
    shown = redacted(details, hides) if hides else details
    return Response(msgspec.json.encode(shown), status, headers, MEDIA_TYPE)


async def _denied(request: Request, error: Exception) -> Response:
    assert isinstance(error, Denied)
    return answer(request, Problem(error.code, error.detail, retry_after=error.retry_after))


async def _left(request: Request, error: Exception) -> Response:
    """Nobody is there to read it; a client that hangs up is no fault of ours."""
    return Response(status_code=400)


async def _not_kept(request: Request, error: Exception) -> Response:
    assert isinstance(error, NotKept)
    return answer(request, Problem(error.code, f"{error.zh} | {error.en}"))


async def _unknown_word(request: Request, error: Exception) -> Response:
    assert isinstance(error, UnknownWord)
    return answer(request, Problem("wrong_value", f"{error.zh} | {error.en}"))


async def _ambiguous(request: Request, error: Exception) -> Response:
    assert isinstance(error, Ambiguous)
    return answer(request, Problem(
        "ambiguous", "有多张订单用这个平台单号，请用订单号 | several orders have this channel's id: give the number",
        particulars=dict(error.candidates)))

