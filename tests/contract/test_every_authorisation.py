"""Every platform that wants a person to agree: what the browser brings back becomes tokens that are renewed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2
import msgspec
import pytest

from orderloom.adapters.alone import OwnLimits, OwnTokens
from orderloom.adapters.manifests import plans
from orderloom.application.ports import Account, Authorises, Connector, Rate, Trouble
from orderloom.bootstrap import find_connectors
from tests.support.connector_folders import Folder, caller, folders, serve

REDIRECT = "https://hub.example.com/oauth/callback"
STATE = "the-state-of-this-trip"
NAMES = sorted(name for name, plan in plans().items() if plan.said.authorise is not None)


@dataclass
class Trip:
    """A person who authorises an account of which only the app's credentials are known."""

    connector: Connector
    tokens: OwnTokens
    simulator: Any
    account: Account
    http: httpx2.AsyncClient

    def params(self) -> dict[str, str]:
        """What the platform adds to the callback address after the person agreed."""
        said = plans()[self.account.connector].said
        assert said.authorise is not None
        kept = {parameter: self.simulator.known(name) for name, parameter in said.authorise.keep.items()}
        back = {said.authorise.code: self.simulator.tokens.consent(self.subject()), "state": STATE} | kept
        return self.signed(back)

    def signed(self, params: dict[str, str]) -> dict[str, str]:
        """As the platform signs it, where it does."""
        return dict(self.simulator.sign_back(params)) if hasattr(self.simulator, "sign_back") else params

    def subject(self) -> str:
        """Whose tokens those are that the simulator knows already."""
        return str(self.simulator.tokens._grants[0].subject) if self.simulator.tokens._grants else ""


@pytest.fixture(params=NAMES)
async def trip(request: pytest.FixtureRequest) -> AsyncIterator[Trip]:
    async with a_trip(request.param) as found:
        yield found


@asynccontextmanager
async def a_trip(name: str) -> AsyncIterator[Trip]:
    folder = next(f for family in ("channels", "systems", "carriers") for f in folders(family) if f.name == name)
    tokens = OwnTokens()
    connector = find_connectors(tokens, OwnLimits(Rate(1_000, 1_000)))[name]
    whole = folder.account()
    simulator = folder.module("simulator").Simulator(dict(whole.credentials), lambda: datetime.now(UTC),
                                                     dict(whole.settings))
    simulator.known = lambda credential: whole.credentials.get(credential, "")
    async with serve(simulator.app) as base, caller() as http:
        yield Trip(connector, tokens, simulator, _bare(folder, base), http)


def _bare(folder: Folder, base: str) -> Account:
    """The account before it is authorised: without what only the authorisation brings."""
    said = plans()[folder.name].said
    assert said.authorise is not None
    account = folder.account(base)
    typed = {name: value for name, value in account.credentials.items()
             if not said.credentials[name].made_by and name not in {*said.authorise.keep, said.authorise.unless}}
    return msgspec.structs.replace(account, credentials=typed)


async def test_the_platform_is_told_the_state_or_brings_it_back_in_the_address(trip: Trip) -> None:
    assert isinstance(trip.connector, Authorises)
    url = urlsplit(trip.connector.authorise_url(trip.account, STATE, REDIRECT))
    query = dict(parse_qsl(url.query, keep_blank_values=True))
    assert url.scheme in ("https", "http")
    assert STATE in query.values() or f"{REDIRECT}/{STATE}" in query.values()
    secret = [trip.account.credentials[name] for name, one in plans()[trip.account.connector].said.credentials.items()
              if one.secret and trip.account.credentials.get(name)]
    assert not set(secret) & set(query.values()), "a browser's address is no place for a secret"


async def test_an_account_is_authorised_and_its_tokens_are_renewed_by_themselves(trip: Trip) -> None:
    assert isinstance(trip.connector, Authorises)
    before = await trip.connector.probe(trip.account, trip.http)
    assert (before.is_well, before.is_to_authorise) == (False, True), before.message
    granted = await trip.connector.exchange(trip.account, trip.params(), REDIRECT, trip.http)
    assert granted.values
    assert granted.lasts is None or granted.lasts > datetime.now(UTC)
    await trip.tokens.keep(trip.account, granted)
    after = await trip.connector.probe(trip.account, trip.http)
    assert after.is_well, after.message
    if plans()[trip.account.connector].renewal is not None:
        trip.simulator.expire_tokens()
        trip.simulator.tokens.refresh_opens_seconds = None  # no need to wait for the last days of a year
        again = await trip.connector.probe(trip.account, trip.http)
        assert again.is_well, again.message


async def test_a_code_that_was_made_up_gives_nothing(trip: Trip) -> None:
    assert isinstance(trip.connector, Authorises)
    said = plans()[trip.account.connector].said.authorise
    assert said is not None
    with pytest.raises(Trouble):
        made_up = trip.signed(trip.params() | {said.code: "made-up"})
        await trip.connector.exchange(trip.account, made_up, REDIRECT, trip.http)
    with pytest.raises(Trouble):
        await trip.connector.exchange(trip.account, {"state": STATE}, REDIRECT, trip.http)
    assert trip.tokens.gained(trip.account) is None
