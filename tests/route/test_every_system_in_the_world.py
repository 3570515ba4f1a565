"""Orders through every warehouse system that has a simulator: what is lost if one of them cannot carry its share."""

from __future__ import annotations

from pathlib import Path

from orderloom.adapters.db.directory import bump
from orderloom.rehearsal import SMOOTH, World, WorldOptions
from orderloom.testing.proof import prove
from orderloom.testing.rehearse import rehearse

SHARE = 5
"""How many works a day each further warehouse does; the rest goes to the seller's own."""
HERE = WorldOptions(
    seed=17, sku_count=120, orders_per_minute=0.01, is_flat=True, orders_max=200, wms_pace_seconds=0.3,
    carrier_pace_seconds=5.0, file_seconds=2.0, clerk_seconds=3.0, pull_seconds=1.0, has_all=True, shares=SMOOTH,
)  # fmt: skip
SECONDS_MAX = 60


async def share_out(world: World) -> None:
    """The warehouses of further systems come first, each until its day is full."""
    async with world.hub.pool.connection() as connection, connection.transaction():
        further = [house[0] for part in world.platforms.parts["systems"].values() for house in part.warehouses]
        await connection.execute(
            "update warehouse set priority = case when code = any(%(further)s) then 0 else 50 end, daily_capacity ="
            " case when code = any(%(further)s) then %(share)s else 1000000 end",
            {"further": further, "share": SHARE})  # fmt: skip
        await bump(connection)


async def test_every_system_takes_its_share_of_the_work_and_tells_of_the_parcels(database: str, home: Path) -> None:
    async with rehearse(database, home, HERE) as world:
        await share_out(world)
        systems = set(world.platforms.systems) - {"wangdiantong"}
        assert {"jushuitan", "kingdee", "qimen", "oracle_ebs", "wangdiantong_enterprise", "generic"} <= systems
        world.burst(SHARE * (len(systems) + 2))

        async def all_left() -> bool:
            rows = await world.ask(
                "select a.connector, count(*) filter (where w.state = 'handed_over'), count(*) from work w"
                " join warehouse h on h.id = w.warehouse_id join account a on a.id = h.account_id group by 1")
            out = {name: (left, there) for name, left, there in rows}
            return all(out.get(name, (0, 1))[0] == out.get(name, (0, 1))[1] for name in systems)

        await world.until(all_left, SECONDS_MAX, "a parcel of each further system has left, and none stays behind")
        assert await world.ask("select kind, last_error from delivery where state = 'parked'") == []
        assert await world.ask("select detail from intake where outcome = 'quarantined'") == []
        assert await prove(world.hub) == []
