"""The page of the public clients names each that is locked, in its version, and the tests that are there."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "witnesses.md").read_text("utf-8")
FOLDER = ROOT / "tests" / "contract" / "witnesses"
ROW = re.compile(r"^\| [^|]+ \| `([^`]+)`(?: \(npm\))? \| ([^|]+) \| [^|]+ \| [^|]+ \| `([^`]+)` \|$", re.MULTILINE)


def locked(path: Path) -> dict[str, str]:
    """Version by name of what a list asks for, up to where it names what those stand on."""
    text = path.read_text("utf-8").partition("# what they stand on")[0]
    return dict(re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE))


def test_every_public_client_is_on_its_page_in_its_version() -> None:
    wanted = locked(FOLDER / "requirements.in") | locked(FOLDER / "sources.in")
    of_ours = locked(ROOT / "requirements-dev.in")
    wanted |= {name: of_ours[name] for name in ("python-amazon-sp-api", "shopifyapi")}
    for folder in ("topsdk", "oidc"):
        wanted |= json.loads((ROOT / "tests" / "contract" / folder / "package.json").read_text("utf-8"))["dependencies"]
    told = {name: version for name, version, _ in ROW.findall(PAGE)}
    assert told == wanted


def test_every_test_that_the_page_names_is_there_and_every_one_that_is_there_is_named() -> None:
    there = {path.name for pattern in ("test_*_witness.py", "test_*_witnesses.py")
             for path in (ROOT / "tests" / "contract").glob(pattern)}
    assert {test for _, _, test in ROW.findall(PAGE)} == there


@pytest.mark.parametrize("name", ["requirements", "sources"])
def test_the_lock_holds_what_the_list_asks_for(name: str) -> None:
    asked = dict(re.findall(r"^([\w.-]+)==(\S+)", (FOLDER / f"{name}.in").read_text("utf-8"), re.MULTILINE))
    lock = (FOLDER / f"{name}.lock").read_text("utf-8")
    assert dict(re.findall(r"^([\w.-]+)==(\S+) \\$", lock, re.MULTILINE)) == asked
    assert "://" not in lock, "no address of a registry"
