"""An account is authorised by whom it is meant to be, once, in ten minutes; and what opens it is read nowhere else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx2
import psycopg
import pytest

from orderloom.application.authorise import Beginner, begin_authorisation, finish_authorisation
from orderloom.application.connect import form_of
from orderloom.application.keep_account import connect_account, find_account
from orderloom.application.not_kept import NotKept
from orderloom.application.ports import Account, Manifest, Terminal
from orderloom.application.queries.accounts import list_accounts
from orderloom.application.queries.status import read_status
from orderloom.application.watch_tokens import Watcher
from orderloom.bootstrap import Hub, open_hub
from orderloom.entrypoints.http.app import create_app
from orderloom.settings import Settings, read_settings
from orderloom.testing.drive import publish_default_blueprint
from tests.support.authorising import Acme
from tests.support.connector_folders import serve
from tests.support.source_hub import Clock
from tests.support.token_platform import CLIENT, TokenPlatform

FORM = form_of(Manifest("shopify", "channels", {"zh": "店", "en": "Shop"}, "UTC", []))
PUBLIC = "http://oms.example.com"
ME = Beginner("cli:me")


class Office:
    """A hub with an account that waits to be authorised, its API and a person's browser."""

    def __init__(self, hub: Hub, platform: TokenPlatform, base: str, clock: Clock, dsn: str) -> None:
        self.hub, self.platform, self.base, self.clock, self.dsn = hub, platform, base, clock, dsn
        self.app = create_app(hub)
        self.browser = self.client()

    def client(self, token: str = "") -> httpx2.AsyncClient:
        transport = httpx2.ASGITransport(app=self.app, client=("203.0.113.9", 5_000), raise_app_exceptions=False)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx2.AsyncClient(transport=transport, base_url=PUBLIC, headers=headers)

    async def connect(self) -> None:
        asked = Account(0, "SH01", "channels", "shopify", "UTC", self.base, CLIENT, {"shop": "shop-1"})
        done = await connect_account(self.hub.ports.accounts, self.hub.trial, FORM, asked, "", given={},
                                     hosts=["127.0.0.1"], past=lambda _: None, is_forced=False)
        assert (done.health.is_well, done.health.is_to_authorise) == (False, True)

    async def account(self) -> Account:
        return (await find_account(self.hub.ports.accounts, "SH01")).account

    async def begin(self, began: Beginner = ME) -> str:
        """Where the platform sends the browser after the person agreed."""
        begun = await begin_authorisation(self.hub, "SH01", began, PUBLIC)
        async with httpx2.AsyncClient() as http:
            agreed = await http.get(begun.url)
        assert agreed.status_code == 302
        return agreed.headers["location"]

    async def cases(self) -> list[str]:
        """Kinds of the open cases, after a look at all authorisations."""
        await Watcher(self.hub).step()
        async with self.hub.pool.connection() as connection:
            rows = await (await connection.execute("select kind from case_file where resolved_at is null")).fetchall()
        return [row[0] for row in rows]

    async def tokens(self) -> dict[str, str]:
        kept = await self.hub.tokens.current(await self.account())
        return {name: value for name, value in kept.items() if name not in CLIENT}


@asynccontextmanager
async def an_office(database: str, home: Path) -> AsyncIterator[Office]:
    platform, clock = TokenPlatform(), Clock()
    settings = Settings(home=home, public_url=PUBLIC, hosts=("oms.example.com",))
    async with serve(platform.app) as base, open_hub(settings, database, clock=clock, connections_max=4) as hub:
        hub.connectors["shopify"] = Acme(hub.tokens)  # type: ignore[index]
        office = Office(hub, platform, base, clock, database)
        async with office.browser:
            await office.connect()
            yield office


async def test_a_person_agrees_at_the_platform_and_the_account_is_authorised(database: str, home: Path) -> None:
    async with an_office(database, home) as office:
        place = await office.begin()
        page = await office.browser.get(place)
        assert (page.status_code, "已授权" in page.text, "is authorised" in page.text) == (200, True, True)
        assert page.headers["referrer-policy"] == "no-referrer"
        assert await office.tokens() == {"access_token": "access-1", "refresh_token": "refresh-1"}
        again = await office.browser.get(place)
        assert (again.status_code, "用过" in again.text, office.platform.counts["asked"]) == (400, True, 1)


