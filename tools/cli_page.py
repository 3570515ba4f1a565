"""Writes the answers of the command line into docs/cli-answers.md, and the shapes in them into docs/cli-shapes.md.

Usage: cli_page.py [--check]."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import inspect

from orderloom.entrypoints.cli.answers import ANSWERS, SILENT
from orderloom.entrypoints.cli.screen import Failed

DOCS = Path(__file__).resolve().parent.parent / "docs"
BEGIN, END = "<!-- answers: python tools/cli_page.py -->", "<!-- end of answers -->"
WORDS: dict[Any, str] = {
    inspect.StrType: "text", inspect.IntType: "int", inspect.BoolType: "bool", inspect.FloatType: "number",
    inspect.DateTimeType: "instant", inspect.DateType: "day", inspect.AnyType: "any", inspect.BytesType: "text",
    inspect.NoneType: "null",
}
HEAD = """
## Answers

What `--json` prints, command by command. `{a: int, b?: text}` is an object in which `b` may be missing; `X?` may be
null, `[X]` is a list, `{text: X}` an object by free names, `any` anything; an `instant` is RFC 3339,
a `day` its date. A command that
could not do what was asked prints `Failed`. Fields may be added; none goes without a line in the changelog. The named
shapes are on [their own page](cli-shapes.md).

| command | answer |
|---|---|
"""

SHAPES = "How they are written is on the page of the [answers](cli-answers.md).\n"


class Shapes:
    """Collects the shapes that the answers need, each under a name of its own."""

    def __init__(self) -> None:
        self.names: dict[type, str] = {}
        self.lines: dict[str, str] = {}

    def text(self, kind: Any) -> str:
        """A type in the page's notation."""
        return self._of(inspect.type_info(kind))

    def _of(self, info: Any) -> str:
        if isinstance(info, inspect.UnionType):
            parts = [self._of(one) for one in info.types if not isinstance(one, inspect.NoneType)]
            return (parts[0] if len(parts) == 1 else "any") + ("?" if info.includes_none else "")
        if isinstance(info, inspect.ListType | inspect.VarTupleType | inspect.SetType):
            return f"[{self._of(info.item_type)}]"
        if isinstance(info, inspect.TupleType):
            kinds = sorted({self._of(one) for one in info.item_types})
            return f"[{kinds[0] if len(kinds) == 1 else 'any'}]"
        if isinstance(info, inspect.DictType):
            return f"{{text: {self._of(info.value_type)}}}"
        if isinstance(info, inspect.StructType | inspect.DataclassType):
            return self._shape(info)
        if isinstance(info, inspect.LiteralType | inspect.EnumType):
            return "text"
        return WORDS[type(info)]

    def _shape(self, info: Any) -> str:
        name = self.names.get(info.cls)
        if name is None:
            name = info.cls.__name__
            if name in self.lines:
                name = info.cls.__module__.rsplit(".", 1)[1].capitalize() + name
            self.names[info.cls] = name
            self.lines[name] = ""
            config = getattr(info.cls, "__struct_config__", None)
            omits = bool(config and config.omit_defaults)
            fields = [f"{field.encode_name}{'?' if omits and not field.required else ''}: {self._of(field.type)}"
                      for field in info.fields]
            self.lines[name] = f"{{{', '.join(fields)}}}"
        return name


def answers(shapes: Shapes) -> Iterator[str]:
    """The lines of the page's part."""
    named: dict[str, list[str]] = {}
    for command, kind in ANSWERS.items():
        named.setdefault(shapes.text(kind), []).append(f"`{command}`")
    rows = [f"| {', '.join(commands)} | `{answer}` |\n" for answer, commands in named.items()]
    shapes.text(Failed)
    yield HEAD
    yield from rows
    yield from (f"| `{command}` | {why} |\n" for command, why in SILENT.items())


def pages() -> dict[Path, str]:
    """The pages as they are to be."""
    shapes = Shapes()
    told = "".join(answers(shapes))
    lines = "".join([f"- `{name}` `{text}`\n" for name, text in sorted(shapes.lines.items())])
    return {DOCS / "cli-answers.md": f"# The answers of the command line\n{BEGIN}\n{told}{END}\n",
            DOCS / "cli-shapes.md": f"# The shapes in the command line's answers\n{BEGIN}\n\n{SHAPES}\n{lines}{END}\n"}


def main(arguments: list[str]) -> int:
    """Write the pages; with --check, 1 when one says something else."""
    if "--check" in arguments:
        return int(any(file.read_text("utf-8") != text for file, text in pages().items()))
    for file, text in pages().items():
        file.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
