"""What a scan's words say of a parcel: a buyer whose parcel is refused is not told that it was delivered."""

from __future__ import annotations

import pytest

from orderloom.domain.draft import MILESTONES
from orderloom.domain.scan_words import scan_incident, scan_milestone

NOT_SIGNED = [
    "快件暂未签收，明日再派", "派送中，请准备签收", "待签收：已放入丰巢柜", "尚未签收", "请及时签收",
    "收件人要求改期签收", "无人签收",
    "等待收件人签收", "客户要求明日签收", "已通知客户签收", "您的快件已到驿站，请凭取货码签收", "签收已取消",
    "已取消签收", "虚假签收投诉处理中",
    "如已签收请忽略", "若您已签收，请忽略本条", "请联系签收人：张三", "需本人签收", "预约周一签收",
    "已联系收件人改期签收",
    "已派送（未签收）", "包裹未妥投", "未能妥投", "签收人：未知", "已签收被撤销", "客户不签收",
    "已安排派送并等客户签收", "将于明日签收",
    "本人签收失败", "签收单已返还", "已完成签收前检查", "已发送签收提醒", "已被客户拒绝签收", "代收点签收未成功",
]
SIGNED = [
    "快件已签收", "已签收,感谢使用顺丰,期待再次为您服务", "快件已由驿站签收", "您的快件已由代收点签收",
    "快件已由丰巢代签收", "本人签收",
    "客户 签收人: 邮件收发章 已签收 感谢使用圆通速递", "【成都市】您的快件已签收，签收人【本人】，如有疑问请联系 138",
    "签收人：张三",
    "投递并签收，签收人：本人", "已妥投", "签收成功", "已签收，签收人凭取货码签收", "【不老屯镇】已签收",
    "快件已在【未来城代收点】签收", "签收",
    "您的快件已签收，如您未收到此快件，请拨打投诉电话", "他人代收，门卫签收", "已经签收",
]


@pytest.mark.parametrize("words", NOT_SIGNED)
def test_what_is_not_signed_for_is_not_delivered(words: str) -> None:
    assert scan_milestone(words) not in ("delivered", "returned")


@pytest.mark.parametrize("words", SIGNED)
def test_what_is_signed_for_is_delivered(words: str) -> None:
    assert (scan_milestone(words), scan_incident(words)) == ("delivered", "")


@pytest.mark.parametrize(("words", "milestone", "incident"), [
    ("收件人拒收", "failed", "refused"), ("客户拒绝签收", "failed", "refused"), ("拒签", "failed", "refused"),
    ("派件不成功，收件人拒收", "failed", "refused"), ("因地址不详客户拒收", "failed", "refused"),
    ("签收失败，收件人不在", "failed", ""), ("派送不成功，电话无人接听", "failed", "unreachable"),
    ("收件人电话（138）无人接听，改日派送", "", "unreachable"), ("无法派送，地址有误", "failed", "wrong_address"),
    ("投递未成功", "failed", ""), ("受台风影响，快件延误", "", "bad_weather"),
    ("客户取消拒收，正在派送", "out_for_delivery", ""), ("如遇破损可拒收，快件已签收", "delivered", ""),
    ("若无法派送将退回", "", ""), ("派件异常已解除", "", ""), ("快件不受台风影响，正常运输", "in_transit", ""),
    ("若地址有误请联系客服", "", ""), ("如联系不上收件人将退回", "", ""),
])
def test_a_refusal_is_an_incident_and_what_may_happen_is_none(words: str, milestone: str, incident: str) -> None:
    assert (scan_milestone(words), scan_incident(words)) == (milestone, incident)


@pytest.mark.parametrize(("words", "milestone"), [
    ("快件退回中", "returning"), ("您的快件正在退回", "returning"), ("拒收，快件退回", "returning"),
    ("退件未签收", "returning"), ("准备退回", ""),
    ("退回件已签收", "returned"), ("退回件已由寄件人签收", "returned"), ("您的快件已退回签收", "returned"),
    ("退货完成", "returned"),
    ("客户取消退回", ""), ("客户申请退回", ""), ("退回已取消，正在派送", "out_for_delivery"), ("逾期将退回寄件人", ""),
    ("取消退回，已签收", "delivered"), ("快件未退回", ""), ("支持7天退货政策，已签收", "delivered"),
])
def test_what_comes_back_is_told_from_what_does_not(words: str, milestone: str) -> None:
    assert scan_milestone(words) == milestone


@pytest.mark.parametrize(("words", "milestone"), [
    ("正在派送途中,请您准备签收(派件员:张三)", "out_for_delivery"),
    ("【上海】的派件员【张三】正在派件", "out_for_delivery"),
    ("【杭州】派件中", "out_for_delivery"), ("您的快件由配送员正在派送", "out_for_delivery"),
    ("开始配送", "out_for_delivery"),
    ("明日再次派送", ""), ("等待派送", ""), ("暂停派送", ""), ("客户预约周一派送", ""),
    ("快件到达派送网点", "in_transit"), ("已取消派送", ""),
    ("快件到达【杭州派送中心】", "in_transit"), ("派送已取消", ""), ("正在运往派送点", "in_transit"),
    ("派送员未联系客户", ""), ("未派送", ""),
    ("顺丰速运 已收取快件", "collected"), ("【杭州】快件已被揽收", "collected"), ("取件人: 张三 已收件", "collected"),
    ("【杭州】的【张三】已揽收", "collected"), ("揽收成功", "collected"), ("揽收失败", ""), ("等待揽收", ""),
    ("已取消揽收", ""),
    ("已安排快递员揽收", ""), ("商家正通知快递公司揽件", ""), ("收件人不在", ""), ("客户已取件", ""), ("未揽收", ""),
    ("快件在【杭州】已装车,准备发往下一站", "in_transit"), ("快件离开【杭州转运中心】,发往下一站", "in_transit"),
    ("预计明日到达", ""),
    ("快件未到达", ""), ("运输异常", ""), ("", ""), ("订单已创建", ""),
])
def test_a_step_that_did_not_happen_is_none(words: str, milestone: str) -> None:
    assert scan_milestone(words) == milestone


def test_every_step_that_words_tell_of_is_one_that_we_know() -> None:
    told = {scan_milestone(words) for words in ("已签收", "快件退回", "退件已签收", "拒收", "派件中", "已揽收", "在途")}
    assert told <= set(MILESTONES)


def test_a_long_text_costs_no_more_than_its_beginning() -> None:
    assert scan_milestone("已由" * 5_000 + "签收") == ""
