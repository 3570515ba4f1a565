"""What every connector folder must have, found by discovery: a new folder needs no test code of its own.

Samples: `samples/NAME.in.json` (or .bin, .csv, .xml, .txt) is a body as landed and `samples/NAME.order.json` the draft
that comes out, as JSON (a list when there are several). `samples/NAME.item.json` may state `topic`, `headers`,
`context`; without it the topic is the first one that mapping.yaml names in full. `samples/vectors.json` holds
signature vectors: a folder whose recipes do not reproduce them is not loaded at all.
"""

from __future__ import annotations

import ast
import inspect
import json
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest
import yaml

from orderloom.adapters.kit.bodies import BODIES
from orderloom.adapters.simulated.offers import Ear, Road, Shop, Warehouse
from orderloom.application.translate import translate
from tests.support.connector_folders import RECEIVED_AT, Folder, folders, sample

EVERY = [pytest.param(folder, id=f"{folder.family}/{folder.name}") for folder in folders()]
CAPABILITIES = {
    "pull", "push", "file", "query", "shipment", "stock", "listings", "work", "work_cancel",
    "stock_report", "watch", "label", "label_cancel", "pickup", "pickup_cancel", "decision", "quote", "event",
    "authorise", "entry", "promise",
}  # fmt: skip
NO_HTTP = {"files", "email"}
"""Their simulators hand over files, and hear mail."""
KINDS = [
    pytest.param(folder, kind, id=f"{folder.family}/{folder.name}")
    for family, can, kind in (("channels", "pull", Shop), ("systems", "work", Warehouse), ("carriers", "watch", Road),
                              ("messengers", "message", Ear))
    for folder in folders(family) if can in folder.capabilities and folder.name not in NO_HTTP
]  # fmt: skip
SAMPLES = [
    pytest.param(folder, path, id=f"{folder.name}/{path.name.split('.in.')[0]}")
    for folder in folders()
    for path in sorted((folder.path / "samples").glob("*.in.*"))
]
@pytest.mark.parametrize("folder", EVERY)
def test_a_person_can_fill_in_the_account_form_in_both_languages(folder: Folder) -> None:
    manifest = folder.manifest
    assert (manifest.name, manifest.family) == (folder.name, folder.family)
    assert ZoneInfo(manifest.zone) and isinstance(manifest.base_url, str)
    texts = [manifest.title, *(field["title"] for field in manifest.credentials)]
    texts += [rule["title"] for rule in manifest.settings.values()]
    assert all(text["zh"] and text["en"] for text in texts)
    assert all(isinstance(field["is_secret"], bool) and field["name"] for field in manifest.credentials)
    assert all("default" in rule for rule in manifest.settings.values())


@pytest.mark.parametrize("folder", EVERY)
def test_the_hub_knows_what_the_connector_can_do_and_how_often(folder: Folder) -> None:
    manifest, kinds = folder.manifest, set(BODIES)
    assert folder.capabilities and folder.capabilities <= CAPABILITIES
    assert manifest.rate.per_second > 0 and manifest.rate.burst >= 1
    if "pull" in folder.capabilities:
        assert manifest.pull.interval_seconds > 0
    assert folder.capabilities & kinds == set(manifest.outbound), "each kind that is sent has its whitelist"
    assert all(manifest.outbound.values()), "and the whitelist names what may leave"


@pytest.mark.parametrize("folder", EVERY)
def test_no_field_leaves_that_the_contract_does_not_name(folder: Folder) -> None:
    for kind, fields in folder.manifest.outbound.items():
        known = set(BODIES[kind].split())
        surplus = {name for name in fields if name not in known and not name.startswith("figures.listing.")}
        assert not surplus, f"{kind}: docs/deliveries.md has no such fields"
        assert all(limit is None or (isinstance(limit, int) and limit > 0) for limit in fields.values())
        refused = folder.manifest.outbound_oversize
        assert set(refused.values()) <= {"cut", "refuse"}


@pytest.mark.parametrize("folder", EVERY)
def test_the_connector_answers_the_port_that_the_hub_calls(folder: Folder) -> None:
    connector = folder.connector
    assert connector.name == folder.name
    assert inspect.iscoroutinefunction(connector.send) and inspect.iscoroutinefunction(connector.probe)
    assert not inspect.iscoroutinefunction(connector.pull) and not inspect.iscoroutinefunction(connector.receive)
    for method, names in (("receive", ["request", "account", "at"]), ("pull", ["account", "cursor", "at", "http"]),
                          ("send", ["outgoing", "account", "http"]), ("probe", ["account", "http"])):  # fmt: skip
        assert list(inspect.signature(getattr(connector, method)).parameters) == names, method


@pytest.mark.parametrize("folder", EVERY)
def test_the_simulator_proves_signatures_with_code_of_its_own(folder: Folder) -> None:
    reached, waiting = set(), [folder.path / "simulator.py"]
    while waiting:
        path = waiting.pop()
        reached.add(path.stem)
        waiting += [near for near in _neighbours(path, folder) if near.stem not in reached]
    assert not reached & {"signing", "client"}, f"the simulator reaches {sorted(reached)}"


@pytest.mark.parametrize(("folder", "kind"), KINDS)
def test_the_rehearsed_world_can_ask_a_simulator_what_it_asks_of_its_kind(folder: Folder, kind: type) -> None:
    simulator = folder.simulator()
    asked = {name for one in kind.__mro__[:-1] for name in (*vars(one), *getattr(one, "__annotations__", {}))}
    assert not [name for name in sorted(asked) if not name.startswith("_") and not hasattr(simulator, name)]


def _neighbours(path: Path, folder: Folder) -> list[Path]:
    """The modules of the same folder that a module imports."""
    names: list[str] = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
    prefix = f"orderloom.adapters.{folder.family}.{folder.name}."
    found = {folder.path / f"{name.removeprefix(prefix).split('.')[0]}.py" for name in names if name.startswith(prefix)}
    return [near for near in found if near.exists()]


@pytest.mark.parametrize("folder", EVERY)
def test_every_status_word_is_explained_in_chinese(folder: Folder) -> None:
    dictionaries = yaml.safe_load((folder.path / "statuses.yaml").read_text("utf-8"))["dictionaries"]
    nameless = [
        f"{name}/{word}"
        for name, words in dictionaries.items()
        for word, entry in words.items()
        if word != "" and not entry.get("zh")
    ]
    assert not nameless


@pytest.mark.parametrize("folder", EVERY)
def test_a_folder_proves_its_mapping_with_samples(folder: Folder) -> None:
    bodies = {path.name.split(".in.")[0] for path in (folder.path / "samples").glob("*.in.*")}
    drafts = {path.name.removesuffix(".order.json") for path in (folder.path / "samples").glob("*.order.json")}
    assert bodies, "at least one body as landed"
    assert bodies == drafts, "each body has its expected draft"


@pytest.mark.parametrize(("folder", "path"), SAMPLES)
def test_a_sample_is_understood_as_its_order(folder: Folder, path: Path) -> None:
    item, headers = sample(path)
    drafts = translate(folder.account(), item.topic, item.body, headers, RECEIVED_AT, folder.mappings())
    got = [json.loads(msgspec.json.encode(draft)) for draft in drafts]
    wanted = json.loads(path.with_name(path.name.split(".in.")[0] + ".order.json").read_text("utf-8"))
    assert got == (wanted if isinstance(wanted, list) else [wanted])
