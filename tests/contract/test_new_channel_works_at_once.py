"""`make new-channel NAME=acme` gives a connector that already works, so a newcomer starts from green."""

from __future__ import annotations

import inspect
import json
import sys
from collections.abc import Awaitable, Callable, Iterator
from hashlib import sha256
from importlib import import_module
from pathlib import Path

import httpx2
import pytest
import test_every_channel_over_http as over_http
import test_every_connector as every
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

import orderloom.adapters.channels
from new_channel import main, scaffold
from orderloom.adapters.rehearsed import Scene, parts
from orderloom.application.ports import Inbound, Outgoing, Terminal
from tests.support.connector_folders import RECEIVED_AT, Folder, items, pull, purchase, serve

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def acme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Folder]:
    """A fresh channel, importable as if it stood in the source tree."""
    channels = tmp_path / "channels"
    scaffold("acme", channels)
    monkeypatch.setattr(orderloom.adapters.channels, "__path__", [*orderloom.adapters.channels.__path__, str(channels)])
    yield Folder(channels / "acme")
    for name in [name for name in sys.modules if name.startswith("orderloom.adapters.channels.acme")]:
        del sys.modules[name]


def test_the_new_folder_passes_what_every_connector_must_pass(acme: Folder) -> None:
    every.test_a_person_can_fill_in_the_account_form_in_both_languages(acme)
    every.test_the_hub_knows_what_the_connector_can_do_and_how_often(acme)
    every.test_no_field_leaves_that_the_contract_does_not_name(acme)
    every.test_the_connector_answers_the_port_that_the_hub_calls(acme)
    every.test_the_simulator_proves_signatures_with_code_of_its_own(acme)
    every.test_every_status_word_is_explained_in_chinese(acme)
    every.test_a_folder_proves_its_mapping_with_samples(acme)
    every.test_a_sample_is_understood_as_its_order(acme, acme.path / "samples" / "paid.in.json")


def test_the_page_shows_the_declaration_that_is_written(acme: Folder) -> None:
    page = (ROOT / "docs" / "connector.md").read_text("utf-8")
    written = (acme.path / "connector.yaml").read_text("utf-8").partition("\n")[2]
    assert f"```yaml\n{written}```" in page


def test_the_sample_says_what_a_reader_would_say(acme: Folder) -> None:
    order = json.loads((acme.path / "samples" / "paid.order.json").read_text("utf-8"))
    assert (order["external_id"], order["total"], order["payment"]) == ("A-1001", 19_300, "paid")
    assert (order["external_number"], order["paid"], order["refunded"]) == ("#1001", 20_300, 1_000)
    assert [order[name] for name in ("charges", "refunds", "shipments")] == [
        [{"kind": "gift_wrap", "amount": 500}],
        [{"external_id": "R-1", "amount": 1_000, "at": "2026-11-20T01:31:00Z"}],
        [{"waybill": "SF1234567890123", "carrier": "SF", "at": "2026-11-20T01:30:30Z"}],
    ]
    assert [line["fulfilled"] for line in order["lines"]] == [1]
    assert [(line["sku_external"], line["quantity"], line["price"]) for line in order["lines"]] == [("M-001", 2, 8_900)]


async def test_its_webhook_is_believed_and_a_changed_one_is_not(acme: Folder) -> None:
    simulator, account, heard = acme.simulator(), acme.account(), []

    async def listen(request: Request) -> Response:
        query = dict(request.query_params)
        heard.append(Inbound("POST", request.url.path, query, dict(request.headers), await request.body()))
        return Response(b"{}")

    bought = purchase(acme)
    simulator.place(bought)
    async with serve(Starlette(routes=[Route("/hook", listen, methods=["POST"])])) as base:
        simulator.push_url = f"{base}/hook"
        assert await simulator.push(bought["external_id"]) == [200]
    good = acme.connector.receive(heard[0], account, bought["placed_at"])
    assert not good.quarantine and [one.id for one in good.reread] == [bought["external_id"]]
    forged = Inbound("POST", "/hook", {**heard[0].query, "t": "1"}, heard[0].headers, heard[0].body)
    assert acme.connector.receive(forged, account, bought["placed_at"]).quarantine == "signature"


