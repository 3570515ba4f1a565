"""Storms of what is to be told: nobody is flooded, no limit of a messenger is broken, nothing is lost or doubled."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from orderloom.adapters.alone import OwnLimits, OwnTokens
from orderloom.adapters.kit.declared import declare
from orderloom.adapters.kit.platform import Commons
from orderloom.adapters.manifests import manifests, plans
from orderloom.adapters.simulated.trouble import Trouble
from tests.support.ears import EarAccount, an_ear
from tests.support.notified import Notified, notified

CASES, A_SECOND = 10_000, 170
TOLD = """
select count(distinct n.id) from notice n join telling t on t.notice_id = n.id join delivery d on d.id = t.delivery_id
where n.rule = 'critical_case' and t.step = 0 and d.state = 'done'"""
DOUBLED = "select count(*) from telling group by notice_id, step, recipient, account_id having count(*) > 1"


@asynccontextmanager
async def by_robot(people: Notified, connector: str = "dingtalk", code: str = "DT01") -> AsyncIterator[EarAccount]:
    """A robot connected as a seller would, its pace kept by the story's own clock."""
    rate = manifests()[connector].rate
    pace = OwnLimits(rate, clock=lambda: people.clock.at.timestamp(), sleep=lambda _: asyncio.sleep(0))
    cast(dict[str, Any], people.hub.connectors)[connector] = declare(plans()[connector], Commons(OwnTokens(), pace))
    async with an_ear(connector, people.clock) as at:
        await people.messenger(code, connector, at.base_url, at.credentials, **at.settings)
        yield at


async def storm(people: Notified, *workers: Notified) -> None:
    """Ten thousand critical cases, each of its own cause, within a minute, while the workers work."""
    opened = 0
    while opened < CASES:
        count = min(A_SECOND, CASES - opened)
        await people.cases("oversold", [f"sku-{opened + i}" for i in range(count)])
        opened += count
        people.clock.forward(1)
        await turn(*workers)


async def turn(*workers: Notified) -> None:
    """One round of every worker, side by side."""
    await asyncio.gather(*[one.notifier.step() for one in workers])
    await asyncio.gather(*[one.deliverer.step() for one in workers])
    await asyncio.gather(*[one.deliverer.drain() for one in workers])


async def until_told(people: Notified, *workers: Notified) -> int:
    """Let time pass until every case was told; returns the seconds that it took."""
    for seconds in range(0, 3_600, 5):
        if (await people.ask(TOLD))[0][0] == CASES:
            return seconds
        people.clock.forward(5)
        await turn(*workers)
    raise AssertionError(f"only {await people.ask(TOLD)} of {CASES} were told within an hour")


async def test_ten_thousand_cases_in_a_minute_are_a_few_digests_within_the_robot_s_limit(
    home: Path, database: str,
) -> None:
    async with notified(home, database) as people, by_robot(people) as at:
        other = Notified(people.hub, people.clock)
        await storm(people, people, other)
        waited = await until_told(people, people, other)
        heard = at.ear.heard
        print(f"\n{CASES} cases: {len(heard)} messages, all told {waited} s after the last")
        assert not at.ear.rejected, "the robot was never sent to faster than it allows"
        assert len(heard) <= 25 and waited <= 900
        for one in heard:
            assert len([h for h in heard if 0 <= (h["at"] - one["at"]).total_seconds() < 60]) <= 20
        assert max(len(h["text"]) for h in heard) <= 3_101
        assert await people.ask(DOUBLED) == []


async def test_a_robot_that_is_away_in_the_storm_hears_everything_when_it_is_back(home: Path, database: str) -> None:
    async with notified(home, database) as people, by_robot(people, "feishu", "FS01") as at:
        at.ear.fault("status_500", 1_000_000)
        await storm(people, people)
        for _ in range(60):
            people.clock.forward(60)
            await turn(people)
        assert not at.ear.heard and (await people.ask(TOLD))[0][0] == 0
        assert await people.ask("select subject from case_file where kind = 'messenger_unwell'") == [("FS01",)]
        at.ear.trouble = Trouble()
        waited = await until_told(people, people)
        assert waited <= 1_200 and len(at.ear.heard) <= 40 and not at.ear.rejected
        assert await people.ask("select from case_file where kind = 'messenger_unwell' and resolved_at is null") == []


async def test_a_night_s_storm_is_told_in_the_morning_at_once_and_not_before(home: Path, database: str) -> None:
    rules = NIGHT
    async with notified(home, database, datetime(2026, 11, 21, 16, 0, tzinfo=UTC), notifications=rules) as people:
        async with by_robot(people, "wecom", "WC01") as at:
            await people.cases("short_stock", [f"order-{i}" for i in range(500)])
            await people.cases("oversold", ["sku-1"])
            await turn(people)
            assert ["超卖" in h["text"] for h in at.ear.heard] == [True], "midnight: the critical one alone"
            for _ in range(8 * 6):
                people.clock.forward(600)
                await turn(people)
            await turn(people)
            assert len(at.ear.heard) == 2 and "500" in at.ear.heard[1]["text"]
            assert at.ear.heard[1]["at"] == datetime(2026, 11, 22, 0, 0, tzinfo=UTC), "eight in the morning in China"


NIGHT = """
rules:
  - name: all
    title: {zh: 全部, en: all}
    when: {case: {}}
    who: [owner]
    template: case
    quiet: {from: "22:00", to: "08:00", zone: account, through: critical}
templates:
  - name: case
    title: {zh: "{kind}", en: "{kind}"}
    text: {zh: "{kind} {order}", en: "{kind} {order}"}
  - name: digest
    title: {zh: "{count} 条", en: "{count} of them"}
    text: {zh: "{lines}", en: "{lines}"}
"""
