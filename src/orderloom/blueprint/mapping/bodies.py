"""Text of a message to plain data, by format. Numbers stay the digits that were sent: no binary fractions."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple, NoReturn
from urllib.parse import parse_qsl
from xml.etree import ElementTree

import msgspec

_decoder = msgspec.json.Decoder(float_hook=Decimal)
_ROWS_MAX = 5_000
_FIELDS_MAX = 2_000
_BLANKS = frozenset({"-", "--", "---", "—", "——", "#N/A", "null", "NULL"})
"""What exports write where there is nothing."""
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


class Unreadable(ValueError):
    """The body is not what its format says."""


class Body(NamedTuple):
    """Parsed data. `is_mended`: it could only be read by overlooking something broken inside."""

    data: Any
    is_mended: bool = False


def parse_body(form: str, text: str, headers: Mapping[str, str], raw: bytes = b"") -> Body:
    """Data of a body text in the format json, xml, rows or form; raises `Unreadable`. `raw` is the text in UTF-8."""
    if form == "json":
        return parse_json(text, raw)
    if form == "xml":
        return Body(_parse_xml(text))
    if form == "rows":
        return Body(_parse_rows(text, headers))
    return Body(_parse_form(text))


def parse_json(text: str, raw: bytes = b"") -> Body:
    """Data of a JSON text: fractions are `Decimal`, integers of any length exact. Raises `Unreadable`."""
    try:
        return Body(_decoder.decode(raw or text))
    except (msgspec.DecodeError, ValueError, ArithmeticError, RecursionError):
        pass
    # Half surrogate pairs and raw line ends inside texts do come from real shops: an order is not refused for them.
    try:
        return Body(_whole(json.loads(text, strict=False, parse_float=Decimal, parse_constant=_refuse)), True)
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise Unreadable(str(error)[:200]) from error


def _whole(node: Any) -> Any:
    """The data with the sign for what could not be read in place of every lone half of a surrogate pair."""
    if isinstance(node, str):
        return node if node.isascii() else node.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    if isinstance(node, list):
        return [_whole(one) for one in node]
    if isinstance(node, dict):
        return {_whole(key): _whole(value) for key, value in node.items()}
    return node


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"{word} is not a JSON value")


def _parse_xml(text: str) -> Any:
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise Unreadable("document type declarations are refused")
    try:
        root = ElementTree.fromstring(_DECLARATION.sub("", text, count=1))
    except (ElementTree.ParseError, ValueError) as error:
        raise Unreadable(str(error)[:200]) from error
    return {_bare(root.tag): _element(root, 0)}


def _element(element: ElementTree.Element, depth: int) -> Any:
    if depth > 100:
        raise Unreadable("nested too deeply")
    text = (element.text or "").strip()
    node: dict[str, Any] = {f"@{_bare(name)}": value for name, value in element.attrib.items()}
    for child in element:
        name, value = _bare(child.tag), _element(child, depth + 1)
        if name not in node:
            node[name] = value
        elif isinstance(node[name], list):
            node[name].append(value)
        else:
            node[name] = [node[name], value]
    if not node:
        return text
    if text:
        node["#text"] = text
    return node


def _bare(tag: str) -> str:
    return tag.rpartition("}")[2]


def _parse_rows(text: str, headers: Mapping[str, str]) -> list[dict[str, str]]:
    header = headers.get("columns", "").lstrip("\ufeff")
    if not header:
        raise Unreadable("the item has no columns in its context")
    mark = headers.get("delimiter") or ("\t" if "\t" in header else ";" if ";" in header and "," not in header else ",")
    try:
        names = _unique(next(csv.reader([header], delimiter=mark)))
        rows = [row for row in csv.reader(text.splitlines(keepends=True), delimiter=mark) if any(row)]
    except (csv.Error, StopIteration, TypeError) as error:
        raise Unreadable(str(error)[:200]) from error
    if not rows or len(rows) > _ROWS_MAX:
        raise Unreadable(f"{len(rows)} rows")
    for number, row in enumerate(rows, 1):
        if any(cell.strip() for cell in row[len(names) :]):
            raise Unreadable(f"row {number} has {len(row)} cells for {len(names)} columns")
    stripped = ([cell.strip() for cell in row] for row in rows)
    read = [{name: "" if cell in _BLANKS else cell for name, cell in zip(names, row, strict=False)} for row in stripped]
    constants = _constants(headers)
    return [_filled(row, constants) for row in read] if constants else read


def _constants(headers: Mapping[str, str]) -> dict[str, str]:
    """What somebody said of every row of the file: stands where a row says nothing itself."""
    told = headers.get("constants")
    if not told:
        return {}
    try:
        return msgspec.json.decode(told, type=dict[str, str])
    except (msgspec.DecodeError, ValueError) as error:
        raise Unreadable("the item's constants are no object of texts") from error


def _filled(row: dict[str, str], constants: dict[str, str]) -> dict[str, str]:
    return row | {name: value for name, value in constants.items() if not row.get(name)}


def _unique(names: list[str]) -> list[str]:
    """Column names; a repeated one gets #2, #3."""
    seen: dict[str, int] = {}
    unique = []
    for name in (name.strip() for name in names):
        seen[name] = seen.get(name, 0) + 1
        unique.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return unique


def _parse_form(text: str) -> dict[str, Any]:
    try:
        pairs = parse_qsl(text.strip(), keep_blank_values=True, strict_parsing=True, max_num_fields=_FIELDS_MAX)
    except ValueError as error:
        raise Unreadable(str(error)[:200]) from error
    node: dict[str, Any] = {}
    for name, value in pairs:
        if name in node:
            node[name] = [*(node[name] if isinstance(node[name], list) else [node[name]]), value]
        else:
            node[name] = value
    return node
