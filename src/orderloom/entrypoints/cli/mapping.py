"""The mappings that connectors are read with: `mapping show`."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
import typer

from orderloom.blueprint.mapping import CompiledMapping
from orderloom.bootstrap import find_mappings
from orderloom.entrypoints.cli.frame import group, unknown
from orderloom.entrypoints.cli.screen import screen
from orderloom.settings import read_settings

app = group("映射：读取哪些主题，写出的代码", "mappings: the topics they read, the code that is written for them")


class DocumentShown(msgspec.Struct, frozen=True):
    """A document: the topics that it reads (globs), how their bodies are parsed, and what they become."""

    topics: tuple[str, ...]
    format: str
    produces: str


class CodeShown(msgspec.Struct, frozen=True):
    """A function that is written for a block: what it reads, its text, and the values behind its names.

    A name `k…` that is not among them reads its field (or asks its condition) in full.
    """

    place: str
    text: str
    names: dict[str, str]


class MappingShown(msgspec.Struct, frozen=True):
    """A connector's mapping; `code` is empty unless it was asked for, and where the quick way is switched off."""

    connector: str
    zone: str
    is_quick: bool
    documents: tuple[DocumentShown, ...]
    code: tuple[CodeShown, ...]


@app.callback()
def mapping() -> None:
    """A command with verbs, although there is one so far."""


@app.command("show", help="一个连接器的映射 / a connector's mapping")
def show(
    connector: Annotated[str, typer.Argument(help="连接器名，例如 taobao / the connector, such as taobao")],
    code: Annotated[bool, typer.Option("--code", help="写出的代码 / the code that is written for it")] = False,
) -> None:
    """Show its documents, or the code that reads them."""
    is_quick = read_settings().is_mapping_quick
    mappings = find_mappings(is_quick=is_quick)
    found = mappings.of(connector)
    if found is None:
        raise unknown("连接器", "connector", connector, difflib.get_close_matches(connector, mappings.connectors))
    shown = _shown(found, is_quick=is_quick, with_code=code)
    if screen.answer(shown):
        return
    screen.table({"主题": "Topics", "格式": "Format", "得到": "Produces"},
                 [(", ".join(one.topics), one.format, one.produces) for one in shown.documents])
    if code and not is_quick:
        screen.say("快速读取已关闭（ORDERLOOM_QUICK_MAPPING=off），没有写代码。",
                   "The quick way is off (ORDERLOOM_QUICK_MAPPING=off): no code is written.")
    for one in shown.code:
        names = "".join(f"# {name} = {what}\n" for name, what in one.names.items())
        screen.out.print(f"\n# {one.place}\n{names}{one.text}", markup=False, soft_wrap=True)


def _shown(mapping: CompiledMapping, *, is_quick: bool, with_code: bool) -> MappingShown:
    code = mapping.code if with_code else ()
    return MappingShown(
        mapping.connector, mapping.zone_name, is_quick,
        tuple([DocumentShown(one.topics, one.format, one.produces) for one in mapping.documents]),
        tuple([CodeShown(one.place, one.text, _told(one.names)) for one in code]),
    )


def _told(names: Mapping[str, Any]) -> dict[str, str]:
    """The words, values and structs behind the numbered names; those that are left out read a field in full."""
    return {name: _what(thing) for name, thing in names.items() if name[:1] == "k" and name[1:].isdigit()
            and thing is not None and (isinstance(thing, type) or not callable(thing))}  # fmt: skip


def _what(thing: Any) -> str:
    if isinstance(thing, frozenset):
        return f"one of {sorted(thing)}"
    return thing.__name__ if isinstance(thing, type) else repr(thing)
