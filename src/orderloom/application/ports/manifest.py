"""What a connector's manifest says: what an account needs, how often it is read, how fast called, what may leave."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

NO_CONNECTOR = (
    "连接器 {name} 不在，或它的文件有错：请运行 orderloom doctor，改好后重启 | the connector {name} is not there, or a "
    "file of its has a mistake: run orderloom doctor, mend it and restart"
)
"""What is told of an account whose connector cannot be used."""


class Rate(msgspec.Struct, frozen=True):
    """A token bucket: calls per second and how many at once."""

    per_second: float = 10.0
    burst: float = 20.0


class Pull(msgspec.Struct, frozen=True):
    """How an account is read. Each stretch of time is swept again, once it is over for `sweep_after_seconds`."""

    interval_seconds: float = 60.0
    sweep_after_seconds: float = 1_800.0
    sweep_every_seconds: float = 900.0
    history_days_max: int = 0
    """How far back the platform shows its past; 0: nobody knows."""
    overlap_seconds: float = 0.0
    """How far a reading goes back before where it stood; 0: it is not read by windows of time."""


class Version(msgspec.Struct, frozen=True):
    """A version of the platform's API that is spoken; `last_day`: until when the platform answers it, where it says."""

    name: str
    last_day: date | None = None


class Manifest(msgspec.Struct, frozen=True):
    """A connector's manifest. `outbound` maps delivery kind to field and greatest length (None: any)."""

    name: str
    family: str
    title: dict[str, str]
    zone: str
    capabilities: list[str]
    base_url: str = ""
    credentials: list[dict[str, Any]] = []
    settings: dict[str, Any] = {}
    rate: Rate = Rate()
    rates: dict[str, Rate] = {}
    """Of single APIs, where the platform counts them apart; `rate` is for all of an account's calls together."""
    reads: list[str] = []
    """What can be read back on demand, by name."""
    reads_whole: list[str] = []
    """Those of them that give all that the platform has, whatever time is asked for."""
    reads_by_code: list[str] = []
    """Those of them that are asked for by our codes."""
    needs_ids: bool = False
    """Whether stock is told by the platform's own ids alone: a code is no address there."""
    pull: Pull = Pull()
    outbound: dict[str, dict[str, int | None]] = {}
    outbound_oversize: dict[str, str] = {}
    ends_with: dict[str, str] = {}
    """Kinds that are part of what another kind undoes, by that one: a courier that ends with its label."""
    carriers: list[str] = []
    """Whose parcels it follows and sells labels for, by our codes; empty: of any."""
    is_label_theirs: bool = False
    """The platform supplies the label of each of its orders: what is in one parcel is its own to say."""

    answers: list[str] = []
    """Which answers to applications after the sale the channel can be told."""
    versions: tuple[Version, ...] = ()
    """The versions of the platform's API that are spoken, the first one unless an account chooses another."""
    version_by: str = ""
    """The setting by which an account chooses."""

    def version_of(self, settings: Mapping[str, Any]) -> Version | None:
        """The version that an account with these settings speaks; None when nobody has said."""
        chosen = settings.get(self.version_by) or self.settings.get(self.version_by, {}).get("default")
        if self.version_by and chosen is not None:
            return next((one for one in self.versions if one.name == str(chosen)), Version(str(chosen)))
        return self.versions[0] if self.versions else None

    @property
    def exclusive(self) -> list[str]:
        """Settings that no two accounts of the connector may have alike: a folder that is read."""
        return [name for name, setting in self.settings.items() if setting.get("is_exclusive")]


def able(manifests: Mapping[str, Manifest], *capabilities: str) -> list[str]:
    """Names of the connectors that can do one of these."""
    return sorted(m.name for m in manifests.values() if set(capabilities) & set(m.capabilities))


def connectable(manifests: Mapping[str, Manifest]) -> dict[str, Manifest]:
    """The connectors that a person connects an account of; subscribers have a way of their own."""
    return {name: one for name, one in manifests.items() if one.family != "subscribers"}
