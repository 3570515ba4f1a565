"""Each delivery is tried again as agreed, then parked for a person; a no for good is not tried again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from orderloom.application.deliver import BACK_OFF_SECONDS, Leased, Tried, send_all
from orderloom.application.ports import Account, Answer, Outgoing, Terminal, Transient
from orderloom.application.sending import commands_of
from orderloom.testing.builders import a_receiver
from orderloom.testing.clock import STORY_BEGINS

WMS = Account(2, "WMS", "systems", "wangdiantong", "Asia/Shanghai", "", {}, {})


class Target:
    """A target that answers by a function of what it is sent."""

    name = "target"

    def __init__(self, answer: Callable[[Outgoing], Answer]) -> None:
        self.answer = answer
        self.got: list[Outgoing] = []

    async def send(self, outgoing: Outgoing, account: Account, http: httpx2.AsyncClient) -> Answer:
        self.got.append(outgoing)
        return self.answer(outgoing)


class Contract:
    """What the target may be sent."""

    def __init__(self, outbound: dict[str, Any] | None = None, oversize: dict[str, str] | None = None) -> None:
        self.outbound, self.outbound_oversize = outbound or {}, oversize or {}


def leased(attempt: int = 1, kind: str = "work", **changes: Any) -> Leased:
    told: dict[str, Any] = {"body": {"work_no": "W1", "note": "x" * 9}, "receiver": a_receiver()}
    return Leased("d1", 2, kind, "o1", "o1", attempt=attempt, **(told | changes))


async def send(target: Target, *what: Leased, contract: Contract | None = None) -> list[Tried]:
    async with httpx2.AsyncClient() as http:
        return await send_all(what, WMS, target, contract or Contract(), http, STORY_BEGINS)  # type: ignore[arg-type]


def failing(error: Exception) -> Callable[[Outgoing], Answer]:
    def answer(_: Outgoing) -> Answer:
        raise error
    return answer


async def test_a_yes_is_done_and_its_answer_kept() -> None:
    [sent] = await send(Target(lambda o: Answer(b"raw", {"tid": o.id})), leased())
    assert sent.state == "done" and sent.answer == '{"tid":"d1"} raw'


@pytest.mark.parametrize("error", [Transient("busy", "later"), httpx2.ReadTimeout("slow"), OSError("reset"),
                                   ValueError("a bug of ours")])
async def test_trouble_on_the_way_is_tried_again_after_longer_and_longer(error: Exception) -> None:
    target = Target(failing(error))
    for attempt, wait in enumerate(BACK_OFF_SECONDS, 1):
        [sent] = await send(target, leased(attempt))
        assert (sent.state, sent.due_at) == ("due", STORY_BEGINS + timedelta(seconds=wait))
    [last] = await send(target, leased(len(BACK_OFF_SECONDS) + 1))
    assert last.state == "parked"
    assert {o.id for o in target.got} == {"d1"}, "the target must know a second try for what it is"


async def test_a_target_that_asks_for_a_pause_gets_it() -> None:
    [sent] = await send(Target(failing(Transient("rate_limited", "wait", retry_after=120.0))), leased())
    assert sent.due_at == STORY_BEGINS + timedelta(seconds=120) and sent.retry_after == 120.0


@pytest.mark.parametrize("code", ["rate_limited", "token_busy"])
async def test_a_delivery_for_which_the_target_has_no_time_is_never_given_up(code: str) -> None:
    [sent] = await send(Target(failing(Transient(code, "wait", retry_after=20.0))), leased(len(BACK_OFF_SECONDS) + 1))
    assert (sent.state, sent.is_counted) == ("due", False)


async def test_what_an_account_that_nobody_authorised_yet_is_to_be_told_waits() -> None:
    [sent] = await send(Target(failing(Terminal("to_authorise", "not yet"))), leased(len(BACK_OFF_SECONDS) + 1))
    assert (sent.state, sent.is_counted) == ("due", False) and sent.due_at > STORY_BEGINS
    assert commands_of([sent]) == [], "nobody refused anything"


async def test_a_no_for_good_is_parked_at_once_and_its_order_hears_of_it() -> None:
    [sent] = await send(Target(failing(Terminal("refused", "no such shop"))), leased())
    assert sent.state == "parked"
    [command] = commands_of([sent])
    assert (command.order_id, command.work_no, command.error) == ("o1", "W1", "refused")


async def test_running_out_of_tries_is_no_verdict_of_the_warehouse() -> None:
    [sent] = await send(Target(failing(OSError("down"))), leased(len(BACK_OFF_SECONDS) + 1))
    assert sent.state == "parked" and commands_of([sent]) == []


async def test_a_corrected_receiver_is_the_one_that_leaves_and_only_named_fields_do() -> None:
    target = Target(lambda o: Answer())
    contract = Contract({"work": {"work_no": None, "receiver.name": None, "note": 4}})
    await send(target, leased(receiver=a_receiver(name="新收件人")), contract=contract)
    assert target.got[0].body == {"work_no": "W1", "receiver": {"name": "新收件人"}, "note": "xxxx"}


async def test_what_is_too_long_for_the_target_waits_for_a_person_and_never_leaves() -> None:
    target = Target(lambda o: Answer())
    [sent] = await send(target, leased(), contract=Contract({"work": {"note": 4}}, {"note": "refuse"}))
    assert sent.state == "parked" and sent.error == "oversize_field" and not target.got and commands_of([sent]) == []


async def test_one_failing_delivery_does_not_stop_its_neighbour() -> None:
    def answer(outgoing: Outgoing) -> Answer:
        if outgoing.attempt == 1:
            raise RuntimeError("bug")
        return Answer()
    found = await send(Target(answer), leased(1), leased(2))
    assert [s.state for s in found] == ["due", "done"]


async def test_a_masked_phone_is_not_given_to_the_carrier_as_digits() -> None:
    target = Target(lambda o: Answer())
    await send(target, leased(kind="watch", receiver=a_receiver(phone="199****2345", is_masked=True)))
    await send(target, leased(kind="watch"))
    assert [o.body["phone_last4"] for o in target.got] == ["", "2345"]


TOKEN = {"name": "张*", "phone": "138****1234", "token": "oaid-1", "is_masked": True}


@pytest.mark.parametrize(("kind", "body", "side"), [
    ("work", {"work_no": "W1"}, "receiver"), ("label", {"purpose": "out"}, "receiver"),
    ("label", {"purpose": "back"}, "sender"),
])
async def test_nobody_is_asked_to_print_stars(kind: str, body: dict[str, Any], side: str) -> None:
    target = Target(lambda o: Answer(said={"waybill": "SF1"}))
    blind = Contract({kind: {f"{side}.name": 40}})
    seeing = Contract({kind: {f"{side}.name": 40, f"{side}.token": 1_000}})
    [refused] = await send(target, leased(kind=kind, body=body, receiver=a_receiver(**TOKEN)), contract=blind)
    assert (refused.state, refused.error, target.got) == ("parked", "masked_receiver", [])
    [bare] = await send(target, leased(kind=kind, body=body, receiver=a_receiver(**{**TOKEN, "token": ""})),
                        contract=seeing)
    assert (bare.state, bare.error, target.got) == ("parked", "masked_receiver", [])
    [sent] = await send(target, leased(kind=kind, body=body, receiver=a_receiver(**TOKEN)), contract=seeing)
    assert sent.state == "done" and target.got[0].body[side] == {"name": "张*", "token": "oaid-1"}


async def test_a_token_is_never_cut() -> None:
    target = Target(lambda o: Answer())
    short = Contract({"work": {"receiver.name": 40, "receiver.token": 3}})
    [refused] = await send(target, leased(receiver=a_receiver(**TOKEN)), contract=short)
    assert (refused.state, refused.error, target.got) == ("parked", "oversize_field", [])
