"""What the database would refuse is refused first, in words; what is no order is called what it is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from orderloom.domain.beyond import beyond
from orderloom.domain.countries import country_code
from orderloom.domain.credit_note import credit_note
from orderloom.domain.draft import (
    OrderDraft,
    Said,
    StatedCharge,
    StatedRefund,
    StatedShipment,
    StockFigure,
    StockReport,
    TrackEntry,
    TrackReport,
    WorkLine,
    WorkReport,
)
from orderloom.domain.fault import kind_of, where
from orderloom.domain.limits import ENTRIES_MAX, LINES_MAX, MONEY_MAX, QUANTITY_MAX, TEXT_MAX
from orderloom.domain.looked import ListingFigure, ListingReport, Rating, RatingReport
from orderloom.domain.shown import KEY_MAX, key_of, shown, shown_of
from orderloom.testing.builders import a_draft, a_line, a_receiver

AT = datetime(2026, 3, 9, tzinfo=UTC)


def order(**changes: Any) -> OrderDraft:
    return replace(a_draft("E1", a_line()), **changes)


def test_a_usual_order_and_one_with_long_but_honest_texts_pass() -> None:
    assert beyond(order()) == ()
    assert beyond(order(note="请" * 5_000, receiver=a_receiver(detail="路" * 900), buyer="b" * 400)) == ()
    assert beyond(order(lines=(a_line(title="👨\u200d👩\u200d👧 礼物 " * 20),))) == ()


@pytest.mark.parametrize(("changes", "field", "code"), [
    ({"external_id": "9" * 129}, "external_id", "oversize_field"),
    ({"external_id": "A\ufffdB"}, "external_id", "bad_value"),
    ({"external_id": ""}, "external_id", "missing_field"),
    ({"note": "x" * 10_001}, "note", "oversize_field"),
    ({"note": "a\x00b"}, "note", "bad_value"),
    ({"native": "\ud800"}, "native", "bad_value"),
    ({"currency": "C1"}, "currency", "bad_value"),
    ({"payment": "perhaps"}, "payment", "unknown_value"),
    ({"total": MONEY_MAX}, "total", "wrong_money"),
    ({"paid": -1}, "paid", "wrong_money"),
    ({"freight": -(2**63)}, "freight", "wrong_money"),
    ({"revision": datetime(9999, 12, 31, tzinfo=UTC)}, "revision", "wrong_time"),
    ({"placed_at": datetime(1, 1, 1, tzinfo=UTC)}, "placed_at", "wrong_time"),
    ({"paid_at": datetime(2026, 3, 9)}, "paid_at", "wrong_time"),  # noqa: DTZ001
    ({"said": (Said("paid", "paid", datetime(1999, 12, 31, tzinfo=UTC)),)}, "said[0].at", "wrong_time"),
    ({"facts": {"points": 2**63}}, "facts.points", "bad_value"),
    ({"lines": tuple(a_line(external_id=str(n)) for n in range(LINES_MAX + 1))}, "lines", "oversize_field"),
    ({"lines": (a_line(sku_external="s" * 3_000),)}, "lines[0].sku_external", "oversize_field"),
    ({"lines": (a_line(quantity=QUANTITY_MAX + 1),)}, "lines[0].quantity", "bad_value"),
    ({"lines": (a_line(quantity=0),)}, "lines[0].quantity", "bad_value"),
    ({"lines": (a_line(price=2**63),)}, "lines[0].price", "wrong_money"),
    ({"lines": (a_line(amount=-(10**16)),)}, "lines[0].amount", "wrong_money"),
    ({"receiver": a_receiver(name="x" * 3_000)}, "receiver.name", "oversize_field"),
])
def test_a_value_that_no_column_takes_is_told_by_field_and_mend(changes: dict[str, Any], field: str, code: str) -> None:
    (problem,) = beyond(order(**changes))
    assert (problem.field, problem.code) == (field, code)
    assert " | " in problem.mend and len(problem.mend) < 300 and len(problem.value) <= 81


def test_units_may_be_nought_where_a_channel_states_none() -> None:
    nought = (a_line(quantity=0),)
    assert beyond(order(lines=nought, is_cancelled=True)) == ()
    assert beyond(order(lines=nought, flags=("awaiting_payment",))) == ()
    assert beyond(order(lines=(a_line(), a_line("M-002", 0)))) == ()


@pytest.mark.parametrize(("report", "field"), [
    (WorkReport("W" * 65, Said("packed", "P", AT)), "work_no"),
    (WorkReport("W1", Said("packed", "P" * 201, AT)), "said.native"),
    (WorkReport("W1", Said("packed", "P", AT), lines=(WorkLine("A", -1),)), "lines[0].quantity"),
    (WorkReport("W1", Said("packed", "P", AT), waybill="\x00"), "waybill"),
    (TrackReport("sf", "S" * 65, ()), "waybill"),
    (TrackReport("sf", "S1", (TrackEntry("1", "", datetime(9999, 1, 1, tzinfo=UTC)),)), "entries[0].at"),
    (TrackReport("sf", "S1", (TrackEntry("1", "", AT),) * (ENTRIES_MAX + 1)), "entries"),
    (StockReport((StockFigure("HZ", "A", 2**31, "physical", AT),)), "figures[0].quantity"),
    (ListingReport((ListingFigure("A", 2**31),)), "figures[0].quantity"),
    (ListingReport((ListingFigure("A" * 129, 1),)), "figures[0].sku"),
    (RatingReport((Rating("R1", 101, AT),)), "ratings[0].stars"),
])
def test_a_report_that_no_column_takes_is_told_by_field(report: Any, field: str) -> None:
    (problem,) = beyond(report)
    assert problem.field == field


@pytest.mark.parametrize(("changes", "field"), [
    ({"charges": (StatedCharge("bribe", 1),)}, "charges[0].kind"),
    ({"charges": (StatedCharge("tip", 10**15),)}, "charges[0].amount"),
    ({"refunds": (StatedRefund("R" * 129, 1),)}, "refunds[0].external_id"),
    ({"refunded": -1}, "refunded"),
    ({"shipments": (StatedShipment("\x00"),)}, "shipments[0].waybill"),
    ({"shipments": (StatedShipment("SF1"),) * 501}, "shipments"),
    ({"lines": (a_line(kind="air"),)}, "lines[0].kind"),
    ({"lines": (a_line(fulfilled=-1),)}, "lines[0].fulfilled"),
])
def test_what_stands_beside_the_lines_is_bounded_too(changes: dict[str, Any], field: str) -> None:
    assert field in {problem.field for problem in beyond(a_draft("E1", *changes.pop("lines", ()), **changes))}


def test_every_text_of_a_draft_has_a_named_bound() -> None:
    structs = (OrderDraft, WorkReport, TrackReport, TrackEntry, StockFigure, ListingFigure, Rating, Said, StatedCharge,
               StatedRefund, StatedShipment, type(a_line()), type(a_receiver()))
    infos = [msgspec.inspect.type_info(struct) for struct in structs]
    texts = {field.name for info in infos for field in info.fields if isinstance(field.type, msgspec.inspect.StrType)}  # type: ignore[attr-defined]
    assert len(texts) > 20 and texts <= set(TEXT_MAX)


@pytest.mark.parametrize(("quantity", "total", "parent", "told"), [
    (-1, -10_000, "E0", "E0"), (-2, -20_000, "", ""), (1, -5, "", ""), (1, -5, "E7", "E7"),
])
def test_a_credit_note_is_called_what_it_is_with_its_order(quantity: int, total: int, parent: str, told: str) -> None:
    note = credit_note(order(lines=(a_line(quantity=quantity),), total=total, parent_external_id=parent), "SH01")
    assert note is not None and note.code == "credit_note"
    assert told in note.value and (told or "没有写明") in note.mend and note.key == "credit_note:SH01:E1"


def test_a_return_row_among_sold_ones_is_against_its_own_order_and_an_order_is_no_credit_note() -> None:
    note = credit_note(order(lines=(a_line(quantity=2), a_line("M-002", -1))), "SH01")
    assert note is not None and note.field == "lines[1].quantity" and "E1" in note.value
    assert credit_note(order(), "SH01") is None


@pytest.mark.parametrize(("name", "code"), [
    ("China", "CN"), ("中国", "CN"), ("中國", "CN"), ("CHN", "CN"), ("Deutschland", "DE"), ("United States", "US"),
    ("U.S.A.", "US"), ("香港", "HK"), ("Hong Kong SAR", "HK"), ("臺灣", "TW"), ("澳門", "MO"), ("England", "GB"),
    ("the Netherlands", "NL"), ("Österreich", "AT"), ("대한민국", "KR"), ("Россия", "RU"), ("日本", "JP"),
    ("Côte d'Ivoire", "CI"), ("840", "US"), ("fr", "FR"), ("Namibia", "NA"), ("Atlantis", None), ("", None),
    ("x" * 3_000, None),
])
def test_a_country_has_one_code_however_it_is_written(name: str, code: str | None) -> None:
    assert country_code(name) == code


def test_what_is_shown_of_a_message_is_short_plain_and_nobodys() -> None:
    assert shown("x" * 3_000_000) == "x" * 80 + "…" and shown("a\x00\u202eb") == "a\ufffd\ufffdb"
    assert shown({"phone": "13800138000"}) == "{…}" and shown(10**5_000) == "…"
    assert shown_of("receiver.phone", "13800138000") == "" and shown_of("lines[0].quantity", -1) == "-1"
    assert shown_of("lines[0].price", "金丝雀路9号 13800138000", "wrong_money") == "□□□□9□ 138********"
    assert shown_of("placed_at", "2026年13月1日", "wrong_time") == "2026年13月1日"
    assert shown_of("native", "已拆单", "unknown_status") == "已拆单"
    long = key_of("sku:TB01:" + "x" * 3_000)
    assert len(long) <= KEY_MAX and long != key_of("sku:TB01:" + "x" * 3_001) and key_of("sku:TB01:A") == "sku:TB01:A"


def test_an_error_is_told_by_its_way_and_never_by_its_words() -> None:
    try:
        try:
            int("张三 13800138000")
        except ValueError as inner:
            raise LookupError("李四 13900139000") from inner
    except LookupError as error:
        told = where(error)
        assert kind_of(error) == "LookupError" and "ValueError" in told and "test_limits.py" in told
        assert "13800138000" not in told and "李四" not in told
