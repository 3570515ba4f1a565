"""Refuses what CONTRIBUTING.md rules out, as a ratchet: a count may fall and never rises.

Usage: tidy.py [--tighten]. Looks at every file that git tracks or would track, `generated/` folders aside. The counts
that are still allowed stand in tidy-ratchet.json; a rule that is not named there allows none. `--tighten` writes lower
counts down; nothing writes higher ones.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from tidy_python import python_findings
from tidy_text import Finding, text_findings

ROOT = Path(__file__).resolve().parent.parent
RATCHET = Path(__file__).with_name("tidy-ratchet.json")
SKIPPED = ("generated/", "node_modules/", "vendor/")


def files(root: Path) -> list[Path]:
    """Paths relative to `root` that git knows or would add."""
    command = ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\0")
    return sorted({
        Path(name) for name in names if name and not any(part in name for part in SKIPPED) and (root / name).is_file()
    })


def findings(root: Path, paths: Iterable[Path]) -> Iterator[Finding]:
    """Everything that a rule objects to in these files."""
    for path in paths:
        raw = (root / path).read_bytes()
        if b"\0" in raw:
            continue  # an image, a spreadsheet, a sample in UTF-16: nothing to read
        text = raw.decode("utf-8", "replace")
        yield from text_findings(path, text)
        if path.suffix == ".py":
            yield from python_findings(path, text)


def judge(found: list[Finding], allowed: dict[str, int]) -> tuple[list[Finding], dict[str, int]]:
    """Findings of the rules that are over what is allowed, and the counts that could be lower now."""
    counts: dict[str, int] = {}
    for finding in found:
        counts[finding.rule] = counts.get(finding.rule, 0) + 1
    over = [finding for finding in found if counts[finding.rule] > allowed.get(finding.rule, 0)]
    slack = {rule: counts.get(rule, 0) for rule, count in allowed.items() if counts.get(rule, 0) < count}
    return over, slack


def main(arguments: list[str]) -> int:
    """Print what is refused; 1 when something is, or when a count fell and the ratchet was not tightened."""
    paths = files(ROOT)
    allowed: dict[str, int] = json.loads(RATCHET.read_text("utf-8"))
    over, slack = judge(list(findings(ROOT, paths)), allowed)
    for finding in over:
        print(f"{finding.path}:{finding.line}: {finding.rule}: {finding.text}")
    if slack and "--tighten" in arguments:
        kept = {rule: count for rule, count in {**allowed, **slack}.items() if count}
        RATCHET.write_text(json.dumps(kept, indent=2, sort_keys=True) + "\n", "utf-8")
        print(f"tightened: {', '.join(sorted(slack))}")
        slack = {}
    for rule, count in slack.items():
        print(f"{rule}: only {count} left, {allowed[rule]} allowed: run tools/tidy.py --tighten")
    print(f"tidy: {len(paths)} files, {len(over)} refused")
    return 1 if over or slack else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
