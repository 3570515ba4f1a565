"""A platform that counts its orders is held to its count, whichever it is: what it leaves out is noticed everywhere."""

from __future__ import annotations

import pytest

from tests.support.connector_folders import Folder, caller, pull, pulled_channels, purchase, serve

TIMES = 1_000
"""The order stays away however often the list is read."""
COUNTED = [
    pytest.param(folder, id=folder.name) for folder in pulled_channels()
    if not folder.plan.said.code and any(
        one.said.window is not None and (one.said.count is not None or one.said.pages.total)
        for one in folder.plan.lists.values())
]


@pytest.mark.parametrize("folder", COUNTED)
async def test_each_stretch_of_time_that_is_over_is_compared_with_the_platform_s_own_count(folder: Folder) -> None:
    simulator = folder.simulator()
    for n in (1, 2, 3):
        simulator.place(purchase(folder, n))
    async with serve(simulator.app) as base, caller() as http:
        pages = await pull(folder, folder.account(base), http)
    counted = [page.window for page in pages if page.window is not None]
    assert counted and max(window.total for window in counted) > 0, "nothing was compared"
    assert all(window.is_whole for window in counted), counted


@pytest.mark.parametrize("folder", COUNTED)
async def test_an_order_that_the_list_leaves_out_is_missed(folder: Folder) -> None:
    simulator = folder.simulator()
    for n in (1, 2, 3):
        simulator.place(purchase(folder, n))
    simulator.hiding.short_page([folder.module("simulator").external_id(2)], times=TIMES)
    async with serve(simulator.app) as base, caller() as http:
        pages = await pull(folder, folder.account(base), http)
    counted = [page.window for page in pages if page.window is not None]
    assert any(window.total - window.seen == 1 for window in counted), counted
