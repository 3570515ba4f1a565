"""Load a blueprint from a folder of YAML files or from its stored document, with every mistake found at once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from orderloom.blueprint.desk import ColumnsEntry, FieldEntry, ViewEntry
from orderloom.blueprint.documents import DocumentsFile
from orderloom.blueprint.floor import FloorFile
from orderloom.blueprint.goods import GoodsFile
from orderloom.blueprint.notifications import RecipientEntry, RuleEntry, TemplateEntry
from orderloom.blueprint.places import Origin, line_of
from orderloom.blueprint.plain import BadFile, read
from orderloom.blueprint.plain import Path as Place
from orderloom.blueprint.publish import PublishFile
from orderloom.blueprint.purchasing import PurchasingFile
from orderloom.blueprint.roles import RoleEntry
from orderloom.blueprint.rules import RULES_MAX, RowEntry, TableEntry
from orderloom.blueprint.schema import (
    Blueprint,
    CaseEntry,
    DeadlineEntry,
    FormulaEntry,
    HoldEntry,
    StageEntry,
    TransitionEntry,
    WordsFile,
)
from orderloom.blueprint.sourcing import SourcingFile
from orderloom.blueprint.watch import WatchFile
from orderloom.domain.finding import Finding, unknown
from orderloom.domain.words import Words

LISTS: dict[str, dict[str, type[msgspec.Struct]]] = {
    "lifecycle": {"stages": StageEntry, "transitions": TransitionEntry},
    "formulas": {"formulas": FormulaEntry},
    "cases": {"cases": CaseEntry},
    "holds": {"holds": HoldEntry},
    "deadlines": {"deadlines": DeadlineEntry},
    "roles": {"roles": RoleEntry},
    "desk": {"views": ViewEntry, "columns": ColumnsEntry, "fields": FieldEntry},
    "notifications": {"rules": RuleEntry, "recipients": RecipientEntry, "templates": TemplateEntry},
}
OPTIONAL = ("roles", "desk", "notifications", "goods", "watch", "documents", "purchasing", "floor")
"""Files that may be left out, as they were before there were any, and in them every list."""
WHOLE: dict[str, type[msgspec.Struct]] = {
    "sourcing": SourcingFile, "publish": PublishFile, "goods": GoodsFile, "watch": WatchFile,
    "documents": DocumentsFile, "purchasing": PurchasingFile, "floor": FloorFile,
    "words": WordsFile}
FILES = (*LISTS, *WHOLE)
TABLES = "rules"
"""A folder, of which each file is one decision table of the file's name; it may be left out."""
ENTRIES_MAX = 2_000

WAY = ("new", "ready", "blocked", "amending", "held", "in_transit", "failed", "delivered", "returned", "cancelled")
"""Phases in the order of an order's way: the names and the order of the files in a folder `lifecycle/`."""

Origins = Mapping[str, Origin]
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
    return load_texts(folder.name, read_folder(folder))


def read_folder(folder: Path) -> dict[str, str]:
    """The texts of a blueprint's files by name without `.yaml`; a list may be a folder, with files as `cases/money`.
    """
    found: list[Path] = []
    for name in (*FILES, TABLES):
        found.append(folder / f"{name}.yaml")
        if name in LISTS or name == TABLES:
            found += (folder / name).glob("*.yaml")
    return {file.relative_to(folder).with_suffix("").as_posix(): file.read_text(encoding="utf-8")
            for file in found if file.is_file()}


def load_texts(name: str, texts: Mapping[str, str]) -> Blueprint:
    """Build a blueprint from the text of its files by name without `.yaml`. Raises BadBlueprint."""
    document, _, findings = parse_texts(name, texts)
    if findings:
        raise BadBlueprint(findings)
    return from_document(document)


def parse_texts(name: str, texts: Mapping[str, str]) -> tuple[dict[str, Any], Origins, tuple[Finding, ...]]:
    """Return the stored form, where each part of it was written, and what is wrong with the shape."""
    document: dict[str, Any] = {"name": name}
    origins = {file: Origin(file) for file in FILES}
    findings: list[Finding] = []
    for file in FILES:
        read_in, found = _read_parts(file, texts, origins[file])
        findings += found
        if file in WHOLE:
            if file in read_in or file not in OPTIONAL:
                document[file] = read_in.get(file)
        elif not found:
            document[file], found = _joined(file, read_in)
            findings += found
    tables, found = _read_tables(texts, origins)
    if tables:
        document[TABLES] = tables
    return document, origins, (*findings, *found)


def _read_tables(texts: Mapping[str, str], origins: dict[str, Origin]) -> tuple[list[Any], list[Finding]]:
    """The decision tables by name, and what is wrong with the shape of each."""
    tables, findings = [], list[Finding]()
    if TABLES in texts:
        findings.append(_finding(TABLES, "", f"每条规则一个文件：{TABLES}/名称.yaml",
                                 f"a file for each rule: {TABLES}/NAME.yaml", 0))
    parts = sorted(part for part in texts if part.startswith(f"{TABLES}/"))
    if len(parts) > RULES_MAX:
        findings.append(_finding(parts[RULES_MAX], "", f"最多 {RULES_MAX} 条规则", f"at most {RULES_MAX} rules", 0))
    for part in parts[:RULES_MAX]:
        try:
            data, lines = read(texts[part])
        except BadFile as error:
            findings.append(_finding(part, "", f"YAML 写法不对：{error.zh}", f"not plain YAML: {error.en}", error.line))
            continue
        origins[part] = Origin(part)
        origins[part].add(part, data, lines)
        findings += _table_shape(part, data, lines)
        tables.append(data)
    return tables, findings


