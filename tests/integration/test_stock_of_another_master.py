"""An account whose stock another decides gets none of ours, not even what waits in the outbox, and all of it later."""

from __future__ import annotations

from pathlib import Path

import pytest

from orderloom.adapters.manifests import manifests
from orderloom.application.keep_account import NoAccount
from orderloom.application.not_kept import NotKept
from orderloom.application.queries.accounts import list_accounts
from orderloom.application.set_masters import set_masters
from tests.support.stage import Stage, open_stage


async def told(stage: Stage) -> list[object]:
    """States of the stock deliveries to Taobao."""
    return [state for (state,) in await stage.rows(
        "select d.state from delivery d join account a on a.id = d.account_id "
        "where d.kind = 'stock' and a.code = 'TB01' order by d.position")]


async def test_stock_is_told_to_whom_it_is_ours_to_tell(database: str, home: Path) -> None:
    async with open_stage(database, home, on_hand=0) as stage:
        await stage.alias("TB01", "M-001", "M-001", listing={"num_iid": "1"})
        await stage.receive("M-001", "HZ01", 5)
        await stage.steps["publish_stock"]()
        assert await told(stage) == ["due"]
        done = await set_masters(stage.hub.ports.accounts, "TB01", {"stock": "channel"})
        assert (done.masters["stock"], done.ended) == ("channel", 1) and await told(stage) == ["cancelled"]
        await stage.receive("M-001", "HZ01", 5)
        await stage.steps["publish_stock"]()
        assert await told(stage) == ["cancelled"], "nothing new is told"
        async with stage.hub.ports.reading() as connection:
            shown = {one.code: one.masters for one in (await list_accounts(connection, manifests())).accounts}
        assert (shown["TB01"]["stock"], shown["SH01"]["stock"]) == ("channel", "hub")
        await set_masters(stage.hub.ports.accounts, "TB01", {"stock": "hub"})
        await stage.steps["publish_stock"]()
        assert await told(stage) == ["cancelled", "due"], "the figure that it does not know"


async def test_what_is_not_there_is_refused_and_changes_nothing(database: str, home: Path) -> None:
    async with open_stage(database, home, on_hand=0) as stage:
        before = await stage.rows("select settings from account order by id")
        with pytest.raises(NotKept) as refused:
            await set_masters(stage.hub.ports.accounts, "TB01", {"stok": "hub"})
        assert "stock" in refused.value.en
        with pytest.raises(NoAccount):
            await set_masters(stage.hub.ports.accounts, "TB99", {})
        assert (await set_masters(stage.hub.ports.accounts, "TB01", {})).masters["stock"] == "hub"
        assert await stage.rows("select settings from account order by id") == before
