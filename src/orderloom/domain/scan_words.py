"""What the words of a Chinese carrier's scan say of the parcel, where its code says nothing: one vocabulary for all.

A word alone says nothing ("not signed for", "please be ready to sign"): a step is taken from a form that says that it
happened, unless what stands before or behind it says otherwise. What is not understood is no step. Sentences are read
clause by clause; names in brackets are put aside.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

WORDS_MAX = 400
"""So much of a scan's text is read."""
_NAMED = re.compile(r"[【\[(（]([^】\])）]*)[】\])）]")
_TELLING = re.compile("签|拒|退|妥投")
_PARTS = re.compile(r"[，。；,;!！?？\n]+")
_GO = "(?:派送|派件|配送|投递)"
_BACK = "退[回件货]|返件|逆向"
_FETCHED = "揽收|揽件|揽货|收寄|收取|收件(?!人|地|方)"
_MOVED = "到达|抵达|离开|发往|运往|运输|中转|转运|分拣|装车|发车|在途"


class ScanForms(NamedTuple):
    """A step or an incident: forms that say it, and those that say that it is not so."""

    means: str
    forms: re.Pattern[str]
    unless: re.Pattern[str]


def _said(means: str, forms: Sequence[str], unless: Sequence[str]) -> ScanForms:
    return ScanForms(means, re.compile("|".join(forms)), re.compile("|".join(unless)))


SIGNED = _said("delivered", [
    "已经?(?:成功|正常|完成|全部|妥善|退回|退件|妥投)?代?签收",
    "已经?(?:被|由|在|于)(?:(?!未|没|不|无|待|拒|请|准备|改期|预约|通知|联系|要求|等).){0,30}?签收",
    "(?:^|[#:： ])(?:快件|邮件|包裹|货物|投递并)?(?:(?:收件|收货|寄件)人|客户|本人|他人|家人|同事|亲友|门卫|前台|"
    "保安|物业|邻居|代收点?|驿站|快递柜)?已?签收(?=$|[#:： ])",
    r"签收人(?:为|是)?(?:#|[:：]\s*(?!未|无|暂|空|待|不)[^\s])",
    "签收(?:成功|完成)", "(?:成功|完成|投递并)签收", "妥投", "退[回件货]已?(?:签收|完成)",
], [
    "(?:未|没|不|无法|无人|暂|尚|(?<![招接])待|拒|等|准备|请|预约|改期|延期|延迟|推迟|取消|撤销|虚假|误|催|需|须|要求|"
    "如|若|通知|联系|将|是否|预计|失败)[^已：:#]{0,6}(?:签收|妥投|完成)",
    "(?:如|若|是否|将|误|虚假|没有?)[^：:#]{0,3}已",
    "(?:签收|妥投)人?(?:[被已]{0,2}(?:取消|撤销|作废)|失败|异常|不成功|未|错|有误|超时)",
    "签收(?:前|单|码|短信|通知|提醒)",
])
BACK = _said("returning", [_BACK], [
    "(?:未|没|不|无需|勿|取消|撤销|拒绝|如|若|将|拟|申请|要求|逾期|超时|否则|是否|待|可|免|停止|避免|准备|即将|预计)[^已：:#]{0,6}"
    f"(?:{_BACK})",
    f"(?:{_BACK})[^：:#]{{0,4}}(?:取消|撤销|失败|申请|地址|政策|运费|说明|无忧)",
])
REFUSED = _said("refused", ["拒[收签]", "拒绝(?:签收|收货|接收|收件|收取|收快件)"], [
    "(?:未|没有|不会|不再|不予|并非|取消|撤销|解除|勿|可以?|避免|防止|是否)(?:客户|收件人|被|再)?拒",
    "(?:如|若)[^：:#]{0,10}拒", "拒[收签][被已]{0,2}(?:取消|撤销|解除)",
])
FAILED = _said("failed", [
    f"(?:{_GO}|投妥|妥投|签收|交付)[^已：:#]{{0,4}}(?:失败|不成功|未成功|异常|未果)",
    f"(?:无法|未能|不能)(?:正常|及时|成功)?(?:{_GO}|妥投|签收|交付)", "未妥投",
], ["(?:如|若|避免|防止|以免)[^：:#]{0,10}(?:失败|无法|未能|不能|异常|不成功)",
    "异常[被已]{0,2}(?:解除|处理|恢复|排除)"])
