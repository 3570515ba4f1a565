"""What people edited of a connector's mapping for one account, laid over it: documents, words, names of columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec

from orderloom.blueprint.mapping.check import Mistake, Notes
from orderloom.blueprint.mapping.compiled import CompiledMapping, Results
from orderloom.blueprint.mapping.documents import Document, compile_document
from orderloom.blueprint.mapping.scope import NOTHING_SET
from orderloom.blueprint.mapping.source import Unparsed, parse
from orderloom.blueprint.mapping.statuses import Dictionary, read_statuses
from orderloom.blueprint.mapping.written import Code, Manner
from orderloom.blueprint.zone import zone_of
from orderloom.domain.column_name import plain_column
from orderloom.domain.draft import Problem
from orderloom.domain.override import Override

_BROKEN = ("账号改过的映射 {label} 与现在的连接器合不上，已原样保存：请打开映射编辑器修正或回退（{why}） / "
           "the edited mapping {label} does not fit the connector any more; the message is kept as it came: "
           "mend it in the mapping editor or roll it back ({why})")


class Edited(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What an edited mapping says. `document` stands in place of the connector's own of the topic; `words` are added
    to the dictionaries (word → meaning); `columns` names a file's columns as the mapping does, `constants` stand where
    a row says nothing."""

    document: dict[str, Any] | None = None
    words: dict[str, dict[str, dict[str, Any]]] = {}
    columns: dict[str, str] = {}
    constants: dict[str, str] = {}


def read_edited(content: str) -> Edited:
    """What a stored text says. Raises ValueError."""
    try:
        return msgspec.convert(parse(content) or {}, Edited, strict=False)
    except Unparsed as error:
        raise ValueError(f"line {error.line}: {error}") from error


def written(edited: Edited) -> tuple[str, str]:
    """The text that is stored, and its digest."""
    content = msgspec.json.encode(edited).decode()
    return content, sha256(content.encode()).hexdigest()[:16]


def keys_of(documents: Sequence[Mapping[str, Any]]) -> list[str]:
    """What each document of a mapping is called: its first topic, with a number where an earlier one has it too."""
    seen: dict[str, int] = {}
    keys = []
    for said in documents:
        topic = said.get("topic")
        name = str((topic[0] if topic else "") if isinstance(topic, list) else topic or "")
        seen[name] = seen.get(name, 0) + 1
        keys.append(name if seen[name] == 1 else f"{name}~{seen[name]}")
    return keys


class OverriddenMapping(CompiledMapping):
    """A connector's mapping with an account's own on top."""

    columns: Mapping[str, str] = NOTHING_SET

    def read(
        self, account_code: str, zone_name: str, topic: str, text: str, headers: Mapping[str, str],
        received_at: datetime, raw: bytes = b"", settings: Mapping[str, Any] = NOTHING_SET,
    ) -> Results:
        """As ever; rows that landed before their columns had names are read under these."""
        if self.columns and headers.get("columns"):
            headers = {**headers, "columns": renamed(headers["columns"], headers.get("delimiter", ","), self.columns)}
        return super().read(account_code, zone_name, topic, text, headers, received_at, raw, settings)


class BrokenMapping:
    """An edited mapping that cannot be read any more: its messages wait, and say why."""

    def __init__(self, connector: str, label: str, mistakes: Iterable[str]) -> None:
        self._connector, self._label, self._why = connector, label, "; ".join(mistakes)[:300]

    def read(
        self, account_code: str, zone_name: str, topic: str, text: str, headers: Mapping[str, str],
        received_at: datetime, raw: bytes = b"", settings: Mapping[str, Any] = NOTHING_SET,
    ) -> Results:
        """Why nothing is read."""
        mend = _BROKEN.format(label=self._label, why=self._why)
        return [(Problem("no_mapping", "mapping", self._label, mend, f"mapping:{self._connector}:{account_code}"),)]


def renamed(line: str, delimiter: str, columns: Mapping[str, str]) -> str:
    """A header line under the names that the mapping reads; a column of the file's that has such a name steps back."""
    cells = next(csv.reader([line], delimiter=delimiter), [])
    own = {at for at, cell in enumerate(cells) if cell in columns}
    taken = {columns[cells[at]] for at in own}
    names = [columns[cell] if at in own else f"{cell}_2" if cell in taken else cell for at, cell in enumerate(cells)]
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="").writerow(names)
    return out.getvalue()


def overridden(
    base: CompiledMapping | None, overrides: Sequence[Override], connector: str, *, is_quick: bool = True,
) -> OverriddenMapping | tuple[Mistake, ...]:
    """The mapping with what was edited in place of its own, or every mistake in that."""
    notes = Notes(f"{connector}/mapping.yaml")
    edited = {one.topic: _said(one, notes) for one in overrides}
    words = _words(base.dictionaries if base else {}, edited.values(), connector, notes)
    mine = {topic: one.document for topic, one in edited.items() if one.document is not None}
    code: list[Code] = []
    zone = zone_of(base.zone_name) if base and base.zone_name else None
    manner = Manner(bool(base and base.is_minor), zone, words, code if is_quick else None)
    documents = _documents(base, mine, manner, notes, are_words_new=any(one.words for one in edited.values()))
    if notes.mistakes:
        return tuple(notes.mistakes)
    found = OverriddenMapping(documents, base.zone_name if base else "", words, connector,
                              (*(base.code if base else ()), *code), is_minor=manner.is_minor)
    found.defaults = base.defaults if base else NOTHING_SET
    found.columns = {plain_column(theirs): plain_column(ours)
                     for one in edited.values() for theirs, ours in one.columns.items()}
    return found


def _said(one: Override, notes: Notes) -> Edited:
    try:
        return read_edited(one.content)
    except ValueError as error:
        notes.wrong(one.topic, str(error))
        return Edited()


def _words(
    base: Mapping[str, Dictionary], edited: Iterable[Edited], connector: str, notes: Notes,
) -> dict[str, Dictionary]:
    found = dict(base)
    for one in edited:
        if one.words:
            statuses = Notes(f"{connector}/statuses.yaml")
            for name, added in read_statuses({"statuses": 1, "dictionaries": one.words}, statuses).items():
                found[name] = {**found.get(name, {}), **added}
            notes.mistakes += statuses.mistakes
    return found


def _documents(
    base: CompiledMapping | None, mine: Mapping[str, Mapping[str, Any]], manner: Manner, notes: Notes, *,
    are_words_new: bool,
) -> tuple[Document, ...]:
    """The documents of the connector, those that were edited in their places; new ones come first."""
    own = base.documents if base else ()
    keys = keys_of([one.said for one in own])
    new = [_compiled(key, said, manner, notes) for key, said in mine.items() if key not in keys]
    placed = [
        _compiled(key, mine.get(key, one.said), manner, notes) if key in mine or are_words_new else one
        for key, one in zip(keys, own, strict=True)
    ]
    return (*new, *placed)


def _compiled(key: str, said: Mapping[str, Any], manner: Manner, notes: Notes) -> Document:
    notes.document = key
    found = compile_document(notes.block(said, ""), manner._replace(document=key), notes)
    notes.document = ""
    return found
