"""In an emergency a file of orders goes in whole: looked at first, every row accounted for, and nothing twice."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import psycopg
import pytest
from test_cli_answers import Cli, cli

from benchmarks.many_rows import BROKEN, write_files
from orderloom.adapters.db.statements import statement
from orderloom.application.import_files import import_files
from orderloom.application.import_options import ImportOptions
from orderloom.application.import_shapes import PLAIN
from orderloom.application.not_kept import NotKept
from orderloom.application.ports import Terminal
from orderloom.application.preview_import import ImportPreview, preview_import
from tests.support.api_hub import World, a_world, csv_file

__all__ = ["cli"]
HEAD = "订单号,下单时间,付款时间,订单状态,币种,订单金额,收货人,收货人手机,省份,城市,区县,详细地址,商家编码,数量,单价"
ROW = ("{no},2026-11-20 10:00:00,2026-11-20 10:01:00,已付款,CNY,100.00,王小明,19912345678,浙江省,杭州市,余杭区,"
       "文一西路1号,{sku},1,100.00")


def table(*rows: tuple[str, str], head: str = HEAD) -> bytes:
    return "\n".join([head, *(ROW.format(no=no, sku=sku) for no, sku in rows), ""]).encode()


async def looked(world: World, path: Path, options: ImportOptions = PLAIN) -> ImportPreview:
    return await preview_import(world.hub, "XLS", [path], options)


def stored(dsn: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(dsn) as connection:
        return connection.execute(query.encode()).fetchall()


async def test_no_row_is_lost_of_three_encodings_with_broken_bytes(
    home: Path, database: str, tmp_path: Path,
) -> None:
    paths, broken = write_files(tmp_path, 3_000, 0.01)
    assert sum(broken) > 10
    async with a_world(home, database, orders=0) as world:
        ahead = await preview_import(world.hub, "XLS", paths)
        assert (ahead.rows, ahead.rows_failed, ahead.failed) == (3_000, sum(broken), {"broken_bytes": sum(broken)})
        assert [one.encoding for one in ahead.files] == ["utf-8", "gb18030", "cp950"]
        assert stored(database, "select count(*) from message") == [(0,)], "a look stores nothing"
        done = await import_files(world.hub, "XLS", paths, by="test")
        assert (done.items, done.duplicates, done.unfit) == (3_000, 0, "")
        assert [(run.rows, run.rows_failed) for run in done.runs] == [(1_000, count) for count in broken]
        await world.work()
    assert stored(database, "select count(*) from orders") == [(3_000 - sum(broken),)]
    assert stored(database, "select count(*) from intake where outcome = 'parked'") == [(sum(broken),)]


async def test_what_would_wait_is_told_by_row_and_mended_before_the_file_goes_in(
    home: Path, database: str, tmp_path: Path,
) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(table(("A-1", "M-001"), ("A-2", "NEW"), ("A-3", "M-001")).replace(b"A-3,2026", b"A-3,x" + BROKEN))
    async with a_world(home, database, orders=0) as world:
        found = await looked(world, path)
    assert (found.rows, found.items, found.known, found.orders_new) == (3, 3, 0, 1) and not found.is_fit
    assert {(one.place.partition(" / ")[2], one.reason) for one in found.errors} == {
        ("row 3", "unknown_sku"), ("row 4", "broken_bytes")} and all(one.mend for one in found.errors)
    assert [(o.external_id, o.is_new) for o in found.orders] == [("A-1", True)]
    assert found.files[0].digest and found.files[0].header_row == 1 and found.zone == "Asia/Shanghai"
    told = repr(found)
    assert "王小明" not in told and "19912345678" not in told and "文一西路" not in told


async def test_columns_that_the_hub_does_not_know_are_suggested_and_can_be_named(
    home: Path, database: str, tmp_path: Path,
) -> None:
    path = tmp_path / "orders.csv"
    strange = HEAD
    for ours, theirs in (("订单号", "本店单号"), ("商家编码", "我们的货号"), ("数量", "订货数量合计")):
        strange = strange.replace(ours, theirs)
    path.write_bytes(table(("A-1", "M-001"), head=strange))
    async with a_world(home, database, orders=0) as world:
        found = await looked(world, path)
        assert found.files[0].refused == "header_missing" and found.files[0].mend
        meant = {one.name: one.suggestion for one in found.files[0].columns if one.suggestion}
        assert meant["本店单号"] == "订单号" and meant["我们的货号"] == "商品编码", meant
        named = await looked(world, path, ImportOptions(columns={
            "本店单号": "订单号", "我们的货号": "商品编码", "订货数量合计": "数量"}))
        assert named.orders_new == 1 and named.is_fit, named
        assert {one.name: one.reads_as for one in named.files[0].columns}["本店单号"] == "订单号"
        with pytest.raises(Terminal, match="no_column"):
            await looked(world, path, ImportOptions(columns={"本店单号": "没有这样的列"}))


async def test_rows_of_a_file_that_is_none_of_orders_are_not_shown_as_its_header(
    home: Path, database: str, tmp_path: Path,
) -> None:
    path = tmp_path / "people.csv"
    path.write_text("王小明,19912345678,文一西路1号\n李雷,19912345679,文二西路2号\n", "utf-8")
    async with a_world(home, database, orders=0) as world:
        found = await looked(world, path)
    assert found.files[0].refused and not found.files[0].columns and "王小明" not in repr(found)


async def test_times_of_a_file_from_elsewhere_are_shifted_and_a_missing_column_is_given(
    home: Path, database: str, tmp_path: Path,
) -> None:
    path = tmp_path / "orders.csv"
    head = HEAD.replace("币种,", "")
    path.write_bytes("\n".join([head, ROW.format(no="A-1", sku="M-001").replace("CNY,", ""), ""]).encode())
    options = ImportOptions(zone="America/Los_Angeles", constants={"币种": "USD", "备注": "急单"})
    async with a_world(home, database, orders=0) as world:
        ahead = {one.field: one.after for one in (await looked(world, path, options)).orders[0].fields}
        assert ahead["currency"] == "USD" and ahead["placed_at"] == "2026-11-20T18:00:00+00:00"
        assert ahead["note"] == "***"
        await import_files(world.hub, "XLS", [path], options=options, by="test")
        await world.work()
    assert stored(database, "select currency, placed_at::text, source_zone, note from orders")[0] == (
        "USD", "2026-11-20 18:00:00+00", "America/Los_Angeles", "急单")


@pytest.mark.parametrize("options", [
    ImportOptions(zone="Mars/Olympus"), ImportOptions(encoding="klingon"), ImportOptions(dates="ymd"),
    ImportOptions(currency="XXQ"), ImportOptions(payment="maybe"), ImportOptions(decimals="dot"),
])
async def test_an_option_that_cannot_be_used_is_refused_before_anything_is_read(
    home: Path, database: str, tmp_path: Path, options: ImportOptions,
) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(csv_file("M-001"))
    async with a_world(home, database, orders=0) as world:
        with pytest.raises(NotKept):
            await import_files(world.hub, "XLS", [path], options=options)
    assert stored(database, "select count(*) from message") == [(0,)]


async def test_an_import_that_is_killed_goes_on_with_the_same_file_and_lands_nothing_twice(
    home: Path, database: str, tmp_path: Path,
) -> None:
    paths, _ = write_files(tmp_path, 3_600, 0.0)
    async with a_world(home, database, orders=0) as world:
        land, landed = world.hub.lander.land, 0

        async def dying(*given: Any, **named: Any) -> Any:
            nonlocal landed
            landed += len(given[1])
            if landed > 700:
                raise KeyboardInterrupt
            return await land(*given, **named)

        world.hub.lander.land = dying  # type: ignore[method-assign]
        with pytest.raises(KeyboardInterrupt):
            await import_files(world.hub, "XLS", paths[:1], by="first")
        world.hub.lander.land = land  # type: ignore[method-assign]
        left = stored(database, "select by, ended_at, rows from file_import")
        assert left[0][:2] == ("first", None) and 0 < left[0][2] < 1_200, "the one that died is seen to have died"
        done = await import_files(world.hub, "XLS", paths[:1], by="second")
        assert (done.items, done.duplicates) == (1_200, left[0][2])
        again = await import_files(world.hub, "XLS", paths[:1], by="third")
        assert (again.items, again.duplicates, again.is_known) == (1_200, 1_200, True)
        await world.work()
        async with await world.client("messages:read") as client:
            told = (await client.get("/api/v1/imports")).json()["imports"]
    assert stored(database, "select count(*) from orders") == [(1_200,)]
    assert [(one["by"], one["items_known"], one["outcomes"]) for one in told] == [
        ("third", 1_200, {"normalised": 1_200}), ("second", left[0][2], {"normalised": 1_200}),
        ("first", 0, {"normalised": 1_200})]


async def test_the_rows_that_stayed_come_back_with_their_bytes_and_the_reason(
    home: Path, database: str, tmp_path: Path,
) -> None:
    broken = b"A-2,2026-11-20" + BROKEN + ROW.format(no="", sku="M-001").encode()[len(",2026-11-20"):]
    unknown = ROW.format(no="A-3", sku="NEW").encode()
    path = tmp_path / "orders.csv"
    path.write_bytes(table(("A-1", "M-001")) + broken + b"\n" + unknown + b"\n")
    async with a_world(home, database, orders=0) as world:
        async with await world.client("orders:write", "messages:read") as client:
            made = await client.post("/api/v1/imports/XLS", content=path.read_bytes(), params={"name": "急单.csv"})
            assert made.status_code == 201, made.text
            await world.work()
            place = f"/api/v1/imports/{made.json()['id']}/errors"
            assert (await client.get(place)).status_code == 403
        async with await world.client("messages:read", "pii:read") as client:
            got = await client.get(place, headers={"X-Unmask-Reason": "mend the file"})
            assert got.status_code == 200 and got.headers["content-type"].startswith("text/csv")
            assert broken in got.content and unknown in got.content
            rows = list(csv.reader(io.StringIO(got.content.decode("utf-8-sig", "replace"))))
            assert rows[0][:3] == ["错误原因", "error_reason", "订单号"] and len(rows) == 3
            assert all(row[0] and row[1] for row in rows[1:]) and rows[2][2] == "A-3"
            mended = got.content.replace(BROKEN, b"").replace(b"NEW", b"M-001")
        (tmp_path / "mended.csv").write_bytes(mended)
        assert (await import_files(world.hub, "XLS", [tmp_path / "mended.csv"], by="test")).items == 2
        await world.work()
    assert stored(database, "select external_id from orders order by 1") == [("A-1",), ("A-2",), ("A-3",)]
    assert stored(database, "select count(*) from unmasking where reason like '%mend the file%'") == [(1,)]
    assert stored(database, statement("audit", "strays")) == [], "whoever took the rows left no proof that is not whole"


@pytest.mark.parametrize(("code", "params", "status"), [
    ("NONE", {}, 404), ("SH01", {}, 409), ("XLS", {"zone": "Mars/Olympus"}, 422), ("XLS", {"column": "x"}, 422),
    ("XLS", {"constant": "没有这列=1"}, 422),
])
async def test_an_import_that_cannot_be_is_refused_in_words(
    home: Path, database: str, code: str, params: dict[str, str], status: int,
) -> None:
    async with a_world(home, database, orders=0) as world, await world.client("orders:write") as client:
        for place in ("", "/preview"):
            answer = await client.post(f"/api/v1/imports/{code}{place}", params=params, content=csv_file("M-001"))
            assert answer.status_code == status and answer.json()["detail"], answer.text


@pytest.mark.parametrize("body", [b"", b"PK\x03\x04" + b"\0" * 9_999, b"%PDF-1.7", b"\0" * 100_000, b'"' * 10_000],
                         ids=["empty", "zip", "pdf", "zeros", "quotes"])
async def test_no_file_ends_a_look_or_an_import(home: Path, database: str, body: bytes) -> None:
    async with a_world(home, database, orders=0) as world, await world.client("orders:write") as client:
        ahead = await client.post("/api/v1/imports/XLS/preview", params={"name": "x.csv"}, content=body)
        assert ahead.status_code == 200 and ahead.json()["files"][0]["refused"], ahead.text
        made = await client.post("/api/v1/imports/XLS", params={"name": "x.csv"}, content=body)
        assert made.status_code == 201 and made.json()["refused"], made.text


def test_on_the_command_line_a_file_is_looked_at_imported_and_its_errors_kept(cli: Cli, tmp_path: Path) -> None:
    cli("connect", "files", "--code", "F01")
    path, left = tmp_path / "orders.csv", tmp_path / "left.csv"
    path.write_bytes(table(("A-1", "NEW"), ("A-2", "NEW")))
    code, out, _ = cli("import", str(path), "--account", "F01", "--preview", "--json")
    ahead = json.loads(out)
    assert code == 1 and ahead["outcomes"] == {"parked": 2} and len(ahead["errors"]) == 2
    code, out, _ = cli("import", str(path), "--account", "F01", "--errors", str(left), "--json")
    done = json.loads(out)
    assert code == 1 and done["runs"][0]["by"].startswith("cli:") and left.read_bytes().count(b"A-") == 2
    cli("sku", "add", "NEW")
    assert cli("import", str(path), "--preview", "--account", "F01")[0] == 0, "all of it is known"
    assert json.loads(cli("imports", "show", done["runs"][0]["id"], "--json")[1])["rows"] == 2
    for words in (("--zone", "Mars/Olympus"), ("--columns", "x"), ("--constants", "没有这列=1")):
        assert cli("import", str(path), "--account", "F01", *words)[0] == 2, words
    assert cli("imports", "show", "01a21568-3e5f-77c7-a799-93c92130c301")[0] == 1
    assert "A-1" in cli("import", str(path), "--account", "F01", "--zone", "UTC", "--preview")[1]
