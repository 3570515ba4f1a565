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
from typing import Any

import msgspec

from orderloom.adapters.kit.bodies import BODIES
from orderloom.adapters.kit.cut import parsed
from orderloom.adapters.kit.declared import Declared, WithReads
from orderloom.adapters.kit.load import load_text
from orderloom.adapters.kit.notes import BadConnector
from orderloom.adapters.kit.paths import look, text
from orderloom.adapters.kit.plan import ConnectorPlan
from orderloom.adapters.kit.platform import Platform
from orderloom.application.ports import Account, Answer, Cursor, Item, Outgoing, Page, Probed, Terminal
from orderloom.blueprint import plain as yaml
from orderloom.blueprint.plain import BadFile

LENGTH_MAX = 20_000
KEYS = frozenset({"calls", "answers", "tables", "work", "work_cancel", "reports", "stock", "files", "probe"})
READ_FROM = {"stock": "stock", "outbound": "reports"}
"""Which list of a declaration answers what may be read back."""
ASKED = ("work", "work_cancel", "reports", "stock", "probe")
SHARED = re.compile(r"(?:^|[\s\[{,:-])[&*][A-Za-z0-9_]")
"""A YAML anchor or alias: a short text could stand for a very long one."""
REPORT_NAMES = ("work_no", "status", "at", "waybill", "carrier", "reason")
_LET_OUT = {kind: dict.fromkeys(BODIES[kind].split()) for kind in ("work", "work_cancel")}
"""What the folder's own contract lets out has passed it before: a declaration may only narrow it."""
STOCK_NAMES = ("warehouse", "sku", "quantity", "at")


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
    return _data(said)


@lru_cache(maxsize=64)
def _data(said: str) -> Mapping[str, Any]:
    if SHARED.search(said):
        raise _wrong("不支持锚点与别名 / anchors and aliases are not taken")
    try:
        data, _ = yaml.read(said)
    except BadFile as error:
        raise _wrong(f"第 {error.line} 行 / line {error.line}: {error}") from error
    if not isinstance(data, dict):
        raise _wrong("应为一组键值 / a block of keys is expected")
    if strange := data.keys() - KEYS:
        known = ", ".join(sorted(KEYS))
        raise _wrong(f"不认识 / not known: {', '.join(sorted(map(str, strange)))}；可用 / known: {known}")
    calls = data.get("calls") or {}
    blocks = [(name, data[name], {"code"}) for name in ASKED if name in data]
    blocks += [(f"calls.{name}", call, {"base_url", "folder"}) for name, call in calls.items()]
    for place, block, forbidden in blocks:
        if not isinstance(block, dict) or forbidden & block.keys():
            raise _wrong(f"{place}: 声明里不能有 / may not say {', '.join(sorted(forbidden))}")
    for path, value in _walk(data, ""):
        if isinstance(value, str) and ("://" in value or value.startswith("//")):
            raise _wrong(f"{path}: 只能写账号地址下的路径 / a path below the account's address only")
    return data


def _walk(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    yield path, value
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in children:
        yield from _walk(one, f"{path}.{key}".lstrip("."))


def _wrong(why: str) -> Terminal:
    return Terminal("bad_declaration", f"declaration: {why}")


def plan_of(account: Account) -> ConnectorPlan:
    """The compiled declaration. Raises Terminal with every mistake."""
    own = declaration_of(account)
    return _plan(msgspec.json.encode(own).decode(), account.zone)


@lru_cache(maxsize=64)
def _plan(own_text: str, zone: str) -> ConnectorPlan:
    own = msgspec.json.decode(own_text)
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
        **{key: own[key] for key in ("calls", "answers", "tables", "probe") if key in own},
    }  # fmt: skip
    for call in document.get("calls", {}).values():
        call["folder"] = "outbox"
    try:
        return load_text(msgspec.json.encode(document).decode(), "declaration")
    except BadConnector as bad:
        raise _wrong("; ".join(f"{one.place}: {one.reason}" for one in bad.mistakes[:10])) from bad


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
