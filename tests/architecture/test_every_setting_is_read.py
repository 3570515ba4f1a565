"""What a seller or a connector's author may set does something: no field is only loaded, checked and drawn."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import msgspec
import pytest
import yaml

from orderloom.adapters.kit import schema as kit_schema
from orderloom.adapters.kit.requests import VERBS
from orderloom.adapters.manifests import manifests
from orderloom.application.ports import manifest as shapes
from orderloom.blueprint import compile as compiled
from orderloom.blueprint import publish, schema
from orderloom.blueprint.load import load_folder
from orderloom.blueprint.mapping import fields, parts, targets
from orderloom.domain import draft, formula, lifecycle
from orderloom.domain.inventory import shown
from orderloom.domain.words import DEADLINES
from tests.support.readers import readers, shadow

ROOT = Path(__file__).resolve().parents[2]
DEFAULT = ROOT / "blueprints" / "default"
SOURCE = ROOT / "src" / "orderloom"
SHOWN = frozenset(f"blueprint/{name}.py" for name in ("schema", "load", "check", "explain", "diff"))
"""Files that check a field, or show it, and do nothing by it."""
ASKED: dict[str, tuple[object, tuple[str, ...], frozenset[str]]] = {
    "blueprint/schema.py": (schema, (), SHOWN),
    "blueprint/compile.py": (compiled, ("CaseKind", "HoldType", "DeadlineRule"),
                             SHOWN | {"blueprint/graph.py"}),
    "blueprint/publish.py": (publish, ("PublishFile",), SHOWN),
    "domain/inventory/shown.py": (shown, ("ShownFormula",), SHOWN),
    "domain/lifecycle.py": (lifecycle, ("Stage", "Transition", "Effect"),
                            SHOWN | {"blueprint/graph.py", "domain/lifecycle_check.py"}),
    "domain/formula.py": (formula, ("Formula", "Addend"), SHOWN | {"blueprint/compile.py"}),
    "application/ports/manifest.py": (shapes, ("Manifest", "Pull", "Rate"), frozenset()),
    "domain/draft.py": (draft, (), frozenset({"testing/builders.py"})),
}
"""By file: its module, the structs (none: all), and files that carry their fields on without acting on them.

A blueprint's entry is read by what compiles it, and what that makes is read by what acts. Drafts are what a mapping may
state: whoever maps them is no reader."""
OTHERWISE = {
    **{f"WordsFile.{name}": "application/queries/vocabulary.py" for name in ("milestones", "phases", "roles")},
    "WordsFile.effects": "application/queries/lifecycle.py", "CaseKind.menders": "entrypoints/http/api/mends.py",
    **{f"Manifest.{name}": "application/deliver.py" for name in ("outbound", "outbound_oversize")},
    "Pull.sweep_after_seconds": "application/sources/walking.py",
    "AfterSaleReport.order_external_id": "application/commands.py",
}
"""Who reads them where the checker is silent: in an expression that it tries twice, or through a protocol."""
FOR_PEOPLE = {
    "WordsFile.verbs": "blueprint/explain.py",
    "HoldType.type": "blueprint/explain.py", "Stage.leads_to": "domain/lifecycle_check.py",
    "Nothing.reason": "domain/draft.py",
}
"""Names and reasons that are written to be read on the page, a vow that only the check keeps, and what a connector says
that nobody needs yet. Nothing else may be like them."""
MAPS = "blueprint/mapping/"
BASES = frozenset({"Shape"})


def structs(name: str) -> frozenset[str]:
    """Names of the structs of a file that are asked about."""
    module, chosen, _ = ASKED[name]
    return frozenset(chosen) or frozenset(
        kind.__name__ for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind.__module__ == module.__name__  # type: ignore[attr-defined]
    ) - BASES


def field_names() -> Iterator[str]:
    """Every field that is asked about, as `file Struct.field`."""
    for name, (module, _, _) in ASKED.items():
        for kind in sorted(structs(name)):
            for field in msgspec.structs.fields(getattr(module, kind)):
                yield f"{name} {kind}.{field.name}"


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Who reads which field."""
    return readers({name: structs(name) for name in ASKED}, tmp_path_factory.mktemp("shadows"))


@pytest.mark.parametrize("field", list(field_names()))
def test_what_can_be_set_is_read_by_something_that_acts_on_it(field: str, read: dict[str, set[str]]) -> None:
    name, _, asked = field.partition(" ")
    acting = {file for file in read.get(asked, ()) if file not in ASKED[name][2] and not file.startswith(MAPS)}
    if asked in OTHERWISE:
        assert asked.partition(".")[2] in _attributes(OTHERWISE[asked]), f"{asked}: {OTHERWISE[asked]} reads it no more"
    elif asked in FOR_PEOPLE:
        assert not acting, f"{asked} is read by {acting}: it is no exception any more"
    else:
        assert acting, f"{asked}: give it a reader or remove it"


