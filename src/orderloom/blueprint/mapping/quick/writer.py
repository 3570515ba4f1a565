"""Writes one Python function for a block of a mapping: plain values are read in line, all others by the full readers.

A field that a platform fills in its usual way costs a few steps and no call. Whatever is unusual (another type, odd
blanks, a word that the dictionary lacks) goes to the field's full reader, which decides and reports as if it were
alone: the two never differ in what they give, only in what it costs. Words of a mapping enter the text of a function
only as Python literals.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from orderloom.blueprint.mapping.casts import CLOSED
from orderloom.blueprint.mapping.paths import Key, Path, parse_path
from orderloom.blueprint.mapping.scope import Getter, Scope
from orderloom.blueprint.mapping.times import is_never
from orderloom.blueprint.mapping.written import Code
from orderloom.domain.money import exponent, parse_short

WIDE = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")
"""Signs that a name is rid of: full-width digits and letters."""
INSTANTS_MAX = 4_096
KNOWN_INSTANTS = "instants = instants_of(ZONE or scope.zone, scope.dates)"
UNSET = object()
"""Stands for a value that no rule has given yet."""
ZONES_MAX = 256
_nothing = dict[str, Any]().get


@lru_cache(maxsize=16_384)
def minor(text: str, currency: str) -> int | None:
    """Minor units of a plain amount, None for one that needs a closer look."""
    digits = text[:-3] + text[-2:]
    if text[-3:-2] == "." and digits.isdigit() and digits.isascii() and exponent(currency) == 2:
        return int(digits)
    found = parse_short(text, currency, False)
    return found if found.__class__ is int else None


@lru_cache(maxsize=ZONES_MAX)
def instants_of(zone: Any, dates: str) -> dict[str, Any]:
    """What texts meant as times in a zone, day or month first, as far as they were read without a remark."""
    return {}


def recall(value: Any, known: dict[str, Any], full: Getter, node: Any, scope: Scope) -> Any:
    """Read a time by the full reader, and remember it when there was nothing to remark."""
    flags, scope.flags = scope.flags, []  # a flag that is up already would hide that this reading raises it, too
    problems = len(scope.problems)
    found = full(node, scope)
    is_plain = not scope.flags and problems == len(scope.problems)
    scope.flags, raised = flags, scope.flags
    for name in raised:
        scope.flag(name)
    if found is not None and is_plain and value.__class__ is str:
        if len(known) >= INSTANTS_MAX:
            known.clear()
        known[value] = found
    return found


class Writer:
    """The text of one function, and the objects that it refers to by name; what was written is put into `written`.

    The function reads one `node`; one that `is_of_many` reads a list of them.
    """

    def __init__(self, place: str, written: list[Code], *, is_of_many: bool = False) -> None:
        self.place, self.written = place, written
        self.is_of_many = is_of_many
        self.base = 2 if is_of_many else 1
        self.lines: list[str] = []
        self.roots: dict[tuple[str, ...], str] = {}
        self.once: list[str] = ["currency = scope.currency"]
        self.head: list[str] = []
        self.names: dict[str, Any] = {
            "UNSET": UNSET, "minor": minor, "normalise": unicodedata.normalize, "recall": recall,
            "instants_of": instants_of, "WIDE": WIDE, "nothing": _nothing,
            "never": is_never,
        }

    def keep(self, thing: Any) -> str:
        """A name for an object."""
        name = f"k{len(self.names)}"
        self.names[name] = thing
        return name

    def put(self, depth: int, *lines: str) -> None:
        """Add lines at a depth of nesting."""
        self.lines += ["    " * (self.base + depth) + line for line in lines]

    def value(self, path: Path) -> str | None:
        """An expression for the raw value of a path of keys (may be an empty text), or None for other paths."""
        if path.origin not in ("", "^") or not path.steps or not all(isinstance(step, Key) for step in path.steps):
            return None
        keys = tuple(step.name for step in path.steps if isinstance(step, Key))
        return f"{self._root((path.origin, *keys[:-1]))}({keys[-1]!r})"

    def _root(self, place: tuple[str, ...]) -> str:
        """The name of the `get` of the node at a place, an empty one's when there is no such node."""
        found = self.roots.get(place)
        if found is None:
            if len(place) == 1:
                node = "node" if place[0] == "" else "scope.order"
            else:
                node = f"{self._root(place[:-1])}({place[-1]!r})"
            found = self.roots[place] = f"g{len(self.roots)}"
            lines = self.once if self.is_of_many and place[0] == "^" else self.head
            lines += [f"n = {node}", f"{found} = n.get if n.__class__ is dict else nothing"]
        return found

    def function(self, result: str) -> Callable[[Any, Scope], Any]:
        """The function that runs all lines and returns the expression, or a tuple of it by node."""
        once, head = ["    " + line for line in self.once], ["    " * self.base + line for line in self.head]
        text = "\n".join([
            "def read(nodes, scope):", *once, "    found = []", "    for scope.index, node in enumerate(nodes):",
            *head, *self.lines, f"        found.append({result})", "    return tuple(found)",
        ] if self.is_of_many else ["def read(node, scope):", *once, *head, *self.lines, f"    return {result}"])
        self.written.append(Code(self.place, text, dict(self.names)))
        exec(compile(text, f"<mapping {self.place}>", "exec"), self.names)  # only literals and our own names are in it
        made: Callable[[Any, Scope], Any] = self.names["read"]
        return made


