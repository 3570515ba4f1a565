"""Amounts that do not add up are found before anything ships, to the cent, with the term that is off."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest

from orderloom.blueprint.compile import CompiledBlueprint, compile_blueprint
from orderloom.blueprint.load import load_folder
from orderloom.blueprint.schema import FormulaEntry
from orderloom.domain.draft import DraftLine, OrderDraft, StatedCharge
from orderloom.domain.formula import Broken
from orderloom.domain.traits import TRAIT_SAMPLES
from orderloom.domain.words import Words

DEFAULT = Path(__file__).parents[2] / "blueprints" / "default"
AT = datetime(2026, 11, 20, 4, tzinfo=UTC)
LINES = (DraftLine("L1", "M-001", 2, 5000, discount=300), DraftLine("L2", "M-002", 3, 700))


@cache
def default() -> CompiledBlueprint:
    return compile_blueprint(load_folder(DEFAULT))


def check(draft: OrderDraft, blueprint: CompiledBlueprint, channel: str = "") -> tuple[Broken, ...]:
    """What is broken, for an order whose traits are the draft's payment and samples."""
    return tuple(blueprint.check_amounts(draft, channel, {**TRAIT_SAMPLES, "payment": draft.payment}))


def draft(**changes: Any) -> OrderDraft:
    """Goods 12,100 - line discount 300 - discount 500 + freight 800 + tax 60 = 12,160."""
    told: dict[str, Any] = {"lines": LINES, "total": 12_160, "freight": 800, "discount": 500, "tax": 60}
    return OrderDraft("E1", AT, AT, "CNY", **{**told, **changes})


def only(found: tuple[Broken, ...]) -> Broken:
    assert len(found) == 1, found
    return found[0]


def test_a_right_order_is_not_held() -> None:
    assert check(draft(payment="paid", paid=12_160), default()) == ()


@pytest.mark.parametrize("cents", [1, -1])
def test_an_order_off_by_one_cent_is_held(cents: int) -> None:
    broken = only(check(draft(total=12_160 + cents), default()))
    assert (broken.formula, broken.expected, broken.stated, broken.difference) == (
        "total",
        12_160,
        12_160 + cents,
        cents,
    )
    assert (broken.hold, broken.case, broken.term) == ("amount_mismatch", "amount_mismatch", "total")


@pytest.mark.parametrize(
    ("total", "term", "line", "word"),
    [
        (12_160 - 800, "freight", "", "leaves"),
        (12_160 + 800, "freight", "", "twice"),
        (12_160 + 500, "discount", "", "leaves"),
        (12_160 + 1_000, "discount", "", "wrong sign"),
        (12_160 - 60, "tax", "", "leaves"),
        (12_160 + 300, "sum(discount)", "", "leaves"),
        (12_160 - 12_100, "sum(price * quantity)", "", "leaves"),
        (12_160 - 2_100, "sum(price * quantity)", "L2", "leaves"),
        (12_160 + 5_000, "sum(price * quantity)", "L1", "quantity were off by +1"),
        (12_160 + 37, "total", "", "no single term"),
    ],
)
def test_the_message_names_the_term_that_is_off(total: int, term: str, line: str, word: str) -> None:
    broken = only(check(draft(total=total), default()))
    assert (broken.term, broken.line) == (term, line)
    assert word in broken.reason.en
    assert broken.reason.zh and broken.term_title.zh


def test_shares_that_do_not_add_up_are_found_although_the_total_does() -> None:
    shared = tuple(msgspec.structs.replace(line, amount=5_000) for line in LINES)
    broken = only(check(draft(lines=shared), default()))
    assert (broken.formula, broken.expected, broken.difference) == ("shares", 10_860, 1_300)


def test_shares_that_the_source_does_not_state_are_not_invented() -> None:
    half = (msgspec.structs.replace(LINES[0], amount=1), LINES[1])
    assert check(draft(lines=half), default()) == ()


def test_paid_more_than_owed_opens_a_case_and_holds_nothing_unless_the_source_knows() -> None:
    broken = only(check(draft(payment="paid", paid=12_161), default()))
    assert (broken.case, broken.hold, broken.difference) == ("paid_over_total", "", 1)
    assert check(draft(payment="overcharged", paid=12_161), default()) == ()
    assert check(draft(payment="partially_paid", paid=100), default()) == ()


WRAP, SUBSIDY = StatedCharge("gift_wrap", 499, 40), StatedCharge("subsidy", -200)


def test_a_charge_that_is_on_no_line_is_part_of_what_is_owed() -> None:
    assert check(draft(total=12_160 + 499 - 200, charges=(WRAP, SUBSIDY)), default()) == ()
    broken = only(check(draft(charges=(WRAP,)), default()))
    assert (broken.formula, broken.term, broken.difference) == ("total", "charges", -499)
    assert broken.term_title.zh == "其他费用"


