"""Files of orders: `import` with a look ahead, and `imports list | show | errors` of what was imported."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from orderloom.adapters.spreadsheets.names import shown
from orderloom.application.import_errors import import_errors
from orderloom.application.import_files import import_files
from orderloom.application.import_options import ImportOptions
from orderloom.application.import_shapes import ImportRun
from orderloom.application.not_kept import NotKept
from orderloom.application.ports import Trouble
from orderloom.application.preview_import import ImportPreview, preview_import
from orderloom.application.queries.imports import list_imports
from orderloom.application.queries.landed import ids_of
from orderloom.application.queries.vocabulary import Vocabulary
from orderloom.bootstrap import Hub
from orderloom.entrypoints.cli.attach import actor, connection, hub, run
from orderloom.entrypoints.cli.catalogue import account_of
from orderloom.entrypoints.cli.frame import group, must_be_file, single, unknown, written
from orderloom.entrypoints.cli.import_words import tell_preview, tell_run, tell_runs
from orderloom.entrypoints.cli.outcomes import Held, Outcomes, Stayed, exit_with, handled, tell
from orderloom.entrypoints.cli.replay import must_be_ids
from orderloom.entrypoints.cli.screen import Stop, screen

import_file = single()
imports = group("导入记录：列表、查看、错误文件", "imports: list, show, the file of errors")
FILES_MAX = 50
Id = Annotated[str, typer.Argument(metavar="ID", help="导入编号 / import id")]
To = Annotated[Path, typer.Option("--to", help="写到这个文件 / file to write")]


class ImportResult(msgspec.Struct, frozen=True):
    """How files were taken in (`runs`: one import a file), and what became of what was in them."""

    file: str
    items: int
    duplicates: int
    is_known: bool
    refused: str
    outcomes: dict[str, int]
    stayed: list[Stayed]
    held: list[Held]
    runs: list[ImportRun] = []


class ErrorsWritten(msgspec.Struct, frozen=True):
    """Where the rows that stayed were written to."""

    file: str
    bytes: int


@import_file.command(help="导入订单文件（CSV、Excel），走加急通道；先用 --preview 看怎样读、有什么错、会来哪些订单；"
                          "淘宝两份报表一起给 / import files of orders; --preview shows first how they are read")
def import_command(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="文件，可多个 / files")],
    account: Annotated[str, typer.Option(help="文件账号，只有一个时可省 / files account")] = "",
    preview: Annotated[bool, typer.Option("--preview", help="只看，不导入 / only look")] = False,
    encoding: Annotated[str, typer.Option(help="编码，空为自动识别 / encoding, empty to recognise it")] = "",
    zone: Annotated[str, typer.Option(help="没写时区的时间按这个时区 / zone of times that name none")] = "",
    columns: Annotated[str, typer.Option(help="列名对照，你的列名=系统列名，多个用 ; 分开 / yours=ours;…")] = "",
    constants: Annotated[str, typer.Option(help="缺的列统一填，系统列名=值，多个用 ; 分开 / ours=value;…")] = "",
    dates: Annotated[str, typer.Option(help="auto | dmy | mdy")] = "",
    decimals: Annotated[str, typer.Option(help="auto | comma | point")] = "",
    currency: Annotated[str, typer.Option(help="没写币种时 / where the file tells none")] = "",
    payment: Annotated[str, typer.Option(help="没写付款时 / where the file tells none")] = "",
    errors: Annotated[Path | None, typer.Option(help="把没成的行写到这里 / write what stayed to this file")] = None,
) -> None:
    """Land files, take their orders through the route, and wait until they are through. Exit 1 when some stayed."""
    for file in files:
        must_be_file(file)
    if len(files) > FILES_MAX:
        raise Stop(f"一次最多 {FILES_MAX} 个文件。", f"At most {FILES_MAX} files at once.", code=2)
    options = ImportOptions(encoding, zone, _pairs("--columns", columns), _pairs("--constants", constants), dates,
                            decimals, currency.upper(), payment)
    if preview:
        found = run(lambda: _preview(files, account, options))
        if not screen.answer(found):
            tell_preview(found)
        if not found.is_fit:
            raise typer.Exit(1)
        return
    done, outcomes, called, left = run(lambda: _import(files, account, options, with_errors=errors is not None))
    if errors is not None and left:
        _keep(errors, left)
    if not screen.answer(done):
        screen.say(f"已收下 {done.items} 条，其中重复 {done.duplicates} 条。处理结果：",
                   f"{done.items} items taken in, {done.duplicates} known before. What became of them:")
        tell(outcomes, called)
    exit_with(outcomes)


@imports.command("list", help="导入记录：谁、何时、哪个文件、多少行 / imports: who, when, which file, how many rows")
def imports_list(limit: Annotated[int, typer.Option(min=1, max=200)] = 20) -> None:
    """List imports, the newest first."""
    found = run(lambda: _runs(limit, ""))
    if not screen.answer(found):
        tell_runs(found)


@imports.command("show", help="一次导入及其进度 / one import and how far it is")
def imports_show(run_id: Id) -> None:
    """Show an import."""
    found = run(lambda: _one(run_id))
    if not screen.answer(found):
        tell_run(found)


@imports.command("errors", help="把没成的行连同原因写成文件，改好可再导入；记入审计 / "
                                "write the rows that stayed, with the reason, to be mended; it is logged")
def imports_errors(
    run_id: Id, to: To, why: Annotated[str, typer.Option("--reason", callback=written, help="原因 / why")],
) -> None:
    """Write the file of errors."""
    done = _keep(to, run(lambda: _errors(run_id, why)))
    if not screen.answer(done):
        screen.say(f"已写入 {done.file}（{done.bytes} 字节）。", f"Written to {done.file} ({done.bytes} bytes).")


def _pairs(option: str, text: str) -> dict[str, str]:
    """`yours=ours;yours=ours`. Raises Stop."""
    found = {}
    for part in filter(None, (part.strip() for part in text.replace("；", ";").split(";"))):
        name, equals, value = part.partition("=")
        if not (name.strip() and equals and value.strip()):
            raise Stop(f"{option}：“{part[:60]}”应写成 名称=名称，多个用 ; 分开。",
                       f'{option}: "{part[:60]}" must be name=name, parted by ;.', code=2)
        found[name.strip()] = value.strip()
    return found


async def _account(opened: Hub, account: str) -> str:
    directory = await opened.directory()
    able = [a.code for a in directory.accounts.values() if a.connector == "files" and a.is_active]
    if not able:
        raise Stop("还没有文件账号。请先运行 orderloom connect files --code F01。",
                   "There is no files account yet. First run orderloom connect files --code F01.")
    if not account and len(able) > 1:
        raise Stop(f"请用 --account 指定文件账号：{'、'.join(able)}。",
                   f"Name the files account by --account: {', '.join(able)}.", code=2)
    return account_of(directory, account or able[0])[1]


async def _preview(files: Sequence[Path], account: str, options: ImportOptions) -> ImportPreview:
    async with hub() as opened:
        code = await _account(opened, account)
        with screen.progress("读取", "Reading") as advance, _as_misuse():
            return await preview_import(opened, code, files, options, lambda rows: advance(rows, None))


async def _import(
    files: Sequence[Path], account: str, options: ImportOptions, *, with_errors: bool,
) -> tuple[ImportResult, Outcomes, Vocabulary, bytes]:
    async with hub() as opened:
        code = await _account(opened, account)
        directory = await opened.directory()
        with screen.progress("读取", "Reading") as advance, _as_misuse():
            done = await import_files(opened, code, files, progress=lambda rows: advance(rows, None), options=options,
                                      by=actor())
        async with opened.ports.reading() as one:
            ids = await ids_of(one, account_of(directory, code)[0], done.events)
        found = await handled(opened, ids)
        async with opened.ports.reading() as one:
            runs = [told for each in done.runs for told in await list_imports(one, 1, each.id)]
        failed = [each.id for each in runs if each.outcomes.get("parked")] if with_errors else []
        left = await _left(opened, failed[0], "import --errors") if failed else b""
        result = ImportResult(" + ".join(shown(file) for file in files), done.items, done.duplicates, done.is_known,
                              done.unfit, found.outcomes, found.stayed, found.held, runs)
        return result, found, Vocabulary(directory), left


async def _left(opened: Hub, run_id: str, why: str) -> bytes:
    """The file of what stayed; that somebody took it is written down."""
    _, body = await import_errors(opened.ports.imports, opened.files, opened.vault.decrypt_voucher, run_id)
    await opened.ports.access.unmasked(actor(), run_id, f"import {run_id}: {why}")
    return body


def _keep(to: Path, body: bytes) -> ErrorsWritten:
    """Write it for its reader alone. Raises Stop."""
    try:
        to.write_bytes(body)
        to.chmod(0o600)
    except OSError as error:
        raise Stop(f"写不了 {shown(to)}：{error.strerror}。", f"{shown(to)} cannot be written: {error.strerror}.",
                   code=2) from error
    return ErrorsWritten(str(to), len(body))


async def _errors(run_id: str, why: str) -> bytes:
    must_be_ids([run_id], "导入", "import")
    async with hub() as opened:
        return await _left(opened, run_id.lower(), why)


@contextmanager
def _as_misuse() -> Iterator[None]:
    """What cannot be done with these options is a mistake of whoever gave them."""
    try:
        yield
    except Trouble as error:
        zh, _, en = error.message.partition(" | ")
        raise Stop(f"{zh}。", f"{en}.", code=2) from error
    except NotKept as error:
        raise Stop(f"{error.zh}。", f"{error.en}.", code=2) from error


async def _runs(limit: int, run_id: str) -> list[ImportRun]:
    async with connection() as (_, one):
        return await list_imports(one, limit, run_id)


async def _one(run_id: str) -> ImportRun:
    must_be_ids([run_id], "导入", "import")
    found = await _runs(1, run_id.lower())
    if not found:
        raise unknown("导入", "import", run_id, [])
    return found[0]