def _table_shape(part: str, data: Any, lines: Mapping[Place, int]) -> list[Finding]:
    """A decision table's shape, row by row, and that it bears the name of its file."""
    if not isinstance(data, dict):
        return [_finding(part, "", "内容应是一组键值", "must be a mapping", 1)]
    rows = data.get("rows")
    head = {**data, "rows": [{"id": "x"}]} if isinstance(rows, list) and rows else data
    found = _convert(part, "", (), head, TableEntry, lines)
    for index, row in enumerate(rows if isinstance(rows, list) else []):
        found += _convert(part, f"rows[{index}]", ("rows", index), row, RowEntry, lines)
    name = part.partition("/")[2]
    if isinstance(data.get("name"), str) and data["name"] != name:
        found.append(_finding(part, "name", f"应与文件同名：{name}", f"must be the file's name: {name}",
                              line_of(lines, "name")))
    return found


def _read_parts(file: str, texts: Mapping[str, str], origin: Origin) -> tuple[dict[str, Any], list[Finding]]:
    """What stands in the file, or in each file of the folder, of that name; and what is wrong with it."""
    parts = sorted((part for part in texts if part.partition("/")[0] == file), key=_by_phase)
    if not parts:
        return {}, [] if file in OPTIONAL else [_finding(file, "", "缺少文件", "the file is missing", 0)]
    if file in parts and len(parts) > 1:
        return {}, [_finding(file, "", f"已有文件夹 {file}/，只留一个", f"there is a folder {file}/ too: keep one", 0)]
    read_in: dict[str, Any] = {}
    findings: list[Finding] = []
    for part in parts:
        try:
            read_in[part], lines = read(texts[part])
        except BadFile as error:
            findings.append(_finding(part, "", f"YAML 写法不对：{error.zh}", f"not plain YAML: {error.en}", error.line))
            continue
        origin.add(part, read_in[part], lines)
        findings += _shape(part, read_in[part], lines)
        findings += _misplaced(part, read_in[part], lines)
    return read_in, findings


def _by_phase(part: str) -> tuple[int, str]:
    """A lifecycle's files in the order of an order's way, others by name."""
    _, _, name = part.partition("/")
    return (WAY.index(name) if name in WAY else len(WAY)), name


def _joined(file: str, read_in: Mapping[str, Any]) -> tuple[Any, list[Finding]]:
    """The entries of all files of a list, one after another."""
    joined: dict[str, Any] = {key: [] for key in LISTS[file]}
    findings = []
    for part, data in read_in.items():
        for key in LISTS[file]:
            joined[key] += data.get(key, [])
        if "initial" in data:
            if "initial" in joined:
                findings.append(_finding(part, "initial", "起始环节写了两次", "the initial stage is named twice", 0))
            joined["initial"] = data["initial"]
    if file != "lifecycle":
        return joined if file in OPTIONAL else joined[file], findings
    if not isinstance(joined.get("initial"), str):
        findings.append(_finding(next(iter(read_in)), "initial", "没有写起始环节", "the initial stage is not named", 0))
    return joined, findings


def _misplaced(part: str, data: Any, lines: Mapping[Place, int]) -> list[Finding]:
    """Stages in a file of the folder `lifecycle/` that is not their phase's."""
    folder, _, name = part.partition("/")
    if folder != "lifecycle" or not name:
        return []
    if name not in WAY:
        return [unknown(f"{part}.yaml", "", Words("阶段文件", "file of a phase"), name, WAY)]
    stages = data.get("stages", []) if isinstance(data, dict) else []
    return [
        _finding(part, f"stages[{index}].phase", f"这里只放阶段 {name} 的环节", f"only stages of phase {name} stand",
                 line_of(lines, f"stages[{index}].phase"))
        for index, stage in enumerate(stages if isinstance(stages, list) else [])
        if isinstance(stage, dict) and stage.get("phase") in WAY and stage["phase"] != name
    ]


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


def _shape(part: str, data: Any, lines: Mapping[Place, int]) -> list[Finding]:
    """Convert entry by entry, so that one broken entry does not hide the next."""
    file, _, is_in_folder = part.partition("/")
    if not isinstance(data, dict):
        return [_finding(part, "", "内容应是一组键值", "must be a mapping", 1)]
    if file in WHOLE:
        return _convert(part, "", (), data, WHOLE[file], lines)
    known = (*LISTS[file], "initial") if file == "lifecycle" else tuple(LISTS[file])
    found = [unknown(f"{part}.yaml", key, Words("字段", "field"), key, known) for key in data if key not in known]
    for key, shape in LISTS[file].items():
        entries = data.get(key, [] if is_in_folder or file in OPTIONAL else None)
        if not isinstance(entries, list) or len(entries) > ENTRIES_MAX:
            found.append(_finding(part, key, "应是列表", f"must be a list of at most {ENTRIES_MAX}", 0))
            continue
        for index, entry in enumerate(entries):
            found += _convert(part, f"{key}[{index}]", (key, index), entry, shape, lines)
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


def _finding(file: str, place: str, zh: str, en: str, line: int) -> Finding:
    mend = Words("对照 docs/blueprint.md 修改", "see docs/blueprint.md")
    return Finding(f"{file}.yaml", place, Words(zh, en), mend, line)