OUT = _said("out_for_delivery", [
    f"正在[^：:]{{0,8}}{_GO}(?!点|网点|站|部|中心)",
    f"{_GO}(?:途中|中(?!心|转|断|止)|员(?!未|已?取消))", f"(?:开始|出发|外出|安排){_GO}",
], [
    "(?:未|不|无法|暂停|停止|中止|取消|等|待|改[期日]?|择日|明[日天]|次日|预约|预计|将|延[期迟]|如|若|尚|到达|通知)"
    f"[^已：:#]{{0,8}}{_GO}",
    f"{_GO}[^已：:#]{{0,4}}(?:暂停|停止|取消|中止|结束)",
])
FETCHED = _said("collected", [
    f"已经?(?:被|上门|成功|完成|#|由[^：:]{{1,20}}?)?(?:{_FETCHED})", "(?:揽收|揽件|收寄)(?:成功|完成)",
    f"^(?:快件|包裹|邮件)?#?(?:{_FETCHED})$",
], [
    f"(?:未|没|不|无法|待|等|取消|撤销|如|若|将|预约|准备|尚|暂|请|安排|通知)[^：:#]{{0,6}}(?:{_FETCHED})",
    f"(?:{_FETCHED})[^：:#]{{0,3}}(?:失败|取消|撤销|超时|异常|不成功)",
])
MOVED = _said("in_transit", [_MOVED], [
    f"(?:未|没|无法|不能|暂停|停止|等待?|待|预计|将|如|若|尚)[^已：:#]{{0,4}}(?:{_MOVED})",
    f"(?:{_MOVED})[^已：:#]{{0,2}}(?:异常|失败|停止|暂停|中断)",
])
INCIDENTS = (
    REFUSED,
    _said("unreachable", ["电话[^：:]{0,8}(?:无法|无人|不通|停机|关机|空号)", "联系不上", "(?:无法|未能|不能)联系"],
          ["(?:如|若)[^：:]{0,10}(?:联系|电话)"]),
    _said("wrong_address", ["地址(?:有误|不详|错误|不清|不全)"],
          ["(?:如|若)[^：:]{0,6}地址", "已(?:更正|修改|核实)"]),
    _said("bad_weather", ["(?:受|因|由于|遇)[^：:]{0,8}(?:天气|台风|暴雨|暴雪|大雪)", "天气(?:原因|影响)"],
          ["(?:不受|未受|如|若)[^：:]{0,10}(?:天气|台风|暴雨|暴雪|大雪)"]),
)


def scan_milestone(words: str) -> str:
    """The step that a scan's words tell of; "" where they tell of none."""
    parts = _parts(words)
    is_signed, is_back = _is_said(SIGNED, parts), _is_said(BACK, parts)
    if is_back:
        return "returned" if is_signed else "returning"
    if _is_said(REFUSED, parts) or _is_said(FAILED, parts):
        return "failed"
    if is_signed:
        return "delivered"
    return next((one.means for one in (OUT, FETCHED, MOVED) if _is_said(one, parts)), "")


def scan_incident(words: str) -> str:
    """What went wrong, by a scan's words; "" where they tell of nothing."""
    parts = _parts(words)
    return next((one.means for one in INCIDENTS if _is_said(one, parts)), "")


def _parts(words: str) -> list[str]:
    plain = _NAMED.sub(lambda named: named[0] if _TELLING.search(named[1]) else "#", words[:WORDS_MAX])
    return [part.strip() for part in _PARTS.split(plain)]


def _is_said(said: ScanForms, parts: Sequence[str]) -> bool:
    return any(said.forms.search(part) and not said.unless.search(part) for part in parts)