async def test_a_platform_that_hands_no_state_back_has_it_in_the_address(database: str, home: Path) -> None:
    async with an_office(database, home) as office:
        parts = urlsplit(await office.begin())
        query = parse_qs(parts.query)
        place = f"{parts.path}/{query['state'][0]}?code={query['code'][0]}&shop=shop-1"
        assert (await office.browser.get(place)).status_code == 200


@pytest.mark.parametrize("wrong", ["state=&code=x", "state=made-up&code=x", "code=x", ""])
async def test_a_state_that_nobody_began_opens_nothing(database: str, home: Path, wrong: str) -> None:
    async with an_office(database, home) as office:
        await office.begin()
        page = await office.browser.get(f"/oauth/callback?{wrong}")
        assert page.status_code == 400
        assert office.platform.counts["asked"] == 0


async def test_after_ten_minutes_it_is_too_late(database: str, home: Path) -> None:
    async with an_office(database, home) as office:
        place = await office.begin()
        office.clock.moved = timedelta(minutes=10)
        page = await office.browser.get(place)
        assert (page.status_code, "10 分钟" in page.text, office.platform.counts["asked"]) == (400, True, 0)


async def test_who_was_disabled_meanwhile_has_begun_nothing(database: str, home: Path) -> None:
    async with an_office(database, home) as office:
        access = office.app.state.desk.access
        assert await access.add_user("anna", "operations")
        place = await office.begin(Beginner("user:anna", "anna"))
        assert (await office.browser.get(place)).status_code == 400, "a one-time password lets nobody in yet"
        await office.app.state.desk.identity.set_password("anna", "x", False, office.clock())
        anna = Beginner("user:anna", "anna")
        place, other = await office.begin(anna), await office.begin(anna)
        assert (await office.browser.get(place)).status_code == 200
        await access.disable("anna")
        assert (await office.browser.get(other)).status_code == 400
        made = await access.make_token("erp", ("accounts:write",), "test")
        place = await office.begin(Beginner("token:erp", "", made.id))
        await access.revoke(made.id)
        assert (await office.browser.get(place)).status_code == 400
        assert office.platform.counts["asked"] == 1


async def test_what_comes_back_is_good_for_its_account_and_who_began_alone(database: str, home: Path) -> None:
    async with an_office(database, home) as office:
        params = {name: values[0] for name, values in parse_qs(urlsplit(await office.begin()).query).items()}
        for given in ({"code": "SH02"}, {"actor": "cli:somebody"}):
            with pytest.raises(NotKept) as refused:
                await finish_authorisation(office.hub, params, **given)
            assert refused.value.code == "wrong_state"
        done = await finish_authorisation(office.hub, params, code="SH01", actor="cli:me")
        assert (done.is_well, done.lasts is not None) == (True, True)


async def test_another_shop_that_was_authorised_by_mistake_is_not_taken_for_this_one(
    database: str, home: Path, capsys: pytest.CaptureFixture[str],
) -> None:
    async with an_office(database, home) as office:
        office.platform.shop = "shop-of-somebody"
        place = await office.begin()
        page = await office.browser.get(place)
        assert page.status_code == 502
        assert await office.tokens() == {}
        code = parse_qs(urlsplit(place).query)["code"][0]
        with pytest.raises(Terminal) as told:
            query = parse_qs(urlsplit(await office.begin()).query)
            await finish_authorisation(office.hub, {name: values[0] for name, values in query.items()})
        said = page.text + str(told.value) + "".join(capsys.readouterr())
        assert code not in said
        assert "access-" not in said and "refresh-" not in said


