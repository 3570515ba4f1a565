"""The parts in the rehearsed world of connectors that bring none of their own: drawn up from what they declare.

A channel that is pulled, a system that takes work, a carrier that follows parcels, a messenger: account, made-up
credentials, the settings' defaults and the folder's simulator. What is odd about one is said in a `rehearsal.py` of
its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from orderloom.adapters.manifests import ADAPTERS, manifests
from orderloom.adapters.rehearsed import FAMILIES, Scene, Served, WorldPart, lists_nothing, parts, put_up
from orderloom.application.ports import Manifest

NEEDED = {"channels": "pull", "systems": "work", "carriers": "watch", "messengers": "message"}
"""What a connector must be able to do, so that it has a part here."""
WAREHOUSES = (("NJ", "南京仓 Nanjing", "江苏省"), ("WH", "武汉仓 Wuhan", "湖北省"), ("BJ", "北京仓 Beijing", "北京市"),
              ("XA", "西安仓 Xi'an", "陕西省"), ("SY", "沈阳仓 Shenyang", "辽宁省"))  # fmt: skip


@cache
def derived(family: str) -> Mapping[str, WorldPart]:
    """The parts of a family by connector, of every folder that can have one and brings none."""
    brought = {name for each in FAMILIES for name in parts(each)}
    able = [manifest for name, manifest in sorted(manifests().items()) if manifest.family == family
            and NEEDED[family] in manifest.capabilities and name not in brought
            and (ADAPTERS / family / name / "simulator.py").is_file()]  # fmt: skip
    return {manifest.name: _part(manifest, number) for number, manifest in enumerate(able)}


@cache
def every(family: str) -> Mapping[str, WorldPart]:
    """The parts of a family by connector: those that folders bring, then those drawn up."""
    return {**parts(family), **derived(family)}


def _part(manifest: Manifest, number: int) -> WorldPart:
    module = import_module(f"orderloom.adapters.{manifest.family}.{manifest.name}.simulator")
    own: Mapping[str, str] = getattr(module, "CREDENTIALS", {})
    names = [str(field["name"]) for field in manifest.credentials]
    given = {name: own.get(name, f"rehearsal-{name}") for name in names}
    is_system = manifest.family == "systems"
    code, house = f"{manifest.name.upper()[:10]}01", WAREHOUSES[number % len(WAREHOUSES)]
    return WorldPart(
        code, f"{manifest.title['zh']} {manifest.title['en']}", manifest.zone, given,
        partial(_simulator, module, given, manifest), lambda served: _settings(manifest, served),
        path=urlsplit(manifest.base_url).path.rstrip("/"), pull_every=1.0 if "pull" in manifest.capabilities else None,
        list_all=put_up() if manifest.family == "channels" else lists_nothing,
        warehouses=((f"{house[0]}{number + 1:02d}", house[1], house[2]),) if is_system else (),
        family=manifest.family,
    )  # fmt: skip


def _simulator(module: Any, credentials: Mapping[str, str], manifest: Manifest, scene: Scene) -> Any:
    paced = scene.floor if manifest.family == "systems" else scene.road
    return module.Simulator(dict(credentials), scene.now, _defaults(manifest) | paced)


def _defaults(manifest: Manifest) -> dict[str, Any]:
    return {name: rule["default"] for name, rule in manifest.settings.items() if "default" in rule}


def _settings(manifest: Manifest, served: Served) -> dict[str, Any]:
    told = {"callback_url": f"{served.hub_url}/webhooks/{manifest.name.upper()[:10]}01"}
    return {name: value for name, value in told.items() if name in manifest.settings}
