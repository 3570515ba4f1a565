"""A person who learns a word on one screen meets it on all: command line, API, console, blueprint and pages."""

from __future__ import annotations

import ast
import collections.abc
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from glossary_page import PAGE, page
from orderloom.domain.terms import SUPERSEDED, TERMS

ROOT = Path(__file__).resolve().parents[2]

ENTRYPOINTS = ROOT / "src" / "orderloom" / "entrypoints"
AGREED = """
订单 order; 订单行 line; 手工订单 manual order; 渠道 channel; 店铺 shop; 连接 connection; 阶段 phase; 环节 stage;
里程碑 milestone; 系统原话 native word; 织单认定 the hub's finding; 时差 lag; 异常单 case; 工单 ticket;
修复 mend; 重放 replay; 重发 resend; 试算 dry run; 原始消息 message; 原始凭证 voucher; 推送 delivery;
回传 report back; 通知 notification; 备注 note; 买家留言 buyer's message; 映射 mapping; 别名 alias; 商品编码 sku;
组合商品 bundle; 批号 lot; 作业单 fulfilment work; 波次 wave; 包裹 parcel; 运单 waybill; 面单 label;
揽收 pickup scan; 下发 dispatch; 召回 recall; 选仓 sourcing; 出库 hand over; 派送 out for delivery;
签收 delivered; 拦截 intercept; 拆单 split; 合单 merge; 补发 re-ship; 现货 on hand; 可售 available to promise;
预占 reserved; 占用 allocated; 预留 set aside; 安全库存 safety stock; 流水 ledger movement; 盘点 stocktake;
调拨 transfer; 退款 refund; 退货 return; 换货 exchange; 结算 settlement; 消息账 loss accounting;
对账 reconciliation; 康复时间 recovery time; 负责人 owner; 转给 assign; 关闭 close; 时限 time limit;
超时 overdue; 视图 view; 查看明文 show clear text; 已遮盖 masked; 生效版本 version in force; 待处理 pending;
搁置 parked; 隔离 quarantined; 挂起 on hold; 受阻 blocked; 暂停 paused; 停用 off; 冻结 frozen; 稍后处理 snoozed
"""
SHORT = {"external id": "平台单号", "phase": "阶段", "stage": "环节", "holds": "挂起",
         "available": "可售"}
"""Headings that are shorter than the glossary's word."""


def test_the_words_that_were_agreed_are_the_ones_in_the_glossary() -> None:
    agreed = dict(reversed(pair.strip().split(" ", 1)) for pair in AGREED.replace("\n", " ").split(";"))
    assert {en: TERMS[en].zh for en in agreed} == agreed
    assert PAGE.read_text("utf-8") == page(), "run: python tools/glossary_page.py"


def _texts() -> Iterator[tuple[str, str]]:
    """What users and newcomers read, by file: words that stand as a platform's own are in statuses and simulators."""
    files = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "blueprints").rglob("*.yaml")),
             *sorted((ROOT / "src").rglob("*.py")), *sorted((ROOT / "web/src/words").glob("*.ts"))]
    for file in files:
        if file.name not in ("glossary.md", "terms.py") and "simulat" not in file.as_posix():
            yield str(file.relative_to(ROOT)), file.read_text("utf-8")


@pytest.mark.parametrize("old", SUPERSEDED)
def test_a_word_that_was_given_up_is_read_nowhere_any_more(old: str) -> None:
    assert [name for name, text in _texts() if old in text] == [], f"say {SUPERSEDED[old]}"


