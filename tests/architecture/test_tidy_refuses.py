"""Every tidy rule catches what it is for, lets the honest neighbour pass, and its counts can only fall."""

from __future__ import annotations

from pathlib import Path

import pytest

import tidy
from tidy_text import Finding

ROOT = Path(__file__).resolve().parents[2]


HEAD = '"""A module."""\n'
BODY = "".join(f"    a{i} = {i}\n" for i in range(60))
CASES = [
    ("refused-name", "src/orderloom/adapters/utils.py", HEAD, "src/orderloom/adapters/land.py", HEAD),
    ("long-file", "src/orderloom/domain/a.py", HEAD + "A = 1\n" * 300,
     "src/orderloom/adapters/a.py", HEAD + "\n" * 399),
    ("long-file", "web/src/a.tsx", "\n" * 301, "web/src/a.tsx", "\n" * 300),
    ("long-file", "docs/decisions/1.md", "x\n" * 81, "docs/a.md", "x\n" * 300),
    ("long-function", "tests/test_a.py", f"{HEAD}def f():\n{BODY}",
     "tests/test_a.py", HEAD + "def f():\n" + BODY[:700]),
    ("module-docstring", "benchmarks/a.py", "A = 1\n", "benchmarks/a.py", HEAD),
    ("public-docstring", "tools/a.py", HEAD + "def f(): ...\n", "tools/a.py", HEAD + "def _f(): ...\n"),
    ("hidden-import", "tests/a.py", HEAD + "def f():\n    import os\n", "tests/a.py", HEAD + "import os\n"),
    ("unfinished", "docs/a.md", "TO" "DO later\n", "docs/a.md", "to do later\n"),
    ("position-reader", "src/a.sql", "where id > %(after)s", "src/a.sql", "where id = %(after)s and n > 0"),
    ("registry-host", "Makefile", "https://pypi" ".org/simple", "Makefile", "pip install"),
    ("text-beside-words", "web/src/console/a/page.tsx", "<b>订单</b>", "web/src/words/a.ts", "订单"),
    ("waits-for-lists", "web/src/a/queries.ts", "onSuccess: () => client.invalidateQueries({})", "web/src/a/queries.ts",
     "onSuccess: () => void client.invalidateQueries({})"),
    ("colour-beside-tokens", "web/src/a/a.css", "color: #0f766e;", "web/src/a/a.css", "color: var(--brand);"),
    ("machine-path", "docs/a.md", "see /work" "/main/x", "docs/a.md", "see tests/work/main"),
    ("swallowed", "src/a.py", HEAD + "try:\n    a\nexcept Exception:\n    pass\n",
     "src/a.py", HEAD + "try:\n    a\nexcept KeyError:\n    pass\n"),
    ("import-path", "tests/test_a.py", HEAD + 'sys.path.insert(0, "tools")\n',
     "tests/test_a.py", HEAD + "sys.platform\n"),
    ("half-width", "src/a.py", HEAD + 'A = f"没有{a},请重试"\n', "src/a.py", HEAD + 'A = f"没有 {a}，请重试"\n'),
    ("half-width", "src/a.yaml", "a: {zh: 停用(暂时), en: Off}\n", "src/a.yaml", "a: {zh: 停用（暂时）, en: Off}\n"),
    ("half-width", "src/page/words.js", 'a: "已断开:重连"', "src/page/words.js", 'a: "已断开：重连"'),
    ("impure-domain", "src/orderloom/domain/a.py", HEAD + "A = 0.5\n", "src/orderloom/domain/a.py", HEAD + "A = 5\n"),
    ("impure-domain", "src/orderloom/domain/a.py", HEAD + "A = datetime.now()\n",
     "src/orderloom/adapters/a.py", HEAD + "A = datetime.now()\n"),
]


def _rules(root: Path, name: str, text: str) -> set[str]:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return {finding.rule for finding in tidy.findings(root, [Path(name)])}


@pytest.mark.parametrize(("rule", "bad_name", "bad", "good_name", "good"), CASES, ids=lambda value: str(value)[:24])
def test_each_house_rule_is_really_enforced(
    tmp_path: Path, rule: str, bad_name: str, bad: str, good_name: str, good: str
) -> None:
    assert rule in _rules(tmp_path, bad_name, bad)
    assert rule not in _rules(tmp_path, good_name, good)


def test_a_count_may_fall_and_never_rises() -> None:
    found = [Finding("long-file", Path("a.py"), 1, "")] * 2
    assert tidy.judge(found, {}) == (found, {})
    assert tidy.judge(found, {"long-file": 1}) == (found, {})
    assert tidy.judge(found, {"long-file": 2}) == ([], {})
    assert tidy.judge(found, {"long-file": 3}) == ([], {"long-file": 2})
