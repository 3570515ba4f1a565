"""A parcel that customs would stop for its HS code is found before it leaves, with the codes that were meant."""

from __future__ import annotations

import pytest

from orderloom.domain.tariff import code_problem, describe, near_code, plain_code, proposals, search


@pytest.mark.parametrize("code", ["691110", "6911.10", "6911 10 00", "6911101000", "6911101000123", "010121"])
def test_a_code_as_people_write_it_is_taken(code: str) -> None:
    assert code_problem(code) is None and describe(code)


@pytest.mark.parametrize("code", [
    "", "69", "6911", "69111", "691199", "770000", "TOTAL", "69111O", "六九一一一零", "-1", "9" * 500])
def test_what_is_no_code_is_refused_in_both_languages(code: str) -> None:
    told = code_problem(code)
    assert told is not None and told.zh != told.en and len(told.en) < 120


def test_a_leading_zero_is_kept() -> None:
    assert plain_code("0101.21") == "010121" and describe("010121").startswith("Horses")


@pytest.mark.parametrize(("text", "code"), [
    ("马克杯", "691110"), ("纯棉T恤 男款", "610910"), ("cotton t-shirts", "610910"),
    ("lithium-ion power bank", "850760"), ("充电宝", "850760"), ("smartphones", "851713"), ("面膜", "330499"),
    ("葡萄酒", "220421"), ("6911", "691110"),
])
def test_goods_are_found_by_what_they_are_called(text: str, code: str) -> None:
    assert code in [one.code for one in search(text, 5)]


@pytest.mark.parametrize("text", ["", "zzz", "；", "\0", "[(", "x" * 10_000])
def test_words_that_nothing_fits_find_nothing(text: str) -> None:
    assert search(text) == ()


def test_a_wrong_code_brings_those_of_its_family_and_a_missing_one_those_of_its_name() -> None:
    assert [one.code for one in near_code("691199")] == ["691190", "691110"]
    assert all(one.code.startswith("77") is False for one in near_code("770000")) and near_code("x") == []
    assert proposals("", "马克杯")[0].code == "691110"
    assert proposals("691199", "马克杯")[0].code == "691190"
