"""Every channel that takes the seller's answer to an application: taken, refused with its words, and never twice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from orderloom.adapters.simulated import book
from orderloom.application import commands as c
from orderloom.application.decide_after_sale import takers
from orderloom.application.deliver import Leased, Tried, send_all
from orderloom.domain.actor import person
from orderloom.domain.after_sale import DECLINED, GRANTED
from orderloom.domain.draft import AfterSaleReport
from tests.support.applications import Buyer
from tests.support.connector_folders import Folder, caller, now, pulled_channels, serve

DECIDING = [folder for folder in pulled_channels() if "decision" in folder.capabilities]
KINDS = {"refund": book.REFUND, "cancel": book.REFUND, "return": book.RETURN, "receipt": book.RETURN,
         "exchange": book.EXCHANGE, "decline": book.REFUND, "decline_receipt": book.RETURN}  # fmt: skip
"""What is asked for, for each answer that the simulated buyers give occasion to."""
CARRIERS = {"pinduoduo": "44", "kuaishou": "4", "youzan": "7", "wechat_shop": "SF"}
"""Where carriers go by numbers."""
VALUES = {"dispute_email": "seller@shop.example"}
OF_RETURNS = {("lazada", "decline")}
"""What only a return may be answered."""
RETURNED = ("receipt", "decline_receipt")
WAYS = [pytest.param(folder, answer, id=f"{folder.name}-{answer}") for folder in DECIDING
        for answer in folder.manifest.answers if answer in KINDS]  # fmt: skip
EACH = [pytest.param(folder, folder.manifest.answers[0], id=folder.name) for folder in DECIDING]


class Desk(Buyer):
    """A buyer's application, and the seller who answers it."""

    claim = ""
    """Its id in the simulator's book."""
    heard: AfterSaleReport
    """The application as the channel tells of it."""

    async def ask(self, answer: str) -> None:
        """Shipped goods are asked about in the way that gives occasion to the answer; an order is cancelled before."""
        order, kind = self.simulator.book.orders[self.external_id], KINDS[answer]
        if (self.folder.name, answer) in OF_RETURNS:
            kind = book.RETURN
        if answer != "cancel":
            self.simulator.book.ship(order.id, None, CARRIERS.get(self.folder.name, "shunfeng"), "SF1", self.later())
        self.claim = self.simulator.ask_refund(order.id, 0, self.later(), kind)
        if answer in RETURNED:
            self.simulator.move_claim(self.claim, book.AGREED, self.later())
            self.simulator.move_claim(self.claim, book.SENT_BACK, self.later(), "shunfeng", "SF2")
        [self.heard] = await self.read()

    def decide(self, answer: str, amount: int | None = None) -> c.Outcome:
        [outcome] = self.shop.ask(c.DecideAfterSale(
            actor=person("li", "service"), order_id=self.shop.order(self.external_id).id,
            application=self.heard.external_id,
            decision=DECLINED if answer.startswith("decline") else GRANTED, reason="与描述相符", amount=amount,
            takes={"taobao": takers({self.folder.name: self.folder.manifest})[self.folder.name]}))
        assert isinstance(outcome, c.Outcome)
        return outcome

    async def tell(self, attempt: int = 1) -> Tried:
        """The decision as the hub sends it, held to the channel's contract."""
        at, clock = self.later(), self.simulator.now
        self.simulator.now = lambda: at  # what changes in this very second is listed only in the next
        leased = Leased("d", 1, "decision", "o", "k", self.shop.sent("decision")[-1], attempt)
        [tried] = await send_all([leased], self.account, self.folder.connector, self.folder.manifest, self.http, now())
        self.simulator.now = clock
        return tried

    @property
    def told(self) -> list[str]:
        """What the channel took."""
        told: list[str] = self.simulator.decided[self.claim]
        return told


@pytest.fixture
async def desk(request: pytest.FixtureRequest) -> AsyncIterator[Desk]:
    folder, answer = request.param
    assert isinstance(folder, Folder)
    simulator = folder.simulator()
    async with serve(simulator.app) as base, caller() as http:
        found = Desk(folder, base, simulator, http)
        await found.ask(answer)
        found.account.settings.update({name: VALUES.get(name, "7001") for name in _settings(folder, answer)})  # type: ignore[attr-defined]
        yield found


