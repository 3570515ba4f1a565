"""A message that can never be written does not wait in the queue for ever with nobody told."""

from __future__ import annotations

from pathlib import Path

from orderloom.adapters.ids import ids
from orderloom.application import commands as c
from orderloom.application.handle import Handler
from orderloom.application.ports import Item
from orderloom.application.sort import Landed, Sorted
from orderloom.bootstrap import open_hub
from orderloom.domain.actor import connector
from orderloom.domain.draft import Said, WorkReport
from orderloom.route import ROUTE
from orderloom.settings import Settings
from orderloom.testing.builders import a_draft, a_line
from orderloom.testing.clock import STORY_BEGINS
from tests.support.moves import CHANNEL, WMS, sealed
from tests.support.seller import rows, settle_in

WORKS = "select number from work order by number"
TWO_HOUSES = {(1, 1): 6, (1, 2): 7}
"""Ten units are two works, both in warehouses of the one system: what another one's work says has to wait instead."""


async def test_a_waybill_that_belongs_to_another_parcel_is_that_parcel_and_no_message_is_lost(
    database: str, home: Path
) -> None:
    async with open_hub(Settings(home=home), database) as hub:
        await settle_in(hub, TWO_HOUSES)
        await hub.handle([c.RecordOrder(
            actor=connector("TB01"), account_id=CHANNEL, draft=a_draft("E0", a_line("A", 10)), sealed=sealed(1),
            received_at=STORY_BEGINS,
        )])  # fmt: skip
        assert await rows(hub, "select distinct account_id from work") == [(WMS,)]
        numbers = [str(r[0]) for r in await rows(hub, WORKS)]
        account = (await hub.directory()).accounts[WMS]
        bodies = [b"first", b"the same waybill for the other", b"later"]
        await hub.lander.land(account, [Item("t", body) for body in bodies], {}, STORY_BEGINS)

        def read(taken: list[Landed], directory: object) -> Sorted:
            reports = {bodies[0]: (numbers[0], "handed_over", "SF1"), bodies[1]: (numbers[1], "handed_over", "SF1"),
                       bodies[2]: (numbers[1], "picked", "")}  # fmt: skip
            said = [reports[m.body] for m in taken]
            return Sorted([
                c.ConfirmWork(actor=connector("WMS"), account_id=WMS, message_id=m.id, report=WorkReport(
                    number, Said(what, what, STORY_BEGINS), carrier="SF", waybill=waybill))
                for m, (number, what, waybill) in zip(taken, said, strict=True)
            ], list(range(len(taken))), {})

        handler = Handler(hub.begin, ROUTE, read, hub.now, ids)  # type: ignore[arg-type]
        assert await handler.handle_messages() == 3
        assert await handler.handle_messages() == 0
        found = await rows(hub, "select outcome, count(*)::int from intake group by 1 order by 1")
        assert found == [("normalised", 3)] and await rows(hub, "select kind from case_file") == []
        assert await rows(hub, "select waybill from parcel") == [("SF1",)], "one box with the goods of two works"
        assert await rows(hub, "select count(distinct work_seq)::int from parcel_item") == [(2,)]
