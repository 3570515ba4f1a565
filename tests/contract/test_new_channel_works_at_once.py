"""`make new-channel NAME=acme` gives a connector that already works, so a newcomer starts from green.

For every way of signing, paging and pushing: what every folder must be, and what a sale needs over HTTP. Where it is
slow, and with no difference between two ways, a choice of folders in which each way stands is taken.
"""

from __future__ import annotations

import inspect
import json
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from hashlib import sha256
from importlib import import_module
from io import StringIO
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import httpx2
import pytest
import test_every_channel_in_trouble as trouble
import test_every_channel_over_http as over_http
import test_every_connector as every
from starlette.types import ASGIApp, Receive, Scope, Send

import orderloom.adapters.channels
from new_channel import QUESTIONS, ask, main, scaffold
from orderloom.adapters import manifests
from orderloom.adapters.kit.examine import examine
from orderloom.adapters.rehearsed import Scene, parts
from orderloom.application.ports import Outgoing, Terminal
from tests.support.connector_folders import RECEIVED_AT, Folder, caller, items, pull, purchase, serve

ROOT = Path(__file__).resolve().parents[2]
WAYS = [dict(zip(QUESTIONS, ways, strict=True)) for ways in product(*(one.answers for one in QUESTIONS.values()))]
DEFAULT = WAYS[0]
CHOICE = [DEFAULT, *({"signing": signing, "paging": paging, "push": push} for signing, paging, push in (
    ("body-hmac", "cursor", "yes"), ("header-key", "ids", "yes"), ("bearer", "page-1", "no")))]  # fmt: skip
ELSEWHERE = {"sorted-md5"}
"""What test_the_page_makes_a_channel.py makes, and has in trouble too."""
Check = Callable[..., Awaitable[None]]


def name_of(ways: Mapping[str, str]) -> str:
    return "acme" if ways == DEFAULT else "acme_" + "_".join(ways.values()).replace("-", "")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A channel for every answer, importable as if they stood in the source tree."""
    channels = tmp_path_factory.mktemp("made") / "src" / "orderloom" / "adapters" / "channels"
    for ways in WAYS:
        scaffold(name_of(ways), channels, **ways)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(orderloom.adapters.channels, "__path__",
                      [*orderloom.adapters.channels.__path__, str(channels)])
        parts.cache_clear()
        yield channels
    parts.cache_clear()
    for name in [name for name in sys.modules if name.startswith("orderloom.adapters.channels.acme")]:
        del sys.modules[name]


@pytest.fixture
def acme(made: Path) -> Folder:
    """The one that is made where nothing is answered."""
    return Folder(made / "acme")


class Door:
    """A server whose application is exchanged, so that each check has a simulator of its own and none a server."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


class Opened(NamedTuple):
    """A folder behind a door."""

    folder: Folder
    door: Door
    base: str
    http: httpx2.AsyncClient

    async def run(self, check: Check, kind: type[Any]) -> None:
        """A check of the contract suite, once for each kind of trouble that it names."""
        kinds = next((mark.args[1] for mark in check.pytestmark if mark.args[0] == "kind"), [""])  # type: ignore
        for one in kinds:
            simulator = self.folder.simulator()
            self.door.app = simulator.app
            await check(kind(self.folder, simulator, self.folder.account(self.base), self.http),
                        **({"kind": one} if one else {}))


@asynccontextmanager
async def opened(folder: Folder) -> AsyncIterator[Opened]:
    door = Door()
    async with serve(door) as base, caller() as http:  # type: ignore[arg-type]
        yield Opened(folder, door, base, http)


def checks_of(module: Any, folder: Folder) -> list[Check]:
    """What the suite asks over HTTP of a channel that can what this one can; it has no list of its own after a sale."""
    can = folder.capabilities | ({"token"} if folder.plan.said.token is not None else set())
    return [check for name, check in vars(module).items() if name.startswith("test_")
            and inspect.signature(check).parameters and "after_the_sale" not in name
            and ("push" in can or "a_push_" not in name) and ("token" in can or "a_token_" not in name)]


def checks_of_a_folder() -> list[Callable[..., None]]:
    return [check for name, check in vars(every).items()
            if name.startswith("test_") and list(inspect.signature(check).parameters) == ["folder"]]


