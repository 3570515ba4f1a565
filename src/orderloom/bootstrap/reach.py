"""What connectors lean on when they call their platforms, shared by all processes of the hub; built before them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from orderloom.adapters.alone import OwnLimits, OwnTokens
from orderloom.adapters.db.limit import Openings, Pool
from orderloom.adapters.db.pace import SharedLimits
from orderloom.adapters.db.tokens import SharedTokens
from orderloom.adapters.token_aside import TokenAside
from orderloom.adapters.vault import Vault
from orderloom.application.ports import Manifest
from orderloom.application.sending import rates_of


class Reach(NamedTuple):
    """Tokens and pace; `alone` has the tokens of accounts that are tried out and not kept yet."""

    tokens: SharedTokens
    limits: SharedLimits
    alone: OwnTokens


def reach_of(pool: Pool, vault: Vault, home: Path, manifests: Mapping[str, Manifest]) -> Reach:
    """What the connectors of a hub on this database are given."""
    connect, alone = Openings(pool).connect, OwnTokens()
    limits = SharedLimits(connect, lambda account, api: rates_of(account, manifests[account.connector], api),
                          OwnLimits())
    return Reach(SharedTokens(connect, vault, alone, TokenAside(home / "tokens", vault)), limits, alone)
