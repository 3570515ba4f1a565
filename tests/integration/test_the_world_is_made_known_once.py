"""The rehearsed world is put into a hub by its own verbs: a second start must not undo what somebody did meanwhile."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from orderloom.application.keep_skus import keep_skus
from orderloom.application.keep_warehouse import WarehouseRow, keep_warehouse
from orderloom.application.not_kept import NotKept
from orderloom.application.sku_row import SkuRow
from orderloom.application.teach_alias import AliasRow, teach_alias, teach_aliases
from orderloom.bootstrap import Hub, open_hub, utc_now
from orderloom.rehearsal import SMOOTH, WorldOptions, open_world
from orderloom.settings import Settings
from orderloom.testing.drive import publish_default_blueprint

OPTIONS = WorldOptions(sku_count=40, shares=SMOOTH)
STANDING = (
    "select code, title, zone, base_url, settings from account order by code",
    "select code, name, unit, hs_code from sku order by code",
    "select sku_id, unit, factor from sku_unit order by 1, 2",
    "select bundle_id, component_id, quantity from sku_component order by 1, 2",
    "select account_id, alias, sku_id, factor, listing, is_published from sku_alias order by 1, 2",
    "select code, name, country, province, account_id, priority, daily_capacity from warehouse order by code",
    "select sku_id, warehouse_id, on_hand from stock_level order by 1, 2",
    "select cause, kind, on_hand, actor from stock_movement order by 1",
)


async def standing(hub: Hub) -> list[list[tuple[Any, ...]]]:
    async with hub.pool.connection() as connection:
        return [await (await connection.execute(query.encode())).fetchall() for query in STANDING]


async def test_a_second_start_keeps_what_somebody_changed_and_adds_nothing(database: str, home: Path) -> None:
    async with open_hub(Settings(home=home), database) as hub:
        await publish_default_blueprint(hub)
        async with open_world(hub, OPTIONS, utc_now) as world:
            (code, spelling), *_ = await world.ask(
                "select a.code, s.alias from sku_alias s join account a on a.id = s.account_id order by 1, 2")
        first = await standing(hub)
        assert all(first)
        await keep_skus(hub.ports.catalogue, [SkuRow("M-001", "renamed", hs_code="")])
        await keep_warehouse(hub.ports.catalogue, WarehouseRow("HZ01", priority=7))
        await teach_alias(hub.ports.catalogue, spelling, "B-001", account=code, factor=2, is_replacing=True)
        changed = await standing(hub)
        assert changed != first
        async with open_world(hub, OPTIONS, utc_now):
            assert await standing(hub) == changed


async def test_many_spellings_are_taught_together_or_none_of_them(database: str, home: Path) -> None:
    async with open_hub(Settings(home=home), database) as hub:
        await keep_skus(hub.ports.catalogue, [SkuRow("M-001"), SkuRow("M-002")])
        rows = [AliasRow("cup", "M-001", listing={"item": "1"}, is_published=False), AliasRow("spoon", "M-002", 2)]
        done = await teach_aliases(hub.ports.catalogue, rows)
        assert (done.added, done.updated) == (2, 0)
        kept = await standing(hub)
        assert [row[1:] for row in kept[4]] == [("cup", 1, 1, {"item": "1"}, False), ("spoon", 2, 2, {}, True)]
        done = await teach_aliases(hub.ports.catalogue, [AliasRow("cup", "M-001"), *rows[1:]])
        assert (done.added, done.updated) == (0, 2)
        for wrong, why in (
            (AliasRow("CUP", "M-002"), "already_there"), (AliasRow("SPOON", "M-002"), "already_there"),
            (AliasRow("cup", "M-002"), "already_there"), (AliasRow("bowl", "M-009"), "not_found"),
            (AliasRow("plate", "M-001"), "wrong_value"), (AliasRow("bowl", "M-001", 0), "wrong_value"),
        ):
            with pytest.raises(NotKept) as refused:
                await teach_aliases(hub.ports.catalogue, [AliasRow("plate", "M-001"), wrong])
            assert refused.value.code == why, wrong
        assert await standing(hub) == kept
