"""Each release says what it brought, in the change log and in its tag, under the version that the package tells."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from orderloom import __version__
from release import NotReleased, release, sections

ROOT = Path(__file__).resolve().parents[2]
NOTES = "- **Orders** are counted twice less often.\n- # of cases is shown."


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository of two versions, the newer one unreleased."""
    for name, value in (("NAME", "An author"), ("EMAIL", "author@example.com")):
        monkeypatch.setenv(f"GIT_AUTHOR_{name}", value)
        monkeypatch.setenv(f"GIT_COMMITTER_{name}", value)
    (tmp_path / "src" / "orderloom").mkdir(parents=True)
    (tmp_path / "src" / "orderloom" / "__init__.py").write_text('"""A package."""\n\n__version__ = "0.1.0"\n')
    (tmp_path / "CHANGELOG.md").write_text(
        f"# Changelog\n\n## 0.2.0 - unreleased\n\n{NOTES}\n\n## 0.1.0 - 2026-11-21\n\nThe first one.\n")
    for words in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--message", "Begin"]):
        git(tmp_path, *words)
    return tmp_path


def git(folder: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=True).stdout


def test_a_release_is_dated_committed_and_its_tag_says_what_it_brought(checkout: Path) -> None:
    release(checkout, "0.2.0", "2026-12-01")
    assert "## 0.2.0 - 2026-12-01\n" in (checkout / "CHANGELOG.md").read_text()
    assert '__version__ = "0.2.0"' in (checkout / "src/orderloom/__init__.py").read_text()
    assert git(checkout, "tag", "--list", "--format=%(contents)", "v0.2.0").strip() == f"0.2.0\n\n{NOTES}"
    assert git(checkout, "status", "--porcelain") == ""


@pytest.mark.parametrize("version", ["0.1.0", "0.3.0"])
def test_what_is_released_already_or_says_nothing_is_refused(checkout: Path, version: str) -> None:
    with pytest.raises(NotReleased, match=version):
        release(checkout, version, "2026-12-01")
    assert git(checkout, "tag") == ""


def test_nothing_is_released_beside_changes_that_nobody_committed(checkout: Path) -> None:
    (checkout / "CHANGELOG.md").write_text("# Changelog\n\n## 0.2.0 - unreleased\n\n- All.\n")
    with pytest.raises(NotReleased, match="committed"):
        release(checkout, "0.2.0", "2026-12-01")


def test_the_change_log_knows_the_version_that_the_package_tells() -> None:
    told = sections((ROOT / "CHANGELOG.md").read_text("utf-8"))
    dated = [version for version, (when, _) in told.items() if when != "unreleased"]
    assert dated[0] == __version__ and list(told).index(__version__) <= 1
    assert all(notes for _, notes in told.values())
