"""Hostile and broken order files: each has a clear outcome, and none costs the others anything."""

from __future__ import annotations

import io
import os
import resource
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from test_files import FOLDER, HEAD, NOW, account, cut, draft, rows_of, workbook

from orderloom.adapters.channels.files.client import CONNECTOR
from orderloom.adapters.spreadsheets import reader
from orderloom.adapters.spreadsheets.limits import FIELD_CHARACTERS_MAX, PIECE_BYTES
from orderloom.adapters.spreadsheets.problems import MENDS
from orderloom.adapters.spreadsheets.reader import Reader
from orderloom.adapters.spreadsheets.split import Cut
from orderloom.application.ports import Account, Cursor, Inbound, Item, Page
from orderloom.application.translate import translate
from tests.support.connector_folders import caller

GOOD = "\n".join([HEAD, *rows_of("A1", "A2")]).encode()
OLD = time.time() - 3_600


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    return folder


def owner(inbox: Path, **settings: Any) -> Account:
    return account(inbox=str(inbox), settle_seconds=0.02, **settings)


async def look(inbox: Path, **settings: Any) -> list[Item]:
    async with caller() as http:
        pages: list[Page] = [page async for page in CONNECTOR.pull(owner(inbox, **settings), Cursor(NOW), NOW, http)]
    return [item for page in pages for item in page.items]


def put(inbox: Path, name: str | bytes, body: bytes, at: float = OLD) -> Path:
    path = Path(os.fsdecode(os.fsencode(inbox) + b"/" + os.fsencode(name)))
    path.write_bytes(body)
    os.utime(path, (at, at))
    return path


def reasons(items: list[Item]) -> list[str]:
    return [dict(item.context)["reason"] for item in items if item.topic == "unreadable"]


def orders(items: list[Item]) -> list[str]:
    return [draft(item).external_id for item in items if item.topic == "row"]


def far_cell() -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEAD.split(","))
    sheet.write(1_048_575, 16_383, "x")
    book.close()
    return out.getvalue()


def bomb() -> bytes:
    """A sheet of 200 MB of XML in a file of some hundred KB; the sizes in its directory are true."""
    body = workbook(HEAD.split(","))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            raw = old.read(entry)
            if entry.filename == "xl/worksheets/sheet1.xml":
                raw = raw.replace(b"<sheetData>", b"<sheetData>" + b" " * (200 << 20))
            new.writestr(entry.filename, raw)
    return out.getvalue()


LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(512)
HOSTILE: dict[str, tuple[bytes, str]] = {
    "far.xlsx": (far_cell(), "sheet_too_wide"),
    "half.xlsx": (workbook(HEAD.split(","), ["A9"])[:900], "workbook_broken"),
    "locked.xlsx": (LOCKED, "workbook_locked"),
    "empty.csv": (b"", "file_empty"),
    "blank.csv": (b"\r\n \r\n", "file_empty"),
    "picture.csv": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "wrong_kind"),
    "paper.pdf": (b"%PDF-1.7\n" + bytes(range(256)) * 40, "wrong_kind"),
    "archive.zip": (b"PK\x05\x06" + bytes(18), "wrong_kind"),
    "notes.txt": ("明天盘点".encode("gbk"), "header_missing"),
    "wide.csv": (("订单号,商品编码,数量,单价" + ",x" * 600 + "\nA9,M,1,1\n").encode(), "too_many_columns"),
    "other.csv": ("订单号,货品,件数\nA9,x,1\n".encode(), "columns_missing"),
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
async def test_a_file_that_cannot_be_read_goes_aside_with_its_reason_and_the_next_one_is_read(
    inbox: Path, name: str,
) -> None:
    body, reason = HOSTILE[name]
    put(inbox, name, body, OLD - 60)
    put(inbox, "good.csv", GOOD)
    items = await look(inbox)
    assert (reasons(items), orders(items)) == ([reason], ["A1", "A2"])
    assert (inbox / "refused" / name).read_bytes() == body
    assert (inbox / "refused" / f"{name}.reason.txt").read_text("utf-8").strip() == MENDS[reason]
    assert (inbox / "done" / "good.csv").exists() and await look(inbox) == []


async def test_a_zip_bomb_is_refused_and_takes_no_memory_of_the_worker(inbox: Path) -> None:
    put(inbox, "bomb.xlsx", bomb())
    put(inbox, "good.csv", GOOD)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    items = await look(inbox)
    assert (reasons(items), orders(items)) == (["unpacked_too_large"], ["A1", "A2"])
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 << 10


