"""docs/new-channel.md makes a channel that passes what every channel must, by what stands there and nothing else."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import test_every_channel_in_trouble as trouble
import test_every_channel_over_http as over_http
import test_every_connector as every
from test_new_channel_works_at_once import checks_of, checks_of_a_folder, opened

import connectors_page
import orderloom.adapters.channels
from new_channel import main
from orderloom.adapters.manifests import plans
from orderloom.adapters.rehearsed import parts
from orderloom.entrypoints.cli.main import answer
from tests.support.connector_folders import Folder

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "new-channel.md").read_text("utf-8")
ROW = re.compile(r"^\| (every file|`[a-z.]+`) \| `([^`]+)` \| `([^`]+)` \|$", re.MULTILINE)
WHOLE = re.compile(r"^`([a-z_/.]+)`, [^\n]+:\n\n```\w+\n(.*?)```", re.MULTILINE | re.DOTALL)
MINUTES_MAX = 10
WORDS_READ, LETTERS_TYPED = 180, 150
"""A minute, by somebody who does it for the first time."""


@pytest.fixture(scope="module")
def lvye(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Folder]:
    """The folder as a reader has it at the end of the page."""
    channels = tmp_path_factory.mktemp("page") / "channels"
    [command] = re.findall(r"^make new-channel NAME=lvye (.+)$", PAGE, re.MULTILINE)
    answers = [part for word in command.split() for part in (f"--{word.split('=')[0].lower()}", word.split("=")[1])]
    assert main(["lvye", "--into", str(channels), *answers]) == 0
    folder = channels / "lvye"
    for name, text in WHOLE.findall(PAGE):
        (folder / name).write_text(text, "utf-8")
    for file, old, new in ROW.findall(PAGE):
        _change(folder, file.strip("`"), old, new)
    (folder / "samples" / "paid.order.json").unlink()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(orderloom.adapters.channels, "__path__",
                      [*orderloom.adapters.channels.__path__, str(channels)])
        assert answer(["connectors", "check", str(folder), "--expect"]) == 0
        parts.cache_clear()
        yield Folder(folder)
    parts.cache_clear()
    for name in [name for name in sys.modules if name.startswith("orderloom.adapters.channels.lvye")]:
        del sys.modules[name]


def _change(folder: Path, name: str, old: str, new: str) -> None:
    """A row of a table; one that changes nothing is a mistake of the page."""
    files = [folder / name] if name != "every file" else [*folder.glob("*.yaml"), *folder.glob("*.py")]
    assert any(old in file.read_text("utf-8") for file in files), old
    for file in files:
        file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")


def test_the_folder_is_what_every_connector_must_be(lvye: Folder) -> None:
    for check in checks_of_a_folder():
        check(lvye)
    every.test_a_sample_is_understood_as_its_order(lvye, lvye.path / "samples" / "paid.in.json")
    order = json.loads((lvye.path / "samples" / "paid.order.json").read_text("utf-8"))
    assert (order["external_id"], order["total"], order["payment"]) == ("LY-1001", 18_800, "paid")
    assert [(one["sku_external"], one["quantity"], one["price"]) for one in order["lines"]] == [("M-001", 2, 8_900)]


async def test_it_does_over_http_and_in_trouble_what_every_channel_must(lvye: Folder) -> None:
    async with opened(lvye) as there:
        for module, kind in ((over_http, over_http.Rehearsal), (trouble, trouble.Shop)):
            for check in checks_of(module, lvye):
                await there.run(check, kind)


def test_no_line_of_code_is_its_own_but_the_rehearsals(lvye: Folder) -> None:
    assert answer(["connectors", "check", str(lvye.path)]) == 0
    assert {file.name for file in lvye.path.glob("*.py")} == {
        "__init__.py", "rehearsal.py", "simulator.py", "simulated_list.py", "simulated_signing.py"}


def test_the_page_of_connectors_waits_until_somebody_says_what_is_certain(
    lvye: Folder, monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A new folder changes no other file, that page neither; with its `quality.yaml` it comes onto it."""
    before = connectors_page.page()
    monkeypatch.setattr(connectors_page, "plans", lambda: {**plans(), "lvye": lvye.plan})
    assert connectors_page.page() == before
    (lvye.path / "quality.yaml").write_text("quality: 1\nunverified: [Whether it exists.]\n", "utf-8")
    assert "`lvye` not certain: Whether it exists." in connectors_page.page()


def test_it_is_read_and_typed_in_ten_minutes() -> None:
    """The sample is not typed: the platform sent it."""
    typed = sum(len(old) + len(new) for _, old, new in ROW.findall(PAGE))
    read = len(re.sub(r"[|`#-]", " ", WHOLE.sub("", PAGE)).split())
    assert typed / LETTERS_TYPED + read / WORDS_READ < MINUTES_MAX, (typed, read)
