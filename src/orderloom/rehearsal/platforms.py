"""The simulators of one seller's world, wired to each other, and the accounts by which a hub reaches them.

Which platforms there are is asked of the connectors' folders (`adapters/rehearsed.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from starlette.types import ASGIApp

from orderloom.adapters.rehearsed import FAMILIES, Scene, Served, WorldPart, parts
from orderloom.rehearsal.catalogue import Assortment
from orderloom.rehearsal.options import WorldOptions

PARTS: Mapping[str, WorldPart] = {name: part for family in FAMILIES for name, part in parts(family).items()}
CODES = {name: part.code for name, part in parts("channels").items()}
"""The channels' accounts by connector."""
CREDENTIALS: dict[str, dict[str, str]] = {name: dict(part.credentials) for name, part in PARTS.items()}
"""By connector; made up."""
(WMS,) = [part.code for part in parts("systems").values()]
(CARRIER,) = [part.code for part in parts("carriers").values()]
WAREHOUSES = (
    ("HZ01", "杭州仓 Hangzhou", "浙江省"), ("GZ01", "广州仓 Guangzhou", "广东省"), ("CD01", "成都仓 Chengdu", "四川省"),
)  # fmt: skip
"""Code (at the WMS too), name, province."""


@dataclass(frozen=True, slots=True)
class AccountPlan:
    """An account as it is to stand in the hub. `pull_seconds` None: it is not pulled."""

    code: str
    family: str
    connector: str
    title: str
    zone: str
    base_url: str
    settings: dict[str, Any] = field(default_factory=dict)
    pull_seconds: float | None = None


class Platforms:
    """One simulator of each kind, by connector name: the channels', the warehouse system's and the carrier's."""

    def __init__(self, options: WorldOptions, catalogue: Assortment, folder: Path, now: Callable[[], datetime]) -> None:
        self._options, self._folder = options, folder
        scene = Scene(now, folder, options.seed, [code for code, _, _ in WAREHOUSES], options.wms_pace_seconds,
                      options.carrier_pace_seconds, options.shares.parcel_stalls, options.shares.parcel_returns)
        self._simulators: dict[str, Any] = {name: part.simulator(scene) for name, part in PARTS.items()}
        self.channels = {name: self._simulators[name] for name in parts("channels")}
        (self.wms,) = [self._simulators[name] for name in parts("systems")]
        (self.carrier,) = [self._simulators[name] for name in parts("carriers")]
        self.wms.on_handed_over = self._hand_over
        self.listings = {
            name: parts("channels")[name].list_all(simulator, [s.text for s in catalogue.known.get(name, ())])
            for name, simulator in self.channels.items()
        }
        """The platforms' own ids by channel and spelling."""

    @property
    def apps(self) -> dict[str, ASGIApp]:
        """What is served, by first part of the path."""
        return {name: self._simulators[name].app for name, part in PARTS.items() if part.is_served}

    def accounts(self, base: str, hub_url: str) -> list[AccountPlan]:
        """The accounts of a hub at `hub_url` when the simulators are served at `base`."""
        return [self._account(family, name, part, f"{base}/{name}", hub_url)
                for family in FAMILIES for name, part in parts(family).items()]

    def _account(self, family: str, name: str, part: WorldPart, base: str, hub_url: str) -> AccountPlan:
        every = part.pull_every
        return AccountPlan(
            part.code, family, name, part.title, part.zone, f"{base}{part.path}" if part.is_served else "",
            part.settings(Served(base, hub_url, self._folder)),
            None if every is None else self._options.pull_seconds * every,
        )

    def _hand_over(self, parcel: dict[str, Any]) -> None:
        self.carrier.hand_over(
            parcel["carrier"], parcel["waybill"], parcel["at"], parcel["province"], parcel["phone_last4"]
        )
