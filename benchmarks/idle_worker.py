"""What a worker costs that has nothing to do: its process and the server's, as a share of one core."""

from __future__ import annotations

import time

from benchmarks.cpu import Cpu, process_seconds
from benchmarks.hands import Hand, hands
from benchmarks.place import Place
from benchmarks.result import Report, measured

PERCENT_MOST = 1.0
QUIET_SECONDS = 5.0
"""Until it rests: it has looked for everything once."""


def measure(place: Place, *, is_quick: bool) -> Report:
    """All loops of a worker process, with the furnished seller and no order."""
    seconds = 10.0 if is_quick else 30.0
    with place.database("bench_idle") as dsn:
        worker = Hand("benchmarks.processes", role="worker", home=str(place.home), dsn=dsn)
        with hands([worker]):
            time.sleep(QUIET_SECONDS)
            cpu, before, began = Cpu(place.home), process_seconds(worker.pid), time.monotonic()
            time.sleep(seconds)
            took = time.monotonic() - began
            python, postgres = process_seconds(worker.pid) - before, cpu.spent().postgres
    return Report((
        measured("idle_worker", (python + postgres) / took * 100, "% of a core", floor=None, most=PERCENT_MOST),
    ), {"idle_worker": {
        "python_percent": round(python / took * 100, 2), "postgres_percent": round(postgres / took * 100, 2),
        "seconds": round(took),
    }})
