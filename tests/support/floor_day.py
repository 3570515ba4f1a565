"""A day in the warehouse: its goods, its thirty orders, a database that will not serialise, and what it prints."""

from __future__ import annotations

import base64
import io
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from itertools import count
from typing import Any
from uuid import uuid4

import pypdfium2
from PIL import Image

from orderloom.adapters.paper.zpl import from_zpl
from orderloom.testing.builders import a_line
from tests.integration.test_a_label_is_bought_once import SENDER, Seller, connect_carrier, sells_labels
from tests.support.floor import Floor

ORDERS, UNITS = 30, 44
"""20 of one cup, 6 of two spoons, 4 of two cups and a spoon."""
CUPS, SPOONS = 40, 20


class Refusing:
    """Every so many transactions of scans PostgreSQL says, with all written, that it cannot serialise them."""

    def __init__(self, begin: Callable[[], AbstractAsyncContextManager[Any]], every: int) -> None:
        self._begin, self._every, self._count, self.refused = begin, every, count(1), 0

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[Any]:
        async with self._begin() as work:
            yield work
            if next(self._count) % self._every == 0:
                self.refused += 1
                await work.connection.execute(b"do $$ begin raise serialization_failure; end $$")


def refuse_some(floor: Floor, every: int) -> Refusing:
    """From now on."""
    scanner = floor.world.hub.scanner
    scanner._begin = refusing = Refusing(scanner._begin, every)
    return refusing


async def equip(floor: Floor) -> Seller:
    """A carrier that sells labels, and a printer at bench 1."""
    settings: dict[str, Any] = {**SENDER, "rate": {"per_second": 100, "burst": 100}}
    await connect_carrier(floor.world, "SF01", settings)
    printer = {"warehouse": "HZ", "station": "1", "size": "76x130", "is_automatic": True}
    assert (await floor.by.put("/api/v1/print/printers/PACK-1", json=printer)).is_success
    return sells_labels(floor.world)


async def receive(floor: Floor) -> None:
    """What a lorry brings stands at the dock; cups go to three places, but for one, spoons to one."""
    lines = [{"sku": "M-001", "quantity": CUPS}, {"sku": "M-002", "quantity": SPOONS}]
    await floor.ask("POST", "/receive", {"warehouse": "HZ", "reason": "到货", "lines": lines}, status=201)
    for place, sku, units in (("A-01-01", "M-001", 20), ("A-01-02", "M-001", 10), ("A-02-01", "M-001", 9),
                              ("B-01-01", "M-002", SPOONS)):
        assert (await floor.beep("put_away", place, sku, units))["verdict"] == "right"


async def order(floor: Floor) -> None:
    """Thirty orders, paid."""
    await floor.world.record(20)
    await floor.world.record(6, lines=(a_line("M-002", 2, 5_000),))
    await floor.world.record(4, lines=(a_line("M-001", 2, 3_000, external_id="L1"),
                                       a_line("M-002", 1, 4_000, external_id="L2")))


async def label(floor: Floor, wave: str) -> None:
    """The labels of the wave are bought in advance: asked for, and answered."""
    told = await floor.ask("POST", f"/waves/{wave}/labels")
    assert (told["asked"], told["refused"]) == (ORDERS, [])
    for _ in range(ORDERS):
        if floor.world.rows("select count(*) from label where state = 'bought'") == [(ORDERS,)]:
            return
        await floor.world.send(1)
    raise AssertionError(f"not bought: {floor.world.rows('select state, error, count(*) from label group by 1, 2')}")


async def printed(floor: Floor) -> list[bytes]:
    """What the agent of bench 1 takes off the queue, in ZPL."""
    papers = list[bytes]()
    async with await floor.world.client("labels:print") as agent:
        while True:
            lease = str(uuid4())
            job = (await agent.post("/api/v1/print/lease", json={"printer": "PACK-1", "lease": lease})).json()
            if job["job"] is None:
                return papers
            papers.append(base64.b64decode(job["document"]))
            told = await agent.post(f"/api/v1/print/jobs/{job['job']}/result",
                                    json={"lease": lease, "result": "printed"})
            assert told.is_success, told.text


async def pictures_of(floor: Floor, work: str) -> dict[str, Image.Image]:
    """The label of a work, as PDF and as ZPL, each drawn."""
    drawn = dict[str, Image.Image]()
    for form in ("pdf", "zpl"):
        wish = {"paper": "label", "form": form, "size": "76x130"}
        answer = await floor.by.get(f"/api/v1/works/{work}/paper", params=wish, headers={"X-Unmask-Reason": "look"})
        assert answer.is_success, answer.text
        drawn[form] = (pypdfium2.PdfDocument(answer.content)[0].render(scale=203 / 72).to_pil() if form == "pdf"
                       else from_zpl(answer.content)[0])
    return drawn


def as_png(picture: Image.Image) -> bytes:
    """For whoever wants to look."""
    kept = io.BytesIO()
    picture.convert("L").save(kept, "PNG")
    return kept.getvalue()
