"""Metrics for Prometheus, named by the legs of the route, read from the shared live numbers."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, GCCollector, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from orderloom.application.queries.live_shapes import Snapshot
from orderloom.domain.inventory.followed import quantile

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """Turns a snapshot into exposition text."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        GCCollector(registry=self._registry)
        self._registry.register(self)
        self._snapshot: Snapshot | None = None

    def text(self, snapshot: Snapshot) -> bytes:
        """The metrics of a snapshot."""
        self._snapshot = snapshot
        return generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        """Metric families of the snapshot at hand; nothing before the first one."""
        snapshot = self._snapshot
        if snapshot is None:
            return
        yield GaugeMetricFamily("orderloom_database_up", "1 while the database answers",
                                value=int(snapshot.is_database_up))
        if not snapshot.is_database_up:
            return
        yield from _stages(snapshot)
        a = snapshot.accounting
        yield CounterMetricFamily("orderloom_received", "Messages received", value=a.received)
        yield CounterMetricFamily("orderloom_duplicates", "Messages received again", value=a.duplicates)
        yield CounterMetricFamily("orderloom_forged", "Messages refused as forged and only counted", value=a.forged)
        for name, about, value in (
            ("stored", "Messages stored", a.stored), ("parked", "Messages parked until something is mended", a.parked),
            ("quarantined", "Messages whose source is not trusted", a.quarantined),
            ("discarded", "Parked messages that a person took out", a.discarded),
            ("pending", "Messages that wait to be translated", a.pending),
            ("spooled", "Messages on disk that are not in the database yet", a.spooled),
            ("lost", "Acknowledged messages that are gone from the spool", a.lost),
            ("written_off", "Lost messages that a person has owned up to", a.written_off),
            ("balanced", "1 while received = stored + spooled + written off", a.is_balanced),
        ):
            yield GaugeMetricFamily(f"orderloom_{name}", about, value=int(value))
        yield _labelled("orderloom_orders", "Orders by phase", "phase", snapshot.phases)
        cases: dict[str, int] = {}
        for row in snapshot.cases:
            cases[row.kind] = cases.get(row.kind, 0) + row.count
        yield _labelled("orderloom_cases_open", "Open cases by kind", "kind", cases)
        yield _labelled("orderloom_account_well", "1 when the account answers", "account", {
            row.code: int(row.is_well) for row in snapshot.accounts if row.is_well is not None})
        yield from _follows(snapshot)


def _follows(snapshot: Snapshot) -> Iterator[Metric]:
    """How soon a sale at one shop is shown at the others, in the last hour or two."""
    seconds = GaugeMetricFamily("orderloom_sale_shown_seconds", "From a sale's message to the figure at another shop",
                                labels=["account", "quantile"])
    steps = GaugeMetricFamily("orderloom_sale_shown_step_seconds", "The mean of a step of it",
                              labels=["account", "step"])
    for one in snapshot.follows:
        count = sum(one.within.values())
        for percent in (50, 99) if count else ():
            bound = quantile(one.within, percent)
            seconds.add_metric([one.account, f"0.{percent}"], float("inf") if bound is None else bound / 1000)
        for step, millis in one.steps_ms.items():
            steps.add_metric([one.account, step], millis / 1000 / count)
    yield seconds
    yield steps
    yield _labelled("orderloom_sale_shown", "Sales that were shown at other shops", "account",
                    {one.account: sum(one.within.values()) for one in snapshot.follows})
    yield _labelled("orderloom_sale_shown_waiting", "Sales that other shops do not show yet", "account",
                    {one.account: one.waiting for one in snapshot.follows})


def _stages(snapshot: Snapshot) -> Iterator[Metric]:
    for stage in snapshot.stages:
        yield CounterMetricFamily(f"orderloom_{stage.verb}", f"What passed the stage {stage.verb}", value=stage.total)
    yield _labelled("orderloom_backlog", "What waits before a stage", "stage",
                    {stage.verb: stage.backlog for stage in snapshot.stages})
    yield _labelled("orderloom_stuck", "What a stage could not take on", "stage",
                    {stage.verb: stage.stuck for stage in snapshot.stages})


def _labelled(name: str, about: str, label: str, values: dict[str, int]) -> Metric:
    family = GaugeMetricFamily(name, about, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family