def _headings() -> Iterator[tuple[str, str, str]]:
    """(file, Chinese, English) of every table heading of the command line."""
    for file in sorted((ENTRYPOINTS / "cli").glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "table" and node.args:
                head = node.args[0]
                if isinstance(head, ast.Dict):
                    for zh, en in zip(head.keys, head.values, strict=True):
                        if isinstance(zh, ast.Constant) and isinstance(en, ast.Constant):
                            yield file.name, str(zh.value), str(en.value)


def test_a_heading_of_the_command_line_is_the_glossarys_word() -> None:
    found = list(_headings())
    assert len(found) > 60
    words = {en: term.zh for en, term in TERMS.items()} | SHORT
    words["sku"] = "SKU"
    wrong = [(name, zh, en) for name, zh, en in found if words.get(en.lower(), zh) != zh]
    assert wrong == []


def test_the_five_kinds_of_not_moving_are_never_swapped() -> None:
    zh, en = (ROOT / "web" / "src" / "words" / "home.ts").read_text("utf-8").split("\n  },\n", 1)
    status = (ENTRYPOINTS / "cli" / "status.py").read_text("utf-8")
    for word in ("pending", "parked", "quarantined"):
        assert f'{word}: "{TERMS[word].zh}"' in zh and f'{word}: "{word.title()}"' in en
        assert f'("{word}", "{TERMS[word].zh}")' in status
    phases = yaml.safe_load((ROOT / "blueprints/default/words.yaml").read_text("utf-8"))["phases"]
    assert (phases["held"]["zh"], phases["blocked"]["zh"]) == (TERMS["on hold"].zh, TERMS["blocked"].zh)


def test_the_blueprint_says_what_the_glossary_says() -> None:
    words = yaml.safe_load((ROOT / "blueprints/default/words.yaml").read_text("utf-8"))
    for part, name, en in (
        ("effects", "dispatch", "dispatch"), ("effects", "recall", "recall"), ("effects", "assign", "sourcing"),
        ("effects", "reserve", "reserved"), ("effects", "allocate", "allocated"), ("effects", "open_case", "case"),
        ("verbs", "assign", "sourcing"), ("verbs", "dispatch", "dispatch"), ("phases", "delivered", "delivered"),
        ("milestones", "delivered", "delivered"), ("milestones", "handed_over", "hand over"),
        ("milestones", "out_for_delivery", "out for delivery"), ("milestones", "collected", "pickup scan"),
    ):
        assert TERMS[en].zh in words[part][name]["zh"], f"words.yaml {part}.{name}: {TERMS[en].zh}"
    cases = "".join(file.read_text("utf-8") for file in (ROOT / "blueprints/default/cases").iterdir())
    for kind, en in (("delivery_parked", "delivery"), ("delivery_parked", "parked"), ("stage_overdue", "stage")):
        title = re.search(rf"kind: {kind}\n\s+title: {{zh: ([^,]+),", cases)
        assert title is not None and TERMS[en].zh in title[1], kind


def test_every_summary_of_the_api_is_chinese_first_and_english_beside_it() -> None:
    found = [(file.name, summary) for file in sorted((ENTRYPOINTS / "http").rglob("*.py"))
             for summary in re.findall(r'summary="([^"]+)"', file.read_text("utf-8"))]
    assert len(found) > 50
    for name, summary in found:
        zh, _, en = summary.partition(" | ")
        assert re.search(r"[\u4e00-\u9fff]", zh + en) and en, f"{name}: {summary}"


PORTS = {"Passwords": "a port and the adapter that keeps it", "Notary": "a port and the adapter that keeps it",
         "AccountStore": "a port and its adapter", "IdentityStore": "a port and its adapter",
         "OneTimeCodes": "a port and its adapter",
         "Voucher": "a message to store, and one as it is shown", "Problem": "a draft's, and RFC 9457's own word"}
"""Names that two classes share because they are one thing, and say it."""
FOLDERS = ("spreadsheets", "channels", "systems", "carriers", "subscribers", "messengers", "simulated")
"""Connectors, the tables people send and the simulators speak words of their own, not the hub's."""


def test_a_class_that_is_named_in_talk_is_one_class() -> None:
    found: dict[str, set[str]] = {}
    for file in sorted((ROOT / "src" / "orderloom").rglob("*.py")):
        if not set(FOLDERS) & set(file.parts):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    found.setdefault(node.name, set()).add(str(file.relative_to(ROOT)))
    assert len({name.lower() for name in found}) == len(found), "two names that differ in their capitals alone"
    shared = {name: files for name, files in found.items() if len(files) > 1}
    assert {name: files for name, files in shared.items() if name not in PORTS} == {}
    assert set(PORTS) <= set(shared), "not shared any more"


OF_ONE = {
    "settle": ("what a channel pays out, matched to orders",
               ("adapters/channels/files", "adapters/spreadsheets", "adapters/carriers/jd_logistics",
                "domain/terms", "domain/credit_note", "rehearsal/")),
    "StockHeld": ("orders are held, stock is bound", ()),
    "StockHold": ("orders are held, stock is bound: StockBinding", ("application/queries/order_",)),
    "stock_holds": ("orders are held, stock is bound: `bindings`; the API and the audit name them so",
                    ("application/queries/order_detail", "domain/order.py", "application/verify_state")),
    "def hold(": ("orders are held, rows are locked", (
        "application/hold.py", "application/journey", "queries/vocabulary", "blueprint/compile", "cli/story",
        "shopify/simulated_shop")),
    "def hold_": ("orders are held, rows are locked, a notification is held back",
                  ("http/api/orders", "cli/decisions", "notices.py")),
    "class Facts": ("what a condition reads of an order are its traits", ()),
    "facts_of": ("what a condition reads of an order are its traits", ("adapters/db/publishing",)),
    "FACT_SAMPLES": ("what a condition reads of an order are its traits", ()),
    "refusal.facts": ("what explains a refusal are its particulars", ()),
    "outcome.facts": ("what explains a refusal are its particulars", ()),
    "class Refusal": ("the hub's no to a command", ("domain/refusal",)),
}
"""Words of code that stand for one thing alone: what it is, and where else they are somebody else's or a setting's."""


@pytest.mark.parametrize("word", OF_ONE)
def test_a_word_of_finance_or_of_people_is_no_step_of_the_code(word: str) -> None:
    meaning, elsewhere = OF_ONE[word]
    source = ROOT / "src" / "orderloom"
    wrong = [str(file.relative_to(source)) for file in sorted(source.rglob("*.py"))
             if word in file.read_text("utf-8") and not any(place in str(file) for place in elsewhere)]
    assert wrong == [], f"{word}: {meaning}"


def test_no_class_takes_a_name_of_the_standard_library_that_annotations_use() -> None:
    taken = [f"{file.name}: {node.name}" for file in sorted((ROOT / "src" / "orderloom").rglob("*.py"))
             for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.ClassDef)
             and node.name in collections.abc.__all__]
    assert taken == []
