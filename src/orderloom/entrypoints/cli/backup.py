"""Backups: `backup note | list`. docs/backup.md says what to copy; whatever copies it notes here how it went."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from orderloom.adapters.ids import new_id
from orderloom.application.not_kept import NotKept
from orderloom.application.note_backup import BackupNoted, note_backup
from orderloom.application.queries.backups import BackupState, read_backups
from orderloom.entrypoints.cli.attach import actor, connection, hub, run
from orderloom.entrypoints.cli.frame import group
from orderloom.entrypoints.cli.screen import Stop, screen

app = group("备份：记录做过的备份与恢复演练", "backups: note those taken, and restore drills")
KINDS = {"backup": ("备份", "backup"), "drill": ("演练", "drill")}


@app.command("note", help="记录一次备份或演练，放在备份脚本的最后 / note one, at the end of your backup script")
def note(
    kind: Annotated[Literal["backup", "drill"], typer.Argument(help="backup | drill")],
    failed: Annotated[bool, typer.Option("--failed", help="没有成功 / it did not end well")] = False,
    seconds: Annotated[int, typer.Option(min=0, help="用时秒 / how long it took")] = 0,
    size: Annotated[int, typer.Option("--bytes", min=0, help="字节 / its size")] = 0,
    place: Annotated[str, typer.Option(help="放在哪里 / where it lies")] = "",
    detail: Annotated[str, typer.Option(help="说明 / what is to be said of it")] = "",
) -> None:
    """Note a backup or a drill that ended now."""
    noted = run(lambda: _note(kind, failed, seconds, size, place, detail))
    if not screen.answer(noted):
        screen.say(f"已记录：{KINDS[kind][0]}，{'失败' if failed else '完好'}。",
                   f"Noted: {KINDS[kind][1]}, {'failed' if failed else 'good'}.")


@app.command("list", help="最近的备份与演练，下次何时 / the latest, and when the next are due")
def list_command() -> None:
    """List backups and drills."""
    state = run(_state)
    if screen.answer(state):
        return
    screen.table(
        {"时间": "When", "类型": "Kind", "结果": "Result", "字节": "Bytes", "放在": "Place", "说明": "Detail"},
        [(r.ended_at, screen.words(*KINDS[r.kind], between=" "), "✓" if r.is_good else "✗", r.bytes, r.place, r.detail)
         for r in state.runs])
    screen.say(f"下次备份 {state.backup_due_at:%Y-%m-%d %H:%M}，下次演练 {state.drill_due_at:%Y-%m-%d %H:%M}（UTC）",
               f"Next backup {state.backup_due_at:%Y-%m-%d %H:%M}, next drill {state.drill_due_at:%Y-%m-%d %H:%M} UTC")


async def _note(
    kind: Literal["backup", "drill"], is_failed: bool, seconds: int, size: int, place: str, detail: str,
) -> BackupNoted:
    async with hub() as opened:
        try:
            return await note_backup(opened.ports.backups, new_id(), kind, actor(), opened.now(),
                                     is_good=not is_failed, seconds=seconds, size=size, place=place, detail=detail)
        except NotKept as refused:
            raise Stop(refused.zh, refused.en, code=2) from refused


async def _state() -> BackupState:
    async with connection() as (opened, one):
        return await read_backups(one, opened.now())
