"""Plants what goes wrong and notes it in the ledger: with orders, with platforms one by one, and with who is told.

What an order brings with it is known when it is placed; what came of a race (a cancelling, a parcel that is sent back)
is read off the simulators afterwards: they are the truth here, never the hub.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from orderloom.adapters.manifests import ADAPTERS, plans
from orderloom.adapters.simulated.parcels import REFUSED, RETURNING
from orderloom.adapters.simulated.trouble import AFTER, BEFORE, KINDS, OF_LISTS, OF_PAGES, OF_WRITES
from orderloom.rehearsal.catalogue import Assortment
from orderloom.rehearsal.ledger import LANDING, Cause, PlantedCauses
from orderloom.rehearsal.options import OUTAGE, WorldOptions
from orderloom.rehearsal.platforms import Platforms
from orderloom.rehearsal.stream import Wish

OUTAGE_SECONDS = 15.0
RATE_LIMITED = "rate_limited"
EARLY_SHARE = 0.25
"""Outages come so early, and who tells us to wait does so right after: some platforms want five minutes' peace."""
PULLS_FAILED, OUTAGE_MORE = 3, timedelta(seconds=120)
"""It goes on until so many readings in a row failed, and so much longer at most: then nobody can have noticed."""
OUTAGE_AT_ONCE = 3
"""Calls that may come between two looks."""
OUTAGE_CALLS_OLD = 8
"""How many calls fail at a simulator whose trouble cannot be lifted."""
LATEST_SHARE = 0.85
"""The last failure comes so far into the time in which orders are placed."""
FOR_GOOD = 1 << 30
HIDDEN_TIMES, HIDDEN_SECONDS = 20, 20.0
"""From so many pages at least, and so long: it is still missing when its window is over and was read again."""
OLD_FAULTS = ("status_500", "rate_limited", "broken_body", "slow")
"""What simulators without the kit know."""
RACED = ("cancel_too_late", "shipped_after_cancel", "refunded_in_warehouse")
LATE = ("downstream_missing", "account_unwell", "delivery_parked", "messenger_unwell", "reread_failed",
        "authorisation_failed", "ship_times_differ")  # fmt: skip
"""What may come of a platform that is away or tells us to wait."""
NOT_TAKEN = ("delivery_refused", "work_refused")
"""What comes of work that no system takes as it is."""
REPEATED = NOT_TAKEN
"""What may come of a key that is not taken for once, and of something that is told again though it was done."""
HARMFUL = (*OF_LISTS, *OF_PAGES)
ANYWHERE = (*BEFORE, *AFTER)
"""What strikes the next call, whichever it is; the others wait for one that fits."""
CALLS_BETWEEN = 3
NEWS_SECONDS = 20.0
"""So long the news of a cancelling may take while its platform fails."""
HEARD_SECONDS = 2.0
"""A refusal so close to a failure of the same platform may never have been heard."""
HALF_DROPPED, MEND_SECONDS = ("slow", "half_body"), 10.0
"""A file that is written in two goes, and how long the second lets wait."""
TWICE = ("expired_token", "half_body", "slow", *OF_WRITES)
BEFORE_SECONDS, AFTER_SECONDS = 2.0, 480.0
"""A case that comes of a failure is opened between these: five minutes of waiting, and what was due soon after."""
TORN = ("broken_bytes", "address_unsure", "amount_mismatch", "lines_gone")
"""What may become of an order of which one row cannot be read."""
GAP_SECONDS = 15.0
"""A connector meets its next failure so long after the last one, and after it was called with success since."""
LIFTED_PATIENCES = 3
"""For so many of the clerk's patiences what was refused is refused; then somebody has mended it."""
REFUSED_RECIPIENT = "operations"
"""Whose mailbox does not exist."""


class PlannedFailure(NamedTuple):
    """One failure of one platform: from `at`, and as long as `until` when it goes on."""

    at: datetime
    connector: str
    kind: str


