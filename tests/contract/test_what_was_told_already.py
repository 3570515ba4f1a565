"""Whether something was told already is asked of the platform: what it answers may tell nothing, or of another's."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from orderloom.application.ports import Answer, Terminal, Transient, Trouble
from tests.support.declared_shop import told

SHIPMENT = {"external_id": "1", "waybill": "SF1", "lines": []}
DOUBT = """tell:
  shipment:
    post: /told
    fields: {external_id: 20, waybill: 20, lines.external_line_id: 20}
    send: {no: $shipment.waybill}
    answers:
      - {at: code, in: [5], means: done}
    in_doubt:
      get: /order
      query: {id: $shipment.external_id}
      answers:
        - {at: code, in: [4], means: missing}
      cut: data.orders
      where: {no: $shipment.waybill}
"""


class Asked:
    """A platform that answers `code` to what it is told, and `said` when it is asked about the order."""

    def __init__(self, said: httpx2.Response, code: int = 0) -> None:
        self._said, self._code = said, code
        self.calls: list[str] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.calls.append(request.url.path)
        return self._said if request.url.path == "/order" else httpx2.Response(200, json={"code": self._code})


def says(status: int = 200, **said: Any) -> httpx2.Response:
    return httpx2.Response(status, json=said)


def shows(*numbers: str) -> httpx2.Response:
    return says(code=0, data={"orders": [{"no": number} for number in numbers]})


async def tried(said: httpx2.Response, *, attempt: int = 2, code: int = 0) -> tuple[Answer | Trouble, list[str]]:
    platform = Asked(said, code)
    fate = await told(DOUBT, "shipment", [SHIPMENT], platform, attempt)
    assert not isinstance(fate, list)
    return fate, platform.calls


@pytest.mark.parametrize("said", [
    says(401), says(403), says(404), says(302), says(500), says(code=9), says(code=77, message="param error"),
    httpx2.Response(200, content=b"<html>busy</html>"), httpx2.Response(204), says(code=0), says(code=0, data="busy"),
    says(code=0, data=7), says(code=0, data={"orders": "busy"}), says(code=0, data={"orders": 5}), says(x=1),
])
async def test_what_may_have_been_told_is_not_told_again_while_the_platform_does_not_say(said: httpx2.Response) -> None:
    fate, calls = await tried(said)
    assert isinstance(fate, Terminal | Transient) and calls == ["/order"]


@pytest.mark.parametrize("said", [
    says(code=4), shows(), shows("SF2"), says(code=0, data={}), says(code=0, data=None),
    says(code=0, data={"orders": None}), says(code=0, data={"orders": ""}),
])
async def test_what_is_not_there_is_told_once_more(said: httpx2.Response) -> None:
    fate, calls = await tried(said)
    assert isinstance(fate, Answer) and fate.said["state"] == "done" and calls == ["/order", "/told"]


@pytest.mark.parametrize("number", ["SF1", "sf1", " SF1 "])
async def test_what_is_there_is_told_no_more_however_it_is_spelt(number: str) -> None:
    fate, calls = await tried(shows("SF2", number))
    assert isinstance(fate, Answer) and fate.said["state"] == "already_done" and calls == ["/order"]


@pytest.mark.parametrize("attempt", [1, 2])
async def test_done_already_by_somebody_else_is_a_persons_matter(attempt: int) -> None:
    fate, _ = await tried(shows("SOMEBODY"), attempt=attempt, code=5)
    assert isinstance(fate, Terminal) and fate.code == "done_otherwise"


async def test_done_already_is_believed_where_it_is_ours_or_nobody_lets_us_look() -> None:
    for said in (shows("SF1"), says(403), says(code=77)):
        fate, _ = await tried(said, attempt=1, code=5)
        assert isinstance(fate, Answer) and fate.said["state"] == "already_done"


async def test_a_refusal_stands_whatever_the_question_behind_it_brings() -> None:
    for said in (shows("SOMEBODY"), says(403), says(code=77), says(code=4)):
        fate, _ = await tried(said, attempt=1, code=77)
        assert isinstance(fate, Terminal) and fate.code == "77"


async def test_another_ones_parcel_is_no_proof_that_ours_was_told() -> None:
    platform = Asked(shows("SOMEBODY"))
    fate = await told(DOUBT, "shipment", [{"external_id": "1"}], platform, attempt=2)
    assert isinstance(fate, Answer) and fate.said["state"] == "done"


async def test_where_the_question_alone_asks_for_ours_every_record_is() -> None:
    alone = DOUBT.replace("      where: {no: $shipment.waybill}\n", "")
    for said, state in ((shows("ANY"), "already_done"), (shows(), "done")):
        fate = await told(alone, "shipment", [SHIPMENT], Asked(said), attempt=2)
        assert isinstance(fate, Answer) and fate.said["state"] == state