@cache
def _attributes(file: str) -> frozenset[str]:
    return frozenset(node.attr for node in ast.walk(ast.parse((SOURCE / file).read_text("utf-8")))
                     if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load))


@cache
def _written(file: Path) -> frozenset[str]:
    return frozenset(_texts(*ast.walk(ast.parse(file.read_text("utf-8")))))


def test_a_field_that_is_only_checked_and_drawn_is_noticed(read: dict[str, set[str]]) -> None:
    assert "blueprint/explain.py" in read["DeadlineRule.title"], "a reader, though not one that acts"
    assert "application/batch.py" in read["CaseKind.owner"] and "owner" in schema.StageEntry.__struct_fields__
    assert read.get("CaseKind.overlap_that_nobody_reads") is None
    assert "_told('read:Rate.burst')" in shadow((SOURCE / "application/ports/manifest.py").read_text("utf-8"),
                                                frozenset({"Rate"}))


@cache
def _looked_up() -> frozenset[str]:
    """Texts that the mapping language looks up in a block: block["x"], block.get("x"), "x" in block."""
    found: set[str] = set()
    for file in (SOURCE / MAPS).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Subscript):
                found |= _texts(node.slice)
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
                found |= _texts(*node.args[:1])
            elif isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In):
                found |= _texts(node.left)
    return frozenset(found)


def _texts(*nodes: ast.AST) -> set[str]:
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


@pytest.mark.parametrize("key", sorted({
    *fields.RULE_KEYS, *parts._SAID_KEYS, *targets.DOCUMENT_KEYS, *sum(targets.BLOCKS.values(), ()),
    "mapping", "money", "zone", "documents", "statuses", "dictionaries", "where",
}))
def test_a_word_of_the_mapping_language_is_looked_up(key: str) -> None:
    assert key in _looked_up()


KIT = sorted({
    f"{kind.__name__}.{field}" for kind in vars(kit_schema).values()
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct) for field in kind.__annotations__
} - {"ConnectorBlock.connector"})
"""All but the number of the language's version, which the shape of the file checks."""


@pytest.mark.parametrize("field", KIT)
def test_a_key_of_a_connectors_declaration_is_read_by_the_engine(field: str) -> None:
    name = field.partition(".")[2]
    kit = (SOURCE / "adapters/kit").glob("*.py")
    assert any(name in _attributes(str(file.relative_to(SOURCE))) for file in kit) or (
        name in VERBS and "getattr(said, verb)" in (SOURCE / "adapters/kit/requests.py").read_text("utf-8"))


@pytest.mark.parametrize("name", sorted(manifests()))
def test_what_an_account_may_be_told_is_asked_for_by_its_connector(name: str) -> None:
    manifest = manifests()[name]
    folder = SOURCE / "adapters" / manifest.family / name
    texts: set[str] = set()
    for file in [*folder.glob("*.py"), *(SOURCE / "application").rglob("*.py"), *SOURCE.glob("adapters/*.py"),
                 *SOURCE.glob("adapters/kit/*.py"),
                 *(SOURCE / "adapters" / "db").glob("*.py"), *(SOURCE / "entrypoints" / "worker").glob("*.py"),
                 *(SOURCE / "adapters" / "channels").glob("*.py")]:
        if "simulat" not in file.name:
            texts |= _written(file)
    mapped = yaml.safe_load((folder / "mapping.yaml").read_text("utf-8")) if (folder / "mapping.yaml").is_file() else {}
    declared = {*manifest.settings, *[str(asked.get("name")) for asked in manifest.credentials]}
    said = (folder / "connector.yaml").read_text("utf-8")
    for shared in re.findall(r"^shares: (\S+)", said, re.MULTILINE):
        said += (SOURCE / "adapters" / shared / "connector.yaml").read_text("utf-8")
    texts |= set(re.findall(r"\$(\w+)", said)) | set(re.findall(r"(?:choose|keep|folder): \{?(\w+)", said))
    if manifest.outbound.keys() & {"label", "pickup"}:
        texts |= {one for one in declared if one.startswith("sender_")}  # put together where the parcel's sender is
    assert {one for one in declared if one not in texts and one not in str(mapped)} == set()


def test_every_kind_of_case_that_is_shipped_is_opened_by_something() -> None:
    acts = "\n".join(file.read_text("utf-8") for file in SOURCE.rglob("*.py"))
    rules = "\n".join(file.read_text("utf-8") for file in DEFAULT.rglob("*.yaml") if file.parent.name != "cases")
    never = [case.kind for case in load_folder(DEFAULT).cases
             if f'"{case.kind}"' not in acts and not re.search(rf"\b{case.kind}\b", rules)]
    assert never == [], "a person would wait for a case that nothing opens"


def test_every_time_that_a_blueprint_may_watch_is_asked_for_by_something() -> None:
    asked = {
        node.args[0].value
        for file in (SOURCE / "application").rglob("*.py") for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "deadline"
        and isinstance(node.args[0], ast.Constant)
    }
    assert asked == set(DEADLINES)
