"""A parcel is found by its waybill however carrier, channel and person spell it, and two numbers are two parcels."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import ClassVar

import msgspec
import pytest

from orderloom.application.by_hand import report_of
from orderloom.application.translate import translate
from orderloom.domain.beyond import beyond
from orderloom.domain.cleaning import clean_phone
from orderloom.domain.codes import code_problem, spelling_problem
from orderloom.domain.draft import OrderDraft, Problem, TrackEntry, TrackReport, WorkReport
from orderloom.domain.refusal import Refusal
from orderloom.domain.waybill import plain_waybill, waybills
from orderloom.testing.builders import a_draft, a_line

AT = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.mark.parametrize("told", [
    "sf1234567890", " SF 1234 567 890", "ＳＦ１２３４５６７８９０", "SF1234\u200b567890\t", "Sf1234567890",
])  # fmt: skip
def test_a_parcel_is_not_lost_between_two_spellings_of_its_number(told: str) -> None:
    assert plain_waybill(told) == "SF1234567890"


@pytest.mark.parametrize(("told", "found"), [
    ("SF1234567890,SF1234567891", ["SF1234567890", "SF1234567891"]),
    ("1Z 999 AA1 01 2345 6784", ["1Z999AA10123456784"]),
    ("SF1234567890 SF1234567891", ["SF1234567890", "SF1234567891"]),
    ("773012345678/773012345679", ["773012345678", "773012345679"]),
    ("JD0001-1-1-", ["JD0001-1-1-"]), ("1234 5678 9012", ["123456789012"]), (" ; ", []),
    ("sf1234567890\nsf1234567891", ["SF1234567890", "SF1234567891"]),
])  # fmt: skip
def test_several_numbers_in_one_text_are_several_parcels_and_a_grouped_one_is_one(told: str, found: list[str]) -> None:
    assert waybills(told) == found


@pytest.mark.parametrize("told", ["0", "-1", "000", "-", "N/A", "无", "null", "NA", "—", "？"])
def test_orders_of_a_day_do_not_share_one_parcel_because_a_system_writes_nothing_as_zero(told: str) -> None:
    assert plain_waybill(told) == "" and waybills(told) == []
    refused = report_of("W1", "out", AT, waybill=told, carrier="SF")
    assert isinstance(refused, Refusal) and refused.code == "wrong_waybill"


class _Carrier:
    """A mapping that reads whatever body as this report."""

    def __init__(self, report: TrackReport) -> None:
        self.report = report

    def of(self, connector: str) -> _Carrier:
        return self

    def read(self, *told: object) -> list[TrackReport]:
        return [self.report]


class _Account:
    code, connector, zone = "KD01", "kuaidi100", "Asia/Shanghai"
    settings: ClassVar[dict[str, str]] = {}
    overrides = ()


def test_a_carriers_push_and_a_person_at_the_packing_table_mean_the_same_parcel() -> None:
    pushed = TrackReport("shunfeng", "sf1234567890", (TrackEntry("301", "delivered", AT),))
    [heard] = translate(_Account(), "push", b"{}", {}, AT, _Carrier(pushed))  # type: ignore[arg-type]
    typed = report_of("N-1", "out", AT, waybill="SF 1234 567 890", carrier="SF")
    assert isinstance(heard, TrackReport) and isinstance(typed, WorkReport)
    assert heard.waybill == typed.waybill == "SF1234567890"


@pytest.mark.parametrize("changes", [
    {"external_id": "1.23457E+18"}, {"lines": (a_line("6.90123E+12"),)}, {"lines": (a_line("7e+14", external_id="1"),)},
])
def test_goods_and_orders_are_not_mixed_up_by_numbers_that_a_spreadsheet_destroyed(changes: dict[str, object]) -> None:
    problems = beyond(msgspec.structs.replace(a_draft("E1"), **changes))
    assert problems and {p.code for p in problems} == {"bad_value"} and "科学计数法" in problems[0].mend
    assert isinstance(problems[0], Problem) and isinstance(a_draft("E1"), OrderDraft)
    assert beyond(a_draft("E+12", a_line("M-001+M-002"), a_line("1E5"))) == ()


def test_a_phone_that_a_spreadsheet_destroyed_is_no_phone() -> None:
    assert clean_phone("1.38E+10") == ("", "empty")


def test_no_sku_and_no_spelling_is_taught_that_stands_for_many_goods() -> None:
    assert code_problem("6.90123E+12") and spelling_problem("6.90123E+12")
    assert not code_problem("1E5") and not spelling_problem("M+12")
