"""Tells in words what a case is about, and which command mends it; `--json` has the evidence as it is kept."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

import msgspec

from orderloom.application.queries.cases import CaseDetail
from orderloom.entrypoints.cli.screen import money, screen

COMMANDS = {
    "amount_mismatch": ("orderloom release {order} --reason 原因", "orderloom release {order} --reason WHY"),
    "unreadable_body": ("orderloom messages discard --case {id} --reason 原因",
                        "orderloom messages discard --case {id} --reason WHY"),
    "unknown_sku": ("orderloom alias add {value} 商品编码 --account {account}",
                    "orderloom alias add {value} SKU --account {account}"),
    "no_receiver": ("orderloom receiver {order} --name 姓名 --phone 电话 --address 地址 --reason 原因",
                    "orderloom receiver {order} --name NAME --phone PHONE --address ADDRESS --reason WHY"),
    "address_unsure": ("orderloom accept-address {order}", "orderloom accept-address {order}"),
}

OF_MESSAGES = ("unreadable_body", "unknown_sku")
"""Kinds whose command is about messages that wait; one that is about an account has none."""
TOLD_ELSEWHERE = ("order", "account")


def evidence(found: Mapping[str, Any]) -> str:
    """Why, in the asked language where it is kept in words; else as it is kept."""
    if problems := found.get("problems"):
        return " ".join(dict.fromkeys(screen.one_of(str(one.get("mend", ""))) for one in problems))
    if not {"zh", "en", "stated", "expected", "difference"} <= found.keys():
        more = {key: value for key, value in found.items() if key not in TOLD_ELSEWHERE}
        return msgspec.json.encode(more).decode() if more else ""
    stated, expected, off = (money(int(found[key]), str(found.get("currency", "")))
                             for key in ("stated", "expected", "difference"))
    return screen.words(
        f"来源给出 {stated}，按各项计算应为 {expected}，差 {off}：{found['zh']}",
        f"the source states {stated}, the terms make {expected}, off by {off}: {found['en']}", between=" / ")


def command(case: CaseDetail) -> str:
    """The command that mends it most of the time, ready to be copied; nothing once it is closed."""
    problems: list[dict[str, str]] = case.evidence.get("problems") or [{}]
    if case.resolved_at or case.kind not in COMMANDS or (case.kind in OF_MESSAGES and not problems[0]):
        return ""
    account = case.account or str(case.evidence.get("account") or "") or (case.order or "").partition("-")[0]
    given = {"order": case.order or "", "id": case.id, "account": account,
             "value": shlex.quote(problems[0].get("value") or "?")}
    return screen.words(*(text.format(**given) for text in COMMANDS[case.kind]), between=" / ")