class Planter:
    """Fills the ledger. `struck`: failures of platforms as they met a call."""

    def __init__(
        self, ledger: PlantedCauses, platforms: Platforms, catalogue: Assortment, options: WorldOptions
    ) -> None:
        self.ledger, self._platforms, self._catalogue, self._options = ledger, platforms, catalogue, options
        self.struck: list[tuple[datetime, str, str, str]] = []
        """When, which connector, which kind, at which call."""
        self._has_bought = False
        self._mends: list[tuple[datetime, Callable[[], None]]] = []
        self.recalled: set[str] = set()
        """Orders of which the goods are to stay until a refund that was asked for is settled."""
        self.cancelled: dict[str, tuple[str, datetime]] = {}
        """Orders that ended at their channel: which it was, and when."""
        self._seen: dict[str, int] = {}
        self._plan: list[PlannedFailure] = []
        self._due: dict[str, list[str]] = {}
        """By connector: what is due and waits until it has recovered."""
        self._calm: dict[str, tuple[datetime, int]] = {}
        """Since when the last failure of a connector is past, and how many calls it had had by then."""
        self._outages: dict[str, datetime] = {}
        self.failed_pulls: dict[str, int] = {}
        """How many readings of an account failed in a row, as the hub counts them: so long an outage goes on."""
        self.refused: dict[tuple[str, str], datetime] = {}
        """What a platform refused: connector and key, and since when."""
        self._hearing = {name for name, part in platforms.parts["channels"].items() if _hears(part.family, name)}
        self._masking = {name for name, part in platforms.parts["channels"].items() if _masks(part.family, name)}
        """Where a token stands for the receiver, whatever is missing beside it."""
        self.stuck: set[str] = set()
        """Orders whose work no system takes as they are: a person has to correct them."""
        self._hidden: dict[tuple[str, str], datetime | None] = {}
        """Orders that are left off pages, and since when they were seen to be."""
        self._counted = {name for name in platforms.channels if _counts(name)}

    # What comes with an order

    def order(self, wish: Wish, purchase: dict[str, Any]) -> None:
        """Do to the placed order what its wish says, and note what must come of it."""
        channel, key = wish.channel, str(purchase["external_id"])
        simulator, code = self._platforms.channels[channel], self._platforms.codes[channel]
        is_plain = not (wish.cancel_after or wish.refund_after)
        for line in purchase["lines"]:
            if line["sku"] in self._catalogue.unknown[channel]:
                self._note("unknown spelling", ("unknown_sku",), channel, f"sku:{code}:{line['sku']}")
                self._note("spelling without a listing", ("delivery_refused",), channel, line["sku"], is_due=False)
            if self._is_careless(line["sku"], channel) and purchase["receiver"]["country"] != "CN":
                is_due = is_plain and not wish.is_sent_there and not purchase.get("test")
                self._note("HS code forgotten", ("hs_code",), channel, f"hs:{self._catalogue.careless}", is_due=is_due)
            if self._is_tight(line["sku"], channel):
                # What one order is short of is bought for the next ones, too.
                is_first = wish.is_too_many and not self._has_bought
                self._has_bought = self._has_bought or wish.is_too_many
                self._note("scarce goods", ("short_stock", "oversold"), channel, key, is_due=is_first)
        is_seen = self._platforms.parts["channels"][channel].shows_unpaid or wish.pay_after == 0.0
        if not is_seen and (wish.pay_after is None or wish.cancel_after):
            self.ledger.excuse(channel, key, "never paid")
        if purchase.get("test"):
            self._note("test order", ("test_order",), channel, key)
            self.ledger.excuse(channel, key, "test order")
        if wish.is_off_by_a_cent:
            self._note("sum off by a cent", ("amount_mismatch",), channel, key,
                       is_due=is_plain and wish.pay_after is not None)
        if wish.is_without_receiver:
            is_masked = channel in self._masking
            self._note("nobody to send to", ("no_receiver", "address_unsure", *(NOT_TAKEN if is_masked else ())),
                       channel, key, is_due=is_plain and not is_masked)
            self.stuck.update([key] if is_masked else ())
        if len(purchase["receiver"]["detail"]) > 255:
            self._note("address without end", (*NOT_TAKEN, "oversize_field"), channel, key,
                       is_due=False)
            self.stuck.add(key)
        if purchase["is_masked"]:
            self._note("masked receiver", NOT_TAKEN, channel, key, is_due=False)
            self.stuck.add(key)
        if wish.is_ship_refused and hasattr(simulator, "refuse"):
            simulator.refuse(key)
            self._note("channel refuses the parcel", ("delivery_refused",), channel, key)
        if wish.is_hidden and channel in self._counted:
            simulator.hiding.short_page([key], FOR_GOOD)
            self._hidden[(channel, key)] = None
            self._note("order left off the pages", ("pull_incomplete",), channel, code)

    def forged(self, channel: str) -> None:
        """Something was posted in the channel's name."""
        self._note("forged push", ("forged",), channel, self._platforms.codes[channel])

    def asked(self, channel: str, key: str) -> None:
        """A buyer asks for the money back."""
        if channel in self._hearing:
            self._note("refund asked for", ("after_sale",), channel, key)
        self.recalled.add(key)
        self._note("recalled for it", (*RACED, "delivery_refused"), channel, key, is_due=False)

    def ended(self, channel: str, key: str, at: datetime) -> None:
        """The order was cancelled at its channel."""
        self.cancelled[key] = (channel, at)

    # Platforms that fail

    @property
    def is_anybody_away(self) -> bool:
        """Whether an outage goes on."""
        return bool(self._outages)

    def schedule(self, start: datetime, seconds: float) -> None:
        """Every connector meets every kind of failure that it knows once, spread over so many seconds."""
        chance = random.Random(f"{self._options.seed}/failures")
        early: dict[str, float] = {}
        for connector, kind in self._failures():
            begins = early.setdefault(connector, chance.uniform(0.02, EARLY_SHARE) * seconds)
            after = chance.uniform(0.02, LATEST_SHARE) * seconds
            due = begins if kind == OUTAGE else begins + OUTAGE_SECONDS if kind == RATE_LIMITED else after
            self._plan.append(PlannedFailure(start + timedelta(seconds=due), connector, kind))
        self._plan.sort(reverse=True)
        for simulator in self._platforms.systems.values():
            if hasattr(simulator, "refuse_next"):
                simulator.refuse_next("库位冻结 / the place is frozen")
        for name in self._platforms.sellers:
            self._platforms.carriers[name].refuse_next("不在服务区 / not served")
        for name, part in self._platforms.parts["messengers"].items():
            if part.refuses and part.people is not None:
                self._platforms.messengers[name].refuse(part.people(REFUSED_RECIPIENT))
                self._note("mailbox gone", ("messenger_unwell",), name, f"{part.code}/{REFUSED_RECIPIENT}")

    def step(self, now: datetime) -> None:
        """Let what is due strike, go on or end; and note what struck."""
        while self._plan and self._plan[-1].at <= now:
            planned = self._plan.pop()
            self._due.setdefault(planned.connector, []).append(planned.kind)
        for connector, kinds in self._due.items():
            if kinds and self._has_recovered(connector, now):
                self._strike(connector, kinds.pop(0), now)
        for name, until in list(self._outages.items()):
            trouble = self._platforms.all[name].trouble
            trouble.lift("status_500")
            failed = self.failed_pulls.get(self._code(name), 0)
            if now < until or (failed < PULLS_FAILED and now - until < OUTAGE_MORE):
                trouble.add("status_500", OUTAGE_AT_ONCE)
            else:
                if failed >= PULLS_FAILED:
                    self._note("platform away", ("account_unwell",), name, self._code(name))
                del self._outages[name]
                self._calm[name] = (now, sum(self._platforms.all[name].requests.values()))
        while self._mends and self._mends[0][0] <= now:
            self._mends.pop(0)[1]()
        self._show(now)
        for name, simulator in self._platforms.all.items():
            self._lift(name, simulator, now)
            struck = _struck(simulator)
            for kind, call, at in struck[self._seen.get(name, 0):]:
                self.struck.append((at, name, kind, call))
                if hasattr(simulator, "mend") and kind in HALF_DROPPED:
                    self._mends.append((now + timedelta(seconds=MEND_SECONDS), simulator.mend))
            self._seen[name] = len(struck)

    def _show(self, now: datetime) -> None:
        """What was left off so many pages for so long stands on them again."""
        for (channel, key), since in list(self._hidden.items()):
            hiding = self._platforms.channels[channel].hiding
            if since is None and hiding.left_off.get(key):
                self._hidden[(channel, key)] = now
            is_long = since is not None and (now - since).total_seconds() >= HIDDEN_SECONDS
            if is_long and hiding.left_off[key] >= HIDDEN_TIMES:
                hiding.show([key])
                del self._hidden[(channel, key)]

    def _lift(self, name: str, simulator: Any, now: datetime) -> None:
        """What was refused long enough is taken, if it is told again."""
        refusals: dict[str, str] = getattr(simulator, "refusals", {})
        told: dict[str, datetime] = getattr(simulator, "refused", {})
        for key in [key for key in refusals if key in told]:
            since = self.refused.setdefault((name, key), told[key])
            if (now - since).total_seconds() > LIFTED_PATIENCES * self._options.clerk_seconds:
                refusals.pop(key)

    def _has_recovered(self, connector: str, now: datetime) -> bool:
        """Whether a new failure would be one and not the continuation of the last."""
        simulator = self._platforms.all[connector]
        waiting = [kind for kind in getattr(getattr(simulator, "trouble", None), "waiting", ()) if kind in ANYWHERE]
        since, calls = self._calm.get(connector, (now - timedelta(seconds=GAP_SECONDS), -CALLS_BETWEEN))
        is_called = sum(simulator.requests.values()) - calls >= CALLS_BETWEEN
        return not waiting and connector not in self._outages and is_called and (
            (now - since).total_seconds() >= GAP_SECONDS)

    def _strike(self, connector: str, kind: str, now: datetime) -> None:
        simulator = self._platforms.all[connector]
        self._calm[connector] = (now, sum(simulator.requests.values()))
        if kind == "expired_token" and getattr(simulator, "tokens", None) is not None:
            simulator.expire_tokens()
        elif kind != OUTAGE:
            simulator.fault(kind, 1)
        elif hasattr(simulator, "trouble"):
            self._outages[connector] = now + timedelta(seconds=OUTAGE_SECONDS)
        else:
            simulator.fault("status_500", OUTAGE_CALLS_OLD)
            self._note("platform away", ("account_unwell",), connector, self._code(connector), is_due=False)
        if kind == "expired_token" or not hasattr(getattr(simulator, "trouble", simulator), "struck"):
            self.struck.append((now, connector, kind, ""))

    def _failures(self) -> Iterator[tuple[str, str]]:
        for family, members in self._platforms.parts.items():
            for name, part in members.items():
                simulator = self._platforms.all[name]
                is_pulled = part.pull_every is not None and bool(plans()[name].lists) and not part.brings_orders
                chosen = self._options.fault_kinds
                if OUTAGE in chosen and family in ("channels", "systems") and is_pulled:
                    yield name, OUTAGE
                yield from ((name, kind) for kind in KINDS if kind in chosen and _knows(simulator, kind))

    # What the simulators know at the end

    def conclude(self) -> None:
        """Note what came of races and of drawn fates, and which failures struck."""
        for at, name, kind, _ in self.struck:
            spoilt = LANDING if kind in (*HARMFUL, *AFTER) else ()
            kinds = (*LATE, *spoilt, *(REPEATED if kind in (*HARMFUL, *TWICE) else ()))
            self.ledger.plant(Cause(f"failure: {kind}", kinds, name, self._code(name), is_due=False, since=at -
                                    timedelta(seconds=BEFORE_SECONDS), until=at + timedelta(seconds=AFTER_SECONDS)))
        for (name, key), told in self.refused.items():
            if name in self._platforms.systems:
                is_heard = not any(one == name and abs((at - told).total_seconds()) < HEARD_SECONDS
                                   for at, one, _, _ in self.struck)
                self._note("warehouse refuses the work", ("work_refused",), name, key, is_due=is_heard)
                self._note("warehouse refuses the work", ("delivery_refused",), name, key, is_due=False)
            elif name in self._platforms.carriers:
                self._note("carrier refuses the label", ("delivery_refused",), name, key)
        for waybill, words in self._ways().items():
            if REFUSED in words or RETURNING in words:
                connector = self._platforms.left.get(waybill, ("", ""))[1]
                self._note("parcel refused", ("parcel_failed", "parcel_returned"), connector, waybill)
                self._note("parcel comes back", ("parcel_returned",), connector, waybill)
        for name in [name for name, part in self._platforms.parts["channels"].items() if part.drop]:
            for key in self._platforms.channels[name].garbled:
                self._note("garbled row", (*LANDING, *TORN), name, key, is_due=False)
                self._note("garbled row", (*LANDING, "broken_bytes"), name, self._code(name), is_due=True)
                self.ledger.excuse(name, key, "garbled row")

    def raced(self, left: Callable[[str], list[str]], cannot: Callable[[str], bool]) -> None:
        """Of what was cancelled, note what had left the warehouse all the same, or could not be called back there.

        `left`: an order's parcels that left. One that arrived before the hub can have heard is money back after sale.
        """
        arrived = {parcel.waybill: max(scan.due for scan in parcel.plan)
                   for carrier in self._platforms.carriers.values() for parcel in carrier.parcels.values()}
        for key, (channel, at) in self.cancelled.items():
            if parcels := left(key):
                heard = at + timedelta(seconds=NEWS_SECONDS)
                is_due = any(arrived.get(waybill, heard) >= heard for waybill in parcels)
                self._note("cancelled too late", RACED, channel, key, is_due=is_due)
            elif cannot(key):
                self._note("cannot be called back", RACED, channel, key, is_due=False)
            self._note("cancelled", ("delivery_refused",), channel, key, is_due=False)

    def _ways(self) -> dict[str, set[str]]:
        """What happened to each parcel, by waybill: every carrier draws the same."""
        return {parcel.waybill: {scan.word for scan in parcel.scans}
                for carrier in self._platforms.carriers.values() for parcel in carrier.parcels.values()}

    def _is_careless(self, spelling: str, channel: str) -> bool:
        known = self._catalogue.by_text[channel].get(spelling)
        return self._options.shares.is_code_forgotten and known == self._catalogue.careless

    def _is_tight(self, spelling: str, channel: str) -> bool:
        code = self._catalogue.by_text[channel].get(spelling, "")
        product = self._catalogue.by_code.get(code)
        codes = {code, *(part for part, _ in product.components)} if product else set()
        return bool(codes & self._catalogue.tight)

    def _code(self, connector: str) -> str:
        return next(members[connector].code for members in self._platforms.parts.values() if connector in members)

    def _note(self, fault: str, kinds: tuple[str, ...], connector: str, about: str, *, is_due: bool = True) -> None:
        self.ledger.plant(Cause(fault, kinds, connector, about, is_due))


