"""XML, rows, forms and damaged JSON are read; what is no body is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from orderloom.blueprint.mapping import CompiledMapping, load_text
from orderloom.blueprint.mapping.bodies import Unreadable, parse_body
from orderloom.domain.draft import OrderDraft

AT = datetime(2026, 3, 9, tzinfo=UTC)
COLUMNS = {"columns": "订单号,时间,金额,商品,数量,单价"}
ROWS = """
mapping: 1
documents:
  - topic: "*"
    format: rows
    produces: order
    fields: {external_id: 订单号, revision: 时间, placed_at: 时间, currency: {const: CNY}, total: 金额}
    lines: {fields: {external_id: 商品, sku_external: 商品, quantity: 数量, price: 单价}}
"""


def test_the_rows_of_one_order_in_a_file_become_one_order() -> None:
    mapping = load_text(ROWS)
    assert isinstance(mapping, CompiledMapping), mapping
    text = 'T1,2026/1/2 3:04,"1,020.00",A,2,10\r\nT1,2026/1/2 3:04,"1,020.00","B ""x""",1,1000\r\n'
    (draft,) = mapping.read("F1", "Asia/Shanghai", "row", text, COLUMNS, AT)
    assert isinstance(draft, OrderDraft)
    assert (draft.external_id, draft.total) == ("T1", 102000)
    assert [(line.sku_external, line.quantity, line.price) for line in draft.lines] == [
        ("A", 2, 1000),
        ('B "x"', 1, 100000),
    ]


def test_a_row_with_too_many_cells_is_not_shifted_into_wrong_columns() -> None:
    with pytest.raises(Unreadable, match="7 cells for 6 columns"):
        parse_body("rows", "T1,2026,1,020.00,A,2,10", COLUMNS)


def test_tabs_and_semicolons_are_seen_from_the_header() -> None:
    assert parse_body("rows", "1\t2,5", {"columns": "a\tb"}).data == [{"a": "1", "b": "2,5"}]
    assert parse_body("rows", "1;2,5", {"columns": "a;b"}).data == [{"a": "1", "b": "2,5"}]
    assert parse_body("rows", "1,2", {"columns": "a,a"}).data == [{"a": "1", "a#2": "2"}]


def test_xml_is_read_by_names() -> None:
    text = '<?xml version="1.0" encoding="gbk"?><r xmlns="urn:x" id="7"><l><s>A</s></l><l><s> B </s></l><e/>t</r>'
    assert parse_body("xml", text, {}).data == {"r": {"@id": "7", "l": [{"s": "A"}, {"s": "B"}], "e": ""}}


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("json", "{"),
        ("json", '{"a": NaN}'),
        ("json", "[" * 100_000),
        ("json", '{"a": 1e99999999999999999999}'),
        ("xml", "<a>"),
        ("xml", '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'),
        ("form", "no equals sign"),
        ("rows", ""),
        ("rows", "a"),
    ],
)
def test_what_is_no_body_is_refused_and_never_half_read(form: str, text: str) -> None:
    with pytest.raises(Unreadable):
        parse_body(form, text, {"columns": "a"} if text == "" else {})


def test_a_broken_sign_or_a_raw_line_end_does_not_cost_the_order() -> None:
    found = parse_body("json", '{"a": "x\ny\\ud800", "n": 1.10}', {})
    assert found.is_mended
    assert str(found.data["n"]) == "1.10"


def test_a_form_with_json_inside_is_read() -> None:
    text = "sign=AB&param=%7B%22nu%22%3A%22Y1%22%7D&x=1&x=2"
    data: dict[str, Any] = parse_body("form", text, {}).data
    assert data == {"sign": "AB", "param": '{"nu":"Y1"}', "x": ["1", "2"]}
