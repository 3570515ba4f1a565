"""What a connector's folder tells of its part in the rehearsed world (`rehearsal.py`), and what it is told of it.

The world asks every folder that has such a file, and names none: a new connector joins by bringing one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, NamedTuple

from orderloom.adapters.kit.load import FILE
from orderloom.adapters.simulated.pushes import Push

FAMILIES = ("channels", "systems", "carriers", "messengers")
OVERLAP_SECONDS = 4
"""How far pulls look back: platforms tell time to the second, and the rehearsal's clocks are one clock."""
SLOW_SECONDS = 3
"""How long an answer takes that is to be a slow one."""
NO_LIMIT = 1_000_000
SENDER = {"sender_name": "仓管", "sender_phone": "19900000000", "sender_province": "浙江省", "sender_city": "杭州市",
          "sender_district": "余杭区", "sender_detail": "仓库路1号"}  # fmt: skip
"""Who sends what people pack by hand; made up."""
Listings = dict[str, dict[str, str]]


class Scene(NamedTuple):
    """The world as a platform sees it. `folder` is the world's own, for files that are handed over."""

    now: Callable[[], datetime]
    folder: Path
    seed: int
    warehouses: Sequence[str]
    warehouse_pace_seconds: float
    carrier_pace_seconds: float
    stall_share: float
    return_share: float

    @property
    def shop(self) -> dict[str, Any]:
        """The settings of a simulated channel."""
        return {"slow_seconds": SLOW_SECONDS}

    @property
    def floor(self) -> dict[str, Any]:
        """The settings of a simulated warehouse."""
        return {"warehouses": list(self.warehouses), "seed": self.seed, "pace_seconds": self.warehouse_pace_seconds,
                "slow_seconds": SLOW_SECONDS}

    @property
    def road(self) -> dict[str, Any]:
        """The settings of a simulated carrier."""
        return {"seed": self.seed, "pace_seconds": self.carrier_pace_seconds, "slow_seconds": SLOW_SECONDS,
                "stall_share": self.stall_share, "return_share": self.return_share}


class Served(NamedTuple):
    """Where things are: the platform's own address, the hub's, and the folder of `Scene`."""

    base: str
    hub_url: str
    folder: Path


def lists_nothing(_simulator: Any, _spellings: Sequence[str]) -> Listings:
    """Nothing is for sale there."""
    return {}


def put_up(**ids: Literal["item", "variant"]) -> Callable[[Any, Sequence[str]], Listings]:
    """Puts goods up for sale; `ids` says what the platform calls each id of an offer. Without, the hub finds out."""

    def list_all(simulator: Any, spellings: Sequence[str]) -> Listings:
        for text in spellings:
            simulator.list_sku(text)
        offers = {text: simulator.shelf.offers(text)[0] for text in spellings} if ids else {}
        return {text: {name: getattr(offer, id) for name, id in ids.items()} for text, offer in offers.items()}

    return list_all


def as_it_is(code: str, _number: int) -> str:
    """A SKU's own code."""
    return code


def phase_in_book(simulator: Any, key: str) -> str:
    """How far an order is at a platform that keeps the simulators' book."""
    return str(simulator.book.orders[key].phase)


