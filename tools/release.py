"""Release what CHANGELOG.md calls unreleased: `python tools/release.py VERSION` dates it, commits and tags it.

The section of the version becomes the message of the tag `vVERSION`, so that `git tag -n99` tells what each brought.
Nothing is pushed; `make wheel` builds the package of what is checked out.
"""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HEADING = re.compile(r"^## (?P<version>\d+\.\d+\.\d+) - (?P<when>unreleased|\d{4}-\d\d-\d\d)$", re.MULTILINE)
VERSION = re.compile(r'^__version__ = "(?P<version>[^"]+)"$', re.MULTILINE)


class NotReleased(Exception):
    """Why there is nothing that could be released."""


def sections(changelog: str) -> dict[str, tuple[str, str]]:
    """When each version was released (or "unreleased") and what its section says, newest first."""
    found = list(HEADING.finditer(changelog))
    ends = [m.start() for m in found[1:]] + [len(changelog)]
    return {m["version"]: (m["when"], changelog[m.end():end].strip()) for m, end in zip(found, ends, strict=True)}


def release(root: Path, version: str, today: str) -> None:
    """Date the version's section, write the version into the package, commit, tag. Raises NotReleased."""
    if _git(root, "status", "--porcelain"):
        raise NotReleased("there are changes that are not committed; commit them first")
    changelog, package = root / "CHANGELOG.md", root / "src" / "orderloom" / "__init__.py"
    text = changelog.read_text("utf-8")
    when, notes = sections(text).get(version, ("", ""))
    if when != "unreleased" or not notes:
        raise NotReleased(f'CHANGELOG.md has no "## {version} - unreleased" that says something')
    changelog.write_text(text.replace(f"## {version} - unreleased", f"## {version} - {today}", 1), "utf-8")
    package.write_text(VERSION.sub(f'__version__ = "{version}"', package.read_text("utf-8")), "utf-8")
    _git(root, "commit", "--quiet", "--all", "--message", f"Release {version}")
    _git(root, "tag", "--annotate", "--cleanup=verbatim", f"v{version}", "--message", f"{version}\n\n{notes}\n")


def _git(root: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotReleased(f"git {words[0]}: {done.stderr.strip()}")
    return done.stdout.strip()


def main(arguments: list[str]) -> int:
    """Release the version that was named; returns the exit code."""
    if len(arguments) != 1:
        print(__doc__)
        return 2
    try:
        release(ROOT, arguments[0], datetime.now(UTC).date().isoformat())
    except NotReleased as reason:
        print(f"not released: {reason}", file=sys.stderr)
        return 1
    print(f"v{arguments[0]} is tagged; push it with git push --follow-tags")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