async def test_a_name_in_gbk_bytes_is_read_and_shown_as_it_was_meant(inbox: Path) -> None:
    name = "十一月订单.csv".encode("gbk")
    put(inbox, name, GOOD)
    items = await look(inbox)
    assert dict(items[0].context)["file"] == "十一月订单.csv" and orders(items) == ["A1", "A2"]
    assert [os.fsencode(path.name) for path in (inbox / "done").iterdir()] == [name]


async def test_a_name_with_line_ends_and_escapes_cannot_draw_on_a_screen(inbox: Path) -> None:
    put(inbox, "a\n\x1b[31m.csv", GOOD)
    assert dict((await look(inbox))[0].context)["file"] == "a??[31m.csv"


@pytest.mark.parametrize("length", [FIELD_CHARACTERS_MAX + 1, 131_073, 3_000_000])
@pytest.mark.parametrize("quote", ["", '"'])
async def test_a_cell_without_end_costs_its_own_order_and_no_other(inbox: Path, length: int, quote: str) -> None:
    row = rows_of("LONG")[0].replace("张三", quote + "长" * length + quote)
    put(inbox, "long.csv", "\n".join([HEAD, rows_of("A1")[0], row, rows_of("A2")[0]]).encode())
    items = await look(inbox)
    assert (reasons(items), orders(items)) == (["field_too_long"], ["A1", "A2"])


async def test_a_header_without_end_is_no_header(inbox: Path) -> None:
    put(inbox, "long.csv", (HEAD + "," + "长" * 200_000 + "\n").encode())
    assert reasons(await look(inbox)) == ["header_missing"]


async def test_a_large_file_is_kept_in_pieces_and_the_worker_stays_small(inbox: Path) -> None:
    body = "\n".join([HEAD, *rows_of(*(f"N{n}" for n in range(70_000)))]).encode()
    body += (b"\n" + b" " * 500_000) * 17
    put(inbox, "big.csv", body)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seen, pieces, largest = 0, b"", 0
    async with caller() as http:
        async for page in CONNECTOR.pull(owner(inbox), Cursor(NOW), NOW, http):
            largest = max(largest, sum(len(item.body) for item in page.items))
            seen += sum(item.topic == "row" for item in page.items)
            pieces += b"".join(item.body for item in page.items if item.topic == "file")
    assert (seen, pieces, largest <= PIECE_BYTES) == (70_000, body, True)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 96 << 10


async def test_a_file_beyond_the_maximum_is_not_even_opened(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "FILE_BYTES_MAX", 100)
    put(inbox, "huge.csv", GOOD)
    items = await look(inbox)
    assert [(item.topic, item.body) for item in items] == [("unreadable", b"")]
    assert reasons(items) == ["file_too_large"] and (inbox / "refused" / "huge.csv").exists()


DEATHS = {
    "abort": ("import os; os.abort()", "too_much_memory"),
    "killed": ("import os; os.kill(os.getpid(), 9)", "too_much_memory"),
    "cpu": ("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)", "too_much_time"),
    "nonsense": ("import sys; sys.stdout.buffer.write(bytes([0, 0, 0, 3]) + b'abc')", "reader_failed"),
    "silent": ("import time; time.sleep(60)", "too_much_time"),
}


@pytest.mark.parametrize("death", sorted(DEATHS))
def test_when_the_reading_process_dies_the_file_has_its_reason_and_the_next_is_asked_anew(
    tmp_path: Path, death: str, monkeypatch: pytest.MonkeyPatch,
) -> None:
    code, reason = DEATHS[death]
    monkeypatch.setattr(reader, "FRAME_SECONDS_MAX", 0.5)
    path = tmp_path / "a.csv"
    path.write_bytes(GOOD)
    reading = Reader(account(), (sys.executable, "-c", code))
    for _ in range(2):
        [portion] = list(reading.read([path]))
        assert portion.end and portion.end.unfit == reason
        assert dict(portion.items[0].context)["reason_text"].startswith("a.csv: ")
    reading.close()


