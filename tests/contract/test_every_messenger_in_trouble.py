"""Every messenger against its own simulator in trouble: an alarm that nobody hears, or that people hear twice."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from orderloom.adapters.alone import WAIT_SECONDS_MAX
from orderloom.adapters.manifests import plans
from orderloom.blueprint.duration import seconds
from tests.support.ears import MESSENGERS
from tests.support.sending import Sending, sending

NAMES = sorted(MESSENGERS)
ONE_WORD = ("feishu", "hook")
"""They say the same of a wrong key and of a wrong time: which of them it is a person has to see."""


def _those(need: str) -> list[str]:
    """Messengers whose declaration says this: token, time (in a signature), limit."""
    chosen = []
    for name in NAMES:
        said = plans()[name].said
        has = {"token": said.token is not None, "limit": any(one.means == "too_fast" for one in said.answers),
               "time": any("$now" in str(one) and one.sign is not None for one in said.calls.values())}
        if has[need]:
            chosen.append(name)
    return chosen


def _sends(one: Sending) -> str:
    """The name of the call that sends, where others go before it."""
    return {"wechat": "template", "sms": "SendSms", "voice": "SingleCallByTts"}.get(one.at.connector, "")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("trouble", ["busy", "rate_limited"])
async def test_a_messenger_that_says_later_is_told_later(name: str, trouble: str) -> None:
    async with sending(name) as one:
        if trouble not in one.ear.NOES:
            pytest.skip("the messenger has no words for it")
        one.ear.fault(trouble, on=_sends(one))
        tried = await one.send()
        assert tried.state == "due" and not one.ear.heard, tried


@pytest.mark.parametrize("name", _those("limit"))
async def test_too_fast_is_obeyed_as_long_as_is_said(name: str) -> None:
    async with sending(name) as one:
        if "rate_limited" not in one.ear.NOES:
            pytest.skip("the messenger has no words for it")
        one.ear.fault("rate_limited", on=_sends(one))
        tried = await one.send()
        waits = [seconds(row.wait) for row in plans()[name].said.answers
                 if row.means == "too_fast" and isinstance(row.wait, str) and row.wait]
        assert tried.state == "due" and tried.due_at >= datetime.now(UTC) + timedelta(seconds=min(waits, default=3) - 5)
        if waits and min(waits) > WAIT_SECONDS_MAX:
            asked = sum(one.ear.requests.values())
            again = await one.send("d-2", address="" if not one.at.address else one.at.address)
            assert again.state == "due" and not again.is_counted, again
            assert sum(one.ear.requests.values()) == asked, "nobody is asked meanwhile"


@pytest.mark.parametrize("name", _those("time"))
async def test_a_clock_that_is_off_is_told_as_such(name: str) -> None:
    async with sending(name) as one:
        one.ear.skew(5 * 86_400)
        tried = await one.send()
        assert not one.ear.heard and tried.state in ("due", "parked"), tried
        if name not in ONE_WORD:
            assert tried.error == "clock_skew", tried


@pytest.mark.parametrize("name", _those("token"))
async def test_a_token_that_ended_is_renewed_once_though_ten_messages_ask(name: str) -> None:
    async with sending(name) as one:
        assert (await one.send()).state == "done"
        before = one.ear.requests["token"]
        one.ear.expire_tokens()
        tried = await asyncio.gather(*[one.send(f"d-{n}") for n in range(2, 12)])
        assert {x.state for x in tried} == {"done"} and one.ear.requests["token"] - before == 1
        assert len(one.ear.heard) == 11


@pytest.mark.parametrize("name", [n for n in NAMES if n != "hook"])
@pytest.mark.parametrize("answer", [b"null", b"[]", b"", b"{"])
async def test_an_answer_that_says_nothing_is_no_yes(name: str, answer: bytes) -> None:
    async with sending(name) as one:
        write = one.ear.write
        one.ear.write = lambda content, asked: one.ear.respond(answer) if _is_of(one, asked) else write(content, asked)
        tried = await one.send()
        assert tried.state == "due", (answer, tried)


def _is_of(one: Sending, asked: Any) -> bool:
    return _sends(one) in asked.name


def test_a_messenger_that_may_repeat_a_message_says_so() -> None:
    """Where nothing names a message there, a lost answer has it sent again: better heard twice than not at all."""
    for name in NAMES:
        plan = plans()[name]
        told = str(plan.said.tell["message"].send) + str(plan.said.calls)
        assert plan.folder is not None
        words = (plan.folder / "quality.yaml").read_text("utf-8")
        assert "$delivery.id" in told or "again" in words or "twice" in words or "repeat" in words, name
