"""The books of a rehearsed run, by connector: what simulators did and heard, what the hub has, and what is missing.

Every line must add up: placed = recorded + excused by name; parcels = told at the channel + refused by name; works that
left = works that the hub knows to be out; messages handed over = heard + refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from orderloom.adapters.manifests import manifests
from orderloom.application.queries.accounting import NOTHING, read_accounting
from orderloom.bootstrap import Hub
from orderloom.rehearsal.ledger import PlantedCauses
from orderloom.rehearsal.planting import Planter
from orderloom.rehearsal.platforms import Platforms

ORDERS = """
select a.code, o.external_id, o.stage, o.holds_active, o.is_short, array_agg(distinct p.waybill)
    filter (where p.waybill is not null)
from orders o join account a on a.id = o.account_id
left join parcel_item i on i.order_id = o.id and not i.is_replaced and i.work_seq > 0
left join parcel p on p.id = i.parcel_id
group by o.id, a.code order by o.id"""
INTAKE = """
select a.code, i.outcome, count(*) from intake i join account a on a.id = i.account_id where i.outcome <> 'split'
group by 1, 2"""
TALLY = """
select a.code, t.measure, sum(t.quantity)::bigint from tally t join account a on a.id = t.account_id group by 1, 2"""
CASES = """
select coalesce(a.code, b.code, ''), count(*) from case_file c left join orders o on o.id = c.order_id
left join account a on a.id = o.account_id left join account b on b.id = c.account_id group by 1"""
ECHOED = """
select a.code, count(distinct c.order_id) from claim c join orders o on o.id = c.order_id
join account a on a.id = o.account_id and a.code = c.system
where c.milestone in ('handed_over', 'collected', 'in_transit', 'delivered', 'confirmed') group by 1"""
WORKS = """
select coalesce(a.code, h.code), w.number, w.state, o.external_id from work w join orders o on o.id = w.order_id
join warehouse h on h.id = w.warehouse_id left join account a on a.id = w.account_id"""
BESIDE = """
select w.number from work w join delivery d on d.order_id = w.order_id and d.account_id = w.account_id
where d.kind = 'work' and d.state in ('parked', 'given_up')"""
"""Works that no system takes as they are: a case says why, which has to have its cause."""
DELIVERIES = """
select a.code, d.kind, d.state, count(*) from delivery d join account a on a.id = d.account_id group by 1, 2, 3"""
PARCELS = "select waybill, state from parcel"
LABELS = """
select a.code, l.state, count(*), array_agg(l.waybill) from label l join account a on a.id = l.account_id
group by 1, 2"""
TOLD = """
select coalesce(a.code, ''), t.recipient, t.state, count(*), count(distinct t.delivery_id) from telling t
left join account a on a.id = t.account_id group by 1, 2, 3 order by 1, 2, 3"""
OVER = frozenset({"completed", "returned"})
ENDED = ("delivered", "returned", "lost")


class Row(msgspec.Struct):
    """One connector. What does not concern its family is zero."""

    connector: str
    code: str
    family: str
    placed: int = 0
    recorded: int = 0
    excused: int = 0
    quarantined: int = 0
    shipped: int = 0
    echoed: int = 0
    told: int = 0
    refused: int = 0
    cases: int = 0
    waiting: str = ""
    """Orders that are not over, by why."""


class Books(msgspec.Struct):
    """Rows by connector, who was told what, and every line that does not add up, in words."""

    rows: list[Row]
    people: list[tuple[str, str, str, int, int]]
    messages: dict[str, int]
    wrong: list[str]


class Bookkeeper:
    """Reads the hub's tables and the simulators once all is quiet."""

    def __init__(
        self, hub: Hub, platforms: Platforms, ledger: PlantedCauses, placed: Mapping[str, Sequence[str]],
        planter: Planter,
    ) -> None:
        self._hub, self._platforms, self._ledger, self._placed = hub, platforms, ledger, placed
        self._refused, self._stuck = planter.refused, planter.stuck
        self._ended = {*planter.cancelled, *planter.recalled}
        self._wrong: list[str] = []
        self._got: dict[str, list[tuple[Any, ...]]] = {}

    async def keep(self) -> Books:
        """The books as of now."""
        async with self._hub.pool.connection() as connection, connection.transaction():
            await connection.execute("set transaction isolation level repeatable read")
            for name, query in QUERIES.items():
                self._got[name] = await (await connection.execute(query.encode())).fetchall()
            messages = await read_accounting(connection, NOTHING)
        if not messages.is_balanced:
            self._wrong.append(f"messages: received {messages.received}, stored {messages.stored}")
        if messages.pending:
            self._wrong.append(f"messages: {messages.pending} are still to be handled")
        rows = {part.code: Row(name, part.code, family)
                for family, members in self._platforms.parts.items() for name, part in members.items()}
        self._messages(rows)
        self._channels(rows)
        self._systems(rows)
        self._roads(rows)
        people = self._messengers(rows)
        for code, count in self._got["cases"]:
            if code in rows:
                rows[code].cases = count
        return Books(list(rows.values()), people, msgspec.to_builtins(messages), self._wrong)

    def _messages(self, rows: Mapping[str, Row]) -> None:
        stored: dict[str, int] = {}
        for code, outcome, count in self._got["intake"]:
            stored[code] = stored.get(code, 0) + count
            if outcome == "quarantined" and code in rows:
                rows[code].quarantined = count
        received = {code: count for code, measure, count in self._got["tally"] if measure == "received"}
        for code in sorted(stored.keys() | received.keys()):
            if stored.get(code, 0) != received.get(code, 0):
                self._say(code, f"{received.get(code, 0)} messages received, {stored.get(code, 0)} stored")

    def _channels(self, rows: Mapping[str, Row]) -> None:
        echoed = dict(self._got["echoed"])
        orders: dict[str, dict[str, tuple[Any, ...]]] = {}
        for code, external_id, *rest in self._got["orders"]:
            orders.setdefault(code, {})[external_id] = tuple(rest)
        for channel, code in self._platforms.codes.items():
            row, known, placed = rows[code], orders.get(code, {}), set(self._placed.get(channel, ()))
            excused = self._ledger.excused.get(channel, {})
            row.placed, row.recorded, row.echoed = len(placed), len(known), echoed.get(code, 0)
            row.excused = sum(key not in known for key in excused.keys() & placed)
            for key in sorted(placed - known.keys() - excused.keys()):
                self._say(code, f"order {key} was placed and is not recorded")
            for key in sorted(known.keys() - placed):
                self._say(code, f"order {key} is recorded and was never placed")
            self._shipments(row, channel, known)

    def _shipments(self, row: Row, channel: str, known: Mapping[str, tuple[Any, ...]]) -> None:
        simulator = self._platforms.channels[channel]
        refused = {key for name, key in self._refused if name == channel}
        told = {key: {parcel["waybill"] for parcel in parcels}
                for key, parcels in simulator.shipments.items() if parcels}
        why: dict[str, int] = {}
        for key, (stage, holds, is_short, waybills) in known.items():
            ours = len(waybills or ())
            row.shipped += ours
            row.told += len(told.get(key, ()))
            row.refused += key in refused
            # Of an order that is cancelled there nothing is told, though its parcel had left.
            if ours != len(told.get(key, ())) and not (key in self._ended and not told.get(key)):
                self._say(row.code, f"order {key} ({stage}): {ours} parcels, {len(told.get(key, ()))} told")
            word = self._waits(key, stage, holds, is_short=is_short)
            if word:
                why[word] = why.get(word, 0) + 1
        for key in sorted(told.keys() - known.keys()):
            self._say(row.code, f"a parcel of order {key} was told, which nobody knows")
        row.waiting = ", ".join(f"{count} {word}" for word, count in sorted(why.items()))

    def _waits(self, key: str, stage: str, holds: int, *, is_short: bool) -> str:
        if stage in OVER or stage == "cancelled":
            return ""
        return "held" if holds else "short" if is_short else stage

    def _systems(self, rows: Mapping[str, Row]) -> None:
        left = {work: (waybill, name) for waybill, (work, name) in self._platforms.left.items()}
        codes = {name: part.code for members in self._platforms.parts.values() for name, part in members.items()}
        known = {number: (code, state) for code, number, state, _ in self._got["works"]}
        stuck = {number for code, number, _, key in self._got["works"]
                 if key in self._stuck or (key in self._ended and code in cannot_recall(self._platforms))}
        stuck.update(number for number, in self._got["beside"])
        for number, (code, state) in known.items():
            if number in stuck and state != "handed_over":
                if code in rows:
                    rows[code].excused += 1
            elif state not in ("handed_over", "cancelled"):
                self._say(code, f"work {number} is {state}: it is still in the house")
            if code in rows:
                rows[code].placed += 1
                rows[code].recorded += number in left
                rows[code].shipped += state == "handed_over"
            elif (state == "handed_over") != (number in left):
                self._say(code, f"work {number} is {state} here and {'out' if number in left else 'not out'} there")
        for number in sorted(left.keys() - known.keys()):
            self._say(codes[left[number][1]], f"work {number} left the warehouse and nobody knows it")
        for name in self._platforms.systems:
            rows[codes[name]].refused = sum(one == name for one, _ in self._refused)

    def _roads(self, rows: Mapping[str, Row]) -> None:
        states = dict(self._got["parcels"])
        for name, carrier in self._platforms.carriers.items():
            row = rows[self._platforms.parts["carriers"][name].code]
            row.placed = len(carrier.parcels)
            row.recorded = sum(parcel.waybill in states for parcel in carrier.parcels.values())
            row.told = sum(watch.told for watch in carrier.watches.values())
            row.refused = sum(one == name for one, _ in self._refused)
        for waybill, (work, name) in self._platforms.left.items():
            if waybill not in states:
                self._say(name, f"parcel {waybill} of work {work} is on the road and nobody knows it")
            elif states[waybill] not in ENDED:
                self._say(name, f"parcel {waybill} of work {work} arrived and is {states[waybill]} here")
        for code, state, count, waybills in self._got["labels"]:
            if state == "bought":
                self._labels(rows[code], count, waybills)
            elif state not in ("refused", "cancelled", "given_up"):
                self._say(code, f"{count} labels are {state}")

    def _labels(self, row: Row, count: int, waybills: Sequence[str]) -> None:
        labels = self._platforms.carriers[row.connector].labels
        sold = {label.waybill for label in labels.sold.values() if not label.is_cancelled}
        row.shipped = count
        if sold != set(waybills):
            self._say(row.code, f"{len(sold)} labels sold, {len(set(waybills))} bought")

    def _messengers(self, rows: Mapping[str, Row]) -> list[tuple[str, str, str, int, int]]:
        messengers = self._platforms.messengers
        codes = {name: self._platforms.parts["messengers"][name].code for name in messengers}
        states: dict[str, dict[str, int]] = {}
        for code, kind, state, count in self._got["deliveries"]:
            if kind == "message":
                states.setdefault(code, {})[state] = count
        for name, ear in messengers.items():
            row, known = rows[codes[name]], states.get(codes[name], {})
            row.placed, row.told = sum(known.values()), len(ear.heard)
            row.recorded, row.refused = known.get("done", 0), known.get("parked", 0)
            again = sum(kind in DOUBLED for kind, *_ in getattr(getattr(ear, "trouble", ear), "struck", ()))
            on_its_way = known.get("due", 0)  # one that is being sent now was perhaps heard already
            if not row.recorded <= row.told <= row.recorded + again + on_its_way:
                self._say(row.code, f"{row.recorded} messages sent, {row.told} heard ({again} answers lost)")
            if known.get("due"):  # as the messenger's own limits allow: one a minute to a number, five an hour
                row.waiting = f"{known['due']} to be sent"
            if not row.told:
                self._say(row.code, "nobody was told anything by it")
        return [(code, recipient, state, count, sent) for code, recipient, state, count, sent in self._got["told"]]

    def _say(self, code: str, words: str) -> None:
        self._wrong.append(f"{code}: {words}")


def cannot_recall(platforms: Platforms) -> set[str]:
    """Accounts of systems that cannot be asked to give work back: what is cancelled there stays as it is."""
    return {part.code for name, part in platforms.parts["systems"].items()
            if "work_cancel" not in manifests()[name].capabilities}


QUERIES = {
    "orders": ORDERS, "intake": INTAKE, "tally": TALLY, "cases": CASES, "echoed": ECHOED, "works": WORKS,
    "beside": BESIDE, "deliveries": DELIVERIES, "parcels": PARCELS, "labels": LABELS, "told": TOLD,
}
DOUBLED = ("lost_answer", "done_then_500", "half_body", "slow")
"""After which a message may be sent again though it was heard: who sends it cannot know."""