def write_raw(w: Writer, depth: int, paths: Any) -> bool:
    """Lines that put the first path that is there into `v` (an empty text or None: nothing is there)."""
    values = [w.value(parse_path(one)) for one in (paths if isinstance(paths, list) else [paths])]
    if not values or None in values:
        return False
    w.put(depth, f"v = {values[0]}")
    for one in values[1:]:
        w.put(depth, "if v is None or v == '':", f"    v = {one}")
    return True


TIDY = "v.isprintable() and (' ' not in v or (v[0] != ' ' and v[-1] != ' ' and '  ' not in v))"
"""What `clean_text` gives back unchanged, composition aside."""


def write_cast(w: Writer, depth: int, kind: str, target: str, full: str) -> bool:
    """Lines that make of `v` what a kind needs, in `target`; an absent value leaves it as it was."""
    otherwise = ["elif v is not None and v != '':", f"    {target} = {full}(node, scope)"]
    plain = f"{target} = v if v.isascii() else normalise('NFC', v)"
    if kind == "text":
        w.put(depth, f"if v.__class__ is str and v and {TIDY}:", f"    {plain}",
              "elif v.__class__ is int:", f"    {target} = str(v)", *otherwise)
    elif kind == "name":
        w.put(depth, f"if v.__class__ is str and v and {TIDY} and (v.isascii() or WIDE.search(v) is None):",
              f"    {plain}", *otherwise)
    elif kind == "money":
        w.put(depth, "if v.__class__ is str and 0 < len(v) < 16 and (m := minor(v, currency)) is not None:",
              f"    {target} = m", *otherwise)
    elif kind == "integer":
        w.put(depth, "if v.__class__ is int and -9223372036854775808 < v < 9223372036854775808:", f"    {target} = v",
              "elif v.__class__ is str and 0 < len(v) < 16 and v.isascii() and v.isdigit():", f"    {target} = int(v)",
              *otherwise)
    elif kind in CLOSED:
        words = w.keep(frozenset(CLOSED[kind]))
        w.put(depth, f"if v.__class__ is str and v in {words}:", f"    {target} = v", *otherwise)
    elif kind == "flag":
        w.put(depth, "if v is True or v is False:", f"    {target} = v", *otherwise)
    elif kind == "time":
        w.once += [] if KNOWN_INSTANTS in w.once else [KNOWN_INSTANTS]
        w.put(depth, "if v.__class__ is str and (m := instants.get(v)) is not None:", f"    {target} = m",
              "elif v is not None and v != '':", f"    {target} = recall(v, instants, {full}, node, scope)")
    else:
        return False
    return True


def write_table(w: Writer, depth: int, table: Mapping[str, Any], target: str, full: str) -> None:
    """Lines that look a word up; `table` has the finished values, `UNSET` for words that say nothing."""
    name = w.keep(dict(table))
    w.put(depth, f"if v.__class__ is str and v and (m := {name}.get(v)) is not None:", f"    {target} = m",
          "elif v is not None and v != '':", f"    {target} = {full}(node, scope)")
