"""How long a platform asks to be left alone is its word, and no word of it may stop the hub."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx2
import pytest

from orderloom.adapters.kit.answers import Heard, compile_rows, judge
from orderloom.adapters.kit.notes import DeclarationNotes
from orderloom.adapters.kit.schema.call import AnswerBlock, WaitBlock
from orderloom.adapters.subscribers.webhook.client import CONNECTOR as WEBHOOK
from orderloom.application.deliver import Leased, send_all
from orderloom.application.ports import Account, Answer, Outgoing, Transient

WAIT = WaitBlock(at="ban", words="ban ([0-9]+) more seconds")
BANS = compile_rows([AnswerBlock(at="ban", present=True, means="too_fast", wait=WAIT)], (), DeclarationNotes("", {}))
AT = datetime(2026, 11, 26, tzinfo=UTC)
ABSURD = ("inf", "1e300", "nan", "-1", "9" * 400, "²", "99999999999")
SHOP = Account(1, "SH", "channels", "shopify", "UTC", "http://shop.example", {"secret": "c2VjcmV0"}, {})


def told(seconds: str, status: int = 429) -> httpx2.MockTransport:
    headers = [(b"retry-after", seconds.encode())]
    return httpx2.MockTransport(lambda _: httpx2.Response(status, headers=headers, content=b"{}"))


@pytest.mark.parametrize("seconds", ABSURD)
async def test_an_absurd_wait_is_shortened_to_a_day_so_that_the_account_goes_on(seconds: str) -> None:
    async with httpx2.AsyncClient(transport=told(seconds)) as http:
        with pytest.raises(Transient) as hook:
            await WEBHOOK.send(Outgoing("d", "event", "k", {}, 1), SHOP, http)
    ban = judge(Heard(200, {}, b"", {"ban": f"ban {seconds} more seconds"}), BANS, says_good=False)
    slow = judge(Heard(429, {"retry-after": seconds}, b"", None), (), says_good=False)
    for wait in (hook.value.retry_after, ban.wait, slow.wait):
        assert 0 <= wait <= timedelta(days=1).total_seconds()


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(("ahead", "answered", "wait"), [
    (timedelta(minutes=10), AT, 600.0), (timedelta(minutes=10), None, 600.0),
    (timedelta(minutes=-10), AT, 0.0), (timedelta(days=9_000), AT, 86_400.0),
], ids=["by the platform's clock", "by ours", "past", "far ahead"])
async def test_a_wait_until_a_date_is_kept_as_one_in_seconds_is(
    status: int, ahead: timedelta, answered: datetime | None, wait: float,
) -> None:
    headers = {"retry-after": format_datetime((answered or datetime.now(UTC)) + ahead, usegmt=True)}
    headers |= {"date": format_datetime(answered, usegmt=True)} if answered else {}
    assert judge(Heard(status, headers, b"", None), (), says_good=False).wait == pytest.approx(wait, abs=5)
    answer = httpx2.MockTransport(lambda _: httpx2.Response(status, headers=headers))
    async with httpx2.AsyncClient(transport=answer) as http:
        with pytest.raises(Transient) as hook:
            await WEBHOOK.send(Outgoing("d", "event", "k", {}, 1), SHOP, http)
    assert hook.value.retry_after == pytest.approx(wait, abs=5)


@pytest.mark.parametrize("said", ["soon", "", "Thu, 26 Nov", "Thu, 99 Nov 2026 00:00:00 GMT",
                                  "Thu, 26 Nov 2026 00:00:00 +9999999999999999"])
def test_a_wait_that_is_neither_seconds_nor_a_date_is_none(said: str) -> None:
    assert judge(Heard(429, {"retry-after": said}, b"", None), (), says_good=False).wait == 0.0


async def test_one_delivery_with_an_absurd_wait_takes_no_other_along() -> None:
    class Target:
        """Answers the first with a wait that no clock holds."""

        async def send(self, outgoing: Outgoing, account: Account, http: httpx2.AsyncClient) -> Answer:
            if outgoing.id == "d1":
                raise Transient("busy", "later", retry_after=float("inf"))
            return Answer()

    class Contract:
        """Takes everything."""

        outbound: dict[str, dict[str, int]] = {}
        outbound_oversize: dict[str, str] = {}

    leased = [Leased(f"d{n}", 1, "event", None, "", {}, 1) for n in (1, 2)]
    async with httpx2.AsyncClient() as http:
        sent = await send_all(leased, SHOP, Target(), Contract(), http, AT)  # type: ignore[arg-type]
    assert [(one.state, one.due_at <= AT + timedelta(days=1)) for one in sent] == [("due", True), ("done", True)]
