"""Who decides what of an account: the hub, the channel or another system; a word of anybody else is a claim.

Kept with the account's settings under `master`. Only what something acts on can be set.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

from orderloom.domain.refusal import Refusal

HUB, CHANNEL, SYSTEM = "hub", "channel", "system"
SETTING = "master"
MASTERS: Mapping[str, tuple[str, ...]] = {
    "stock": (HUB, CHANNEL, SYSTEM), "shipping": (HUB, CHANNEL, SYSTEM), "receiver": (CHANNEL, HUB),
    "refund": (HUB, CHANNEL, SYSTEM),
}
"""What can be decided, and by whom; the first is who does unless somebody says otherwise.

stock: whose figures the channel shows; shipping: who tells the channel that goods left; receiver: whose word counts
once a person has corrected where an order goes; refund: who answers buyers' applications."""


def master_of(settings: Mapping[str, Any], thing: str) -> str:
    """Who is master of a thing, by an account's settings; a word that is none counts as nothing said."""
    said = settings.get(SETTING)
    chosen = said.get(thing) if isinstance(said, Mapping) else None
    return str(chosen) if chosen in MASTERS[thing] else MASTERS[thing][0]


def masters_of(settings: Mapping[str, Any]) -> dict[str, str]:
    """Who is master of everything."""
    return {thing: master_of(settings, thing) for thing in MASTERS}


def changed(settings: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, str] | Refusal:
    """The masters with those given, or which of them cannot be."""
    for thing, master in given.items():
        if thing not in MASTERS:
            near = difflib.get_close_matches(thing, MASTERS, n=1)
            particulars = {"thing": thing, "near": near[0] if near else "", "known": ", ".join(MASTERS)}
            return Refusal("unknown_thing", particulars)
        if master not in MASTERS[thing]:
            return Refusal("unknown_master", {"thing": thing, "master": master, "known": ", ".join(MASTERS[thing])})
    return {**masters_of(settings), **given}