def test_charges_count_beside_the_shares_of_the_lines_too() -> None:
    lines = (DraftLine("L1", "M-001", 1, 1_000, amount=1_000),)
    told: dict[str, Any] = {"lines": lines, "discount": 0, "tax": 0, "freight": 0, "charges": (WRAP,)}
    assert check(draft(total=1_499, **told), default()) == ()
    assert [one.formula for one in check(draft(total=1_000, **told), default())] == ["total", "shares"]


def test_a_price_that_was_worked_out_is_not_checked_as_if_stated() -> None:
    thirds = DraftLine("L1", "M-001", 3, 3_333, goods=10_000)
    told: dict[str, Any] = {"discount": 0, "tax": 0, "freight": 0}
    assert check(draft(lines=(thirds,), total=10_000, **told), default()) == ()
    assert only(check(draft(lines=(thirds,), total=9_999, **told), default())).expected == 10_000
    stated = msgspec.structs.replace(thirds, goods=None)
    assert only(check(draft(lines=(stated,), total=10_000, **told), default())).expected == 9_999


def test_a_line_that_was_taken_off_is_worth_what_the_source_says_it_is_worth() -> None:
    gone = DraftLine("L3", "M-003", 1, 900, goods=0, is_closed=True)
    assert check(draft(lines=(*LINES, gone)), default()) == ()


def test_no_quantity_is_blamed_where_the_price_was_worked_out() -> None:
    thirds = DraftLine("L1", "M-001", 3, 3_333, goods=10_000)
    broken = only(check(draft(lines=(thirds,), total=13_333, discount=0, tax=0, freight=0), default()))
    assert "no single term" in broken.reason.en


def test_what_came_in_before_a_refund_is_not_held_against_what_is_owed_after_it() -> None:
    told: dict[str, Any] = {"payment": "partially_refunded", "paid": 15_160}
    assert check(draft(refunded=3_000, **told), default()) == ()
    assert only(check(draft(refunded=2_999, **told), default())).case == "paid_over_total"


def test_the_formula_of_a_user_can_name_goods_charges_and_refunds() -> None:
    blueprint = with_formula(stated="sum(goods - discount)", expr="total - charges + refunded", tolerance=1)
    lines = (DraftLine("L1", "M-001", 3, 3_333, discount=100, goods=10_000),)
    right = draft(lines=lines, total=10_389, charges=(WRAP,), refunded=10)
    assert check(right, blueprint) == ()
    assert only(check(msgspec.structs.replace(right, refunded=11), blueprint)).difference == -1


def test_all_that_is_broken_is_told_at_once() -> None:
    found = check(draft(total=12_000, paid=12_500), default())
    assert [broken.formula for broken in found] == ["total", "paid"]


def test_amounts_beyond_what_a_float_can_hold_are_still_exact() -> None:
    lines = (DraftLine("L1", "M-001", 3, 2**60 + 1),)
    right = 3 * (2**60 + 1)
    assert check(draft(lines=lines, total=right, freight=0, discount=0, tax=0), default()) == ()
    assert check(draft(lines=lines, total=right + 1, freight=0, discount=0, tax=0), default())


def with_formula(**fields: Any) -> CompiledBlueprint:
    base: dict[str, Any] = {"name": "own", "title": Words("自定", "own"), "stated": "facts.platform_fee"}
    entry = FormulaEntry(**{**base, "expr": "total * 2 - facts.coupon", "case": "amount_mismatch", **fields})
    return compile_blueprint(msgspec.structs.replace(default().source, formulas=(entry,)))


def test_a_formula_of_the_users_own_reads_mapped_fields() -> None:
    facts: dict[str, Any] = {"platform_fee": 24_300, "coupon": 20}
    assert check(draft(facts=facts), with_formula()) == ()
    assert only(check(draft(facts={**facts, "coupon": 21}), with_formula())).difference == 1


def test_a_field_that_is_not_stated_is_skipped_or_broken_as_the_formula_says() -> None:
    assert check(draft(), with_formula()) == ()
    broken = only(check(draft(facts={"platform_fee": 1, "coupon": "20"}), with_formula(missing="break")))
    assert broken.term == "facts.coupon" and "not state" in broken.reason.en


def test_a_formula_for_one_channel_does_not_hold_the_others_orders() -> None:
    blueprint = with_formula(stated="total", expr="0", channels=("taobao",))
    assert check(draft(), blueprint, "amazon") == ()
    assert only(check(draft(), blueprint, "taobao")).stated == 12_160


def test_a_wider_tolerance_lets_smaller_differences_pass() -> None:
    blueprint = with_formula(stated="total", expr="sum(price * quantity)", tolerance=61)
    assert check(draft(total=12_160), blueprint) == ()
    assert only(check(draft(total=12_161), blueprint)).difference == 61
