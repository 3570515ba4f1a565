"""Speaks as an account's own declaration says, within what is safe to let a setting say.

A declaration is a part of a `connector.yaml`: calls, answers, what is sent, what is read, and the names of its fields.
It names no code, no other host - every path is below the account's own address, which is held to be no private one -
and no other account's secrets; what it reads becomes one plain form that the folder's mapping knows.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal, NamedTuple

import msgspec
from msgspec.inspect import type_info

from orderloom.adapters.kit.bodies import BODIES
from orderloom.adapters.kit.cut import parsed
from orderloom.adapters.kit.declared import Declared, WithReads
from orderloom.adapters.kit.load import load_text
from orderloom.adapters.kit.notes import BadConnector, DeclarationMistake, DeclarationNotes, Place
from orderloom.adapters.kit.paths import look, text
from orderloom.adapters.kit.plan import ConnectorPlan
from orderloom.adapters.kit.platform import Platform
from orderloom.adapters.kit.schema.block import DeclaredBlock, Word
from orderloom.adapters.kit.shape import check_kind
from orderloom.application.ports import Account, Answer, Cursor, Item, Outgoing, Page, Probed, Terminal
from orderloom.blueprint import plain as yaml
from orderloom.blueprint.plain import BadFile

LENGTH_MAX = 20_000
MISTAKES_MAX = 10
READ_FROM = {"stock": "stock", "outbound": "reports"}
"""Which list of a declaration answers what may be read back."""
ASKED = ("work", "work_cancel", "reports", "stock", "probe")
SHARED = re.compile(r"(?:^|[\s\[{,:-])[&*][A-Za-z0-9_]")
"""A YAML anchor or alias: a short text could stand for a very long one."""
REPORT_NAMES = ("work_no", "status", "at", "waybill", "carrier", "reason")
_LET_OUT = {kind: dict.fromkeys(BODIES[kind].split()) for kind in ("work", "work_cancel")}
"""What the folder's own contract lets out has passed it before: a declaration may only narrow it."""
STOCK_NAMES = ("warehouse", "sku", "quantity", "at")
_Values = dict[str, Any]
_Names = dict[Literal["work_no", "status", "at", "waybill", "carrier", "reason", "lines", "sku", "quantity"],
              str | list[str]]


class FilesBlock(DeclaredBlock, frozen=True, kw_only=True):
    """Reports as files: rows with one value in the column `group` are one of them."""

    group: Word
    names: _Names = {}
    words: dict[str, str] = {}


class DeclarationBlock(DeclaredBlock, frozen=True, kw_only=True):
    """What a declaration may say. Its blocks are those of a `connector.yaml`, and read as such once it is one."""

    calls: dict[str, _Values] = {}
    answers: list[Any] = []
    tables: dict[str, _Values] = {}
    work: _Values = {}
    work_cancel: _Values = {}
    reports: _Values = {}
    stock: _Values = {}
    files: FilesBlock = FilesBlock(group="")
    probe: _Values = {}


_DECLARATION = type_info(DeclarationBlock)
_PARTS = {
    ("reports", "each"): type_info(_Values), ("stock", "each"): type_info(_Values),
    ("reports", "names"): type_info(_Names), ("reports", "words"): type_info(dict[str, str]),
    ("stock", "names"): type_info(dict[Literal["warehouse", "sku", "quantity", "at"], str | list[str]]),
}
"""Blocks of a list that only a declaration has, or that are made ready for it."""
_OURS = {"pull.lists.": "", "tell.": "", "pull.files.reports": "files", "read.outbound": "reports",
         "read.stock": "stock"}
"""Where the blocks of a declaration stand in the file that is made of it."""


async def send(outgoing: Outgoing, platform: Platform) -> Answer:
    """Tell the system one thing. Raises Terminal for what its declaration does not have."""
    return await _spoken(platform).send(outgoing, platform.account, platform.http)


