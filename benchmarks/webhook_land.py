"""One webhook landed and acknowledged, 50 senders at once, over HTTP against the API process."""

from __future__ import annotations

from typing import Any

import psycopg

from benchmarks.hands import Hand, hands, span
from benchmarks.place import Place
from benchmarks.processes import free_port
from benchmarks.result import Report, measured, percentile

SENDERS = 50
PER_SECOND_LEAST = 1_500
P99_MILLISECONDS_MOST = 60
START = 5_000_000_000_000


def measure(place: Place, *, is_quick: bool) -> Report:
    """Every acknowledged webhook must be stored: what is counted is durable."""
    count = 4_000 if is_quick else 12_000
    port = free_port()
    with hands([Hand("benchmarks.bare", port=port)]):
        bare = _send(port, count)
    with place.database("bench_webhook") as dsn:
        port = free_port()
        with hands([Hand("benchmarks.processes", role="api", home=str(place.home), dsn=dsn, port=port)]):
            ours = _send(port, count)
        with psycopg.connect(dsn) as connection:
            row = connection.execute(
                "select count(*), count(*) filter (where outcome = 'pending') from intake").fetchone()
    assert row is not None
    answered = len(ours["seconds"])
    is_right = ours["refused"] == 0 and answered == count and row[0] == row[1] and row[0] >= count
    per_second, bare_per_second = answered / span([ours]), len(bare["seconds"]) / span([bare])
    p99, bare_p99 = _p99(ours), _p99(bare)
    return Report((
        measured("webhook_land", per_second, "requests/s", floor=bare_per_second, least=PER_SECOND_LEAST,
                 is_right=is_right),
        measured("webhook_land_p99", p99, "ms", floor=bare_p99, most=P99_MILLISECONDS_MOST, is_right=is_right),
    ), {"webhook_land": {
        "senders": SENDERS, "requests": count, "stored": row[0], "refused": ours["refused"],
        "p50_ms": round(percentile(ours["seconds"], 0.5) * 1e3, 1),
        "floor": "the same sender against a bare ASGI application on the same server that keeps nothing",
    }})


def _send(port: int, count: int) -> dict[str, Any]:
    with hands([Hand("benchmarks.sender", port=port, start=START, count=count, connections=SENDERS,
                     per_second=0)]) as (sender,):
        sender.go()
        return sender.result()


def _p99(result: dict[str, Any]) -> float:
    return percentile(result["seconds"], 0.99) * 1e3
