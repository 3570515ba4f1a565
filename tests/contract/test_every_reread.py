"""Every channel whose single records can be read again: what comes back is what the list said."""

from __future__ import annotations

from typing import Any

import pytest

from orderloom.adapters.kit.declared import WithRereads
from orderloom.adapters.kit.walk import is_wanted
from orderloom.application.ports import Account, Item, Terminal
from orderloom.application.translate import translate
from orderloom.domain.draft import OrderDraft
from tests.support.connector_folders import RECEIVED_AT, Folder, caller, items, pull, pulled_channels, purchase, serve

AGAIN = [pytest.param(folder, {}, id=folder.name) for folder in pulled_channels()
         if isinstance(folder.connector, WithRereads) and folder.name != "amazon"]
AGAIN += [pytest.param(folder, {"orders_version": version}, id=f"{folder.name} {version}")
          for folder in pulled_channels() if folder.name == "amazon" for version in ("v0", "2026-01-01")]


def drafts(folder: Folder, account: Account, found: list[Item]) -> list[OrderDraft]:
    read = [one for item in found for one in translate(account, item.topic, item.body, dict(item.context), RECEIVED_AT,
                                                       folder.mappings())]  # fmt: skip
    return [one for one in read if isinstance(one, OrderDraft)]


@pytest.mark.parametrize(("folder", "settings"), AGAIN)
async def test_an_order_that_is_read_again_is_the_one_of_the_list(folder: Folder, settings: dict[str, Any]) -> None:
    simulator, bought = folder.simulator(**settings), purchase(folder)
    simulator.place(bought)
    async with serve(simulator.app) as base, caller() as http:
        account, connector = folder.account(base, **settings), folder.connector
        assert isinstance(connector, WithRereads)
        listed = drafts(folder, account, items(await pull(folder, account, http)))
        platform = connector.platform(account, http)
        what = next(key for key, one in folder.plan.lists.items() if is_wanted(platform, one) and (one.one or one.then))
        key = bought["external_id"]
        pages = [page async for page in connector.reread(account, what, [key, key[:-1] + "0"], http)]
        assert drafts(folder, account, items(pages)) == [one for one in listed if one.external_id == key] != []
        assert {one.id for page in pages for one in page.missing} <= {key[:-1] + "0"}


AUTHORISED = [folder for folder in pulled_channels()
              if isinstance(folder.connector, WithRereads) and folder.plan.authorise]


@pytest.mark.parametrize("folder", AUTHORISED, ids=lambda folder: folder.name)
async def test_what_nobody_could_ask_for_is_not_told_as_left_out_by_the_platform(folder: Folder) -> None:
    """Hints that come while nobody has authorised the account wait for that, and are no orders that are not there."""
    given = {name: value for name, value in folder.credentials().items()
             if not folder.plan.said.credentials[name].made_by and "token" not in name}
    account, connector = folder.account("http://127.0.0.1:9", credentials=given), folder.connector
    assert isinstance(connector, WithRereads)
    async with caller() as http:
        platform = connector.platform(account, http)
        what = next(key for key, one in folder.plan.lists.items() if is_wanted(platform, one) and (one.one or one.then))
        with pytest.raises(Terminal, match="to_authorise"):
            _ = [page async for page in connector.reread(account, what, ["123456789012"], http)]