def _settings(folder: Folder, answer: str) -> list[str]:
    """What the account must say for an answer."""
    return [name for name in folder.plan.said.tell["decision"].ways[answer].needs if "." not in name]


def each(cases: list[Any]) -> Any:
    """The desk at which an answer is called for, and the answer."""
    return pytest.mark.parametrize(
        ("desk", "answer"), [pytest.param((p.values[0], p.values[1]), p.values[1], id=p.id) for p in cases],
        indirect=["desk"])


@each(WAYS)
async def test_an_answer_is_refused_with_words_or_taken_once_though_that_is_not_heard(desk: Desk, answer: str) -> None:
    assert not desk.decide(answer).refusal
    for setting in _settings(desk.folder, answer)[:1]:
        kept = desk.account.settings.pop(setting)  # type: ignore[attr-defined]
        tried = await desk.tell()
        assert tried.error == "missing_field" and setting in tried.message and desk.told == [], tried
        desk.account.settings[setting] = kept  # type: ignore[index]
    desk.simulator.refuse(desk.claim, "平台介入中")
    tried = await desk.tell()
    assert (tried.state, desk.told) == ("parked", []) and "平台介入中" in tried.message, tried
    desk.simulator.refuse(desk.claim, "")
    desk.simulator.fault("lost_answer")
    assert (await desk.tell()).state == "due" and desk.told == [answer]
    asked = sum(desk.simulator.requests.values())
    tried = await desk.tell(2)
    assert (tried.state, desk.told) == ("done", [answer]), tried
    assert sum(desk.simulator.requests.values()) > asked, "the channel was asked first"
    [told] = [one for one in await desk.read() if one.external_id == desk.heard.external_id]
    assert (told.state, told.native) != (desk.heard.state, desk.heard.native), "it waits for this answer no more"


@each(EACH)
async def test_an_answer_is_taken_and_so_is_a_sum_where_the_channel_takes_one(desk: Desk, answer: str) -> None:
    asked = desk.simulator.book.claims[desk.claim].amount
    part = asked - 1 if "amount" in desk.folder.manifest.outbound["decision"] else None
    if part is not None:
        assert desk.decide(answer, asked + 1).refusal == "wrong_amount"
    assert not desk.decide(answer, part).refusal
    tried = await desk.tell()
    assert (tried.state, desk.told) == ("done", [answer]), tried
    assert desk.simulator.book.claims[desk.claim].amount == part or part is None


@each(EACH)
async def test_what_the_buyer_took_back_meanwhile_is_not_answered(desk: Desk, answer: str) -> None:
    desk.decide(answer)
    desk.simulator.move_claim(desk.claim, book.WITHDRAWN, desk.later())
    tried = await desk.tell()
    assert (tried.state, desk.told) == ("parked", []), tried
    await desk.read()
    assert desk.decide(answer).refusal == "application_over"


def test_every_channel_says_which_answers_it_is_told() -> None:
    assert DECIDING and all({"application", "answer"} <= set(one.manifest.outbound["decision"]) for one in DECIDING)
    assert all(one.plan.said.tell["decision"].in_doubt or one.plan.said.tell["decision"].code for one in DECIDING)


@pytest.mark.parametrize(("desk", "kind"), [
    pytest.param((folder, "decline"), kind, id=kind) for folder in DECIDING if folder.name == "douyin"
    for kind in (book.RETURN, book.EXCHANGE)], indirect=["desk"])
async def test_a_type_that_nobody_verified_is_sent_only_where_somebody_said_so(desk: Desk, kind: str) -> None:
    desk.claim = desk.simulator.ask_refund(desk.simulator.book.orders[desk.external_id].id, 1, desk.later(), kind)
    desk.heard = next(one for one in await desk.read() if one.external_id == desk.claim)
    assert not desk.decide("decline").refusal
    tried = await desk.tell()
    assert tried.state == "parked" and desk.told == []
    desk.account.settings["guessed_refusals"] = True  # type: ignore[index]
    tried = await desk.tell()
    assert (tried.state, desk.told) == ("done", ["decline"]), tried
