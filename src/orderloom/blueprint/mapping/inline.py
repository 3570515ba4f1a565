"""Writes one Python function for a block of a mapping: plain values are read in line, all others by the full readers.

A field that a platform fills in its usual way costs a few steps and no call. Whatever is unusual (another type, odd
blanks, a word that the dictionary lacks) goes to the field's full reader, which decides and reports as if it were
alone: the two never differ in what they give, only in what it costs. Words of a mapping enter the text of a function
only as Python literals.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from orderloom.blueprint.mapping.casts import CLOSED
from orderloom.blueprint.mapping.check import Notes
from orderloom.blueprint.mapping.conditions import JOINED, compile_condition
from orderloom.blueprint.mapping.paths import Key, Path, compile_path, parse_path
from orderloom.blueprint.mapping.scope import Getter, Scope
from orderloom.blueprint.mapping.times import is_never
from orderloom.domain.money import exponent, parse_short

WIDE = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")
"""Signs that a name is rid of: full-width digits and letters."""
INSTANTS_MAX = 4_096
UNSET = object()
"""Stands for a value that no rule has given yet."""
_nothing = dict[str, Any]().get
_instants: dict[Any, dict[str, Any]] = {}


@lru_cache(maxsize=16_384)
def minor(text: str, currency: str) -> int | None:
    """Minor units of a plain amount, None for one that needs a closer look."""
    digits = text[:-3] + text[-2:]
    if text[-3:-2] == "." and digits.isdigit() and digits.isascii() and exponent(currency) == 2:
        return int(digits)
    found = parse_short(text, currency, False)
    return found if found.__class__ is int else None


def instants_of(zone: Any, dates: str) -> dict[str, Any]:
    """What texts meant as times in a zone, day or month first, as far as they were read without a remark."""
    return _instants.setdefault((zone, dates), {})


def nobody() -> Scope:
    """A scope in which nothing is known yet of the message."""
    scope = Scope("", "UTC", None, "", {}, None)  # type: ignore[arg-type]
    scope.currency = "CNY"
    return scope


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
    """The text of one function, and the objects that it refers to by name.

    The function reads one `node`; one that `is_of_many` reads a list of them.
    """

    def __init__(self, *, is_of_many: bool = False) -> None:
        self.is_of_many = is_of_many
        self.base = 2 if is_of_many else 1
        self.lines: list[str] = []
        self.roots: dict[tuple[str, ...], str] = {}
        self.once: list[str] = []
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
        exec(compile(text, "<mapping>", "exec"), self.names)  # nothing but literals and our own names is in it
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


def condition(w: Writer, block: Any, full: Callable[[Any, Scope], bool]) -> str:
    """An expression that is true when the condition holds; comparisons with words and whole numbers are written out.

    A part that meets another type than it expects asks for the whole; a part of another kind is asked for itself.
    """
    if not isinstance(block, Mapping) or not block:
        return f"{w.keep(full)}(node, scope)"
    whole = f"{w.keep(full)}(node, scope)"
    texts = []
    for key, wanted in block.items():
        if key == "of" and "expr" in block:
            continue
        text = _joined(w, key, wanted) if key in JOINED else _compared(w, key, wanted, whole)
        texts.append(text or _alone(w, key, block))
    return f"({' and '.join(texts)})"


def _alone(w: Writer, key: str, block: Mapping[str, Any]) -> str:
    """A call for one part of a condition; not even that for a plain value that is not there, where that is enough."""
    part = {name: block[name] for name in (key, "of") if name in block and (name == key or key == "expr")}
    test = compile_condition(part, Notes(""), key)
    call = f"{w.keep(test)}(node, scope)"
    value = None if key == "expr" else w.value(parse_path(key))
    if value is None or test({}, nobody()):
        return call
    return f"((v := {value}) is not None and v != '' and {call})"


def _joined(w: Writer, key: str, wanted: Any) -> str | None:
    """Conditions of a list, each with a whole of its own."""
    if not isinstance(wanted, list) or not wanted:
        return None
    texts = [condition(w, one, compile_condition(one, Notes(""), key)) for one in wanted]
    if key == "all":
        return f"({' and '.join(texts)})"
    return f"({'not ' if key == 'none' else ''}({' or '.join(texts)}))"


def _compared(w: Writer, key: str, wanted: Any, whole: str) -> str | None:
    if key == "expr":
        return None
    value = w.value(parse_path(key))
    if value is None:
        return _is_there(w, key, wanted)
    if not isinstance(wanted, Mapping):
        return _is_word(w, value, wanted, whole)
    if set(wanted) == {"present"} and isinstance(wanted["present"], bool):
        test = f"((v := {value}) is not None and v != '')"
        return test if wanted["present"] else f"(not {test})"
    if set(wanted) == {"dated"} and isinstance(wanted["dated"], bool):
        return f"(never({value}) is not {wanted['dated']})"
    if len(wanted) == 1 and type(limit := wanted.get("over", wanted.get("under"))) is int:
        sign = ">" if "over" in wanted else "<"
        return f"(v {sign} {limit} if (v := {value}).__class__ is int else v is not None and {whole})"
    return _is_not_word(w, value, wanted["not"], whole) if set(wanted) == {"not"} else None


def _is_there(w: Writer, key: str, wanted: Any) -> str | None:
    if not isinstance(wanted, Mapping) or set(wanted) != {"present"} or not isinstance(wanted["present"], bool):
        return None
    found = f"{w.keep(compile_path(parse_path(key)))}(node, scope)"
    return f"({found} is {'not ' if wanted['present'] else ''}None)"


def _is_word(w: Writer, value: str, wanted: Any, whole: str) -> str | None:
    if isinstance(wanted, bool):
        return f"((v := {value}) is {wanted} or (v is not None and v is not {not wanted} and {whole}))"
    words = _words(wanted)
    if words is None:
        return None
    return f"(v in {w.keep(words)} if (v := {value}).__class__ is str else v is not None and {whole})"


def _is_not_word(w: Writer, value: str, wanted: Any, whole: str) -> str | None:
    if isinstance(wanted, bool):
        return f"((v := {value}) is not {wanted} and (v is None or v is {not wanted} or {whole}))"
    words = _words(wanted)
    if words is None:
        return None
    return f"(v not in {w.keep(words)} if (v := {value}).__class__ is str else v is None or {whole})"


def _words(wanted: Any) -> frozenset[str] | None:
    """The words of a comparison when all are plain texts."""
    words: Sequence[Any] = wanted if isinstance(wanted, list) else [wanted]
    return frozenset(words) if all(word.__class__ is str and word for word in words) else None
