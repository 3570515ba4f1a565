"""DingTalk approvals: what a company would lose if forms, late decisions, events or comments were read wrongly."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx2
import msgspec
import orjson
import pytest

from orderloom.adapters.channels.dingtalk_approval.simulator import unseal, url_signature
from orderloom.adapters.kit.envelopes import open_envelope
from orderloom.adapters.simulated.pushes import Push
from orderloom.application.ports import HINT, Account, Inbound, Outgoing, Verdict
from orderloom.application.translate import translate
from orderloom.bootstrap import find_mappings
from orderloom.domain.draft import OrderDraft, Problem
from tests.support.connector_folders import RECEIVED_AT, Folder, caller, cursor, folders, items, now, purchase, serve

FOLDER: Folder = next(one for one in folders("channels") if one.name == "dingtalk_approval")
OFFICIAL = (  # (aes key, owner, envelope, plain text) of the platform's own demonstration
    ("Yue0EfdN5900c1ce5cf6A152c63DDe1808a60c5ecd7", "ding6ccabc44d2c8d38b",
     "0vJiX6vliEpwG3U45CtXqi+m8PXbQRARJ8p8BbDuD1EMTDf0jKpQ79QS93qEk7XHpP6u+oTTrd15NRPvNvmBKyDCYxxOK+HZeKju4yhELOFchzNu"
     "kR+t8SB/qk4ROMu3", b'{"EventType":"check_url"}'),
    ("o1w0aum42yaptlz8alnhwikjd3jenzt9cb9wmzptgus", "dingxxxxxx",
     "X1VSe9cTJUMZu60d3kyLYTrBq5578ZRJtteU94wG0Q4Uk6E/wQYeJRIC0/UFW5Wkya1Ihz9oXAdLlyC9TRaqsQ==", b"success"),
)  # fmt: skip


class Company:
    """A company with a template, an account that leads there, and one connector for all its readings."""

    def __init__(self, simulator: Any, account: Account, http: httpx2.AsyncClient) -> None:
        self.simulator, self.account, self.http = simulator, account, http
        self.connector: Any = FOLDER.connector

    async def read(self, **settings: Any) -> list[Any]:
        account = msgspec.structs.replace(self.account, settings={**self.account.settings, **settings})
        pages = [page async for page in self.connector.pull(account, cursor(), now(), self.http)]
        return [one for item in items(pages) for one in translate(
            account, item.topic, item.body, dict(item.context), RECEIVED_AT, FOLDER.mappings())]

    def hear(self, push: Push) -> Verdict:
        request = Inbound("POST", "/webhooks/DT01", dict(push.query), dict(push.headers), push.body)
        found: Verdict = self.connector.receive(request, self.account, now())
        return found

    async def tell(self, lines: list[tuple[str, int]], order: str, *, is_partial: bool, attempt: int = 1) -> None:
        body = {"external_id": order, "carrier": "shunfeng", "waybill": "SF1234567890123", "is_partial": is_partial,
                "shipped_at": "2026-01-01T08:00:00Z",
                "lines": [{"external_line_id": key, "quantity": units} for key, units in lines]}  # fmt: skip
        sent = Outgoing("01930000-0000-7000-8000-000000000001", "shipment", order, body, attempt)
        await self.connector.send(sent, self.account, self.http)


@pytest.fixture
async def company() -> AsyncIterator[Company]:
    simulator = FOLDER.simulator()
    async with serve(simulator.app) as base, caller() as http:
        yield Company(simulator, FOLDER.account(base), http)


async def test_what_is_approved_a_day_after_it_began_is_an_order_and_rushed(company: Company) -> None:
    began = now().replace(microsecond=0) - timedelta(hours=26)
    bought = purchase(FOLDER) | {"placed_at": began, "paid_at": None}
    company.simulator.place(bought)
    assert await company.read() == [], "nobody approved it"
    company.simulator.pay(bought["external_id"], now() - timedelta(minutes=2))
    [order] = await company.read()
    assert (order.external_id, order.payment, order.placed_at) == (bought["external_id"], "paid", began)
    assert "rush" in order.flags and order.facts["urgency"] == "特急"


async def test_an_approval_that_is_over_is_asked_for_twice_and_not_at_each_reading(company: Company) -> None:
    for n in (1, 2, 3):
        company.simulator.place(purchase(FOLDER, n))
    for _ in range(5):
        assert len(await company.read()) == 3
    assert company.simulator.requests["instance"] == 6
    company.simulator.cancel(purchase(FOLDER, 2)["external_id"], now())
    assert sorted(one.is_cancelled for one in await company.read()) == [False, False, True], "it was undone"


async def test_a_refused_approval_becomes_no_order_to_be_sent(company: Company) -> None:
    body = (FOLDER.path / "samples" / "refused.in.json").read_bytes()
    [draft] = translate(company.account, "approval", body, {}, RECEIVED_AT, FOLDER.mappings())
    assert isinstance(draft, OrderDraft) and draft.is_cancelled and draft.payment == "unpaid" and not draft.paid


async def test_a_company_calls_the_fields_of_its_form_as_it_likes(company: Company) -> None:
    company.simulator.place(purchase(FOLDER))
    [problems] = await company.read(field_quantity="件数, 箱数")
    assert {type(one) for one in problems} == {Problem}
    told = problems[0]
    assert told.code == "missing_field" and "件数、箱数" in told.mend and "field_quantity" in told.mend
    [order] = await company.read(field_quantity="件数，数量", payment="cod")
    assert (sum(line.quantity for line in order.lines), order.payment) == (3, "cod")


async def test_an_account_that_says_nothing_of_its_form_goes_by_the_usual_words(company: Company) -> None:
    bare = msgspec.structs.replace(company.account, settings={"process_code": "PROC-1"})
    body = (FOLDER.path / "samples" / "approved_with_a_table.in.json").read_bytes()
    [order] = translate(bare, "approval", body, {}, RECEIVED_AT, find_mappings())
    assert isinstance(order, OrderDraft), order
    assert (len(order.lines), order.payment, order.currency) == (2, "paid", "CNY")


async def test_a_comment_below_an_approval_is_no_news_of_its_order(company: Company) -> None:
    company.simulator.place(purchase(FOLDER))
    [before] = await company.read()
    await company.tell([(line.external_id, line.quantity) for line in before.lines], before.external_id,
                       is_partial=False)
    assert await company.read() == [before]


async def test_everybody_concerned_reads_below_the_approval_what_is_on_its_way(company: Company) -> None:
    bought = purchase(FOLDER)
    company.simulator.place(bought)
    [order] = await company.read()
    first, last = (line.external_id for line in order.lines)
    await company.tell([(first, 1)], order.external_id, is_partial=True)
    await company.tell([(first, 1)], order.external_id, is_partial=True, attempt=2)
    [said] = company.simulator.comments[order.external_id]
    assert said["remark"] == f"部分发货 / Part shipped: 顺丰速运 SF1234567890123\n{first} × 1"
    assert said["userId"] == f"user-{bought['buyer']}"
    await company.tell([(first, 1), (last, 1)], order.external_id, is_partial=False)
    assert [len(told["lines"]) for told in company.simulator.shipments[order.external_id]] == [1, 2]


@pytest.mark.parametrize(("key", "owner", "sealed", "plain"), OFFICIAL)
def test_envelopes_of_the_platform_s_own_demonstration_are_opened(
    key: str, owner: str, sealed: str, plain: bytes
) -> None:
    assert open_envelope("wechat_aes", sealed, {"aes_key": key, "receiver": owner}) == plain
    assert unseal(sealed, key) == (plain, owner), "and by the simulator's own code"


async def test_the_address_is_registered_with_a_sealed_and_signed_yes(company: Company) -> None:
    verdict, own = company.hear(company.simulator.trial()), company.account.credentials
    assert (verdict.status, verdict.quarantine, verdict.items) == (200, "", ())
    said = json.loads(verdict.reply)
    assert unseal(said["encrypt"], own["aes_key"]) == (b"success", own["app_key"])
    assert said["msg_signature"] == url_signature(own["push_token"], said["timeStamp"], said["nonce"], said["encrypt"])


async def test_an_event_of_another_template_is_none_of_this_account(company: Company) -> None:
    company.simulator.place(purchase(FOLDER))
    mine = company.hear(company.simulator.news(purchase(FOLDER)["external_id"], "finish"))
    assert [one.id for one in mine.reread] == [purchase(FOLDER)["external_id"]]
    assert {item.topic for item in mine.items} == {HINT}
    company.simulator.settings["process_code"] = "PROC-HOLIDAYS"
    other = company.hear(company.simulator.news(purchase(FOLDER)["external_id"], "finish"))
    assert other.quarantine and not other.reread and orjson.loads(other.reply)["encrypt"], "and it is not sent again"
