"""Blocks of a `connector.yaml` that are well formed and say too little: keys that need one another, and folder modules.

Each of them would be loaded, and lose or refuse something once orders are under way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec.inspect import type_info

from orderloom.adapters.kit.notes import DeclarationNotes, Place
from orderloom.adapters.kit.schema import (
    ConnectorBlock,
    DoneBlock,
    FinishedBlock,
    ListedBlock,
    PartsBlock,
    PushBlock,
    StandsBlock,
    TellBlock,
    TopicBlock,
    VerifyBlock,
)
from orderloom.adapters.kit.shape import check_kind

_FINISHED, _TEXTS, _TEXT = type_info(FinishedBlock), type_info(list[str]), type_info(str)


def check_complete(said: ConnectorBlock, folder: Path | None, notes: DeclarationNotes) -> None:
    """Note every block that needs more than it says."""
    lists: dict[Place, ListedBlock] = {("read", key): one for key, one in said.read.items() if not one.code}
    lists |= {("pull", "lists", key): one for key, one in (said.pull.lists if said.pull else {}).items()}
    for place, listed in lists.items():
        _check_list(said, listed, place, notes)
    if said.listings is not None:
        _check_loop(said, said.listings.loop, ("listings", "loop"), notes)
    for kind, told in said.tell.items():
        _check_told(told, ("tell", kind), notes)
    if said.push is not None:
        _check_push(said.push, notes)
    if isinstance(said.base_url, dict) and isinstance(said.base_url.get("of"), dict):
        for key, one in said.base_url["of"].items():
            check_kind(one, _TEXT, ("base_url", "of", key), notes)
    for place, module in _modules(said) if folder is not None else ():
        if not (module.isidentifier() and folder is not None and (folder / f"{module}.py").is_file()):
            notes.wrong(place, f"文件夹里没有 {module}.py / there is no {module}.py in the folder")


def _lacks(key: str, why_zh: str, why_en: str) -> str:
    return f"缺少 {key}：{why_zh} / {key} is missing: {why_en}"


def _check_list(said: ConnectorBlock, one: ListedBlock, place: Place, notes: DeclarationNotes) -> None:
    pages, window = one.pages, one.window
    if pages.by != "one" and not pages.in_:
        notes.wrong((*place, "pages"), _lacks("in", "页码写在哪里", "what takes the page"))
    if pages.by == "token" and not pages.next:
        notes.wrong((*place, "pages"), _lacks("next", "下一页的记号在哪里", "where the token of the next page stands"))
    if pages.by in ("number", "offset") and not isinstance(pages.first, int):
        notes.wrong((*place, "pages", "first"), "应为整数 / a whole number is expected")
    for key, size in pages.size.items():
        if isinstance(size, int) and size < 1:
            notes.wrong((*place, "pages", "size", key), "应不小于 1 / must be at least 1")
    if one.open is not None and one.open.keys() & {"at", "not"}:
        check_kind(dict(one.open), _FINISHED, (*place, "open"), notes)
    if window is not None and not window.one and not (window.from_ and window.to):
        notes.wrong((*place, "window"), _lacks("from、to", "起止时间写在哪里，或写 one", "from and to, or one"))
    for word, value in one.again.items():
        if word in ("from", "to") or (window is not None and word in window.one):
            check_kind(value, _TEXT if word in ("from", "to") else _TEXTS, (*place, "again", word), notes)
    _check_loop(said, one.loop, (*place, "loop"), notes)
    if one.hints is not None:
        _check_topics(one.hints.topics, (*place, "hints", "topics"), notes)


def _check_loop(said: ConnectorBlock, loop: Mapping[str, Any], place: Place, notes: DeclarationNotes) -> None:
    known = [f"${name}" for name in (*said.settings, *said.names, *said.credentials)]
    for key, values in loop.items():
        if isinstance(values, str) and values.partition(".")[0] not in known:
            notes.unknown((*place, key), values, known)


def _check_told(told: TellBlock, place: Place, notes: DeclarationNotes) -> None:
    dones = {place: told.done, (*place, "otherwise"): told.otherwise.done if told.otherwise else None,
             **{(*place, "ways", key): one.done for key, one in told.ways.items()}}
    for at, done in dones.items():
        if done is not None:
            _check_done(done, (*at, "done"), notes)
    firsts = {(*place, "first", key, "parts"): one.parts for key, one in told.first.items()}
    for at, parts in {(*place, "parts"): told.parts, **firsts}.items():
        if parts is not None:
            _check_parts(parts, at, notes)
    if told.per != "group" and told.group != type(told.group)():
        notes.wrong((*place, "group"), "须写 per: group / needs per: group")


def _check_done(done: DoneBlock, place: Place, notes: DeclarationNotes) -> None:
    if (done.is_ is not None) + (done.in_ is not None) + done.present != 1:
        notes.wrong(place, "写 is、in、present: true 之一 / one of is, in, present: true is needed")


def _check_parts(parts: PartsBlock, place: Place, notes: DeclarationNotes) -> None:
    if not (parts.good or parts.bad):
        notes.wrong(place, _lacks("bad", "被拒绝的在哪里，或写 good", "where what is refused stands, or good"))


def _check_push(push: PushBlock, notes: DeclarationNotes) -> None:
    for key, where in (("kind", push.kind), ("event_id", push.event_id), ("own", push.own)):
        if isinstance(where, StandsBlock):
            _check_stands(where, ("push", key), notes)
    _check_topics({**push.topics, "": push.other}, ("push", "topics"), notes)
    if push.code:
        return
    many = push.verify if isinstance(push.verify, list) else [push.verify]
    for number, one in enumerate(many):
        _check_verify(one, ("push", "verify", number), notes)
        if one.unsigned and (len(many) > 1 or one.recipe is not None or one.token is not None or one.code):
            notes.wrong(("push", "verify", number, "unsigned"),
                        "不签名时别的证明形同虚设 / beside it no other proof proves anything")
    if push.challenge is not None and push.challenge.verify is not None:
        _check_verify(push.challenge.verify, ("push", "challenge", "verify"), notes)


def _check_verify(one: VerifyBlock, place: Place, notes: DeclarationNotes) -> None:
    if one.found is None and one.recipe is not None:
        notes.wrong(place, _lacks("found", "签名在哪里", "where the signature stands"))
    if bool(one.within) is not (one.stamp is not None):
        notes.wrong(place, "within 与 stamp 须成对 / within and stamp belong together")
    token = one.token.found if one.token is not None else None
    for key, where in (("found", one.found), ("stamp", one.stamp), ("token", token)):
        if where is not None:
            _check_stands(where, (*place, key), notes)


def _check_stands(where: StandsBlock, place: Place, notes: DeclarationNotes) -> None:
    if sum(map(bool, (where.header, where.query, where.form, where.at))) != 1:
        notes.wrong(place, "写 header、query、form、at 之一 / one of header, query, form, at is needed")


def _check_topics(topics: Mapping[str, TopicBlock], place: Place, notes: DeclarationNotes) -> None:
    for kind, topic in topics.items():
        if topic.reread and not topic.id:
            notes.wrong((*place, kind) if kind else ("push", "other"),
                        _lacks("id", "要重读哪一条", "what is to be read again"))


def _modules(said: ConnectorBlock) -> Iterator[tuple[Place, str]]:
    """The modules of the folder that the file names, with the place."""
    blocks: dict[Place, Any] = {(key,): getattr(said, key) for key in ("pull", "push", "probe", "listings", "query")}
    blocks[()] = said
    blocks |= {("tell", key): one for key, one in said.tell.items()}
    blocks |= {("read", key): one for key, one in said.read.items()}
    if said.push is not None:
        many = said.push.verify if isinstance(said.push.verify, list) else [said.push.verify]
        blocks |= {("push", "verify", number): one for number, one in enumerate(many)}
        yield from ((("push", "beside", key), one) for key, one in said.push.beside.items())
    yield from (((*place, "code"), one.code) for place, one in blocks.items() if one is not None and one.code)
