"""Finds the connector folders: what each of them can do, and how it is read."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from orderloom import adapters
from orderloom.application.ports import Connector
from orderloom.blueprint.mapping import CompiledMapping, Mappings, load_folder

ADAPTERS = Path(str(adapters.__file__)).parent
FAMILIES = ("channels", "systems", "carriers", "subscribers")


def find_connectors() -> dict[str, Connector]:
    """Every connector folder with a client, by name."""
    found: dict[str, Connector] = {}
    for family in FAMILIES:
        for folder in sorted((ADAPTERS / family).iterdir()):
            if (folder / "client.py").is_file():
                module = import_module(f"orderloom.adapters.{family}.{folder.name}.client")
                found[folder.name] = module.CONNECTOR
    return found


def find_mappings(*, is_quick: bool = True) -> Mappings:
    """The compiled mapping of every connector folder. Raises ValueError with every mistake in one that is broken."""
    found: dict[str, CompiledMapping] = {}
    for family in FAMILIES:
        for folder in sorted((ADAPTERS / family).iterdir()):
            if (folder / "mapping.yaml").is_file():
                loaded = load_folder(folder, is_quick=is_quick)
                if isinstance(loaded, tuple):
                    raise ValueError("\n".join(map(str, loaded)))
                found[folder.name] = loaded
    return Mappings(found)
