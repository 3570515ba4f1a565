"""What the command line says of imports: how a file would be read, which orders would come, what was imported."""

from __future__ import annotations

from collections.abc import Sequence

from orderloom.application.import_shapes import ImportRun
from orderloom.application.preview_import import FileRead, ImportPreview
from orderloom.entrypoints.cli import names
from orderloom.entrypoints.cli.screen import screen

ORDERS_SHOWN_MAX = 20
FIELDS = ("placed_at", "currency", "total", "payment", "stage")
"""What a new order is recognised by."""


def tell_preview(found: ImportPreview) -> None:
    """Show how the files would be read, what would stay, and which orders would come."""
    for file in found.files:
        _tell_file(file, found.zone)
    if found.errors:
        screen.table({"位置": "Place", "原因": "Reason", "字段": "Field", "怎样处理": "How to mend"}, [
            (screen.one_of(e.place), e.reason, e.field, screen.one_of(e.mend)) for e in found.errors])
    if found.orders:
        screen.table({"平台单号": "External id", "新": "New", "内容": "Content"}, [
            (o.external_id, o.is_new, ", ".join(f"{f.field} {f.before or ''}→{f.after or ''}" if not o.is_new
                                                else f"{f.field} {f.after}" for f in o.fields
                                                if not o.is_new or f.field in FIELDS))
            for o in found.orders[:ORDERS_SHOWN_MAX]])
    screen.say(f"共 {found.rows} 行，{found.rows_failed} 行读不出；{found.items} 条，其中 {found.known} 条以前收过。"
               f"预演 {found.ahead} 条：新订单 {found.orders_new} 张，会改变 {found.orders_changed} 张。没有导入。",
               f"{found.rows} rows, {found.rows_failed} cannot be read; {found.items} items, {found.known} known "
               f"before. Looked ahead at {found.ahead}: {found.orders_new} new orders, {found.orders_changed} would "
               "change. "
               "Nothing was imported.")


def _tell_file(file: FileRead, zone: str) -> None:
    screen.pairs([
        ("文件", "File", file.file), ("摘要", "Digest", file.digest), ("字节", "Bytes", file.bytes),
        ("编码", "Encoding", file.encoding), ("时区", "Zone", zone), ("表头行", "Header row", file.header_row or ""),
        ("导出", "Export", file.export), ("缺少", "Missing", ", ".join(file.missing))])
    if file.refused:
        screen.say(*_both(file.mend), style="red")
    if file.columns:
        screen.table({"文件列名": "Column", "读作": "Read as", "建议": "Suggestion"}, [
            (one.name, one.reads_as, one.suggestion) for one in file.columns])
    if meant := [f"{one.name}={one.suggestion}" for one in file.columns if one.suggestion]:
        screen.say(f"可以试：--columns '{';'.join(meant)}'", f"Try: --columns '{';'.join(meant)}'")


def _both(mend: str) -> tuple[str, str]:
    zh, _, en = mend.partition(" / ")
    return zh, en or zh


def tell_runs(found: Sequence[ImportRun]) -> None:
    """Show a list of imports."""
    screen.table({"编号": "Id", "谁": "Who", "开始": "Begun", "结束": "Ended", "账号": "Account", "文件": "File",
                  "行": "Rows", "读不出": "Unread", "条": "Items", "重复": "Known"}, [
        (one.id, one.by, one.begun_at, one.ended_at, one.account, one.file, one.rows, one.rows_failed, one.items,
         one.items_known) for one in found])


def tell_run(one: ImportRun) -> None:
    """Show an import."""
    screen.pairs([
        ("编号", "Id", one.id), ("谁", "Who", one.by), ("账号", "Account", one.account), ("文件", "File", one.file),
        ("摘要", "Digest", one.digest), ("字节", "Bytes", one.bytes), ("开始", "Begun", one.begun_at),
        ("最近", "Last seen", one.seen_at), ("结束", "Ended", one.ended_at), ("编码", "Encoding", one.encoding),
        ("行", "Rows", one.rows), ("读不出的行", "Rows unread", one.rows_failed), ("条", "Items", one.items),
        ("重复", "Known before", one.items_known), ("拒绝", "Refused", one.refused)])
    if one.outcomes:
        screen.table({"结果": "Outcome", "数量": "Count"}, [
            (names.shown(names.OUTCOMES, outcome), count) for outcome, count in one.outcomes.items()])
    if one.ended_at is None:
        screen.say("没有完成：再次导入同一个文件即可继续，已收下的不会重复。",
                   "It did not end: import the same file again to go on; what has landed does not land twice.")
