"""Amazon's part in the rehearsed world."""

from __future__ import annotations

from collections.abc import Sequence

from orderloom.adapters.channels.amazon.simulator import Simulator
from orderloom.adapters.rehearsed import NO_LIMIT, OVERLAP_SECONDS, Listings, Scene, WorldPart

MARKETPLACE = "ATVPDKIKX0DER"
CREDENTIALS = {"client_id": "rehearsal-client", "client_secret": "rehearsal-secret",
               "refresh_token": "rehearsal-refresh", "seller_id": "REHEARSAL"}  # fmt: skip
"""Made up; they open the simulator and nothing else."""
CALLS = (
    "getOrders", "getOrderItems", "confirmShipment", "patchListingsItem", "searchListingsItems",
    "createRestrictedDataToken",
)


def _simulator(scene: Scene) -> Simulator:
    rates = {name: [NO_LIMIT, NO_LIMIT] for name in CALLS}
    return Simulator(CREDENTIALS, scene.now, scene.shop | {"rates": rates, "horizon_seconds": 0})


def _list_all(simulator: Simulator, spellings: Sequence[str]) -> Listings:
    for text in spellings:
        simulator.list_sku(text)
    return {text: {"product_type": "HOME", "marketplace_id": MARKETPLACE} for text in spellings}


def _spell(code: str, _number: int) -> str:
    """M-001 is MO-001."""
    letter, _, rest = code.partition("-")
    return f"{letter}O-{rest}"


PART = WorldPart(
    "AM01", "亚马逊北美 Amazon", "UTC", CREDENTIALS, _simulator,
    lambda _: {"marketplace_ids": [MARKETPLACE], "horizon_seconds": 1, "overlap_seconds": OVERLAP_SECONDS},
    list_all=_list_all, weight=15, is_usual=True, spell=_spell, tax_percent=8,
    sent_there={"fulfillment_channel": "AFN"}, asks="cancel",
)
