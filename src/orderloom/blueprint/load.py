"""Load a blueprint from a folder of YAML files or from its stored document, with every mistake found at once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from orderloom.blueprint.plain import BadFile, read
from orderloom.blueprint.plain import Path as Place
from orderloom.blueprint.schema import (
    Blueprint,
    CaseEntry,
    DeadlineEntry,
    FormulaEntry,
    HoldEntry,
    PublishFile,
    SourcingFile,
    StageEntry,
    TransitionEntry,
    WordsFile,
)
from orderloom.domain.finding import Finding, unknown
from orderloom.domain.words import Words

LISTS: dict[str, dict[str, type[msgspec.Struct]]] = {
    "lifecycle": {"stages": StageEntry, "transitions": TransitionEntry},
    "formulas": {"formulas": FormulaEntry},
    "cases": {"cases": CaseEntry},
    "holds": {"holds": HoldEntry},
    "deadlines": {"deadlines": DeadlineEntry},
}
WHOLE: dict[str, type[msgspec.Struct]] = {"sourcing": SourcingFile, "publish": PublishFile, "words": WordsFile}
FILES = (*LISTS, *WHOLE)
ENTRIES_MAX = 2_000

Lines = Mapping[str, Mapping[Place, int]]
_DETAIL = re.compile(r"(?P<what>.*?)(?: - at `\$(?P<at>.*)`)?", re.DOTALL)
_SAYINGS = (
    (re.compile(r"Expected `(.*)`, got `(.*)`"), "应为 {0}，写的是 {1}"),
    (re.compile(r"Object missing required field `(.*)`"), "缺少必填字段 {0}"),
    (re.compile(r"Object contains unknown field `(.*)`"), "没有 {0} 这个字段"),
)
_UNKNOWN = re.compile(r"Object contains unknown field `(.*)`")


class BadBlueprint(Exception):
    """The blueprint cannot be used; `findings` says why, place by place."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("\n".join(map(str, findings)))
        self.findings = findings


def load_folder(folder: Path) -> Blueprint:
    """Read a folder of YAML. Raises BadBlueprint with every mistake of shape; its meaning is `check.py`'s part."""
    texts = {}
    for name in FILES:
        file = folder / f"{name}.yaml"
        if file.is_file():
            texts[name] = file.read_text(encoding="utf-8")
    return load_texts(folder.name, texts)


def load_texts(name: str, texts: Mapping[str, str]) -> Blueprint:
    """Build a blueprint from the text of its files by name without `.yaml`. Raises BadBlueprint."""
    document, _, findings = parse_texts(name, texts)
    if findings:
        raise BadBlueprint(findings)
    return from_document(document)


def parse_texts(name: str, texts: Mapping[str, str]) -> tuple[dict[str, Any], Lines, tuple[Finding, ...]]:
    """Return the stored form, the line of each place per file, and what is wrong with the shape."""
    document: dict[str, Any] = {"name": name}
    lines: dict[str, Mapping[Place, int]] = {}
    findings: list[Finding] = []
    for file in FILES:
        if file not in texts:
            findings.append(_finding(file, "", "缺少文件", "the file is missing", 0))
            continue
        try:
            document[file], lines[file] = read(texts[file])
        except BadFile as error:
            findings.append(_finding(file, "", f"YAML 写法不对：{error}", f"not plain YAML: {error}", error.line))
            continue
        findings += _shape(file, document[file], lines[file])
        if file in LISTS and file != "lifecycle" and isinstance(document[file], dict):
            document[file] = document[file].get(file)
    return document, lines, tuple(findings)


def from_document(document: Mapping[str, Any]) -> Blueprint:
    """Rebuild a blueprint from `to_document`, as stored in `blueprint_version.content`. Raises BadBlueprint."""
    try:
        return msgspec.convert(document, Blueprint)
    except msgspec.ValidationError as error:
        raise BadBlueprint((_of_error("document", "", error, {}),)) from error


def to_document(blueprint: Blueprint) -> dict[str, Any]:
    """Return the blueprint as JSON-ready data, without what has its default value."""
    built: dict[str, Any] = msgspec.to_builtins(blueprint)
    return built


def digest(blueprint: Blueprint) -> str:
    """Return the hex SHA-256 of the content: comments, order of keys and spacing do not change it."""
    content = msgspec.json.encode(to_document(blueprint), order="deterministic")
    return hashlib.sha256(content).hexdigest()


def _shape(file: str, data: Any, lines: Mapping[Place, int]) -> list[Finding]:
    """Convert entry by entry, so that one broken entry does not hide the next."""
    if not isinstance(data, dict):
        return [_finding(file, "", "内容应是一组键值", "must be a mapping", 1)]
    if file in WHOLE:
        return _convert(file, "", (), data, WHOLE[file], lines)
    found = []
    known = (*LISTS[file], "initial") if file == "lifecycle" else tuple(LISTS[file])
    for key in data:
        if key not in known:
            found.append(unknown(f"{file}.yaml", key, Words("字段", "field"), key, known))
    if file == "lifecycle" and not isinstance(data.get("initial"), str):
        found.append(_finding(file, "initial", "没有写起始环节", "the initial stage is not named", 0))
    for key, shape in LISTS[file].items():
        entries = data.get(key)
        if not isinstance(entries, list) or len(entries) > ENTRIES_MAX:
            found.append(_finding(file, key, "应是列表", f"must be a list of at most {ENTRIES_MAX}", 0))
            continue
        for index, entry in enumerate(entries):
            found += _convert(file, f"{key}[{index}]", (key, index), entry, shape, lines)
    return found


def _convert(
    file: str, place: str, path: Place, data: Any, shape: type[msgspec.Struct], lines: Mapping[Place, int]
) -> list[Finding]:
    try:
        msgspec.convert(data, shape)
    except msgspec.ValidationError as error:
        fields = tuple(field.encode_name for field in msgspec.structs.fields(shape))
        found = _of_error(file, place, error, {place: fields})
        return [msgspec.structs.replace(found, line=line_of(lines, found.place) or lines.get(path, 0))]
    return []


def _of_error(file: str, place: str, error: Exception, fields: Mapping[str, tuple[str, ...]]) -> Finding:
    """Turn msgspec's message into a finding with its place."""
    match = _DETAIL.fullmatch(str(error))
    what, at = (match["what"], match["at"] or "") if match else (str(error), "")
    where = f"{place}{at}".lstrip(".")
    stranger = _UNKNOWN.fullmatch(what)
    if stranger and place in fields and where == place:
        inner = f"{place}.{stranger[1]}".lstrip(".")
        return unknown(f"{file}.yaml", inner, Words("字段", "field"), stranger[1], fields[place])
    return _finding(file, where, _chinese(what), what, 0)


def _chinese(what: str) -> str:
    for pattern, words in _SAYINGS:
        match = pattern.fullmatch(what)
        if match:
            return words.format(*match.groups())
    return f"格式不对：{what}"


def line_of(lines: Mapping[Place, int], place: str) -> int:
    """Return the line of a place such as `stages[3].phase`, or of what encloses it; 0 when not known."""
    path: list[str | int] = [int(n) if n else w for n, w in re.findall(r"\[(\d+)\]|([^.\[\]]+)", place)]
    while path:
        line = lines.get(tuple(path))
        if line:
            return line
        path.pop()
    return 0


def _finding(file: str, place: str, zh: str, en: str, line: int) -> Finding:
    mend = Words("对照 docs/blueprint.md 修改", "see docs/blueprint.md")
    return Finding(f"{file}.yaml", place, Words(zh, en), mend, line)