async def test_a_person_who_says_no_is_told_so_and_the_tokens_of_before_stay(database: str, home: Path) -> None:
    async with an_office(database, home) as office:
        await office.browser.get(await office.begin())
        before = await office.tokens()
        state = parse_qs(urlsplit(await office.begin()).query)["state"][0]
        page = await office.browser.get(f"/oauth/callback?error=access_denied&state={state}")
        assert (page.status_code, "access_denied" in page.text) == (400, True)
        page = await office.browser.get("/oauth/callback?error=%3Cscript%3E&state=x")
        assert "<script>" not in page.text
        assert await office.tokens() == before


async def test_no_state_and_no_code_is_written_down_in_clear(
    database: str, home: Path, capsys: pytest.CaptureFixture[str],
) -> None:
    async with an_office(database, home) as office:
        place = await office.begin()
        query = parse_qs(urlsplit(place).query)
        await office.browser.get(place)
        async with await psycopg.AsyncConnection.connect(database) as connection:
            rows = await (await connection.execute("select authorisation::text from authorisation")).fetchall()
        said = "".join(capsys.readouterr()) + str(rows)
        assert query["state"][0] not in said
        assert query["code"][0] not in said


async def test_a_program_authorises_over_the_api_and_nobody_without_the_right(database: str, home: Path) -> None:
    async with an_office(database, home) as office:
        access = office.app.state.desk.access
        able = await access.make_token("erp", ("accounts:write",), "test")
        poor = await access.make_token("bi", ("accounts:read",), "test")
        async with office.client(poor.token) as client:
            assert (await client.post("/api/v1/accounts/SH01/authorise")).status_code == 403
        async with office.client(able.token) as client:
            begun = (await client.post("/api/v1/accounts/SH01/authorise")).json()
            assert begun["callback"] == f"{PUBLIC}/oauth/callback"
            async with httpx2.AsyncClient() as http:
                query = parse_qs(urlsplit((await http.get(begun["url"])).headers["location"]).query)
            params = {name: values[0] for name, values in query.items()}
            done = await client.post("/api/v1/accounts/SH01/authorised", json={"params": params})
            assert (done.status_code, done.json()["is_well"]) == (200, True)
            again = await client.post("/api/v1/accounts/SH01/authorised", json={"params": params})
            assert (again.status_code, again.json()["code"]) == (409, "wrong_state")
            assert (await client.post("/api/v1/accounts/NO/authorise")).status_code == 404


async def test_an_authorisation_that_ends_soon_or_is_refused_is_a_case_and_seen_at_the_account(
    database: str, home: Path,
) -> None:
    async with an_office(database, home) as office:
        await publish_default_blueprint(office.hub)
        await office.browser.get(await office.begin())
        assert await office.cases() == []
        office.clock.moved = timedelta(days=23, minutes=1)
        assert await office.cases() == ["authorisation_ends"]
        office.clock.moved = timedelta(0)
        assert await office.cases() == []
        office.platform.is_revoked = True
        with pytest.raises(Terminal):
            await office.hub.connectors["shopify"].probe(await office.account(), httpx2.AsyncClient())
        assert await office.cases() == ["authorisation_failed"]
        async with office.hub.pool.connection() as connection:
            (view,) = (await list_accounts(connection, {})).accounts
            status = await read_status(connection)
        assert view.tokens is not None
        assert (view.tokens.is_final, bool(view.tokens.failed_at), bool(view.tokens.lasts)) == (True, True, True)
        assert "refresh-1" not in view.tokens.failure
        assert list(status.authorisations) == ["SH01"]
        await office.browser.get(await office.begin())
        assert await office.cases() == []
        await office.hub.limits.learn(await office.account(), "orders", 60)
        async with office.hub.pool.connection() as connection:
            (view,) = (await list_accounts(connection, {})).accounts
        assert list(view.paused) == ["orders"]
        assert view.tokens is not None
        assert (view.tokens.is_final, view.tokens.failed_at) == (False, None)


def test_the_public_address_is_a_host_that_is_answered() -> None:
    settings = read_settings({"ORDERLOOM_PUBLIC_URL": "https://OMS.example.com/hub/"})
    assert (settings.hosts, settings.address) == (("oms.example.com",), "https://OMS.example.com/hub")
    assert read_settings({}).address == "http://localhost:8000"
