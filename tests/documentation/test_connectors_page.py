"""What the page of connectors says is what the folders say today, and every tick is one that the suite can lose."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

import connectors_page
from connector_keys import blocks, keys_of, pages
from connectors_page import CHECKS, OF_FAMILY, main
from orderloom.adapters.kit.schema import DeclaredBlock
from orderloom.adapters.manifests import manifests, plans


def test_the_pages_and_the_schema_for_editors_are_what_the_folders_and_the_structs_say() -> None:
    assert main(["--check"]) == 0, "run: python tools/connectors_page.py"


@pytest.mark.parametrize("page", pages())
def test_a_key_that_says_something_else_today_makes_its_page_stale(
    page: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(connectors_page, "pages", lambda: {page: pages()[page] + "new\n"})
    assert main(["--check"]) == 1
    assert capsys.readouterr().out == f"stale: {page.name}\n"


def _below(block: type[DeclaredBlock]) -> Iterator[type[DeclaredBlock]]:
    for one in block.__subclasses__():
        yield one
        yield from _below(one)


def test_every_key_of_every_block_has_its_sentence() -> None:
    known = blocks()
    named = {one.__name__: {field.encode_name for field in msgspec.structs.fields(one)}
             for one in _below(DeclaredBlock) if one.__module__.startswith("orderloom.adapters.kit.schema")}
    assert {name: keys_of(name, known).keys() for name in known} == named
    assert [name for name, one in known.items() if not one.is_] == []
    assert [f"{name}.{key}" for name, one in known.items() for key, said in one.keys.items() if not said] == []


def test_an_editor_shows_what_each_key_is_while_it_is_typed() -> None:
    shapes = msgspec.json.decode(connectors_page.schema())["$defs"]
    bare = [f"{name}.{key}" for name in blocks().keys() & shapes.keys()
            for key, said in shapes[name]["properties"].items() if not said.get("description")]
    assert bare == []


def test_every_connector_has_a_family_with_checks_of_its_own() -> None:
    assert {manifest.family for manifest in manifests().values()} <= OF_FAMILY.keys()
    titles = {check.title for check in CHECKS}
    assert all(set(columns) <= titles for columns in OF_FAMILY.values())


def test_a_check_tells_connectors_apart() -> None:
    for check in CHECKS:
        answers = {bool(check.applies(plan)) for plan in plans().values()}
        assert True in answers or check.title in ("read back", "manifest"), f"{check.title} applies to nobody"
