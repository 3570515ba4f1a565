"""What a system tells of another one's work waits with a case, and goes on once the warehouse is wired to it."""

from __future__ import annotations

from pathlib import Path

from orderloom.adapters.db.directory import bump
from orderloom.application import commands as c
from orderloom.application.keep_warehouse import WarehouseRow, keep_warehouse
from orderloom.application.ports import Item
from orderloom.bootstrap import Hub, open_hub
from orderloom.domain.actor import connector
from orderloom.settings import Settings
from orderloom.testing.builders import a_draft, a_line
from orderloom.testing.clock import STORY_BEGINS
from tests.support.moves import CHANNEL, sealed
from tests.support.seller import ACCOUNT, rows, settle_in

STOCKOUT = (
    '{{"stockout_id":41,"order_no":"CK41","src_trade_no":"{number}","warehouse_no":"HZ","status":110,'
    '"consign_status":32,"block_reason":0,"logistics_type":8,"logistics_no":"SF0000000041","logistics_name":"x",'
    '"consign_time":"2026-11-21 09:00:00","modified":"2026-11-21 09:00:00",'
    '"details_list":[{{"spec_no":"A","num":2}}]}}'
)
WAITS = "select kind, owner, order_id is not null, resolved_at is null from case_file order by opened_at"


async def _wire(hub: Hub, account: str) -> None:
    await keep_warehouse(hub.ports.catalogue, WarehouseRow("HZ", account=account))


async def test_goods_of_one_system_do_not_leave_by_the_word_of_another_until_the_warehouse_is_its_own(
    database: str, home: Path,
) -> None:
    async with open_hub(Settings(home=home), database) as hub:
        await settle_in(hub)
        async with hub.pool.connection() as connection, connection.transaction():
            await connection.execute(ACCOUNT, ("WMS2", "systems", "wangdiantong", hub.vault.encrypt(b"{}")))
            await bump(connection)
        await hub.handle([c.RecordOrder(
            actor=connector("TB01"), account_id=CHANNEL, draft=a_draft("E0", a_line("A", 2)), sealed=sealed(1),
            received_at=STORY_BEGINS,
        )])
        number = str((await rows(hub, "select number from work"))[0][0])
        other = (await hub.directory()).account_by_code("WMS2")
        assert other is not None
        body = STOCKOUT.format(number=number).encode()
        await hub.lander.land(other, [Item("stockout", body)], {}, STORY_BEGINS)
        assert await hub.handler.handle_messages() == 1
        parked = await rows(hub, "select outcome, reason, park_key from intake")
        assert parked == [("parked", "not_their_work", f"work:{number}")]
        assert await rows(hub, WAITS) == [("not_their_work", "operations", True, True)]
        assert await rows(hub, "select state from work") == [("allocated",)]
        await _wire(hub, "WMS2")
        assert await hub.handler.handle_messages() == 1
        assert await rows(hub, "select state from work") == [("handed_over",)]
        assert [row[3] for row in await rows(hub, WAITS) if row[0] == "not_their_work"] == [False]
