"""A platform that ends a version of its API takes nobody by surprise: a case in time, and a trial on real orders."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from orderloom.adapters.kit.load import load_text
from orderloom.adapters.kit.notes import BadConnector
from orderloom.adapters.manifests import manifests
from orderloom.application.not_kept import NotKept
from orderloom.application.ports import Manifest, Version
from orderloom.application.queries.accounts import list_accounts
from orderloom.application.sources.end_of_life import VersionWatcher, days_left
from orderloom.application.try_version import try_version
from orderloom.entrypoints.cli import doctor
from orderloom.settings import BadSetting, Settings, read_settings
from orderloom.testing.builders import a_purchase
from orderloom.testing.clock import FrozenClock
from tests.support.stage import Stage, open_stage, plain, spare

LAST = date(2027, 3, 27)
NEW = "2026-01-01"


async def watched(stage: Stage, at: datetime, days: int = 60) -> list[tuple[str, str]]:
    """The open cases of ending versions, by account, as of an instant."""
    stage.clock.set(at)
    await VersionWatcher(stage.hub, days).step()
    return await stage.rows("select evidence ->> 'account', evidence ->> 'version' from case_file "
                            "where kind = 'version_ends' and resolved_at is null order by 1")


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=FrozenClock()().tzinfo)


async def test_a_case_comes_sixty_days_before_and_goes_once_another_version_is_chosen(
    database: str, home: Path
) -> None:
    async with open_stage(database, home, on_hand=0) as stage:
        await stage.run("update account set is_active = false where code = 'SH01'")
        assert await watched(stage, at(LAST - timedelta(days=60))) == []
        assert await watched(stage, at(LAST - timedelta(days=59))) == [("AM01", "v0")]
        assert await watched(stage, at(LAST - timedelta(days=59)), days=7) == []
        ((evidence,),) = await stage.rows("select evidence from case_file where kind = 'version_ends'")
        assert evidence["last_day"] == "2027-03-27" and evidence["others"] == NEW and evidence["setting"]
        async with stage.hub.ports.reading() as connection:
            shown = {one.code: one for one in (await list_accounts(connection, manifests())).accounts}
        assert (shown["AM01"].version, shown["AM01"].version_ends) == ("v0", "2027-03-27")
        assert (shown["TB01"].version, shown["TB01"].version_ends) == ("2.0", "")
        assert await watched(stage, at(LAST + timedelta(days=1))) == [("AM01", "v0")]
        await stage.setting("AM01", orders_version=NEW)
        await stage.run("select 1")
        assert await watched(stage, at(LAST + timedelta(days=2))) == []


async def test_the_doctor_names_who_speaks_a_version_that_ends(
    database: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_stage(database, home, on_hand=0):
        monkeypatch.setattr(doctor, "running_dsn", lambda _: database)
        (ending,) = await doctor.check_versions(Settings(home=home, version_notice_days=40_000))
        monkeypatch.setattr(doctor, "days_left", lambda version, today: 61)
        (fine,) = await doctor.check_versions(Settings(home=home))
    assert fine.is_well and not ending.is_well and "AM01 v0 → 2027-03-27" in ending.where and ending.mend_en


async def test_yesterday_s_orders_are_tried_by_the_next_version_and_nothing_is_kept(
    database: str, home: Path
) -> None:
    async with open_stage(database, home) as stage:
        for n in range(1, 4):
            stage.amazon.place(a_purchase(f"113-1000000-000000{n}", stage.clock(), currency="USD",
                                          paid_at=stage.clock(), **plain(spare("MO-001", n))))
        stage.clock.forward(600)
        await stage.flow()
        before = await stage.snapshot()
        found = await try_version(stage.hub, stage.hub.ports.replays, stage.hub.foreseer.foresee, "AM01", NEW)
        assert (found.spoken, found.tried, found.compared, found.only_stored, found.problems) == ("v0", NEW, 3, [], [])
        lost = {"facts.order_type", "facts.service_level", "facts.ship_by"}
        assert {one.field for one in found.differing} == lost, "what the next version does not tell"
        assert {one.orders for one in found.differing} == {3}
        assert await stage.changed_since(before) == set()


@pytest.mark.parametrize(("code", "version", "words"), [
    ("AM01", "v9", NEW), ("TB01", "3.0", "one version"), ("XX01", NEW, "XX01")])
async def test_what_cannot_be_tried_is_refused_in_words(
    database: str, home: Path, code: str, version: str, words: str
) -> None:
    async with open_stage(database, home, on_hand=0) as stage:
        with pytest.raises(NotKept) as refused:
            await try_version(stage.hub, stage.hub.ports.replays, stage.hub.foreseer.foresee, code, version)
        assert words in refused.value.en


def test_the_last_day_itself_counts() -> None:
    last = Version("v0", LAST)
    assert [days_left(last, LAST + timedelta(days=n)) for n in (-1, 0, 1)] == [2, 1, 0]
    assert days_left(Version("v1"), LAST) is days_left(None, LAST) is None


def test_an_account_s_own_choice_is_the_version_it_speaks() -> None:
    manifest = Manifest("x", "channels", {}, "UTC", [], settings={"v": {"default": "1"}}, version_by="v",
                        versions=(Version("1", LAST), Version("2")))
    assert manifest.version_of({}) == Version("1", LAST)
    assert manifest.version_of({"v": "2"}) == Version("2")
    assert manifest.version_of({"v": "7"}) == Version("7"), "an unknown one has no last day that is known"


FILE = """
connector: 1
name: acme
family: channels
title: {zh: 店, en: Acme}
zone: UTC
code: client
settings: {v: {title: {zh: 版本, en: Version}, default: "1", choices: ["1", "2"]}}
"""


@pytest.mark.parametrize(("extra", "words"), [
    ('versions: [{name: "1", last_day: soon}, {name: "2"}]\nversion_by: v', "a day is expected"),
    ('versions: [{name: "1"}, {name: "1"}]\nversion_by: v', "stands twice"),
    ('versions: [{name: "1"}, {name: "2"}]', "version_by"), ('versions: [{name: "1"}]\nversion_by: v', "2"),
    ('versions: [{name: "1"}, {name: "2"}]\nversion_by: w', "v"),
])
def test_a_wrong_declaration_is_refused_with_its_place(extra: str, words: str) -> None:
    with pytest.raises(BadConnector) as bad:
        load_text(FILE + extra, "acme/connector.yaml")
    assert words in str(bad.value)


def test_the_notice_is_a_number_of_days() -> None:
    assert read_settings({}).version_notice_days == 60
    assert read_settings({"ORDERLOOM_VERSION_NOTICE_DAYS": "30"}).version_notice_days == 30
    with pytest.raises(BadSetting):
        read_settings({"ORDERLOOM_VERSION_NOTICE_DAYS": "0"})
