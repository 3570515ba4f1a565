"""What a message costs until it can be decided about - translated, its receivers sealed - for each channel's biggest
sample that is an order, as a ratio to reading the same bytes as JSON."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import orjson

from benchmarks.place import Place
from benchmarks.result import Report, measured
from orderloom.adapters.manifests import folders, manifests
from orderloom.adapters.vault import Vault
from orderloom.application.ports import Account
from orderloom.application.translate import Results, translate
from orderloom.blueprint.mapping import Mappings
from orderloom.bootstrap.connectors import find_mappings
from orderloom.domain.draft import OrderDraft

ROUNDS, ROUNDS_QUICK = 15, 5
MESSAGES = 200
AT = datetime(2026, 12, 31, tzinfo=UTC)


class Sample(NamedTuple):
    """A message of a channel, and as what it is landed."""

    account: Account
    topic: str
    body: bytes
    headers: dict[str, str]


class Cost(NamedTuple):
    """Microseconds of the processor for one message, and for reading its bytes as JSON."""

    sort: float
    floor: float


def measure(_: Place, *, is_quick: bool) -> Report:
    """Microseconds of the median channel and of the worst one."""
    mappings, vault = find_mappings(), Vault({1: bytes(32)}, bytes(32))
    costs = {sample.account.connector: _cost(sample, mappings, vault, ROUNDS_QUICK if is_quick else ROUNDS)
             for sample in biggest_orders(mappings)}
    by_ratio = sorted(costs, key=lambda name: costs[name].sort / costs[name].floor)
    median, worst = by_ratio[len(by_ratio) // 2], by_ratio[-1]
    told = "\n".join(f"{name:14} {one.sort:8.1f} us, {one.sort / one.floor:5.1f} times orjson.loads"
                     for name, one in ((name, costs[name]) for name in by_ratio))
    return Report(tuple(
        measured(f"sort_channels_{which}", costs[name].sort, "us", floor=costs[name].floor,
                 instead=f"{name}, no budget")
        for which, name in (("median", median), ("worst", worst))
    ), {"sort_channels": {name: one._asdict() for name, one in costs.items()}}, told)


def biggest_orders(mappings: Mappings) -> Iterator[Sample]:
    """The biggest JSON sample of each channel that is read as an order."""
    for folder in folders("channels"):
        account = Account(1, "BENCH", "channels", folder.name, manifests()[folder.name].zone, "", {}, {})
        found = [one for path in sorted(folder.glob("samples/*.in.json"))
                 for one in _samples(account, path, mappings) if _receivers(one, mappings)]
        if found:
            yield max(found, key=lambda one: len(one.body))


def _samples(account: Account, path: Path, mappings: Mappings) -> Iterator[Sample]:
    """A sample under its topic, where that is told beside it, or under each of the connector's."""
    side = path.with_name(path.name.split(".in.")[0] + ".item.json")
    facts = orjson.loads(side.read_bytes()) if side.exists() else {}
    headers = {**facts.get("headers", {}), **facts.get("context", {})}
    for topic in [facts["topic"]] if "topic" in facts else _topics(account.connector, mappings):
        yield Sample(account, topic, path.read_bytes(), headers)


def _topics(connector: str, mappings: Mappings) -> list[str]:
    mapping = mappings.of(connector)
    said = [document.said["topic"] for document in mapping.documents] if mapping else []
    return [topic for one in said for topic in (one if isinstance(one, list) else [one]) if "*" not in topic]


def _translated(sample: Sample, mappings: Mappings) -> Results:
    return translate(sample.account, sample.topic, sample.body, sample.headers, AT, mappings)


def _receivers(sample: Sample, mappings: Mappings) -> list[OrderDraft]:
    """The orders of a message, whose receivers are sealed."""
    return [one for one in _translated(sample, mappings) if isinstance(one, OrderDraft)]


def _cost(sample: Sample, mappings: Mappings, vault: Vault, rounds: int) -> Cost:
    """The least of the rounds, each of which measures both: what disturbs only adds."""

    def sort() -> None:
        for order in _receivers(sample, mappings):
            vault.seal(order.receiver, order.buyer)

    told = [(_timed(sort), _timed(lambda: orjson.loads(sample.body))) for _ in range(rounds)]
    return Cost(min(sort for sort, _ in told), min(floor for _, floor in told))


def _timed(work: Callable[[], object]) -> float:
    """Microseconds of the processor for one."""
    began = time.process_time_ns()
    for _ in range(MESSAGES):
        work()
    return (time.process_time_ns() - began) / 1_000 / MESSAGES
