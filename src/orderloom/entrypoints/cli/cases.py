"""One case on a person's word: `case show | take | assign | resolve | reopen`."""

from __future__ import annotations

from typing import Annotated

import msgspec
import typer

from orderloom.application import keep_cases as verbs
from orderloom.application.keep_cases import REASON_MAX
from orderloom.application.not_kept import NotKept
from orderloom.application.queries.cases import CaseDetail, read_case
from orderloom.application.queries.sql import UUID
from orderloom.application.queries.vocabulary import Vocabulary
from orderloom.domain.words import ROLES
from orderloom.entrypoints.cli import names
from orderloom.entrypoints.cli.attach import actor, connection, run
from orderloom.entrypoints.cli.evidence import command, evidence
from orderloom.entrypoints.cli.frame import group
from orderloom.entrypoints.cli.screen import Stop, screen

app = group("异常单：查看、接手、转给、关闭、重新打开", "one case: show, take, assign, resolve, reopen")
Id = Annotated[str, typer.Argument(metavar="ID", help="异常单编号，见 orderloom cases / the case's id")]
Words = Annotated[str, typer.Option("--reason", help="原因，写入记录 / why, kept in its history")]


@app.command("show", help="一张异常单的全部和经过 / everything about a case, and what people did to it")
def show_command(case_id: Id) -> None:
    """Show a case."""
    _tell(*run(lambda: _act(case_id, None)))


@app.command("take", help="接手：不再催别人 / say that you are at it: nobody else is told of it")
def take_command(case_id: Id) -> None:
    """Take a case."""
    _tell(*run(lambda: _act(case_id, verbs.take_case)))


@app.command("assign", help="转给另一个角色 / give it to another role")
def assign_command(
    case_id: Id, owner: Annotated[str, typer.Argument(metavar="ROLE", help=" | ".join(ROLES))],
) -> None:
    """Assign a case."""
    _tell(*run(lambda: _act(case_id, verbs.assign_case, owner)))


@app.command("resolve", help="关闭 / close it")
def resolve_command(case_id: Id, reason: Words) -> None:
    """Close a case."""
    _tell(*run(lambda: _act(case_id, verbs.resolve_case, _bounded(reason))))


@app.command("reopen", help="重新打开 / open it again")
def reopen_command(case_id: Id, reason: Words) -> None:
    """Reopen a case."""
    _tell(*run(lambda: _act(case_id, verbs.reopen_case, _bounded(reason))))


def _bounded(reason: str) -> str:
    if not 0 < len(reason.strip()) <= REASON_MAX:
        raise Stop(f"--reason 要写 1 到 {REASON_MAX} 个字。", f"--reason has 1 to {REASON_MAX} characters.", code=2)
    return reason


async def _act(case_id: str, act: verbs.Act | None, word: str = "") -> tuple[CaseDetail, Vocabulary]:
    if not UUID.fullmatch(case_id.lower()):
        raise Stop(f"“{case_id}”不是异常单编号；编号见 orderloom cases 的末列。",
                   f'"{case_id}" is no id of a case: orderloom cases shows them in its last column.', code=2)
    async with connection() as (opened, one):
        if act is not None:
            await act(opened.ports.cases, case_id.lower(), word, actor(), opened.now())
        called = Vocabulary(await opened.directory())
        found = await read_case(one, case_id.lower(), called.severities())
        if found is None:
            raise NotKept("not_found", f"没有异常单 {case_id}", f"there is no case {case_id}")
        return found, called


def _tell(case: CaseDetail, called: Vocabulary) -> None:
    if screen.answer(case):
        return
    screen.pairs([
        ("异常单", "Case", f"{screen.called(called.case(case.kind))} ({case.kind})"), ("订单", "Order", case.order),
        ("严重程度", "Severity", names.shown(names.SEVERITIES, case.severity)),
        ("对象", "Subject", case.subject),
        ("负责人", "Owner", screen.called(called.role(case.owner))),
        ("发现", "Opened", case.opened_at), ("时限", "Due", case.due_at), ("次数", "Sightings", case.sightings),
        ("修复", "Mend", screen.called(called.mend(case.kind))),
        ("接手", "Taken by", case.taken_by), ("关闭", "Resolved", case.resolved_at),
        ("由谁", "By", case.resolved_by),
        ("结论", "Resolution", names.shown(names.REASONS, case.resolution or "")),
        ("说明", "Why", evidence(case.evidence)), ("命令", "Command", command(case)),
    ])
    if case.history:
        screen.table({"时间": "When", "谁": "Who", "事": "What", "内容": "Detail"},
                     [(e.at, e.by, names.shown(names.CASES, e.kind),
                       msgspec.json.encode(e.detail).decode()) for e in case.history])
