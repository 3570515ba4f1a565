"""A database's schema: brought up to this build, or looked at. Loads what migrating needs, which takes a moment."""

from __future__ import annotations

from orderloom.adapters.db import migrate as migrations
from orderloom.adapters.db.away import told_apart

OLDEST_SERVER = migrations.OLDEST_SERVER


def migrate(dsn: str) -> list[str]:
    """Apply what is missing; the names of the files applied. Raises DatabaseTrouble, StoreAway, StoreRefused."""
    with told_apart():
        return migrations.migrate(dsn)


def pending(dsn: str) -> list[str]:
    """What `migrate` would apply. Raises the same."""
    with told_apart():
        return migrations.pending(dsn)
