"""What one change of the catalogue costs a process that knows 100,000 SKUs with four spellings each.

`python -m benchmarks.catalogue` prints one JSON object: milliseconds of the processor (Python and the server) until the
process knows of a change, and until it has taken up the next 500 spellings; and the memory that all of it takes.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from statistics import median
from typing import Any

import orjson

from benchmarks.cpu import Cpu
from benchmarks.place import FURNISHED, Place, open_place
from orderloom.adapters.db.directory import bump
from orderloom.application.teach_alias import teach_alias
from orderloom.bootstrap import Hub, open_hub

SKUS, SPELLINGS, ROUNDS, BATCH = 100_000, 4, 9, 500
FILL = """
with made as (insert into sku (code) select 'WIDE-' || n from generate_series(1, %s) n returning id, code)
insert into sku_alias (account_id, alias, sku_id)
select a.id, k || '/' || m.code, m.id from made m, generate_series(1, %s) k, account a where a.code = 'TB01'"""


def resident_mib() -> float:
    """What this process takes of the machine's memory."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * 4096 / 2**20


async def measure(place: Place) -> dict[str, Any]:
    """Medians over rounds, one change each, told by another hub on the same database."""
    settings = place.settings(FURNISHED)
    async with open_hub(settings, settings.dsn) as here, open_hub(settings, settings.dsn) as there:
        async with there.pool.connection() as connection, connection.transaction():
            await connection.execute(FILL.encode(), (SKUS, SPELLINGS))
            await bump(connection)
        cpu, before = Cpu(place.home), resident_mib()
        first = await _know(here, cpu)
        told, used = [], []
        for number in range(ROUNDS):
            await teach_alias(there.ports.catalogue, f"new-{number}", "WIDE-1", account="TB01")
            told.append(await _know(here, cpu))
            used.append(await _take_up(here, cpu, number * BATCH))
        return {
            "skus": SKUS, "spellings": SKUS * SPELLINGS, "first_ms": first, "after_a_change_ms": median(told),
            f"next_{BATCH}_spellings_ms": median(used), "memory_mib": round(resident_mib() - before, 1),
        }


async def _know(hub: Hub, cpu: Cpu) -> float:
    cpu.start()
    await hub.directory()
    return round(cpu.spent().total * 1e3, 2)


async def _take_up(hub: Hub, cpu: Cpu, start: int) -> float:
    cpu.start()
    async with hub.pool.connection() as connection:
        await hub.shelf.goods(connection, [f"1/WIDE-{n % SKUS + 1}" for n in range(start, start + BATCH)], [])
    return round(cpu.spent().total * 1e3, 2)


if __name__ == "__main__":
    with open_place() as place:
        sys.stdout.buffer.write(orjson.dumps(asyncio.run(measure(place)), option=orjson.OPT_APPEND_NEWLINE))
