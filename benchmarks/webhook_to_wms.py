"""From a webhook's first byte to the warehouse system having the work: API, worker and simulator as real processes."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import orjson
import psycopg

from benchmarks.hands import Hand, hands
from benchmarks.place import Place
from benchmarks.processes import free_port, point_at
from benchmarks.result import Report, measured, percentile
from orderloom.rehearsal.platforms import WMS

PER_SECOND = 200
P99_SECONDS_MOST = 0.5
ARRIVE_SECONDS_MAX = 30.0
START = 6_000_000_000_000
WORKS = "select o.external_id, w.number from work w join orders o on o.id = w.order_id"


def measure(place: Place, *, is_quick: bool) -> Report:
    """200 orders a second for 20 seconds (--quick: 5); each is followed by its number, none may be missing."""
    count = PER_SECOND * (5 if is_quick else 20)
    seen = place.home / "seen.json"
    with place.database("bench_to_wms") as dsn:
        wms_port, port = free_port(), free_port()
        point_at(dsn, WMS, f"http://127.0.0.1:{wms_port}")
        home = str(place.home)
        wms = Hand("benchmarks.processes", role="wms", port=wms_port, seen=str(seen))
        api = Hand("benchmarks.processes", role="api", home=home, dsn=dsn, port=port)
        worker = Hand("benchmarks.processes", role="worker", home=home, dsn=dsn)
        with hands([wms, api, worker]):
            result = _send(port, count)
            _until_sent(dsn, count)
            with psycopg.connect(dsn) as connection:
                works = dict(connection.execute(WORKS).fetchall())
            worker.end()
            wms.end()
    seconds = _seconds(result["sent"], works, seen)
    is_right = len(seconds) == count and result["refused"] == 0
    p99 = percentile(seconds, 0.99) if seconds else float("inf")
    answered = percentile(result["seconds"], 0.99)
    return Report((measured("webhook_to_wms", p99, "s", floor=answered, most=P99_SECONDS_MOST, is_right=is_right),), {
        "webhook_to_wms": {
            "orders": count, "arrived": len(seconds), "refused": result["refused"],
            "per_second": round(count / (result["ended"] - result["began"]), 1),
            "p50_s": round(percentile(seconds, 0.5), 3) if seconds else None,
            "floor": "p99 of the acknowledgement of the same webhooks",
        },
    })


def _send(port: int, count: int) -> dict[str, Any]:
    with hands([Hand("benchmarks.sender", port=port, start=START, count=count, connections=20,
                     per_second=PER_SECOND, is_told_when=True)]) as (sender,):
        sender.go()
        return sender.result()


def _until_sent(dsn: str, count: int) -> None:
    """Wait until every order's work was delivered, or for a while."""
    end = time.monotonic() + ARRIVE_SECONDS_MAX
    with psycopg.connect(dsn, autocommit=True) as connection:
        while time.monotonic() < end:
            row = connection.execute("select count(*) from delivery where kind = 'work' and state = 'done'").fetchone()
            if row is not None and row[0] >= count:
                return
            time.sleep(0.25)


def _seconds(sent: dict[str, float], works: dict[str, str], seen: Path) -> list[float]:
    arrived: dict[str, float] = orjson.loads(seen.read_bytes())
    return [arrived[works[key]] - at for key, at in sent.items() if works.get(key) in arrived]
