"""Devices of the same network reach the hub over HTTPS; the plain door beside it hands out the certificate alone."""

from __future__ import annotations

import socket
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from orderloom.entrypoints.http import lan_doors
from tests.support.api_hub import World, a_world
from tests.support.browser_session import PASSWORD, a_person
from tests.support.on_lan import at_localhost, on_lan, trusting, until_open


@pytest.fixture
async def world(home: Path, database: str) -> AsyncIterator[World]:
    async with a_world(home, database, orders=0) as world:
        yield world


async def test_a_device_that_trusts_the_hub_signs_in_by_https(world: World, home: Path) -> None:
    lan = at_localhost()
    async with on_lan(world.app, home, lan) as authority, trusting(authority) as device:
        await until_open(lan)
        await a_person(world, "拣货员", "operations")
        answer = await device.post(f"{lan.hub}/api/v1/session", json={"name": "拣货员", "password": PASSWORD},
                                   headers={"Origin": lan.hub})
        assert answer.status_code == 200, answer.text
        cookies = answer.headers.get_list("set-cookie")
        assert any(one.startswith("__Host-orderloom") and "Secure" in one for one in cookies), cookies


async def test_a_device_that_does_not_is_not_let_believe(world: World, home: Path) -> None:
    lan = at_localhost()
    async with on_lan(world.app, home, lan):
        await until_open(lan)
        async with httpx2.AsyncClient() as stranger:
            with pytest.raises(httpx2.ConnectError, match="certificate"):
                await stranger.get(f"{lan.hub}/health")


async def test_the_plain_door_hands_out_the_certificate_and_nothing_of_the_hub(world: World, home: Path) -> None:
    lan = at_localhost()
    async with on_lan(world.app, home, lan) as authority, httpx2.AsyncClient() as device:
        await until_open(lan)
        page = await device.get(lan.page)
        assert page.status_code == 200 and authority.fingerprint in page.text and f"{lan.hub}/terminal" in page.text
        der = (await device.get(f"{lan.page}orderloom-ca.crt")).content
        assert ssl.DER_cert_to_PEM_cert(der).split() == authority.file.read_text().split()
        for path in ("api/v1/orders", "health", "terminal", "webhooks/SHOP"):
            assert (await device.get(lan.page + path)).status_code == 404


async def test_an_address_that_comes_late_is_served_when_it_is_there(
    world: World, home: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lan_doors, "AGAIN_SECONDS", 0.05)
    lan = at_localhost()
    with socket.create_server(("127.0.0.1", lan.port)) as other:
        async with on_lan(world.app, home, lan) as authority, trusting(authority) as device:
            other.close()
            await until_open(lan)
            assert (await device.get(f"{lan.hub}/health")).status_code == 200
