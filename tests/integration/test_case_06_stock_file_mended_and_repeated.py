"""Case 06, stock file mended and repeated: no copy of a stock file, however it was changed, counts a good row again."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from test_cli_answers import Cli, _json, cli

__all__ = ["cli"]
BROKEN = '编码,仓库,数量\nabc-7,GZ,40\n00123,GZ,"1,0x0"\nB-1,GZ,7\n'
MENDED = '编码,仓库,数量\nabc-7,GZ,40\n00123,GZ,"1,000"\nB-1,GZ,7\n'


@pytest.fixture
def shop(cli: Cli) -> Cli:
    for code in ("A-1", "B-1", "00123", "abc-7"):
        assert cli("sku", "add", code)[0] == 0
    for house in ("HZ", "GZ"):
        assert cli("warehouse", "add", house)[0] == 0
    return cli


def _take(shop: Cli, file: Path, content: str | bytes, *words: str) -> tuple[int, str, str]:
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return shop("stock", "import", str(file), *words)


def _levels(shop: Cli) -> dict[str, int]:
    found = _json(shop("stock", "levels", "--json"))["levels"]
    return {f"{one['sku']}@{one['warehouse']}": one["on_hand"] for one in found}


def test_a_file_that_is_mended_and_uploaded_again_counts_its_good_rows_once(shop: Cli, tmp_path: Path) -> None:
    code, _, said = _take(shop, tmp_path / "st1.csv", BROKEN)
    assert code == 1 and "st1.csv:3" in said and "1,0x0" in said and "没有入账" in said
    assert _levels(shop) == {}
    assert _take(shop, tmp_path / "st2.csv", MENDED)[0] == 0
    right = {"abc-7@GZ": 40, "00123@GZ": 1000, "B-1@GZ": 7}
    assert _levels(shop) == right
    head, *rows = MENDED.splitlines()
    copies = {
        "same": MENDED, "sorted": "\n".join([head, *sorted(rows)]),
        "saved by Excel": "\ufeff" + MENDED.replace("\n", "\r\n"), "gbk": MENDED.encode("gbk"),
        "plain number": MENDED.replace('"1,000"', "1000.0"),
        "tabs": MENDED.replace('"1,000"', "1000").replace(",", "\t"),
        "a part": f"{head}\n{rows[0]}", "utf-16": MENDED.encode("utf-16"),
        "workbook": _workbook([["编码", "仓库", "数量"], ["abc-7", "GZ", 40], ["00123", "GZ", 1000], ["B-1", "GZ", 7]]),
    }
    for name, copy in copies.items():
        code, out, _ = _take(shop, tmp_path / f"{name}.csv", copy, "--json")
        assert code == 0 and json.loads(out)["received"] == 0, name
        assert _levels(shop) == right, name


def test_an_added_row_is_booked_and_one_that_says_otherwise_now_is_asked_about(shop: Cli, tmp_path: Path) -> None:
    _take(shop, tmp_path / "a.csv", MENDED)
    assert _take(shop, tmp_path / "a.csv", MENDED + "A-1,GZ,5\n")[0] == 0
    assert _levels(shop)["A-1@GZ"] == 5 and _levels(shop)["abc-7@GZ"] == 40
    code, _, said = _take(shop, tmp_path / "a.csv", MENDED.replace("GZ,40", "GZ,41") + "A-1,HZ,5\n")
    assert code == 1 and "a.csv:2" in said and "--document" in said
    assert _levels(shop)["abc-7@GZ"] == 40 and "A-1@HZ" not in _levels(shop)


def test_goods_that_come_again_are_counted_when_their_document_says_so_and_each_document_once(
    shop: Cli, tmp_path: Path
) -> None:
    for document in ("", "RK-2", "RK-2", "RK/3", "RK/3"):
        words = ("--document", document) if document else ()
        assert _take(shop, tmp_path / "a.csv", "编码,仓库,数量\nabc-7,GZ,40\nabc-7,GZ,40\n", *words)[0] == 0
    assert _levels(shop) == {"abc-7@GZ": 240}
    lines = "单号,行号,编码,仓库,数量\nRK-4,1,B-1,GZ,5\nRK-4,2,B-1,GZ,5\nRK-5,1,B-1,GZ,5\n"
    for content in (lines, lines.replace("RK-4,1,B-1,GZ,5\n", ""), lines + "RK-4,3,B-1,GZ,5\n"):
        assert _take(shop, tmp_path / "b.csv", content)[0] == 0
    assert _levels(shop)["B-1@GZ"] == 20
    assert _take(shop, tmp_path / "b.csv", lines.replace("RK-4,2,B-1,GZ,5", "RK-4,2,B-1,GZ,6"))[0] == 1
    assert _levels(shop)["B-1@GZ"] == 20


def test_a_table_of_what_there_is_sets_the_figure_and_a_counted_document_counts_once(shop: Cli, tmp_path: Path) -> None:
    _take(shop, tmp_path / "a.csv", MENDED)
    counted = "编码,仓库,盘点数\nabc-7,GZ,35\nB-1,GZ,0\n"
    for _ in range(2):
        assert _take(shop, tmp_path / "count.csv", counted)[0] == 0
        assert _levels(shop)["abc-7@GZ"] == 35 and _levels(shop)["B-1@GZ"] == 0
    assert _take(shop, tmp_path / "set.csv", "编码,仓库,数量\nabc-7,GZ,30\n", "--set", "--document", "PD-1")[0] == 0
    assert shop("stock", "receive", "abc-7", "GZ", "5")[0] == 0
    assert _take(shop, tmp_path / "set.csv", "编码,仓库,数量\nabc-7,GZ,30\n", "--set", "--document", "PD-1")[0] == 0
    assert _levels(shop)["abc-7@GZ"] == 35
    assert _take(shop, tmp_path / "set.csv", counted + "abc-7,GZ,34\n")[0] == 1


def test_every_mistake_of_a_file_is_told_at_once_with_its_place(shop: Cli, tmp_path: Path) -> None:
    wrong = (
        "编码,仓库,数量\nabc-8,GZ,4\nabc-7,SZ,4\nabc-7,GZ,\nabc-7,GZ,1.5\nabc-7,GZ,-3\nabc-7,GZ,9999999999\n,GZ,1\n"
        "B-1,GZ,1\n")
    code, _, said = _take(shop, tmp_path / "a.csv", wrong)
    assert code == 1 and all(f"a.csv:{line} " in said for line in range(2, 9)) and "a.csv:9 " not in said
    assert "abc-7" in said and "stock adjust" in said and _levels(shop) == {}
    for content, word in (
        ("编码,仓库\nabc-7,GZ\n", "数量"), (b"", "空"), (b"PK\x03\x04 no workbook", "Excel"),
        ('编码,仓库,数量\nabc-7,GZ,"4', "2"),
    ):
        code, _, said = _take(shop, tmp_path / "a.csv", content)
        assert code == 1 and word in said
    assert _levels(shop) == {}


def test_an_adjustment_below_zero_is_refused_and_a_stocktake_may_say_zero(shop: Cli) -> None:
    assert shop("stock", "receive", "abc-7", "GZ", "5")[0] == 0
    code, _, said = shop("stock", "adjust", "abc-7", "GZ", "--on-hand", "-8", "--reason", "x")
    assert code == 1 and "stocktake" in said and "-3" in said
    assert _levels(shop)["abc-7@GZ"] == 5
    assert shop("stock", "adjust", "abc-7", "GZ", "--on-hand", "-5", "--reason", "x")[0] == 0
    assert shop("stock", "receive", "abc-7", "GZ", "5")[0] == 0
    assert shop("stock", "stocktake", "abc-7", "GZ", "0")[0] == 0
    assert _levels(shop)["abc-7@GZ"] == 0


def test_ten_thousand_rows_go_into_the_ledger_and_not_twice(shop: Cli, tmp_path: Path) -> None:
    goods = "编码\n" + "".join(f"S-{n:05d}\n" for n in range(10_000))
    (tmp_path / "goods.csv").write_text(goods, "utf-8")
    assert shop("sku", "import", str(tmp_path / "goods.csv"))[0] == 0
    rows = "编码,仓库,数量\n" + "".join(f"S-{n:05d},GZ,{n % 9 + 1}\n" for n in range(10_000))
    assert _json(_take(shop, tmp_path / "stock.csv", rows, "--json"))["received"] == 10_000
    assert _json(_take(shop, tmp_path / "stock.csv", rows, "--json"))["known"] == 10_000


def _workbook(rows: list[list[str | int]]) -> bytes:
    """The smallest xlsx with one sheet."""
    lines = []
    for y, row in enumerate(rows, 1):
        cells = "".join(
            f'<c r="{chr(65 + x)}{y}"><v>{v}</v></c>' if isinstance(v, int)
            else f'<c r="{chr(65 + x)}{y}" t="inlineStr"><is><t>{v}</t></is></c>' for x, v in enumerate(row))
        lines.append(f'<row r="{y}">{cells}</row>')
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    content = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{content}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{content}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{relations}"><Relationship Id="r1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="s" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{relations}"><Relationship Id="r1" '
        f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{"".join(lines)}</sheetData></worksheet>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()
