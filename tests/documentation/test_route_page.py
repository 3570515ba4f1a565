"""The written route is the one that runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from route_page import PAGE, main, page


def test_the_route_page_is_what_the_code_says_today() -> None:
    assert PAGE.read_text("utf-8") == page(), "run: python tools/route_page.py"


def test_the_check_notices_a_page_that_says_otherwise(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = tmp_path / "route.md"
    monkeypatch.setattr("route_page.PAGE", other)
    assert main(["--check"]) == 1
    other.write_text(page().replace("**reserve**", "**sell**"), "utf-8")
    assert main(["--check"]) == 1
    assert main([]) == 0 == main(["--check"])
