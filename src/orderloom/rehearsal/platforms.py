"""The simulators of one seller's world, wired to each other, and the accounts by which a hub reaches them.

Which platforms there are is asked of the connectors' folders (`adapters/rehearsed.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from starlette.types import ASGIApp

from orderloom.adapters.rehearsed import FAMILIES, Scene, Served, WorldPart, parts
from orderloom.adapters.rehearsed_by_declaration import every
from orderloom.rehearsal.catalogue import Assortment
from orderloom.rehearsal.options import WorldOptions

PARTS: Mapping[str, WorldPart] = {name: part for family in FAMILIES for name, part in parts(family).items()}
"""Every connector that brings a part of its own."""
CREDENTIALS: dict[str, dict[str, str]] = {name: dict(part.credentials) for name, part in PARTS.items()}
"""By connector; made up."""
OVERLAP = "overlap_seconds"
SECOND_LOOK = {"sweep_after_seconds": 60.0, "sweep_every_seconds": 20.0}
"""What comes after half an hour comes after a minute where a run of minutes keeps everything else as it is: a platform
that says "nobody" where somebody is, is found out by the second look."""
SYSTEM, ROAD = [next(name for name, part in parts(family).items() if part.is_leading)
                for family in ("systems", "carriers")]
"""Behind which the seller's own warehouses are, and who follows every parcel."""
WMS, CARRIER = PARTS[SYSTEM].code, PARTS[ROAD].code
WAREHOUSES = (
    ("HZ01", "杭州仓 Hangzhou", "浙江省"), ("GZ01", "广州仓 Guangzhou", "广东省"), ("CD01", "成都仓 Chengdu", "四川省"),
)  # fmt: skip
"""Code (at the WMS too), name, province."""


@dataclass(frozen=True, slots=True)
class AccountPlan:
    """An account as it is to stand in the hub. `pull_seconds` None: it is not pulled."""

    code: str
    connector: str
    title: str
    zone: str
    base_url: str
    credentials: Mapping[str, str]
    settings: dict[str, Any] = field(default_factory=dict)
    pull_seconds: float | None = None
    is_limited: bool = False
    """Its own rate is kept; those of the others are lifted, for a rehearsed day is short."""


def chosen(options: WorldOptions, family: str) -> Mapping[str, WorldPart]:
    """The parts of a family that are in this world."""
    return {name: part for name, part in every(family).items() if options.has_all or part.is_usual}


