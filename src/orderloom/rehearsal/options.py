"""What can be chosen about the rehearsed world."""

from __future__ import annotations

from dataclasses import dataclass, field

OUTAGE = "outage"
"""A platform that is away for a while, beside the failures of single calls (`adapters/simulated/trouble.py`)."""


@dataclass(frozen=True, slots=True)
class Shares:
    """How often something happens, as a share of the orders (0 to 1); `smooth` has none of the trouble."""

    pays_later: float = 0.15
    never_pays: float = 0.03
    cancels: float = 0.02
    asks_refund: float = 0.01
    odd_characters: float = 0.08
    full_width: float = 0.05
    address_in_one_piece: float = 0.04
    long_address: float = 0.002
    masked: float = 0.01
    off_by_a_cent: float = 0.004
    unknown_spelling: float = 0.01
    push_lost: float = 0.03
    push_doubled: float = 0.05
    forged: float = 0.005
    test_order: float = 0.005
    sent_by_channel: float = 0.02
    garbled_row: float = 0.003
    parcel_stalls: float = 0.01
    parcel_returns: float = 0.01
    no_receiver: float = 0.0
    """Neither a phone nor a door: there is nobody to send to."""
    ship_refused: float = 0.0
    """The channel refuses to hear of the parcel."""
    hidden: float = 0.0
    """A channel that counts its orders leaves this one off its pages for a while."""
    too_many: float = 0.0
    """More units of something tight than all warehouses have."""
    is_code_forgotten: bool = False
    """One SKU that many buy abroad has no HS code."""
    faults_per_minute: float = 1.0
    """Failures of a platform's own service: HTTP 500, a rate limit, a cut body, slowness."""


EVERYTHING = Shares(
    cancels=0.05, asks_refund=0.04, off_by_a_cent=0.02, unknown_spelling=0.04, push_lost=0.05, push_doubled=0.1,
    forged=0.03, test_order=0.05, sent_by_channel=0.05, garbled_row=0.05, long_address=0.01, parcel_stalls=0.0,
    parcel_returns=0.03, no_receiver=0.02, ship_refused=0.02, hidden=0.02, too_many=0.01, is_code_forgotten=True,
    faults_per_minute=0.0,
)
"""Every trouble often enough to be met within minutes; platforms' own failures are planted one by one (`planting.py`).
A parcel that stands still is no case before two days: there is none here."""
SMOOTH = Shares(
    pays_later=0.0, never_pays=0.0, cancels=0.0, asks_refund=0.0, odd_characters=0.0, full_width=0.0,
    address_in_one_piece=0.0, long_address=0.0, masked=0.0, off_by_a_cent=0.0, unknown_spelling=0.0, push_lost=0.0,
    push_doubled=0.0, forged=0.0, test_order=0.0, sent_by_channel=0.0, garbled_row=0.0, parcel_stalls=0.0,
    parcel_returns=0.0, faults_per_minute=0.0,
)  # fmt: skip
"""A world in which nothing goes wrong."""

@dataclass(frozen=True, slots=True)
class WorldOptions:
    """One rehearsal. The same seed gives the same goods, people and orders, in the same order."""

    seed: int = 7
    orders_per_minute: float = 60.0
    is_flat: bool = False
    """Without the day's shape: as many orders at night as in the evening."""
    orders_max: int | None = None
    """Stop placing orders after so many in this run; what was placed goes on."""
    sku_count: int = 1_000
    opening_stock: int = 20_000
    """Units of an ordinary SKU in each warehouse."""
    wms_pace_seconds: float = 1.5
    """Time of each of the six steps in a warehouse."""
    carrier_pace_seconds: float = 3.0
    """Time between two scans of a parcel."""
    clerk_seconds: float = 45.0
    """After so long somebody adds the alias that a parked order waits for."""
    pull_seconds: float = 1.0
    file_seconds: float = 10.0
    """How often a file of orders is dropped."""
    hub_url: str = ""
    """Where webhooks go; empty: the hub's own port on loopback."""
    port: int = 0
    """The world's own port on loopback; 0: the one it had before, or a free one."""
    fault_kinds: tuple[str, ...] = ("status_500", "rate_limited", "broken_body", "slow")
    """How platforms fail. A warehouse system that limits the rate is left alone for a minute."""
    shares: Shares = field(default_factory=Shares)
    weights: dict[str, int] = field(default_factory=dict)
    """How many of the orders come by which channel; empty: every channel's own weight."""
    refund_seconds: float | None = 10.0
    """After so long a refund that was asked for is given, and the order closed; None: nobody gives it."""
    is_strict: bool = False
    """Every connector's own rate and look back are kept, which are made for days and not for minutes."""
    share: int = 20
    """How many works a day each further warehouse does, where every connector is in the world."""
    has_all: bool = False
    """Every connector that can be rehearsed, instead of the usual ones."""
