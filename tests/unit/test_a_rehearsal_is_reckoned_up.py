"""The reckoning of a rehearsal: what a lenient one would hide - a fault without its case, a case out of nowhere."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from orderloom.rehearsal.ledger import Cause, PlantedCauses
from orderloom.rehearsal.reckoning import Sighted, judge

AT = datetime(2026, 3, 9, tzinfo=UTC)
CENT = Cause("sum off by a cent", ("amount_mismatch",), "shopify", "5500")
RACE = Cause("cancelled", ("cancel_too_late",), "taobao", "44", is_due=False)
AWAY = Cause("failure: slow", ("account_unwell",), "jd", "JD01", False, AT, AT + timedelta(minutes=1))


def a_case(kind: str, *names: str, minutes: float = 0.5) -> Sighted:
    return Sighted("c", kind, "", frozenset(names), AT + timedelta(minutes=minutes), f"{kind} {names}")


def test_a_fault_that_nobody_saw_and_a_case_that_nobody_planted_both_count() -> None:
    found = judge([CENT, RACE], [a_case("amount_mismatch", "5501")])
    assert (found.recall, found.precision) == (0.0, 0.0)
    assert len(found.missed) == len(found.strange) == 1 and "5500" in found.missed[0]


def test_a_case_answers_the_cause_that_it_is_about_and_no_other() -> None:
    found = judge([CENT, RACE], [a_case("amount_mismatch", "SH01", "5500"), a_case("cancel_too_late", "44")])
    assert (found.recall, found.precision, found.missed, found.strange) == (1.0, 1.0, (), ())
    assert [(one.due, one.found) for one in found.scores] == [(1, 1), (0, 0)], "what need not be is no find"
    assert judge([CENT], [a_case("short_stock", "5500")]).precision == 0.0, "another kind is another thing"


def test_a_failure_excuses_only_what_comes_soon_after_it() -> None:
    assert judge([AWAY], [a_case("account_unwell", "JD01")]).precision == 1.0
    assert judge([AWAY], [a_case("account_unwell", "JD01", minutes=2)]).precision == 0.0
    assert judge([AWAY], [a_case("account_unwell", "TB01")]).precision == 0.0


def test_what_must_have_a_case_stays_due_though_it_is_noted_again_as_possible() -> None:
    causes = PlantedCauses()
    causes.plant_all([CENT, CENT._replace(is_due=False), RACE])
    assert [cause.is_due for cause in causes.causes] == [True, False]