class Platforms:
    """The simulators by connector name: `channels`, `systems` and `carriers`, of which `wms` and `carrier` lead, and
    `messengers`."""

    def __init__(self, options: WorldOptions, catalogue: Assortment, folder: Path, now: Callable[[], datetime]) -> None:
        self._options, self._folder, self.share = options, folder, options.share
        self.forgotten = options.shares.is_code_forgotten
        self.left: dict[str, tuple[str, str]] = {}
        """Parcels that left a warehouse, by waybill: the work, and the connector that said so."""
        self.parts = {family: chosen(options, family) for family in FAMILIES}
        codes = [part.code for members in self.parts.values() for part in members.values()]
        if twice := sorted({code for code in codes if codes.count(code) > 1}):
            raise ValueError(f"two connectors have the same account in the rehearsed world: {', '.join(twice)}")
        found = {family: {name: part.simulator(self._scene(part, now)) for name, part in members.items()}
                 for family, members in self.parts.items()}
        self.channels: dict[str, Any] = found["channels"]
        self.systems: dict[str, Any] = found["systems"]
        self.carriers: dict[str, Any] = found["carriers"]
        self.messengers: dict[str, Any] = found["messengers"]
        self.addresses: dict[str, str] = {}
        """Where those listen that are no HTTP platform."""
        self.wms, self.carrier = self.systems[SYSTEM], self.carriers[ROAD]
        for name, system in self.systems.items():
            system.on_handed_over = partial(self.hand_over, name)
        self.listings = {
            name: self.parts["channels"][name].list_all(simulator, [s.text for s in catalogue.known.get(name, ())])
            for name, simulator in self.channels.items()
        }
        """The platforms' own ids by channel and spelling."""

    @property
    def codes(self) -> dict[str, str]:
        """The channels' accounts by connector."""
        return {name: part.code for name, part in self.parts["channels"].items()}

    @property
    def all(self) -> dict[str, Any]:
        """Every simulator, by connector."""
        return self.channels | self.systems | self.carriers | self.messengers

    @property
    def by_code(self) -> dict[str, str]:
        """Every connector by its account."""
        return {part.code: name for members in self.parts.values() for name, part in members.items()}

    @property
    def apps(self) -> dict[str, ASGIApp]:
        """What is served, by first part of the path."""
        return {name: self.all[name].app for members in self.parts.values() for name, part in members.items()
                if part.is_served}

    @property
    def telling(self) -> list[Any]:
        """Who tells by itself of works and parcels: every carrier, and systems that push."""
        return [*self.carriers.values(), *(s for s in self.systems.values() if hasattr(s, "push_url"))]

    def tell_to(self, hub_url: str) -> None:
        """Systems and carriers whose pushes go to one agreed address get the hub's."""
        for family in ("systems", "carriers"):
            for name, part in self.parts[family].items():
                if hasattr(self.all[name], "push_url"):
                    query = f"?{part.push_query}" if part.push_query else ""
                    self.all[name].push_url = f"{hub_url}/webhooks/{part.code}{query}"

    @property
    def warehouses(self) -> list[tuple[str, str, str, str | None]]:
        """(code, name, province, account): the seller's own, then those of further systems, then those without any."""
        own = [(*house, WMS) for house in WAREHOUSES]
        further = [(*house, part.code) for part in self.parts["systems"].values() for house in part.warehouses]
        return own + further + [(*house, None) for part in self.sellers.values() for house in part.warehouses]

    @property
    def sellers(self) -> dict[str, WorldPart]:
        """Carriers that sell labels for what people pack by hand, by connector."""
        return {name: part for name, part in self.parts["carriers"].items() if part.sells}

    def step(self, now: datetime) -> None:
        """Let people in warehouses and on the road work until now."""
        for simulator in (*self.systems.values(), *self.carriers.values()):
            simulator.step(now)

    def accounts(self, base: str, hub_url: str) -> list[AccountPlan]:
        """The accounts of a hub at `hub_url` when the simulators are served at `base`."""
        return [self._account(name, part, f"{base}/{name}", hub_url)
                for members in self.parts.values() for name, part in members.items()]

    def _scene(self, part: WorldPart, now: Callable[[], datetime]) -> Scene:
        options, houses = self._options, part.warehouses or WAREHOUSES
        return Scene(now, self._folder, options.seed, [code for code, _, _ in houses], options.wms_pace_seconds,
                     options.carrier_pace_seconds, options.shares.parcel_stalls, options.shares.parcel_returns)

    def _account(self, name: str, part: WorldPart, base: str, hub_url: str) -> AccountPlan:
        every = part.pull_every
        settings = part.settings(Served(base, hub_url, self._folder))
        if self._options.is_strict:
            settings = {setting: value for setting, value in settings.items() if setting != OVERLAP}
            settings |= SECOND_LOOK if every is not None else {}
        return AccountPlan(
            part.code, name, part.title, part.zone,
            f"{base}{part.path}" if part.is_served else self.addresses.get(name, ""),
            part.credentials, settings, None if every is None else self._options.pull_seconds * every,
            part.family == "messengers" or (self._options.is_strict and part.family == "systems"),
        )

    def hand_over(self, connector: str, parcel: dict[str, Any]) -> None:
        """A parcel left: whoever carries or follows it knows of it."""
        self.left[parcel["waybill"]] = (parcel["work_no"], connector)
        for carrier in self.carriers.values():
            carrier.hand_over(
                parcel["carrier"], parcel["waybill"], parcel["at"], parcel["province"], parcel["phone_last4"])