async def pull(platform: Platform, cursor: Cursor, at: Any) -> AsyncIterator[Page]:
    """What changed, each record in the plain form."""
    own = declaration_of(platform.account)
    async for page in _spoken(platform).pull(platform.account, cursor, at, platform.http):
        items = page.items if page.problem else tuple([_plain(item, own) for item in page.items])
        yield msgspec.structs.replace(page, items=items)


async def read(platform: Platform, what: str, start: datetime, end: datetime) -> AsyncIterator[Page]:
    """What changed in a time, once more. Raises Terminal for what the declaration does not have."""
    own = declaration_of(platform.account)
    topic = READ_FROM[what]
    if topic not in own:
        raise Terminal("not_declared", f"声明里没有 {topic} / the declaration has no {topic}")
    spoken = WithReads(plan_of(platform.account), platform.commons)
    async for page in spoken.read(platform.account, what, start, end, platform.http):
        items = page.items if page.problem else tuple([_plain(item, own) for item in page.items])
        yield msgspec.structs.replace(page, items=items)


async def probe(platform: Platform) -> Probed:
    """Whether the declaration can be read, and the system answers."""
    try:
        spoken = _spoken(platform)
    except Terminal as wrong:
        return Probed(False, wrong.message)
    return await spoken.probe(platform.account, platform.http)


def _spoken(platform: Platform) -> Declared:
    return Declared(plan_of(platform.account), platform.commons)


def declaration_of(account: Account) -> Mapping[str, Any]:
    """The account's declaration as data. Raises Terminal."""
    said = str(account.settings.get("declaration") or "")
    if not said or len(said) > LENGTH_MAX:
        raise Terminal("no_declaration", f"请设置 declaration，最多 {LENGTH_MAX} 字 / set declaration, "
                       f"{LENGTH_MAX} characters at most")  # fmt: skip
    return _read(said).data


class _ReadText(NamedTuple):
    """A declaration as data, and the line of each place in it, dotted."""

    data: Mapping[str, Any]
    lines: Mapping[str, int]


@lru_cache(maxsize=64)
def _read(said: str) -> _ReadText:
    if SHARED.search(said):
        raise _wrong("declaration: 不支持锚点与别名 / anchors and aliases are not taken")
    try:
        data, lines = yaml.read(said)
    except BadFile as error:
        raise _wrong(f"declaration: 第 {error.line} 行 / line {error.line}: {error}") from error
    notes = DeclarationNotes("declaration", lines)
    check_kind(data, _DECLARATION, (), notes)
    for (topic, key), kind in _PARTS.items():
        if isinstance(data, dict) and isinstance(data.get(topic), dict) and key in data[topic]:
            check_kind(data[topic][key], kind, (topic, key), notes)
    if not notes.mistakes:
        _check_reach(data, notes)
    if notes.mistakes:
        raise _wrong("; ".join(map(str, notes.mistakes[:MISTAKES_MAX])))
    return _ReadText(data, {".".join(map(str, place)): line for place, line in lines.items()})


def _check_reach(data: Mapping[str, Any], notes: DeclarationNotes) -> None:
    """Note what would lead out of the account's own address, or to code."""
    blocks: list[tuple[Place, Any, set[str]]] = [((name,), data[name], {"code"}) for name in ASKED if name in data]
    blocks += [(("calls", name), call, {"base_url", "folder"}) for name, call in data.get("calls", {}).items()]
    for place, block, forbidden in blocks:
        for key in sorted(forbidden & block.keys()):
            notes.wrong((*place, key), f"声明里不能有 {key} / may not say {key}")
    for place, value in _walk(data, ()):
        if isinstance(value, str) and ("://" in value or value.startswith("//")):
            notes.wrong(place, "只能写账号地址下的路径 / a path below the account's address only")


def _walk(value: Any, place: Place) -> Iterator[tuple[Place, Any]]:
    yield place, value
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in children:
        yield from _walk(one, (*place, key))


def _wrong(why: str) -> Terminal:
    return Terminal("bad_declaration", why)