OVER_HTTP = [check for name, check in vars(over_http).items() if name.startswith("test_")]


@pytest.mark.parametrize("check", OVER_HTTP, ids=lambda check: check.__name__)
async def test_it_does_over_http_what_every_channel_must(acme: Folder, check: Callable[..., Awaitable[None]]) -> None:
    asks_kind = "kind" in inspect.signature(check).parameters
    for more in [{"kind": kind} for kind in ("status_500", "rate_limited")] if asks_kind else [{}]:
        simulator = acme.simulator()
        async with serve(simulator.app) as base, httpx2.AsyncClient(timeout=10) as http:
            await check(over_http.Rehearsal(acme, simulator, acme.account(base), http), **more)


async def test_it_reads_every_page_and_tells_stock_by_twenties_naming_whom_the_platform_refuses(acme: Folder) -> None:
    simulator = acme.simulator()
    for n in range(1, 120):
        simulator.place(purchase(acme, n))
    for n in range(25):
        simulator.list_sku(f"S{n}")
    simulator.refuse("S3", "locked")
    figures = [{"sku_external": f"S{n}", "quantity": n, "listing": {}} for n in range(25)]
    async with serve(simulator.app) as base, httpx2.AsyncClient(timeout=10) as http:
        account = acme.account(base)
        assert len({item.body for item in items(await pull(acme, account, http))}) == 119
        with pytest.raises(Terminal, match="S3: locked"):
            await acme.connector.send(Outgoing("d1", "stock", "k", {"figures": figures}, 1), account, http)
    assert simulator.requests["stock"] == 2
    assert {"S2", "S24"} <= simulator.stock.keys() and "S3" not in simulator.stock


SHIP = '''"""Tells acme of parcels."""

from pathlib import Path

from orderloom.adapters.carrier_words import carrier_words

WORDS = carrier_words(Path(__file__).parent)
'''


def test_its_own_words_for_carriers_touch_nothing_else(acme: Folder) -> None:
    """Nothing is registered anywhere: the words stand in the folder, and go with it."""
    before = _digests()
    (acme.path / "carriers.yaml").write_text("carriers: 1\nother: ANY\nwords:\n  shunfeng: ACME-SF\n", "utf-8")
    (acme.path / "ship.py").write_text(SHIP, "utf-8")
    ship = import_module("orderloom.adapters.channels.acme.ship")
    assert (ship.WORDS.of("shunfeng"), ship.WORDS.of("ups")) == ("ACME-SF", "ANY")
    assert _digests() == before, "a file outside the folder was written"


def test_it_joins_the_rehearsed_world_by_itself(acme: Folder, tmp_path: Path) -> None:
    parts.cache_clear()
    try:
        part = parts("channels")["acme"]
    finally:
        parts.cache_clear()
    scene = Scene(lambda: RECEIVED_AT, tmp_path, 1, ["HZ01"], 1.0, 1.0, 0.0, 0.0)
    assert part.simulator(scene).app is not None and part.code == "ACME01"


def _digests() -> dict[str, bytes]:
    return {str(file): sha256(file.read_bytes()).digest()
            for folder in ("src", "blueprints", "tools") for file in (ROOT / folder).rglob("*")
            if file.is_file() and "__pycache__" not in file.parts}


@pytest.mark.parametrize("name", ["", "Acme", "a-b", "1a", "../x", "class"])
def test_a_name_that_cannot_be_a_folder_writes_nothing(name: str, tmp_path: Path) -> None:
    assert main([name, str(tmp_path)]) == 2
    assert list(tmp_path.iterdir()) == []


def test_an_existing_channel_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "acme").mkdir()
    assert main(["acme", str(tmp_path)]) == 2
    assert list((tmp_path / "acme").iterdir()) == []
