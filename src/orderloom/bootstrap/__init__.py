"""The composition root: the only place where ports meet adapters."""

from orderloom.bootstrap.connectors import broken_folders, find_connectors, find_mappings
from orderloom.bootstrap.hub import POOL_MAX, Hub, freeze_start, open_hub, utc_now
from orderloom.bootstrap.ports import Ports

__all__ = [
    "POOL_MAX", "Hub", "Ports", "broken_folders", "find_connectors", "find_mappings", "freeze_start", "open_hub",
    "utc_now",
]
