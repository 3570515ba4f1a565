"""Who reads the command line in Chinese or English meets words and no codes: every closed word has both."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest

from orderloom.application.act import PLAIN
from orderloom.application.directory import Directory
from orderloom.application.queries.messages import OUTCOMES
from orderloom.application.queries.trace import TraceEntry
from orderloom.application.queries.vocabulary import DELIVERY_KINDS, DELIVERY_STATES, Vocabulary
from orderloom.blueprint.compile import compile_blueprint
from orderloom.blueprint.load import load_folder
from orderloom.domain.event import AnyEvent
from orderloom.domain.incident import Blame, Incident
from orderloom.domain.inventory.document_states import DocumentKind, DocumentState
from orderloom.domain.lifecycle import FACTS, MILESTONES
from orderloom.domain.states import (
    AfterSaleKind,
    AfterSaleState,
    BindingKind,
    BindingState,
    Negotiation,
    ParcelState,
    PaymentState,
    WorkState,
)
from orderloom.domain.words import SEVERITIES, Words
from orderloom.entrypoints.cli import names
from orderloom.entrypoints.cli.screen import screen
from orderloom.entrypoints.cli.story import Story

ROOT = Path(__file__).resolve().parents[2]
AT = datetime(2026, 11, 26, tzinfo=UTC)


@pytest.mark.parametrize(("known", "closed"), [
    (names.FACTS, [event.__struct_config__.tag for event in get_args(AnyEvent)]),
    (names.PARCELS, tuple(ParcelState)), (names.INCIDENTS, tuple(Incident)),
    (names.BLAMES, tuple(Blame)), (names.WORKS, tuple(WorkState)), (names.NEGOTIATIONS, tuple(Negotiation)),
    (names.PAYMENTS, tuple(PaymentState)), (names.BINDINGS, tuple(BindingKind)),
    (names.BINDING_STATES, tuple(BindingState)),
    (names.DOCUMENT_KINDS, tuple(DocumentKind)), (names.DOCUMENT_STATES, tuple(DocumentState)),
    (names.AFTER_SALES, tuple(AfterSaleKind)), (names.AFTER_SALE_STATES, tuple(AfterSaleState)),
    (names.DELIVERIES, DELIVERY_KINDS), (names.DELIVERY_STATES, DELIVERY_STATES),
    (names.OUTCOMES, OUTCOMES), (names.SEVERITIES, SEVERITIES),
    (names.ACTIONS, (*PLAIN, "cancel", "reship")), (names.TRIGGERS, set(FACTS) - set(MILESTONES)),
])
def test_no_state_kind_or_action_is_shown_as_a_code(known: Mapping[str, Words], closed: Collection[str]) -> None:
    assert set(map(str, closed)) <= known.keys()


@pytest.mark.parametrize(("source", "what", "detail", "zh"), [
    ("fact", "work_moved", '{"seq":1,"state":"picking","negotiation":"accepted","native":"75/32"}',
     "作业单进展 状态 拣货中，仓库答复 仓库已接受，原话 75/32"),
    ("fact", "parcel_shipped", '{"no":1,"carrier":"shunfeng","waybill":"SF1","at":"2026-11-26T00:00:00Z","id":"x"}',
     "包裹发出 承运 顺丰速运，运单 SF1"),
    ("fact", "stage_moved", '{"stage":"picking","cause":"fact:stock_found"}', "进入环节 环节 拣货中，因 有货"),
    ("delivery", "work queued", "01a2-id", "下发作业单 排入推送 "),
    ("delivery", "shipment parked", "3 attempts", "回传发货 搁置 第 3 次"),
    ("case", "short_stock resolved", "put right by a later fact", "缺货 关闭 后来的事实已使其恢复"),
    ("voucher", "trade", "12 bytes, normalised", "交易 12 字节，已处理"),
    ("fact", "after_sale_heard", '{"after_sale":{"external_id":"R1","kind":"return_refund","state":"returning",'
     '"currency":"CNY","amount":1000,"revision":"2026-11-26T00:00:00Z"}}',
     "售后申请 种类 退货退款，状态 退回途中，金额 10.00 CNY"),
    ("case", "short_stock opened", "01a21568-3e5f-77c7-a799-93c92130c37d", "缺货 发现 "),
])
def test_a_story_is_told_in_words(
    monkeypatch: pytest.MonkeyPatch, source: str, what: str, detail: str, zh: str
) -> None:
    monkeypatch.setattr(screen, "language", "zh")
    blueprint = compile_blueprint(load_folder(ROOT / "blueprints" / "default"))
    story = Story(Vocabulary(Directory(1, {}, (), {1: blueprint}, 1)))
    entry = TraceEntry(AT, source, "WD01", what, detail, "")
    assert f"{story.what(entry)} {story.detail(entry, 'CNY')}" == zh


def test_a_reason_in_both_languages_is_told_in_the_asked_one_and_a_persons_words_stand() -> None:
    kept = "应付总额：没有哪一项能单独解释差额 | Order total: no single term explains the difference"
    assert names.reason(kept) == Words(*kept.split(" | "))
    for own in ("客户要求 | 周五发", "call back | later"):
        assert names.reason(own) == Words(own, own)