def _knows(simulator: Any, kind: str) -> bool:
    """Whether a platform can fail so; asking leaves nothing behind."""
    trouble = getattr(simulator, "trouble", None)
    if trouble is None:
        return kind in getattr(simulator, "FAULTS", OLD_FAULTS)
    if hasattr(simulator, "mend") and kind == "dropped":
        return False  # its folder is gone until somebody brings it back
    noes = getattr(simulator, "NOES", {})
    if kind == "busy" and {"busy", RATE_LIMITED} <= noes.keys() and noes["busy"].code == noes[RATE_LIMITED].code:
        return False  # it says the same of both
    try:
        simulator.fault(kind, 0)
    except ValueError:
        return False
    return True


def _struck(simulator: Any) -> list[tuple[str, str, datetime]]:
    trouble = getattr(simulator, "trouble", simulator)
    found: list[tuple[str, str, datetime]] = getattr(trouble, "struck", [])
    return found


def _hears(family: str, name: str) -> bool:
    """Whether the connector reads what buyers ask after the sale."""
    mapping = ADAPTERS / family / name / "mapping.yaml"
    plan = plans().get(name)
    lists = plan.said.pull.lists if plan and plan.said.pull else {}
    return mapping.is_file() and "after_sale_report" in mapping.read_text("utf-8") and len(lists or {}) > 1


def _masks(family: str, name: str) -> bool:
    """Whether orders come with a token that stands for the receiver."""
    mapping = ADAPTERS / family / name / "mapping.yaml"
    return mapping.is_file() and " token:" in mapping.read_text("utf-8")


def _counts(name: str) -> bool:
    """Whether the platform says how many orders a window holds, and the hub compares."""
    plan = plans().get(name)
    return plan is not None and not plan.said.code and any(
        one.said.window is not None and (one.said.count is not None or one.said.pages.total)
        for one in plan.lists.values())
