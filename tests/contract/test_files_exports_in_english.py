"""The orders that Shopify and Amazon let a seller download are read as they come, and figures with a decimal comma."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from test_files import account, codes, cut, draft
from test_files_exports import adds_up, read

from orderloom.adapters.spreadsheets.reader import Reader
from orderloom.domain.draft import OrderDraft


def told(order: OrderDraft) -> tuple[Any, ...]:
    lines = [(line.sku_external, line.quantity, line.price, line.fulfilled) for line in order.lines]
    return order.external_id, order.currency, order.total, order.paid, order.payment, order.tax, lines


def test_a_shopify_export_is_read_as_it_was_downloaded_with_its_further_lines() -> None:
    first, second = read("shopify.csv")
    assert told(first) == ("#1001", "USD", 7520, 7520, "paid", 520, [("A-1", 2, 2000, 2), ("B-1", 1, 3000, None)])
    assert told(second)[:6] == ("#1002", "GBP", 4000, 0, "unpaid", 0), "tax within the price is not added"
    assert (first.discount, first.freight) == (500, 500) and all(map(adds_up, (first, second)))
    assert [str(line.kind) for line in second.lines] == ["", "virtual"]
    where = first.receiver
    assert (where.name, where.phone, where.city, where.country, where.postcode) == (
        "Ann Lee", "+12175550101", "Springfield", "US", "62701")
    assert (where.detail, second.receiver.phone) == ("1 Main St, Flat 2", "07700900123")
    assert first.placed_at.isoformat() == "2026-11-11T02:00:00+00:00"


def test_an_amazon_report_is_read_as_it_was_downloaded() -> None:
    first, second, third = read("amazon_all_orders.txt")
    assert told(first) == ("111-0000001-0000001", "USD", 7700, 7700, "paid", 600,
                           [("A-1", 2, 2000, None), ("B-1", 1, 3000, None)])
    assert told(second)[:6] == ("302-0000002-0000002", "EUR", 2380, 2380, "paid", 0), "VAT is within the price"
    assert (first.is_fulfilled_elsewhere, second.is_fulfilled_elsewhere, third.is_cancelled) == (False, True, True)
    assert [(charge.kind, charge.amount) for charge in first.charges] == [("gift_wrap", 200)]
    assert adds_up(first) and adds_up(second) and second.lines[0].fulfilled == 1
    (new,) = read("amazon_new_orders.txt")
    assert told(new) == ("111-0000004-0000004", "USD", 4860, 4860, "paid", 360, [("A-1", 2, 2000, None)])
    assert (new.receiver.name, new.receiver.detail) == ("Ann Lee", "1 Main St")
    assert new.lines[0].external_id == "50000000000001"


HEAD = "order_no;sku;quantity;price;total"


@pytest.mark.parametrize(("rows", "totals"), [
    (["A1;A-1;1;12,50;12,50"], [1250]),
    (["A1;A-1;1;1.234,56;1.234,56", "A2;B-1;2;1.000;2.000"], [123456, 200000]),
    (["A1;A-1;2;€ 9,5;19"], [1900]),
    (["A1;A-1;1;12.50;12.50", "A2;B-1;1;1,234.00;1,234.00"], [1250, 123400]),
])
def test_a_decimal_comma_is_understood_where_the_file_leaves_no_doubt(rows: list[str], totals: list[int]) -> None:
    assert [draft(item).total for item in cut("\n".join([HEAD, *rows])).items] == totals


def test_a_comma_that_may_mean_two_things_is_asked_about_and_never_guessed() -> None:
    parts = cut("\n".join([HEAD, "A1;A-1;1;12,50;12,50", "A2;B-1;1;12.50;12.50"]))
    assert codes(parts) == [] and draft(parts.items[1]).total == 1250
    with pytest.raises(AssertionError, match="decimals=comma"):
        draft(parts.items[0])
    told = cut("\n".join([HEAD, "A1;A-1;1;1.250;1.250"]), decimals="comma")
    assert [draft(item).total for item in told.items] == [125000]


def test_the_decimals_that_an_account_names_count_in_the_file_that_is_imported(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("\n".join([HEAD, "A1;A-1;1;1.250;1.250"]))
    reader = Reader(account(decimals="comma"))
    items = [item for portion in reader.read([file]) for item in portion.items]
    reader.close()
    assert [draft(item).total for item in items] == [125000]


def test_a_file_is_read_anew_once_its_account_names_another_currency_or_payment() -> None:
    text = "\n".join([HEAD, "A1;A-1;1;12;12"])
    first = cut(text).items[0].event_id
    assert cut(text).items[0].event_id == first == cut(text, default_currency="CNY").items[0].event_id
    assert len({first, cut(text, default_currency="USD").items[0].event_id,
                cut(text, default_payment="unpaid").items[0].event_id}) == 3
