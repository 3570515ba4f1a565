"""What a stored message holds, for whoever looks at it: its text by the encoding that reads it, its first bytes, both
cut to what a screen takes, and, where nobody may be recognised, its data with people masked."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from orderloom.blueprint.mapping.bodies import Unreadable, parse_body, parse_json
from orderloom.blueprint.mapping.payload_tree import example_of
from orderloom.domain.encoding import Text, charset_of, chosen_by, decode

TEXT_MAX = 200_000
"""Characters of a text that are told; the file has all of it."""
RAW_MAX = 4_096
"""Bytes that are told one by one."""
ENTRIES_MAX, DEPTH_MAX, NODES_MAX = 200, 40, 20_000
_SAMPLE = 8_192
_MAGIC: Sequence[tuple[bytes, str]] = (
    (b"PK\x03\x04", "zip"), (b"PK\x05\x06", "zip"), (b"\x1f\x8b", "gzip"), (b"%PDF", "pdf"), (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"), (b"GIF8", "picture"), (b"\xd0\xcf\x11\xe0", "office"),
)
_CONTROLS = bytes(sign for sign in range(32) if sign not in b"\t\n\r\f\x1b")


class ArchiveEntry(msgspec.Struct, frozen=True):
    """A file within an archive, not unpacked."""

    file: str
    bytes: int


class MessageLook(msgspec.Struct, frozen=True):
    """What stands in it. `kind`: json, xml, form, rows, text, zip, gzip, pdf, picture, office, binary, empty, damaged.

    `why`: how the encoding was chosen (mark, declared, misdeclared, fits, zeros, tried, broken). `decoded` is its text,
    masked it is its data in JSON with people covered; null where there is none that may be shown. `raw` is hexadecimal,
    never of a masked one. `is_cut`: there is more than is told here.
    """

    size: int
    kind: str
    encoding: str = ""
    why: str = ""
    content_type: str = ""
    is_masked: bool = True
    decoded: str | None = None
    raw: str | None = None
    is_cut: bool = False
    entries: list[ArchiveEntry] = []


def look_at(body: bytes, headers: Mapping[str, str], formats: Sequence[str], *, is_clear: bool) -> MessageLook:
    """`formats` are those that the mapping of its topic reads, the likeliest first."""
    told = headers.get("content-type", "")
    bare = MessageLook(len(body), "empty" if not body else _binary_kind(body), content_type=told[:200],
                       is_masked=not is_clear, raw=body[:RAW_MAX].hex() if is_clear else None)
    if bare.kind == "zip":
        return msgspec.structs.replace(bare, entries=_entries(body), is_cut=len(body) > RAW_MAX)
    declared = charset_of(told)
    found = decode(body, declared)
    if not body or bare.kind != "text" or _is_binary(body, found):
        kind = "binary" if bare.kind == "text" else bare.kind
        return msgspec.structs.replace(bare, kind=kind, is_cut=len(body) > RAW_MAX)
    kind, data = _read_as(formats, found.text, headers)
    text = found.text if is_clear else None if data is None else _masked_text(data)
    return msgspec.structs.replace(
        bare, kind=kind, encoding=found.encoding, why=chosen_by(body, declared, found),
        decoded=None if text is None else text[:TEXT_MAX], is_cut=text is not None and len(text) > TEXT_MAX)


def extension_of(body: bytes) -> str:
    """What a file of these bytes is called at its end."""
    kind = _binary_kind(body)
    return {"zip": "zip", "gzip": "gz", "pdf": "pdf", "text": "txt"}.get(kind, "bin")


def _binary_kind(body: bytes) -> str:
    return next((kind for mark, kind in _MAGIC if body.startswith(mark)), "text")


def _is_binary(body: bytes, found: Text) -> bool:
    """Whether it is no text: zero bytes that are no halves of characters, or many control signs."""
    sample = body[:_SAMPLE]
    if found.encoding.startswith(("utf-16", "utf-32")) and not found.is_broken:
        return False
    return b"\0" in sample or len(sample.translate(None, _CONTROLS)) < 0.9 * len(sample)


def _read_as(formats: Sequence[str], text: str, headers: Mapping[str, str]) -> tuple[str, Any]:
    guessed = "form" if "form-urlencoded" in headers.get("content-type", "") else ""
    for form in dict.fromkeys(filter(None, (*formats, guessed, "json", "xml"))):
        try:
            return form, parse_body(form, text, headers).data
        except Unreadable:
            continue
    return "text", None


def _masked_text(data: Any) -> str:
    return json.dumps(_Cover().value(data, "", "", 0), ensure_ascii=False, indent=2)


class _Cover:
    """Covers people in one payload; what is too deep or too much is left out."""

    def __init__(self) -> None:
        self._left = NODES_MAX

    def value(self, node: Any, path: str, name: str, depth: int) -> Any:
        """The node as whoever may see messages may see it."""
        self._left -= 1
        if depth > DEPTH_MAX or self._left < 0:
            return "…"
        if isinstance(node, dict):
            return {str(key): self.value(one, f"{path}.{key}", str(key), depth + 1) for key, one in node.items()}
        if isinstance(node, list):
            return [self.value(one, path, name, depth + 1) for one in node[: max(self._left, 1)]]
        if node is None or isinstance(node, bool):
            return node
        if isinstance(node, str) and node[:1] in ("{", "[") and (inner := _json_in(node)) is not None:
            return self.value(inner, path, name, depth + 1)
        told = example_of(path, name, node)
        return node if isinstance(node, int) and told == str(node) else told


def _json_in(text: str) -> Any:
    try:
        found = parse_json(text).data
    except Unreadable:
        return None
    return found if isinstance(found, (dict, list)) else None


def _entries(body: bytes) -> list[ArchiveEntry]:
    """The names in an archive's own list; nothing is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return [ArchiveEntry(one.filename[:200], one.file_size) for one in archive.infolist()[:ENTRIES_MAX]]
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return []