@pytest.mark.parametrize("ways", WAYS, ids=name_of)
def test_a_new_folder_passes_what_every_connector_must_pass(made: Path, ways: dict[str, str]) -> None:
    folder = Folder(made / name_of(ways))
    for check in checks_of_a_folder():
        check(folder)
    every.test_a_sample_is_understood_as_its_order(folder, folder.path / "samples" / "paid.in.json")
    found = examine(folder.path)
    assert (found.is_fit, [one.is_good for one in found.samples]) == (True, [True]), found.mistakes
    assert ("push" in found.can) == (ways["push"] == "yes")
    assert ("authorise" in found.can) == (ways["signing"] == "bearer")
    file = folder.path / "samples" / "vectors.json"
    vectors = json.loads(file.read_text("utf-8")) if file.is_file() else []
    proven = {"calls": ways["signing"] not in ("header-key", "bearer"), "push": ways["push"] == "yes"}
    assert {one["recipe"].partition(".")[0] for one in vectors} == {what for what, is_so in proven.items() if is_so}
    for vector in vectors:
        assert folder.module("simulator").prove(vector) == vector["expect"]


SALE = (over_http.test_a_paid_order_arrives_with_the_total_that_the_buyer_paid,
        over_http.test_wrong_credentials_are_said_and_not_tried_for_ever,
        over_http.test_the_channel_is_told_of_a_parcel_once,
        over_http.test_a_push_is_believed_and_a_changed_one_is_kept_apart)


@pytest.mark.parametrize("ways", [one for one in WAYS if one not in CHOICE], ids=name_of)
async def test_a_sale_goes_over_http_whatever_was_answered(made: Path, ways: dict[str, str]) -> None:
    folder = Folder(made / name_of(ways))
    async with opened(folder) as there:
        for check in [one for one in checks_of(over_http, folder) if one in SALE]:
            await there.run(check, over_http.Rehearsal)


@pytest.mark.parametrize("ways", CHOICE, ids=name_of)
async def test_it_does_over_http_and_in_trouble_what_every_channel_must(made: Path, ways: dict[str, str]) -> None:
    folder = Folder(made / name_of(ways))
    async with opened(folder) as there:
        for module, kind in ((over_http, over_http.Rehearsal), (trouble, trouble.Shop)):
            for check in checks_of(module, folder):
                await there.run(check, kind)


def test_the_choice_has_every_answer() -> None:
    for what, question in QUESTIONS.items():
        assert {ways[what] for ways in CHOICE} == question.answers.keys() - ELSEWHERE


@pytest.mark.parametrize("ways", [{"paging": "page-0"}, {"paging": "page-1"}, {"paging": "cursor"}, {"paging": "ids"}],
                         ids=lambda ways: ways["paging"])
async def test_it_reads_every_page_whichever_way_they_come(made: Path, ways: dict[str, str]) -> None:
    folder = Folder(made / name_of(DEFAULT | ways))
    simulator = folder.simulator()
    for n in range(1, 120):
        simulator.place(purchase(folder, n))
    async with serve(simulator.app) as base, caller() as http:
        assert len({item.body for item in items(await pull(folder, folder.account(base), http))}) == 119
    assert simulator.requests["orders"] >= 3, simulator.requests


async def test_it_tells_stock_by_twenties_naming_whom_the_platform_refuses(acme: Folder) -> None:
    simulator = acme.simulator()
    for n in range(25):
        simulator.list_sku(f"S{n}")
    simulator.refuse("S3", "locked")
    figures = [{"sku_external": f"S{n}", "quantity": n, "listing": {}} for n in range(25)]
    async with serve(simulator.app) as base, caller() as http:
        with pytest.raises(Terminal, match="S3: locked"):
            await acme.connector.send(Outgoing("d1", "stock", "k", {"figures": figures}, 1), acme.account(base), http)
    assert simulator.requests["stock"] == 2
    assert {"S2", "S24"} <= simulator.stock.keys() and "S3" not in simulator.stock


def test_the_page_shows_the_declaration_that_is_written(acme: Folder) -> None:
    page = (ROOT / "docs" / "connector.md").read_text("utf-8")
    written = (acme.path / "connector.yaml").read_text("utf-8").partition("\n")[2]
    assert f"```yaml\n{written}```" in page


def test_what_is_written_keeps_the_house_rules(made: Path) -> None:
    rules = ["--config", str(ROOT / "pyproject.toml"), "--config", "lint.isort.known-first-party = ['orderloom']"]
    said = subprocess.run([sys.executable, "-m", "ruff", "check", "--no-cache", *rules, str(made)],
                          capture_output=True, text=True, timeout=120, check=False)
    assert said.returncode == 0, said.stdout


def test_the_sample_says_what_a_reader_would_say(acme: Folder) -> None:
    order = json.loads((acme.path / "samples" / "paid.order.json").read_text("utf-8"))
    assert (order["external_id"], order["total"], order["payment"]) == ("A-1001", 19_300, "paid")
    assert (order["external_number"], order["paid"], order["refunded"]) == ("#1001", 20_300, 1_000)
    assert [order[name] for name in ("charges", "refunds", "shipments")] == [
        [{"kind": "gift_wrap", "amount": 500}],
        [{"external_id": "R-1", "amount": 1_000, "at": "2026-11-20T01:31:00Z"}],
        [{"waybill": "SF1234567890123", "carrier": "shunfeng", "at": "2026-11-20T01:30:30Z"}],
    ]
    assert [line["fulfilled"] for line in order["lines"]] == [1]
    assert [(line["sku_external"], line["quantity"], line["price"]) for line in order["lines"]] == [("M-001", 2, 8_900)]


