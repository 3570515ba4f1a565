"""Money is read to the last digit."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from orderloom.domain.draft import Problem
from orderloom.domain.money import EXPONENTS, apportion, format_minor, parse


@pytest.mark.parametrize(
    ("value", "currency", "minor"),
    [
        ("12.30", "CNY", 1230),
        ("0.1", "CNY", 10),
        ("-3.5", "USD", -350),
        ("1,234.50", "CNY", 123450),
        ("１２．３４", "CNY", 1234),
        ("¥12.00", "CNY", 1200),
        ("12元", "CNY", 1200),
        ("1500", "JPY", 1500),
        ("1.234", "KWD", 1234),
        ("12.3400", "CNY", 1234),
        (Decimal("8.20"), "CNY", 820),
        (Decimal("1E+2"), "CNY", 10000),
        (20, "CNY", 2000),
        ("90071992547409.93", "CNY", 9007199254740993),
    ],
)
def test_an_amount_is_exact(value: str | int | Decimal, currency: str, minor: int) -> None:
    assert parse(value, currency) == minor


@pytest.mark.parametrize(
    "value", ["12.345", "0.5", "12,50", "abc", "", "1e999999999", "NaN", "1.2.3", "12 34", "９" * 80]
)
def test_an_amount_that_cannot_be_exact_is_refused_and_never_guessed(value: str) -> None:
    found = parse(value, "JPY" if value == "0.5" else "CNY")
    assert isinstance(found, Problem)
    assert found.code == "wrong_money" and found.value == value


def test_rounding_is_half_to_even_and_only_on_request() -> None:
    assert parse("0.125", "CNY", is_rounded=True) == 12
    assert parse("0.135", "CNY", is_rounded=True) == 14


@pytest.mark.parametrize(
    ("minor", "currency", "text"), [(1230, "CNY", "12.30"), (-5, "CNY", "-0.05"), (7, "JPY", "7"), (1, "KWD", "0.001")]
)
def test_an_amount_is_shown_with_all_its_decimals(minor: int, currency: str, text: str) -> None:
    assert format_minor(minor, currency) == text


def test_a_discount_is_shared_so_that_no_cent_is_lost() -> None:
    assert apportion(100, (1, 1, 1)) == (34, 33, 33)
    assert apportion(-100, (1, 1, 1)) == (-34, -33, -33)
    assert apportion(5, (0, 0)) == (3, 2)
    assert apportion(0, ()) == ()


def test_an_amount_has_the_same_decimals_in_the_console() -> None:
    script = (Path(__file__).resolve().parents[2] / "web/src/shared/money.ts").read_text("utf-8")
    rows = re.findall(r'"([A-Z ]+)"\.split\(" "\)\.map\(\(code\) => \[code, (\d)\]', script)
    told = {code: int(digits) for codes, digits in rows for code in codes.split()}
    told |= {code: int(digits) for code, digits in re.findall(r'\["([A-Z]{3})", (\d)\]', script)}
    assert told == EXPONENTS
