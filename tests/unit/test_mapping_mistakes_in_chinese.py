"""Whoever edits a mapping on screen reads in Chinese what is wrong with it, whatever is."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from orderloom.blueprint.mapping.mistake_words import chinese

MAPPING = Path(__file__).resolve().parents[2] / "src/orderloom/blueprint/mapping"


def reasons() -> list[str]:
    """Every reason that the code gives, with something in the place of what it quotes."""
    found = []
    for file in sorted(MAPPING.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and _name(node) in ("wrong", "Wrong") and node.args:
                found.append(_text(node.args[-1]))
    return sorted({one for one in found if len(one) > 3 and one != "x1"})


def _name(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        parts = []
        for one in node.values:
            is_near = isinstance(one, ast.FormattedValue) and isinstance(one.value, ast.Call) \
                and getattr(one.value.func, "id", "") == "near"
            parts.append(str(one.value) if isinstance(one, ast.Constant) else "; did you mean total?" if is_near
                         else "1")
        return "".join(parts)
    return ""


@pytest.mark.parametrize("reason", reasons())
def test_every_reason_is_said_in_chinese(reason: str) -> None:
    assert any("\u4e00" <= sign <= "\u9fff" for sign in chinese(reason)), reason


def test_what_is_quoted_and_the_near_word_stand_in_the_sentence() -> None:
    assert chinese("'totl' is not known; did you mean total?") == "不认识 'totl'，是不是 total？"
    assert chinese("the function mach is not known; did you mean match?") == "没有函数 mach，是不是 match？"
    assert chinese("is not known; known: a, b") == "不认识这一项，可用：a, b"
