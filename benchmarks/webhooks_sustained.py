"""Single webhooks for a minute, one order a request, the whole route: senders, API process, worker process, allocated.

Nothing may pile up: what is sent in a second is allocated in that second. The warehouse system is another machine in
earnest and is not asked here; search, rollups and shown stock are written as always.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path

import orjson
import psycopg

from benchmarks.cpu import Cpu, process_seconds
from benchmarks.hands import Hand, hands
from benchmarks.place import Place
from benchmarks.processes import free_port
from benchmarks.result import Report, measured, percentile

SENDERS = 50
PER_SECOND_LEAST = 1_200
OFFERED = 1.02
"""Of the promised number: what comes out cannot be more than what goes in."""
P99_SECONDS_MOST = 0.5
BACKLOG_SECONDS_MOST = 1.0
"""What waits at any time may be so much of the stream, but for the first seconds."""
FIRST_SECONDS = 3
ARRIVE_SECONDS_MAX = 60.0
START = 8_000_000_000_000
LOOPS = ("handle", "wake", "publish_events", "publish_stock", "fold_tally")
WAITING = "select count(*) from intake where outcome = 'pending'"
FOUND = """
select i.landed_at, i.processed_at from intake i join orders o on o.id = i.order_id
where o.fulfilment = 'allocated' and o.external_id::bigint >= %s"""


def measure(place: Place, *, is_quick: bool, per_second: float = PER_SECOND_LEAST * OFFERED) -> Report:
    """A minute (--quick: ten seconds) at a fixed rate, with 50 senders that each wait for their answer."""
    count = int(per_second * (10 if is_quick else 60))
    commits = place.home / "commits.json"
    with place.database("bench_sustained") as dsn:
        home, port = str(place.home), free_port()
        api = Hand("benchmarks.processes", role="api", home=home, dsn=dsn, port=port)
        worker = Hand("benchmarks.processes", role="worker", home=home, dsn=dsn, only=LOOPS, commits=str(commits))
        with hands([api, worker]), _sender(port, count, per_second) as (sender,), Backlog(dsn) as backlog:
            cpu, pids = Cpu(place.home), {"api": api.pid, "worker": worker.pid}
            before = {name: process_seconds(pid) for name, pid in pids.items()}
            sender.go()
            sent = sender.result()
            until = _until_handled(dsn)
            spent = {name: process_seconds(pid) - before[name] for name, pid in pids.items()}
            spent |= {"sender": sent["cpu"], "postgres": cpu.spent().postgres}
            worker.end()
        with psycopg.connect(dsn) as connection:
            rows = connection.execute(FOUND, (START,)).fetchall()
    seconds = _seconds(rows, commits)
    took = max(until, sent["ended"]) - sent["began"]
    waited = max(backlog.samples[FIRST_SECONDS:], default=0)
    is_right = len(seconds) >= count and not sent["refused"] and waited <= per_second * BACKLOG_SECONDS_MOST
    return Report((
        measured("webhooks_sustained", count / took, "orders/s", floor=None, least=PER_SECOND_LEAST,
                 is_right=is_right),
        measured("webhooks_sustained_p99", percentile(seconds, 0.99) if seconds else float("inf"), "s", floor=None,
                 most=P99_SECONDS_MOST, is_right=is_right),
    ), {"webhooks_sustained": {
        "senders": SENDERS, "orders": count, "allocated": len(seconds), "refused": sent["refused"],
        "offered_per_second": round(per_second), "backlog_by_second": backlog.samples,
        "p50_s": round(percentile(seconds, 0.5), 3) if seconds else None,
        "answer_p99_ms": round(percentile(sent["seconds"], 0.99) * 1e3, 1),
        "cpu_ms_an_order": {name: round(value / count * 1e3, 3) for name, value in spent.items()},
        "batches": len(orjson.loads(commits.read_bytes())),
    }})


def _sender(port: int, count: int, per_second: float) -> AbstractContextManager[Sequence[Hand]]:
    """It begins to send as soon as it is made, some requests beforehand that nobody measures."""
    return hands([Hand("benchmarks.sender", port=port, start=START, count=count, connections=SENDERS,
                       per_second=per_second)])


class Backlog:
    """What waits for the worker, looked at once a second while the block runs."""

    def __init__(self, dsn: str) -> None:
        self.samples: list[int] = []
        self._dsn, self._end = dsn, threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> Backlog:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _look(self) -> None:
        with psycopg.connect(self._dsn, autocommit=True) as connection:
            while not self._end.wait(1.0):
                row = connection.execute(WAITING).fetchone()
                self.samples.append(row[0] if row else 0)


def _until_handled(dsn: str) -> float:
    """Wait until nothing waits any more, or for a while; returns when that was."""
    end = time.monotonic() + ARRIVE_SECONDS_MAX
    with psycopg.connect(dsn, autocommit=True) as connection:
        while (row := connection.execute(WAITING).fetchone()) and row[0] and time.monotonic() < end:
            time.sleep(0.02)
    return time.monotonic()


def _seconds(rows: list[tuple[datetime, datetime]], commits: Path) -> list[float]:
    """From intake to the commit that allocated, by order."""
    found = {datetime.fromisoformat(at): took for at, took in orjson.loads(commits.read_bytes()).items()}
    return [(at - landed).total_seconds() + found.get(at, float("inf")) for landed, at in rows]
