"""Paths into a payload, parsed once: the steps that a text names."""

from __future__ import annotations

import re
from typing import NamedTuple

from orderloom.blueprint.mapping.check import Wrong

_PIECE = re.compile(r"((?:\\.|[^\\.\[\]!])*)((?:\[(?:\\.|[^\]\\])*\]|!json)*)")
_BRACKET = re.compile(r"\[((?:\\.|[^\]\\])*)\]|(!json)")
_ESCAPE = re.compile(r"\\(.)")
_STEPS_MAX = 30
_SETTING = "setting."


class Key(NamedTuple):
    """A named child."""

    name: str


class Index(NamedTuple):
    """An element by position; negative from the end."""

    at: int


class Every(NamedTuple):
    """All elements of a list."""


class Pick(NamedTuple):
    """The first element whose child `name` reads `value`."""

    name: str
    value: str


class Where(NamedTuple):
    """All elements whose child `name` reads `value`."""

    name: str
    value: str


class Called(NamedTuple):
    """The first element whose child `name` reads as an account's setting says: one word, or several in the order in
    which they are looked for, with commas between."""

    name: str
    setting: str


class HoldsJson(NamedTuple):
    """The text at this place holds JSON."""


Step = Key | Index | Every | Pick | Where | Called | HoldsJson


class Path(NamedTuple):
    """A parsed path. `origin`: "" the node, "^" the order, "$" the body, "@" the context beside the body."""

    origin: str
    steps: tuple[Step, ...]


def parse_path(text: str) -> Path:
    """The steps of a path text; raises `Wrong` with the reason."""
    if not isinstance(text, str) or not text:
        raise Wrong(f"a path is expected, not {text!r}")
    origin, rest = ("", text) if text[0] not in "^$@" else (text[0], text[1:])
    if origin == "@":
        return _beside(rest)
    if rest in ("", "."):
        return Path(origin, ())
    if origin and rest[0] in ".":
        rest = rest[1:]
    elif origin and rest[0] not in "[!":
        return Path("", _steps(text))
    return Path(origin, _steps(rest))


def _beside(rest: str) -> Path:
    first, _, name = rest.partition(".")
    if first == "header" and name:
        return Path("@", (Key("header"), Key(name.lower())))
    if first == "setting" and name:
        return Path("@", (Key("setting"), Key(name)))
    if rest in ("account.code", "account.zone", "topic", "received_at"):
        return Path("@", (Key(rest),))
    if re.fullmatch(r"[A-Za-z_][\w.:-]*", rest):
        return Path("", _steps("@" + rest))
    raise Wrong(f"@{rest} is not known: @header.x, @setting.x, @account.code, @account.zone, @topic, @received_at")


def _steps(text: str) -> tuple[Step, ...]:
    steps: list[Step] = []
    at = 0
    while at <= len(text):
        piece = _PIECE.match(text, at)
        if piece is None or (piece.end() < len(text) and text[piece.end()] != "."):
            raise Wrong(f"the path {text!r} cannot be read from its character {at + 1}")
        name, brackets = piece.groups()
        if not name and not (brackets and not steps):
            raise Wrong(f"the path {text!r} has an empty step")
        if name:
            steps.append(Key(_ESCAPE.sub(r"\1", name)))
        steps += [_bracket(found) for found in _BRACKET.finditer(brackets)]
        at = piece.end() + 1
    if len(steps) > _STEPS_MAX:
        raise Wrong(f"the path {text!r} has more than {_STEPS_MAX} steps")
    return tuple(steps)


def _bracket(found: re.Match[str]) -> Step:
    if found.group(2):
        return HoldsJson()
    inside = found.group(1)
    if not inside:
        return Every()
    if re.fullmatch(r"-?\d{1,6}", inside):
        return Index(int(inside))
    name, equals, value = inside.partition("=")
    if not equals or not name:
        raise Wrong(f"[{inside}] is neither empty, a position, name=value, nor *name=value")
    if value.startswith("@" + _SETTING):
        return Called(name, value[len(_SETTING) + 1:])
    value = _ESCAPE.sub(r"\1", value)
    return Where(name[1:], value) if name[0] == "*" and len(name) > 1 else Pick(name, value)


def settings_of(path: Path) -> tuple[str, ...]:
    """The account's settings that say what something in the path is called."""
    return tuple(dict.fromkeys(step.setting for step in path.steps if isinstance(step, Called)))