def plan_of(account: Account) -> ConnectorPlan:
    """The compiled declaration. Raises Terminal with every mistake."""
    declaration_of(account)
    return _plan(str(account.settings["declaration"]), account.zone)


@lru_cache(maxsize=64)
def _plan(said: str, zone: str) -> ConnectorPlan:
    own, lines = _read(said)
    secret = {"title": {"zh": "-", "en": "-"}, "secret": True, "optional": True}
    folder = {"title": {"zh": "-", "en": "-"}, "default": ""}
    tell = {kind: {"fields": _LET_OUT[kind], **own[kind]} for kind in _LET_OUT if kind in own}
    lists = {topic: _list(own[topic], topic) for topic in ("reports", "stock") if topic in own}
    pull: dict[str, Any] = {"lists": lists}
    if "files" in own:
        pull["files"] = {"reports": {"folder": "inbox", "topic": "reports", "group": own["files"].get("group", "")}}
    document = {
        "connector": 1, "name": "generic", "family": "systems", "title": {"zh": "-", "en": "-"}, "zone": zone,
        "credentials": {"key": secret, "user": secret, "password": secret},
        "settings": {"inbox": folder, "outbox": folder}, "pull": pull, "tell": tell,
        "read": {what: lists[topic] for what, topic in READ_FROM.items() if topic in lists},
        **{key: own[key] for key in ("answers", "tables", "probe") if key in own},
        **({"calls": {name: {**call, "folder": "outbox"} for name, call in own["calls"].items()}}
           if "calls" in own else {}),
    }  # fmt: skip
    try:
        return load_text(msgspec.json.encode(document).decode(), "declaration")
    except BadConnector as bad:
        told = dict.fromkeys(_placed(one, lines) for one in bad.mistakes)
        raise _wrong("; ".join(map(str, [*told][:MISTAKES_MAX]))) from bad


def _placed(mistake: DeclarationMistake, lines: Mapping[str, int]) -> DeclarationMistake:
    """A mistake where it stands in what the person wrote."""
    place = next((own + mistake.place.removeprefix(ours) for ours, own in _OURS.items()
                  if mistake.place.startswith(ours)), mistake.place)
    at = place
    while at and at not in lines:
        at = at.rpartition(".")[0]
    return DeclarationMistake(mistake.file, lines.get(at, 1), place, mistake.reason)


def _list(said: Mapping[str, Any], topic: str) -> dict[str, Any]:
    kept = {key: value for key, value in said.items() if key not in ("names", "words")}
    kept["each"] = {**said.get("each", {}), "topic": topic}
    return kept


def _plain(item: Item, own: Mapping[str, Any]) -> Item:
    """A record, or the rows of one document, in the plain form; the record as it came beside it."""
    context = dict(item.context)
    said = own["files"] if "columns" in context and "files" in own else own.get(item.topic, {})
    if "columns" in context:
        rows = list(csv.DictReader(io.StringIO(context["columns"] + "\n" + item.body.decode("utf-8", "replace"))))
        data: Any = {**(rows[0] if rows else {}), "rows": rows}
    else:
        data = parsed(item.body)
    names = said.get("names", {})
    wanted = STOCK_NAMES if item.topic == "stock" else REPORT_NAMES
    plain: dict[str, Any] = {name: text(look(data, names[name])) for name in wanted if name in names}
    if item.topic != "stock":
        word = plain.get("status", "")
        plain |= {"native": word, "status": said.get("words", {}).get(word, word)}
        lines = look(data, names.get("lines") or ("rows" if "columns" in context else ""))
        plain["lines"] = [{part: text(look(line, names[part])) for part in ("sku", "quantity") if part in names}
                          for line in lines if isinstance(line, dict)] if isinstance(lines, list) else []  # fmt: skip
    plain["raw"] = item.body.decode("utf-8", "replace")
    return Item(item.topic, msgspec.json.encode(plain), item.event_id)
