"""What a seller would miss if nobody were told: cases by mail to a real server, until somebody takes them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from orderloom.application.acknowledge import acknowledge
from orderloom.application.keep_cases import reopen_case, resolve_case, take_case
from orderloom.application.not_kept import NotKept
from tests.support.mail_server import PASSWORD, USER, MailServer, mail_server
from tests.support.notified import Notified, notified

LOGIN = {"user": USER, "password": PASSWORD}
OWNER, BOSS = "wang.xiaoming@example.com", "boss@example.com"


@pytest.fixture
def mail(home: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    with mail_server(home) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(home / "mail.pem"))
        yield server


async def by_mail(people: Notified, mail: MailServer, **settings: Any) -> None:
    """The operations team and management are reached by mail."""
    await people.messenger("EM01", "email", f"smtp://localhost:{mail.port}", LOGIN, sender="hub@orderloom.test",
                           **settings)
    await people.reach("operations", "EM01", OWNER)
    await people.reach("management", "EM01", BOSS)


def subjects(mail: MailServer) -> list[str]:
    return [str(m["Subject"]) for m in mail.mailbox.mails]


async def test_a_case_is_told_to_its_owner_by_mail_and_the_log_says_so(
    home: Path, database: str, mail: MailServer,
) -> None:
    async with notified(home, database) as people:
        await by_mail(people, mail)
        await people.cases("oversold", ["sku-1"])
        await people.work()
        assert subjects(mail) == ["[紧急] 超卖"] and mail.mailbox.recipients == [[OWNER]]
        assert mail.mailbox.was_tls == [True]
        told = mail.mailbox.mails[0]
        assert "盘点后补货" in told.get_content() and told["From"].addresses[0].addr_spec == "hub@orderloom.test"
        log = await people.told()
        assert [(n.rule, n.recipient, n.account, n.state, n.attempts) for n in log] == [
            ("critical_case", "operations", "EM01", "sent", 1)]
        assert told["Message-ID"] == f"<{log[0].delivery_id}@orderloom.test>"
        await people.work()
        assert len(mail.mailbox.mails) == 1


async def test_what_nobody_acknowledges_goes_up_and_taking_the_case_ends_it(
    home: Path, database: str, mail: MailServer,
) -> None:
    async with notified(home, database, notifications=LADDER) as people:
        await by_mail(people, mail)
        await people.cases("oversold", ["sku-1"])
        await people.work()
        await people.live(600)
        await people.live(300)
        assert mail.mailbox.recipients == [[OWNER], [BOSS], [BOSS]]
        [(case,)] = await people.ask("select id::text from case_file")
        await take_case(people.hub.ports.cases, case, "", "wang", people.clock())
        await people.live(3_600)
        assert len(mail.mailbox.mails) == 3
        assert {n.acknowledged_by for n in await people.told()} == {"wang"}
        assert await people.ask("select kind, by from case_event") == [("taken", "wang")]


async def test_escalation_ends_by_itself_after_as_many_times_as_the_rule_says(
    home: Path, database: str, mail: MailServer,
) -> None:
    async with notified(home, database, notifications=LADDER) as people:
        await by_mail(people, mail)
        await people.cases("oversold", ["sku-1"])
        await people.work()
        await people.live(6 * 3_600, 300)
        assert mail.mailbox.recipients == [[OWNER], *[[BOSS]] * 4]


async def test_who_acknowledges_a_message_is_not_told_again_and_nor_is_anybody(
    home: Path, database: str, mail: MailServer,
) -> None:
    async with notified(home, database, notifications=LADDER) as people:
        await by_mail(people, mail)
        await people.cases("oversold", [f"sku-{i}" for i in range(30)])
        await people.work()
        assert subjects(mail) == ["30 条提醒（最重：紧急）"]
        some = (await people.told())[7]
        done = await acknowledge(people.hub.ports.notices, some.id, "wang", people.clock())
        assert done.acknowledged == 30
        assert (await acknowledge(people.hub.ports.notices, some.id, "li", people.clock())).acknowledged == 0
        await people.live(7_200, 300)
        assert len(mail.mailbox.mails) == 1
        with pytest.raises(NotKept, match="没有通知"):
            await acknowledge(people.hub.ports.notices, "0192f0c0-0000-7000-8000-000000000000", "wang", people.clock())


async def test_a_case_that_nobody_took_is_told_again_though_the_first_message_was_read(
    home: Path, database: str, mail: MailServer,
) -> None:
    async with notified(home, database) as people:
        await by_mail(people, mail)
        await people.cases("short_stock", ["order-1"])
        await people.work()
        await people.live(7_200, 600)
        assert subjects(mail) == ["[高] 缺货", "无人接手：缺货"]
        await people.live(4 * 3_600, 600)
        assert mail.mailbox.recipients == [[OWNER], [OWNER], [BOSS]]


async def test_a_case_that_is_closed_at_night_wakes_nobody_in_the_morning(
    home: Path, database: str, mail: MailServer,
) -> None:
    async with notified(home, database) as people:
        await by_mail(people, mail)
        people.clock.forward(14 * 3_600)  # eleven at night
        await people.cases("short_stock", ["order-1", "order-2"])
        await people.work()
        assert not mail.mailbox.mails and {n.held_by for n in await people.told()} == {"quiet"}
        await people.close("short_stock", "order-1")
        await people.live(9 * 3_600, 1_800)
        assert sorted(subjects(mail)) == ["[高] 缺货", "无人接手：缺货"] and people.clock.at.hour == 0  # eight in China
        assert mail.mailbox.recipients == [[OWNER], [OWNER]]  # and nobody is called for what was not heard yet
        assert sorted(n.state for n in await people.told(rule="grave_case")) == ["needless", "sent"]


async def test_a_backlog_is_told_once_and_again_when_it_was_gone_and_came_back(
    home: Path, database: str, mail: MailServer,
) -> None:
    async with notified(home, database) as people:
        await by_mail(people, mail)
        kinds = [f"sku-{i}" for i in range(51)]
        await people.cases("credit_note", kinds[:50])
        await people.work()
        assert not mail.mailbox.mails
        await people.cases("credit_note", kinds[50:])
        await people.live(120)
        assert subjects(mail) == ["异常单积压 51 张"] * 2
        await people.close("credit_note", kinds[0])
        await people.live(60)
        await people.cases("credit_note", [kinds[0]])
        await people.live(60)
        assert len(mail.mailbox.mails) == 4


async def test_a_case_that_opens_again_is_told_again(home: Path, database: str, mail: MailServer) -> None:
    async with notified(home, database) as people:
        await by_mail(people, mail)
        await people.cases("oversold", ["sku-1"])
        await people.work()
        [(case,)] = await people.ask("select id::text from case_file")
        await resolve_case(people.hub.ports.cases, case, "counted", "wang", people.clock())
        await people.live(60)
        await reopen_case(people.hub.ports.cases, case, "it is not", "wang", people.clock())
        await people.work()
        assert subjects(mail) == ["[紧急] 超卖"] * 2


async def test_what_was_open_before_a_messenger_was_connected_is_told_as_one_digest(
    home: Path, database: str, mail: MailServer,
) -> None:
    async with notified(home, database) as people:
        await people.cases("oversold", [f"sku-{i}" for i in range(40)])
        await people.cases("unknown_sku", ["x"])
        await people.close("unknown_sku", "x")
        assert await people.work() == 0
        await by_mail(people, mail)
        await people.work()
        assert subjects(mail) == ["40 条提醒（最重：紧急）"] and "超卖 ×40" in mail.mailbox.mails[0].get_content()


async def test_a_rule_that_reaches_nobody_is_written_down_as_such(
    home: Path, database: str, mail: MailServer,
) -> None:
    async with notified(home, database) as people:
        await people.messenger("EM01", "email", f"smtp://localhost:{mail.port}", LOGIN, sender="hub@orderloom.test")
        await people.cases("oversold", ["sku-1"])
        await people.work()
        assert [(n.state, n.recipient, n.account) for n in await people.told()] == [
            ("unreachable", "operations, administrator", None)]


async def test_two_workers_tell_each_thing_once(home: Path, database: str, mail: MailServer) -> None:
    async with notified(home, database) as people:
        await by_mail(people, mail)
        other = Notified(people.hub, people.clock)
        await people.cases("oversold", [f"sku-{i}" for i in range(5)])
        await _side_by_side(people, other)
        assert len(mail.mailbox.mails) == 5 and len({m["Message-ID"] for m in mail.mailbox.mails}) == 5


async def _side_by_side(one: Notified, other: Notified) -> None:

    for _ in range(6):
        await asyncio.gather(one.notifier.step(), other.notifier.step())
        await asyncio.gather(one.deliverer.step(), other.deliverer.step())
        await asyncio.gather(one.deliverer.drain(), other.deliverer.drain())


async def test_an_address_that_the_server_refuses_is_a_case_told_to_others_and_not_for_ever(
    home: Path, database: str, mail: MailServer,
) -> None:
    mail.mailbox.refuses[OWNER] = f"550 5.1.1 <{OWNER}> unknown"
    async with notified(home, database) as people:
        await by_mail(people, mail)
        await people.reach("administrator", "EM01", "admin@example.com")
        await people.cases("oversold", ["sku-1"])
        await people.live(600)
        [(subject, evidence)] = await people.ask(
            "select subject, evidence::text from case_file where kind = 'messenger_unwell'")
        assert subject == "EM01/operations" and OWNER not in evidence and "refused_recipient" in evidence
        assert OWNER not in str(await people.ask("select last_error, answer, body from delivery"))
        states = {(n.recipient, n.state) for n in await people.told(rule="critical_case")}
        assert states >= {("operations", "parked"), ("administrator", "sent")}
        del mail.mailbox.refuses[OWNER]
        await people.cases("oversold", ["sku-2"])
        await people.live(60)
        assert await people.ask("select from case_file where kind = 'messenger_unwell' and resolved_at is null") == []


async def test_a_messenger_that_is_away_for_an_hour_is_told_of_and_loses_nothing(
    home: Path, database: str, mail: MailServer,
) -> None:
    async with notified(home, database) as people:
        await by_mail(people, mail)
        mail.mailbox.fails = 10_000
        for minute in range(60):
            await people.cases("oversold", [f"sku-{minute}-{i}" for i in range(10)])
            await people.live(60)
        assert not mail.mailbox.mails
        assert (await people.ask("select subject from case_file where kind = 'messenger_unwell'")) == [("EM01",)]
        assert (await people.ask("select count(*) from delivery"))[0][0] <= 25
        mail.mailbox.fails = 0
        await people.live(1_800, 30)
        told = {n.state for n in await people.told(rule="critical_case", recipient="operations")}
        [(missing,)] = await people.ask(
            "select count(*) from notice n where rule = 'critical_case' and not exists (select from telling t "
            "join delivery d on d.id = t.delivery_id where t.notice_id = n.id and d.state = 'done')")
        assert told == {"sent"} and missing == 0 and len(mail.mailbox.mails) < 60
        assert await people.ask("select from case_file where kind = 'messenger_unwell' and resolved_at is null") == []


LADDER = """
rules:
  - name: critical_case
    title: {zh: 紧急, en: critical}
    when: {case: {severities: [critical]}}
    who: [owner]
    template: case
    escalate:
      - {after: 10m, who: [management]}
      - {after: 5m, who: [management], times: 3}
templates:
  - name: case
    title: {zh: "[{severity}] {kind}", en: "[{severity}] {kind}"}
    text: {zh: "{kind} {order}", en: "{kind} {order}"}
  - name: digest
    title: {zh: "{count} 条提醒（最重：{severity}）", en: "{count} notifications"}
    text: {zh: "{lines}", en: "{lines}"}
"""