SHIP = '''"""Tells acme of parcels."""

from pathlib import Path

from orderloom.adapters.carrier_words import carrier_words

WORDS = carrier_words(Path(__file__).parent)
'''


def test_its_own_words_for_carriers_touch_nothing_else(acme: Folder) -> None:
    """Nothing is registered anywhere: the words stand in the folder, and go with it."""
    before = _digests()
    own = acme.path.with_name("acme_words")
    scaffold(own.name, own.parent)
    (own / "carriers.yaml").write_text("carriers: 1\nother: ANY\nwords:\n  shunfeng: ACME-SF\n", "utf-8")
    (own / "ship.py").write_text(SHIP, "utf-8")
    ship = import_module("orderloom.adapters.channels.acme_words.ship")
    assert (ship.WORDS.of("shunfeng"), ship.WORDS.of("ups")) == ("ACME-SF", "ANY")
    assert _digests() == before, "a file outside the folder was written"


def test_it_joins_the_rehearsed_world_by_itself(made: Path, tmp_path: Path) -> None:
    scene = Scene(lambda: RECEIVED_AT, tmp_path, 1, ["HZ01"], 1.0, 1.0, 0.0, 0.0)
    for ways in CHOICE:
        part = parts("channels")[name_of(ways)]
        assert part.simulator(scene).app is not None and bool(part.topics) == (ways["push"] == "yes")
    assert parts("channels")["acme"].code == "ACME01"


def _digests() -> dict[str, bytes]:
    return {str(file): sha256(file.read_bytes()).digest()
            for folder in ("src", "blueprints", "tools") for file in (ROOT / folder).rglob("*")
            if file.is_file() and "__pycache__" not in file.parts}


@pytest.mark.parametrize(("said", "told"), [
    ([""], "NAME"), (["Acme"], "NAME “Acme”"), (["a-b"], "lower-case letters"), (["1a"], "NAME"), (["../x"], "NAME"),
    (["class"], "NAME"), (["acme", "--signing", "hmac"], "SIGNING “hmac”"), (["acme", "--paging", "page"], "page-0"),
    (["acme", "--paging", "cursors"], "did you mean cursor?"), (["acme", "--push", "maybe"], "yes, no"),
])
def test_a_bad_name_or_answer_writes_nothing_and_is_told_what_is_known(
    said: list[str], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.stdin", StringIO())
    assert main([*said, "--into", str(tmp_path)]) == 2
    printed = capsys.readouterr().out
    assert told in printed and "make new-channel NAME=acme SIGNING=sorted-hmac|" in printed
    assert list(tmp_path.iterdir()) == []


def test_a_person_answers_by_name_by_number_or_not_at_all(capsys: pytest.CaptureFixture[str]) -> None:
    typed = iter(["", "2", "cursors", "cursor", "x", "9", "y"])
    assert ask("signing", lambda _: next(typed)) == ""
    assert ask("signing", lambda _: next(typed)) == "sorted-md5"
    assert ask("paging", lambda _: next(typed)) == "cursor"
    assert "did you mean cursor?" in capsys.readouterr().out
    with pytest.raises(ValueError, match="push"):
        ask("push", lambda _: next(typed))


def test_an_existing_channel_is_never_overwritten(tmp_path: Path) -> None:
    there = tmp_path / "channels" / "acme"
    there.mkdir(parents=True)
    assert main(["acme", "--into", str(there.parent), *(f"--{what}={one}" for what, one in DEFAULT.items())]) == 2
    assert list(there.iterdir()) == []


def test_a_name_that_a_connector_of_another_family_has_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Accounts know a connector by its name: of two, one would speak for the other's accounts."""
    monkeypatch.setattr("orderloom.adapters.manifests.ADAPTERS", tmp_path)
    scaffold("acme", tmp_path / "channels")
    shutil.copytree(tmp_path / "channels" / "acme", tmp_path / "systems" / "acme")
    _, (mistake,) = manifests._loaded.__wrapped__()
    assert mistake.file == "systems/acme/connector.yaml" and mistake.place == "name"
    shutil.rmtree(tmp_path / "channels" / "acme")
    with pytest.raises(ValueError, match="systems/acme"):
        scaffold("acme", tmp_path / "channels")
    assert not (tmp_path / "channels" / "acme").exists()