class WorldPart(NamedTuple):
    """A connector's part: its account, its simulator, and how its goods are put up for sale.

    `path` is added to the address that the account calls; `is_served` false: nobody calls it, files are handed over.
    `pull_every` counts in the world's own pulls; None: it is not pulled. `list_all` returns the platform's own ids.
    `topics` of a channel that pushes: what its news of `placed`, `paid` and `cancelled` are called. `weight`: how many
    of the world's orders come by it, beside the others' weights. `warehouses` of a further system: (code, name,
    province) of those behind it; of a carrier: where people pack by hand and buy its labels, `sells` those of which
    carriers (empty: none). `push_query` is agreed on for the address of its pushes. `brings_orders`: it is a channel
    here, whatever its family (a trading partner). `people` of a messenger: where it reaches a recipient; None: a room,
    which is reached without.
    """

    code: str
    title: str
    zone: str
    credentials: Mapping[str, str]
    simulator: Callable[[Scene], Any]
    settings: Callable[[Served], dict[str, Any]]
    path: str = ""
    is_served: bool = True
    pull_every: float | None = 1.0
    list_all: Callable[[Any, Sequence[str]], Listings] = lists_nothing
    topics: Mapping[str, str] = {}
    weight: int = 8
    warehouses: tuple[tuple[str, str, str], ...] = ()
    sells: tuple[str, ...] = ()
    push_query: str = ""
    shows_unpaid: bool = True
    """Whether an order can be read before it is paid (or approved)."""
    currency: str = ""
    """Of its prices where it is not the yuan, or the dollar abroad."""
    brings_orders: bool = False
    people: Callable[[str], str] | None = None
    family: str = ""
    """That of its folder."""
    is_usual: bool = False
    """Whether it is in the world where not every connector is asked for."""
    is_leading: bool = False
    """The one system behind which the seller's own warehouses are; the one carrier that follows every parcel."""

    spell: Callable[[str, int], str] = as_it_is
    """What a channel calls a SKU, by its code and its number."""
    abroad_share: float = 1.0
    """How many of the buyers live abroad, of a channel that `is_abroad`."""
    tax_percent: int = 0
    """Tax that an order states on top of its goods."""
    has_tests: bool = False
    """Whether an order may say that it is a test."""
    sent_there: Mapping[str, Any] = {}
    """What an order bears that the platform sends itself; nothing: it sends none."""
    asks: Literal["refund", "cancel", ""] = "refund"
    """What a buyer asks for while nothing is shipped: his money back, an end to it, or nothing."""
    ids_per_order: int = 1
    """So many ids stand ready for each order, where the platform masks the receiver by the id; `masks` tells which."""
    masks: Callable[[str], bool] | None = None
    phase: Callable[[Any, str], str] = phase_in_book
    """How far an order is there, in the words of the simulators' book (`adapters/simulated/book.py`)."""
    add_a_cent: Callable[[Any, str], None] | None = None
    """Makes the platform's own sum of an order a cent more than its lines."""
    forge: Callable[[int], Push] | None = None
    """A push about the n-th order by somebody who has not the secret: also for channels that push nothing."""
    vary: Callable[[Any, float], None] | None = None
    """Changes how the platform answers from now on, by chance (0 to 1)."""
    drop: Callable[[Any, datetime], None] | None = None
    """Hands over what was ordered since as a file, of which a row may be garbled; the world calls it now and then."""
    take_again: Callable[[Any, dict[str, Any], datetime], None] | None = None
    """Puts work (the hub's delivery) back on the floor of a system that forgot it."""
    refuses: bool = False
    """Whether a messenger may be told that somebody is not there."""
    step: int = 0
    """At which step of a grave case people are told by this messenger; 0: at none."""

    @property
    def is_abroad(self) -> bool:
        """Whether its buyers live elsewhere and pay in dollars."""
        return self.zone != "Asia/Shanghai"

    @property
    def abroad(self) -> float:
        """How many of its buyers live abroad, 0 to 1."""
        return self.abroad_share if self.is_abroad else 0.0


@cache
def parts(family: str) -> Mapping[str, WorldPart]:
    """The parts of a kind by connector, of every folder that brings one. A channel is whoever brings orders."""
    return {name: part for name, part in _all_parts().items()
            if ("channels" if part.brings_orders else part.family) == family}


def _all_parts() -> Mapping[str, WorldPart]:
    found: dict[str, WorldPart] = {}
    for family in FAMILIES:
        places = import_module(f"orderloom.adapters.{family}").__path__
        for folder in sorted([folder for place in places for folder in Path(place).iterdir()]):
            if (folder / FILE).is_file() and (folder / "rehearsal.py").is_file():
                module = import_module(f"orderloom.adapters.{family}.{folder.name}.rehearsal")
                found[folder.name] = module.PART._replace(family=family)
    return found
