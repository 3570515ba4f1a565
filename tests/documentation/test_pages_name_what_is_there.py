"""What a page tells people to type works: commands, options, addresses, problem codes, settings and targets of make."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from orderloom.entrypoints.cli.main import COMMANDS
from orderloom.entrypoints.http.app import ROUTERS
from orderloom.entrypoints.http.kit.problem import TITLES
from orderloom.settings import NAMES

ROOT = Path(__file__).resolve().parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
TEXTS = [*PAGES, *sorted((ROOT / "blueprints").rglob("*.yaml"))]
EVERYWHERE = {"--json", "--lang", "--help"}
SAID = re.compile(r"(?:orderloom |`)([a-z][a-z-]+)((?: +[^`|;#，；。（“\n]*)?)")
PART = re.compile(r"`((?:application|adapters|blueprint|bootstrap|domain|entrypoints)(?:\.\w+)+)`")
"""A module of the package, or something in one, named from another."""
PROSE = {"warehouse state"}
"""In backticks and no command: filters that are named side by side."""
BASES = ("", "/api/v1", "/api/v1/users/x")
"""What the page leaves out once it has said it."""
ELSEWHERE = ("/webhooks", "/api/v1/openapi.json")
"""Served by the door and by the framework."""
BEFORE_A_REQUEST = {"too_slow", "header_too_large"}
"""Answered by the server itself, which knows no problems yet."""


@cache
def _options() -> dict[str, set[str]]:
    """Options by command and by command with its subcommand."""
    found: dict[str, set[str]] = {}

    def walk(command: Any, name: str) -> None:
        found[name] = EVERYWHERE | {o for p in command.params for o in (*p.opts, *p.secondary_opts)}
        for word, inner in getattr(command, "commands", {}).items():
            walk(inner, f"{name} {word}")

    for name, entry in COMMANDS.items():
        walk(get_command(getattr(import_module(entry.place), entry.app)), name)
    return found


def _wrong(text: str) -> Iterator[str]:
    """Commands and options in a text that the command line does not know."""
    for match in SAID.finditer(text):
        name, rest = match[1], match[2]
        if name not in COMMANDS or f"{name}{rest}" in PROSE:
            if match[0].startswith("orderloom "):
                yield name
            continue
        words = rest.split()
        has_inner = any(known.startswith(f"{name} ") for known in _options())
        if has_inner and words and re.fullmatch(r"[a-z][a-z-]+", words[0]):
            name = f"{name} {words[0]}"
        if name not in _options():
            yield name
            continue
        yield from (f"{name} {o}" for o in re.findall(r"(?<![\w-])--[a-z-]+", rest) if o not in _options()[name])


@pytest.mark.parametrize("page", TEXTS, ids=lambda p: p.name)
def test_nobody_is_told_to_type_a_command_that_is_not_there(page: Path) -> None:
    assert list(_wrong(page.read_text("utf-8"))) == []


def test_a_command_that_is_not_there_would_be_noticed() -> None:
    assert list(_wrong("run `stock levles A` or orderloom sell")) == ["stock levles", "sell"]
    assert list(_wrong("`warehouse add HZ --system W` and `orders --json`")) == ["warehouse add --system"]


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_every_target_of_make_and_every_setting_that_a_page_names_is_there(page: Path) -> None:
    text = page.read_text("utf-8")
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"(?:`|^)make ([a-z][a-z-]+)", text, re.MULTILINE)) <= targets
    named = {n for n in re.findall(r"ORDERLOOM_[A-Z_]+", text) if not n.startswith("ORDERLOOM_TEST_")}
    assert named <= NAMES.keys()


def _is_there(name: str) -> bool:
    """Whether a dotted name leads to a module of the package, or to something in one."""
    module, parts = import_module("orderloom"), name.split(".")
    while parts and find_spec(f"{module.__name__}.{parts[0]}") is not None:
        module = import_module(f"{module.__name__}.{parts.pop(0)}")
        if not hasattr(module, "__path__"):
            break
    found: Any = module
    for part in parts:
        found = getattr(found, part, None)
    return found is not None


def test_what_the_code_says_of_its_other_parts_is_there() -> None:
    texts = {path: path.read_text("utf-8") for path in sorted((ROOT / "src" / "orderloom").rglob("*.py"))}
    said = {(path.name, name) for path, text in texts.items() for name in PART.findall(text)}
    assert len(said) > 20
    assert {one for one in said if not _is_there(one[1])} == set()


def test_every_problem_of_the_api_is_on_its_page_under_its_status() -> None:
    page = (ROOT / "docs" / "api.md").read_text("utf-8")
    table = page.split("| status | codes |")[1].split("\n\n")[0]
    written = {
        code: row.split("|")[1].split(",")[0].strip()
        for row in table.splitlines()[2:] for code in row.split("`")[1].split()
    }
    assert written.keys() - TITLES.keys() == BEFORE_A_REQUEST
    assert {code: written.get(code) for code in TITLES} == {code: str(known[0]) for code, known in TITLES.items()}


def _ways(address: str) -> list[str]:
    """An address with its braces opened: `{a,b}` is two, `{id}` anything."""
    choice = re.search(r"\{(\w[\w-]*(?:,[\w-]+)+)\}", address)
    if choice is None:
        return [re.sub(r"\{[^}]*\}", "x", address)]
    return [way for one in choice[1].split(",") for way in _ways(address.replace(choice[0], one, 1))]


def test_every_address_that_the_page_of_the_api_names_is_served() -> None:
    paths = {route.path for module in ROUTERS for route in module.router.routes}
    served = [re.sub(r"\{[^}]*\}", "[^/]+", path) for path in paths]
    page = (ROOT / "docs" / "api.md").read_text("utf-8")
    said = re.findall(r"`(?:[A-Z]+ )?((?:/(?:\{[^}]*\}|[\w.-])+)+)", page)
    named = [way for address in said for way in _ways(address)]
    assert len(named) > 30
    wrong = [way for way in named if not any(re.fullmatch(known, base + way) for known in served for base in BASES)]
    assert [way for way in wrong if not way.startswith(ELSEWHERE)] == []