def test_a_reading_that_is_given_up_half_way_does_not_answer_the_next_question(tmp_path: Path) -> None:
    many, few = tmp_path / "many.csv", tmp_path / "few.csv"
    many.write_text("\n".join([HEAD, *rows_of(*(f"N{n}" for n in range(2_000)))]), "utf-8")
    few.write_bytes(GOOD)
    reading = Reader(account())
    found = reading.read([many])
    assert len(next(found).items) == 500
    found.close()  # type: ignore[attr-defined]
    [portion] = list(reading.read([few]))
    reading.close()
    assert orders(list(portion.items)) == ["A1", "A2"]


async def test_a_file_that_is_still_being_written_waits(inbox: Path) -> None:
    path = put(inbox, "empty.csv", b"", time.time())
    put(inbox, "paper.pdf", b"%PDF-1.7", time.time())
    assert await look(inbox) == []
    path.write_bytes(GOOD)
    assert orders(await look(inbox)) == ["A1", "A2"]


async def test_a_file_that_grows_while_it_is_read_is_read_again(inbox: Path) -> None:
    path = put(inbox, "a.csv", GOOD)
    found: list[Item] = []
    async with caller() as http:
        async for page in CONNECTOR.pull(owner(inbox), Cursor(NOW), NOW, http):
            found += page.items
            if path.stat().st_size == len(GOOD):
                path.write_bytes(GOOD + b"\n" + rows_of("A3")[0].encode())
    assert path.exists() and orders(found) == ["A1", "A2"]
    assert orders(await look(inbox)) == ["A1", "A2", "A3"] and not path.exists()


async def test_an_unreadable_file_is_told_once_and_holds_nobody_up(inbox: Path) -> None:
    path = put(inbox, "a.csv", GOOD, OLD - 60)
    path.unlink()
    path.symlink_to("/nowhere")
    put(inbox, "good.csv", GOOD)
    assert orders(await look(inbox)) == ["A1", "A2"]


def test_an_upload_that_would_kill_its_reader_gets_an_answer() -> None:
    request = Inbound("POST", "/upload", {"name": "far.xlsx"}, {"x-upload-token": "t0ken"}, HOSTILE["far.xlsx"][0])
    verdict = CONNECTOR.receive(request, account(), NOW)
    assert (verdict.status, verdict.reply) == (200, b'{"items":1,"unreadable":1}')


@pytest.mark.parametrize("name", ["..", ".", "订" * 200 + ".csv", "a\x00/../b.csv", ""])
def test_an_upload_is_read_whatever_its_name_is(name: str) -> None:
    body = "\n".join([HEAD, *rows_of("A1")]).encode()
    request = Inbound("POST", "/upload", {"name": name}, {"x-upload-token": "t0ken"}, body)
    verdict = CONNECTOR.receive(request, account(), NOW)
    assert (verdict.status, verdict.reply) == (200, b'{"items":1,"unreadable":0}')


def test_no_reason_holds_what_a_cell_said(tmp_path: Path) -> None:
    lines = [row.encode() for row in rows_of("SECRET1", "", "1.2E+18")]
    lines.append(b"\xff\xff" + rows_of("SECRET2")[0].encode())
    path = tmp_path / "a.csv"
    path.write_bytes(b"\n".join([HEAD.encode(), *lines]))
    reading = Reader(account())
    cuts: list[Cut] = [cut for portion in reading.read([path]) for cut in portion.cuts]
    reading.close()
    told = [f'{dict(cut.item.context)["reason_text"]} {cut.problem}' for cut in cuts if cut.problem]
    assert len(told) == 3 and not any(word in text for text in told for word in ("张三", "SECRET", "文一西路", "M-00"))


def test_a_row_whose_columns_slipped_quotes_no_street_as_a_status() -> None:
    head = "订单号,商品编码,数量,单价,订单金额,收货人,下单时间,详细地址,订单状态"
    whole = "A1,M-1,1,5.00,5.00,张三,2026-11-11 08:00:00,杭州路9号,新词"
    slipped = "A1,M-1,1,5.00,张三,2026-11-11,杭州路9号,杭州路9号,杭州路9号"
    told = []
    for row in (whole, slipped):
        [item] = cut(f"{head}\n{row}\n").items
        [found] = translate(account(), item.topic, item.body, dict(item.context), NOW, FOLDER.mappings())
        assert isinstance(found, tuple)
        told.append(found)
    assert [(p.code, p.value) for p in told[0]] == [("unknown_status", "新词")] and "新词" in told[0][0].mend
    [status] = [p for p in told[1] if p.code == "unknown_status"]
    assert "杭州路" not in str(told[1]) and not status.key and "错位" in status.mend
