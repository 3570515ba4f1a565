"""A connector that is only declared renews its tokens once for all workers, is authorised, and keeps its pace."""

from __future__ import annotations

import asyncio
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx2
import msgspec
import pytest

from orderloom.adapters.alone import OwnLimits, OwnTokens
from orderloom.adapters.db.pace import SharedLimits
from orderloom.adapters.kit.declared import Declared, declare
from orderloom.adapters.kit.load import load_text
from orderloom.adapters.kit.manifest import manifest_of
from orderloom.adapters.kit.platform import Commons
from orderloom.application.ports import Account, Authorises, Connector, Rate, Terminal
from orderloom.application.sending import rates_of
from tests.support.connector_folders import serve
from tests.support.token_platform import CLIENT, TokenPlatform
from tests.support.token_shop import a_shop

DECLARED = """
connector: 1
name: acme
family: channels
title: {zh: 甲, en: Acme}
zone: UTC
base_url: https://acme.example.com
credentials:
  client_id: {title: {zh: 编号, en: Id}}
  client_secret: {title: {zh: 密钥, en: Secret}, secret: true}
  access_token: {title: {zh: 令牌, en: Token}, secret: true, made_by: token}
  refresh_token: {title: {zh: 刷新, en: Refresh}, secret: true, made_by: token, single_use: true, lives: 30d}
settings:
  shop: {title: {zh: 店, en: Shop}, default: shop-1}
rate: {per_second: 500, burst: 500, apis: {"ord*": {per_second: 400, burst: 400}}}
calls:
  main: {method: GET, headers: {authorization: {bearer: $access_token}}}
  token: {method: POST, body: form, send: {client_id: $client_id, client_secret: $client_secret}}
answers:
  - {at: error, in: [invalid_token], means: token_old}
  - {at: error, in: [temporarily_unavailable], means: again}
  - {at: error, not: [""], means: refused, code: error, why: error_description}
token:
  post: /token
  as: token
  send: {grant_type: refresh_token, refresh_token: $refresh_token}
  keep: {access_token: access_token, refresh_token: refresh_token}
  ends: {access_token: {at: expires_in, as: seconds}}
  before_end: 5m
authorise:
  url: /authorise
  query: {client_id: $client_id, state: $state, redirect_uri: $redirect}
  keep: {shop: shop}
  exchange:
    post: /token
    as: token
    send: {grant_type: authorization_code, code: $code, redirect_uri: $redirect}
    keep: {access_token: access_token, refresh_token: refresh_token}
    ends: {access_token: {at: expires_in, as: seconds}}
probe: {get: /orders}
"""
ROUNDS = 20


def connector(commons: Commons, text: str = DECLARED) -> Connector:
    """The declared connector."""
    return declare(load_text(text, "acme/connector.yaml"), commons)


async def test_declared_connectors_of_eight_workers_lose_no_grant(database: str, home: Path) -> None:
    async with a_shop(database, home) as shop:
        workers = []
        for _ in range(8):
            tokens, line = await shop.worker()
            manifest = manifest_of(load_text(DECLARED, "acme/connector.yaml").said)
            limits = SharedLimits(line, lambda account, api: rates_of(account, manifest, api), OwnLimits())  # noqa: B023
            workers.append(connector(Commons(tokens, limits)))
        for number in range(1, ROUNDS + 1):
            shop.platform.expire()
            probed = await asyncio.gather(*[one.probe(shop.account, shop.http) for one in workers])
            assert all(one.is_well for one in probed), probed
            assert shop.platform.counts["asked"] == number
        assert not shop.platform.is_revoked


@pytest.mark.parametrize("hands_back", [True, False])
async def test_a_declared_connector_is_authorised(hands_back: bool) -> None:
    platform, tokens = TokenPlatform(), OwnTokens()
    text = DECLARED if hands_back else DECLARED.replace(" state: $state,", "")
    async with serve(platform.app) as base, httpx2.AsyncClient() as http:
        acme = connector(Commons(tokens, OwnLimits()), text)
        account = Account(1, "AC01", "channels", "acme", "UTC", base, CLIENT, {})
        assert isinstance(acme, Authorises)
        before = await acme.probe(account, http)
        assert (before.is_well, before.is_to_authorise, "AC01" in before.message) == (False, True, True)
        url = acme.authorise_url(account, "the-state", "http://hub/oauth/callback")
        if hands_back:
            place = (await http.get(url)).headers["location"]
        else:
            platform.codes["code-0"] = parse_qs(urlsplit(url).query)["redirect_uri"][0]
            assert platform.codes["code-0"] == "http://hub/oauth/callback/the-state"
            place = "http://hub/?code=code-0&shop=shop-1&state=the-state"
        params = {name: values[0] for name, values in parse_qs(urlsplit(place).query).items()}
        granted = await acme.exchange(account, params, "http://hub/oauth/callback", http)
        assert granted.lasts is not None and granted.lasts > granted.expires["access_token"]
        await tokens.keep(account, granted)
        assert (await acme.probe(account, http)).is_well
        platform.expire()
        assert (await acme.probe(account, http)).is_well
        assert (platform.counts["asked"], platform.is_revoked) == (2, False)


async def test_a_token_that_is_good_is_used_though_it_cannot_be_renewed_yet() -> None:
    platform, tokens = TokenPlatform(), OwnTokens()
    async with serve(platform.app) as base, httpx2.AsyncClient() as http:
        acme = connector(Commons(tokens, OwnLimits()), DECLARED.replace("before_end: 5m", "before_end: 3h"))
        account = Account(1, "AC01", "channels", "acme", "UTC", base, {**CLIENT, "refresh_token": "refresh-0"}, {})
        assert (await acme.probe(account, http)).is_well
        platform.is_away = True
        assert (await acme.probe(account, http)).is_well
        assert platform.counts["asked"] == 2, "it is always about to end here, so it was tried"
        platform.expire()
        assert not (await acme.probe(account, http)).is_well


async def test_an_account_that_nobody_authorised_asks_its_platform_for_nothing() -> None:
    platform, tokens = TokenPlatform(), OwnTokens()
    async with serve(platform.app) as base, httpx2.AsyncClient() as http:
        acme = connector(Commons(tokens, OwnLimits()))
        assert isinstance(acme, Declared)
        account = Account(1, "AC01", "channels", "acme", "UTC", base, CLIENT, {})
        with pytest.raises(Terminal) as told:
            await acme.platform(account, http).ask(acme.plan.probe)  # type: ignore[arg-type]
        assert (told.value.code, platform.counts) == ("to_authorise", {})


def test_an_api_has_the_pace_that_its_pattern_names_and_an_account_its_own() -> None:
    manifest = manifest_of(load_text(DECLARED, "acme/connector.yaml").said)
    account = Account(1, "AC01", "channels", "acme", "UTC", "", {}, {})
    assert rates_of(account, manifest, "orders") == (Rate(500, 500), Rate(400, 400))
    assert rates_of(account, manifest, "stock") == (Rate(500, 500), Rate(500, 500))
    richer = msgspec.structs.replace(account, settings={"rates": {"stock": {"per_second": 9, "burst": 9}}})
    assert rates_of(richer, manifest, "stock") == (Rate(500, 500), Rate(9, 9))
