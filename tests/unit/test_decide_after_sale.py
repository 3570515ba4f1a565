"""The seller's answer to a buyer's application is told once, fits what is asked, and is no money."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from orderloom.application import commands as c
from orderloom.domain.actor import clock, person
from orderloom.domain.after_sale import ANSWERS, DECLINED, GRANTED, TakesDecisions
from tests.support.bench import Shop, directory
from tests.support.moves import CHANNEL

TAOBAO = {"taobao": TakesDecisions(("refund", "return", "receipt", "decline"), with_amount=True)}


def asked(state: str = "asked", kind: str = "refund_only", **told: Any) -> Shop:
    shop = Shop()
    shop.channel_says(("A", 2))
    shop.after_sale(state, kind=kind, **told)
    return shop


def decide(
    shop: Shop, decision: str = GRANTED, *, amount: int | None = None, application: str = "R1", role: str = "service",
    takes: dict[str, TakesDecisions] | None = None,
) -> c.Outcome:
    [outcome] = shop.ask(c.DecideAfterSale(
        actor=person("li", role), order_id=shop.order().id, application=application, decision=decision,
        reason="照章", amount=amount, takes=TAOBAO if takes is None else takes))
    assert isinstance(outcome, c.Outcome)
    return outcome


def channel_answers(shop: Shop, error: str = "") -> None:
    shop.ask(c.HearAnswer(actor=clock("deliver"), order_id=shop.order().id, kind="decision", work_no="R1", error=error,
                          message="不能同意" if error else ""))


@pytest.mark.parametrize(("state", "kind", "decision", "answer"), [
    ("asked", "refund_only", GRANTED, "refund"), ("asked", "return_refund", GRANTED, "return"),
    ("asked", "return_refund", DECLINED, "decline"), ("returning", "return_refund", GRANTED, "receipt"),
    ("received", "return_refund", GRANTED, "receipt"),
])  # fmt: skip
def test_the_channel_is_told_what_fits_the_application(state: str, kind: str, decision: str, answer: str) -> None:
    shop = asked(state, kind)
    assert not decide(shop, decision).refusal
    [told] = shop.sent("decision")
    assert (told["application"], told["answer"], told["decision"]) == ("R1", answer, decision)
    assert told["amount"] == (1_000 if decision == GRANTED else None) and answer in ANSWERS


def test_a_granted_refund_is_no_money_until_the_channel_says_so() -> None:
    shop = asked()
    decide(shop)
    channel_answers(shop)
    assert (shop.order().refunded, shop.order().after_sales[0].decision_state) == (0, "told")
    shop.after_sale("refunded")
    assert shop.order().refunded == 1_000


def test_deciding_twice_is_one_and_the_opposite_is_refused() -> None:
    shop = asked()
    decide(shop)
    assert decide(shop).particulars == {"moot": "yes"} and decide(shop, DECLINED).refusal == "decided_otherwise"
    channel_answers(shop)
    assert decide(shop).particulars == {"moot": "yes"} and decide(shop, amount=500).refusal == "decided_otherwise"
    assert len(shop.sent("decision")) == 1


@pytest.mark.parametrize("error", ["isv.refund-refused", "given_up"])
def test_what_the_channel_refused_may_be_decided_otherwise(error: str) -> None:
    shop = asked()
    decide(shop)
    channel_answers(shop, error)
    assert not decide(shop, DECLINED).refusal and len(shop.sent("decision")) == 2


def test_an_application_that_asks_for_something_else_is_decided_anew() -> None:
    shop = asked()
    decide(shop, DECLINED)
    channel_answers(shop)
    shop.after_sale("refused")
    assert decide(shop).refusal == "application_over"
    shop.after_sale("asked", amount=500)
    assert not decide(shop).refusal and shop.sent("decision")[-1]["amount"] == 500


def test_repeated_news_does_not_forget_what_was_decided() -> None:
    shop = asked()
    decide(shop)
    shop.after_sale("asked", reason="太大")
    assert decide(shop).particulars == {"moot": "yes"}
    shop.after_sale("asked", native="WAIT")
    assert shop.order().after_sales[0].decision_state == "past"
    before = len(shop.log[shop.order().id])
    shop.after_sale("asked", native="WAIT", seconds=0)
    assert len(shop.log[shop.order().id]) == before, "the same news says nothing new"


@pytest.mark.parametrize(("given", "refusal"), [
    ({"application": "R9"}, "no_such_application"), ({"takes": {}}, "no_decisions"),
    ({"role": "warehouse"}, "not_allowed"),
    ({"amount": 1_001}, "wrong_amount"), ({"decision": DECLINED, "amount": 5}, "no_amount"),
    ({"amount": 5, "takes": {"taobao": TakesDecisions(("refund",))}}, "no_amount"),
    ({"decision": DECLINED, "takes": {"taobao": TakesDecisions(("refund",))}}, "answer_not_taken"),
    ({"decision": "maybe"}, "unknown_decision"),
])  # fmt: skip
def test_what_cannot_be_told_is_refused_and_nothing_else_changes(given: dict[str, Any], refusal: str) -> None:
    shop = asked()
    before = len(shop.log[shop.order().id])
    assert decide(shop, **given).refusal == refusal
    assert not shop.sent("decision") and len(shop.log[shop.order().id]) == before


@pytest.mark.parametrize(("state", "kind", "refusal"), [
    ("agreed", "return_refund", "application_waits"), ("withdrawn", "refund_only", "application_over"),
    ("refunded", "refund_only", "application_over"), ("received", "exchange", "application_waits"),
])  # fmt: skip
def test_what_does_not_wait_for_the_seller_takes_no_decision(state: str, kind: str, refusal: str) -> None:
    assert decide(asked(state, kind)).refusal == refusal


def test_an_account_whose_applications_another_answers_is_told_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = asked()
    account = directory().accounts[CHANNEL]
    other = msgspec.structs.replace(account, settings={"master": {"refund": "channel"}})
    monkeypatch.setitem(directory().accounts, CHANNEL, other)  # type: ignore[arg-type]
    assert decide(shop).refusal == "refund_of_another" and not shop.sent("decision")


def test_no_more_is_granted_than_is_left_of_what_was_paid() -> None:
    shop = asked(amount=1_500)
    shop.after_sale("refunded", id="R0", amount=1_200)
    assert decide(shop, amount=801).refusal == "wrong_amount"
    assert not decide(shop, amount=800).refusal
