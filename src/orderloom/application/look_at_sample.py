"""A sample as whoever maps it sees it: its places, what a file's columns count as, and what each target may be."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from orderloom.application.import_files import name_kept
from orderloom.application.import_shapes import FileLook, Files
from orderloom.application.ports import Account
from orderloom.blueprint.mapping import CompiledMapping, Mappings
from orderloom.blueprint.mapping.bodies import Unreadable, parse_body
from orderloom.blueprint.mapping.order_schema import Target
from orderloom.blueprint.mapping.payload_tree import PayloadPlace, examples_of, tree_of
from orderloom.blueprint.mapping.suggest import Known, Suggestion, names_known, suggest
from orderloom.domain.encoding import charset_of, decode


class ColumnLooked(msgspec.Struct, frozen=True):
    """A column of a file: its name there, and the name of the hub's that it counts as (empty: none)."""

    name: str
    reads_as: str


class SampleLooked(msgspec.Struct, frozen=True):
    """A sample. `unfit` says in words why it cannot be read; of a file whose columns nobody knows yet its places are
    told all the same."""

    id: str
    name: str
    format: str
    encoding: str
    bytes: int
    places: list[PayloadPlace]
    columns: list[ColumnLooked]
    suggestions: list[Suggestion]
    unfit: str = ""


def look_at_message(
    id: str, body: bytes, headers: Mapping[str, str], form: str, targets: Sequence[Target], known: Known,
) -> SampleLooked:
    """A message's body, parsed in the format of its document."""
    decoded = decode(body, charset_of(headers.get("content-type", "")))
    try:
        data = parse_body(form, decoded.text, headers, decoded.raw).data
        places = tree_of(data, form)
    except Unreadable as error:
        return SampleLooked(id, "", form, decoded.encoding, len(body), [], [], [], str(error))
    return SampleLooked(id, "", form, decoded.encoding, len(body), places, [],
                        suggest(targets, places, _values(data), known))


def look_at_file(
    files: Files, account: Account, name: str, body: bytes, targets: Sequence[Target], known: Known,
) -> SampleLooked:
    """A file of rows, whether or not its columns are known. Blocking: the file is read by another process."""
    with name_kept(files, name, body) as path:
        reader = files.reader(account)
        try:
            found: FileLook = reader.look(path, is_peek=True)
        finally:
            reader.close()
    rows = [dict(zip([one.name for one in found.columns], row, strict=False)) for row in found.rows]
    places = tree_of(rows, "rows") or [
        PayloadPlace(one.name, one.name, 0, "empty", 0, 0) for one in found.columns if one.name]
    columns = [ColumnLooked(one.name, one.reads_as) for one in found.columns]
    is_known = found.unfit == "header_missing" and bool(columns)
    return SampleLooked(
        "upload", name, "rows", found.encoding, len(body), places, columns,
        suggest(targets, places, _values(rows), known), "" if is_known else found.mend if found.unfit else "")


def known_names_of(mappings: Mappings) -> Known:
    """What every connector's mapping calls the targets of an order."""
    compiled: list[CompiledMapping | None] = [mappings.of(name) for name in mappings.connectors]
    return names_known(document for one in compiled if one for document in one.documents
                       if document.produces == "order")


def _values(data: Any) -> Callable[[str], Sequence[Any]]:
    return lambda path: examples_of(data, path)
