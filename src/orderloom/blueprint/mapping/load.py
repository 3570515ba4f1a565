"""Loading mappings: from a connector's folder, or from texts as the console edits them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from orderloom.blueprint.mapping.check import Mistake, Notes
from orderloom.blueprint.mapping.compiled import CompiledMapping
from orderloom.blueprint.mapping.documents import Document, compile_document
from orderloom.blueprint.mapping.fields import read_zone
from orderloom.blueprint.mapping.source import Unparsed, parse
from orderloom.blueprint.mapping.statuses import Dictionary, read_statuses
from orderloom.blueprint.mapping.written import Manner

_DOCUMENTS_MAX = 50


def load_folder(folder: Path, *, is_quick: bool = True) -> CompiledMapping | tuple[Mistake, ...]:
    """The mapping of a connector's folder (`mapping.yaml`, and `statuses.yaml` when there is one), or its mistakes.

    It reads the same whether it `is_quick` or not; see decision 0012.
    """
    statuses = folder / "statuses.yaml"
    return load_text(
        (folder / "mapping.yaml").read_text("utf-8", "surrogateescape"),
        statuses.read_text("utf-8", "surrogateescape") if statuses.exists() else "",
        connector=folder.name, is_quick=is_quick,
    )


def load_text(
    mapping: str, statuses: str = "", *, connector: str = "", is_quick: bool = True,
) -> CompiledMapping | tuple[Mistake, ...]:
    """The compiled mapping of two YAML texts, or every mistake in them with its place."""
    prefix = f"{connector}/" if connector else ""
    notes_statuses, notes = Notes(f"{prefix}statuses.yaml"), Notes(f"{prefix}mapping.yaml")
    dictionaries = read_statuses(_parsed(statuses, notes_statuses), notes_statuses)
    data = _parsed(mapping, notes)
    found = None if notes.mistakes else _compile(data, dictionaries, notes, connector, is_quick=is_quick)
    mistakes = (*notes_statuses.mistakes, *notes.mistakes)
    return found if found is not None and not mistakes else mistakes


def _parsed(text: str, notes: Notes) -> Any:
    try:
        return parse(text) if text.strip() else None
    except Unparsed as error:
        notes.mistakes.append(Mistake(notes.file, error.line, "", "", str(error)))
        return None


def _compile(
    data: Any, dictionaries: Mapping[str, Dictionary], notes: Notes, connector: str, *, is_quick: bool,
) -> CompiledMapping:
    block = notes.block(data, "")
    notes.known(block, ("mapping", "money", "zone", "documents"), "")
    if block.get("mapping") != 1:
        notes.wrong("mapping", "the first line must be mapping: 1")
    if block.get("money", "major") not in ("major", "minor"):
        notes.at(block, "money")
        notes.wrong("money", "major or minor is expected")
    notes.at(block, "zone")
    zone = read_zone(block.get("zone"), notes, "")
    manner = Manner(block.get("money") == "minor", zone, dictionaries, [] if is_quick else None)
    notes.at(block, "documents")
    documents = _documents(block.get("documents"), manner, notes)
    zone_name = str(block["zone"]) if zone else ""
    return CompiledMapping(
        documents, zone_name, dictionaries, connector, tuple(manner.quick or ()), is_minor=manner.is_minor)


def _documents(said: Any, manner: Manner, notes: Notes) -> tuple[Document, ...]:
    if not isinstance(said, list) or not 0 < len(said) <= _DOCUMENTS_MAX:
        notes.wrong("documents", f"a list of 1 to {_DOCUMENTS_MAX} documents is expected")
        return ()
    found = []
    for at, one in enumerate(said):
        notes.at(said, at)
        topic = one.get("topic") if isinstance(one, dict) else None
        notes.document = str(topic or f"documents[{at}]")
        found.append(compile_document(notes.block(one, ""), manner._replace(document=notes.document), notes))
    notes.document = ""
    return tuple(found)
