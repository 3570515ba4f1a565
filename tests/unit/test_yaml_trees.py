"""Every YAML text of a person is read or refused in a moment, however deep, big or odd; no text ends the process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from orderloom.blueprint.mapping.source import Unparsed, parse
from orderloom.blueprint.plain import BadFile, read
from orderloom.blueprint.tree import compose

ROOT = Path(__file__).resolve().parents[2]
READERS: dict[str, tuple[Callable[[str], Any], type[ValueError]]] = {
    "mapping": (parse, Unparsed), "plain": (read, BadFile),
}
LAUGHS = "a0: &a0 x\n" + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 9))
ENDLESS = {
    "brackets that stay open": "[" * 900_000,
    "brackets that close": "[" * 450_000 + "]" * 450_000,
    "dashes": "- " * 450_000 + "a",
    "braces": "{a: " * 200_000,
    "keys": "? " * 450_000,
    "lines one deeper each": "".join(f"{' ' * i}a:\n" for i in range(1_300)),
    "one too deep": "[" * 101 + "]" * 101,
    "aliases of aliases": LAUGHS,
    "an alias of itself": "a: &a [*a]\n",
    "an alias of nothing": "a: *b\n",
    "aliases of aliases in a name": f"? {{{', '.join(LAUGHS.splitlines())}}}\n: b\n",
    "more than a file has": "a:\n" + "- b\n" * 240_000,
    "a list as a name": "a: 1\n? [b]\n: c\n",
    "two documents": "a: 1\n---\nb: 2\n",
}
LINES = {"lines one deeper each": 101, "a list as a name": 2, "two documents": 2, "more than a file has": 199_999}
"""Where it is not the first."""


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("kind", ENDLESS)
def test_a_text_without_end_or_sense_is_refused_with_its_line(reader: str, kind: str) -> None:
    function, error = READERS[reader]
    with pytest.raises(error) as caught:
        function(ENDLESS[kind])
    assert caught.value.line == LINES.get(kind, 1)  # type: ignore[attr-defined]


@pytest.mark.parametrize("reader", READERS)
def test_a_sign_that_no_text_holds_is_refused(reader: str) -> None:
    function, error = READERS[reader]
    with pytest.raises(error):
        function("a: \x07\n")


@pytest.mark.parametrize("text", ["<<: 5\n", "<<: [x]\n", "a: 1\n<<: ~\n"])
def test_a_block_that_takes_from_what_is_no_block_is_refused(text: str) -> None:
    with pytest.raises(Unparsed, match="<<"):
        parse(text)


def test_only_what_stands_bare_means_more_than_its_letters() -> None:
    assert parse("[12, '12', \"true\", true, no, ~, 2026-01-01, 'null', 1.5, 1:30, null]") == [
        12, "12", "true", True, "no", None, "2026-01-01", "null", "1.5", "1:30", None]  # fmt: skip
    assert parse("a: |\n  12\nb: >-\n  true\nc: !!int '5'\n") == {"a": "12\n", "b": "true", "c": "5"}


def _walked(node: yaml.Node | None) -> Iterator[object]:
    """What our readers look at: kinds, values, whether a value stands bare, and lines."""
    if node is None:
        return
    yield type(node), node.start_mark.line
    if isinstance(node, yaml.ScalarNode):
        yield node.value, node.style or None
        return
    for child in node.value:
        for one in child if isinstance(child, tuple) else (child,):
            yield from _walked(one)


def test_the_tree_of_every_mapping_is_the_one_that_the_library_makes_in_python() -> None:
    adapters = ROOT / "src" / "orderloom" / "adapters"
    files = sorted(file for name in ("mapping.yaml", "statuses.yaml") for file in adapters.rglob(name))
    assert len(files) > 60
    for file in files:
        text = file.read_text("utf-8")
        assert list(_walked(compose(text))) == list(_walked(yaml.compose(text, Loader=yaml.SafeLoader))), file.name
