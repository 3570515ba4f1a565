"""A day in the warehouse, all of it by scanners: received, put away, thirty orders picked by two people, one of them
without network, on a database that keeps refusing; short, packed, labelled, out - and every count exact."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.async_api import Browser, Page, expect

from orderloom.testing.proof import prove
from tests.support import floor_day as day
from tests.support.floor import Floor
from tests.support.on_screen import DESK, scan
from tests.support.papers import barcodes
from tests.support.terminals import a_bench, a_terminal, shot

WAIT_MS = 40_000


async def test_a_day_in_the_warehouse_is_counted_to_the_unit(browser: Browser, floor: Floor, base: str) -> None:
    seller = await day.equip(floor)
    await day.receive(floor)
    before = floor.world.rows("select sum(on_hand), sum(allocated) from stock_level")[0]
    refusing = day.refuse_some(floor, 5)
    async with a_terminal(browser, floor, base, "何仓管") as one, a_terminal(browser, floor, base, "吴仓管") as two:
        await _put_away(one)
        await day.order(floor)
        rule = {"kind": "batch_sort", "orders_max": day.ORDERS, "slots_max": day.ORDERS}
        wave = await floor.ask("POST", "/waves", {"warehouse": "HZ", "rule": rule}, status=201)
        assert len(wave["works"]) == day.ORDERS and sum(one["quantity"] for one in wave["tasks"]) == day.UNITS
        await day.label(floor, str(wave["number"]))
        await _pick(one, two, floor)
        async with a_bench(browser, floor, base, DESK) as bench:
            await _pack(bench, str(wave["number"]))
        papers = await day.printed(floor)
        await _out(one, floor)
    await _look_at_labels(floor, papers)
    assert refusing.refused >= 20, "the database refused, and nobody saw it"
    assert len(seller.sold) == len(papers) == day.ORDERS
    _is_exact(floor, before)
    assert await prove(floor.world.hub) == []


async def _put_away(page: Page) -> None:
    """The last cup, by hand."""
    await page.locator(".top-bar button").click()
    await page.get_by_role("button", name="上架").click()
    await _at_hand(page)
    await scan(page, "M-001")
    await expect(page.get_by_role("heading")).to_have_text("扫放到哪个货位")
    await scan(page, "A-02-01")
    await expect(page.get_by_text("放好了")).to_be_visible(timeout=WAIT_MS)
    await page.get_by_role("button", name="拣货").click()


async def _pick(one: Page, two: Page, floor: Floor) -> None:
    """One takes the cups, two the spoons, most of them without network; a cup is broken, and fetched elsewhere."""
    for page in (one, two):
        await expect(page.get_by_test_id("place")).to_have_text("A-01-01", timeout=WAIT_MS)
        await page.wait_for_function("navigator.serviceWorker.controller !== null", timeout=WAIT_MS)
    await scan(two, "B-01-01")
    await expect(two.get_by_test_id("place")).to_have_text("B-01-01")
    await scan(two, "M-002")
    await expect(two.get_by_test_id("right")).to_be_visible(timeout=WAIT_MS)
    await two.context.set_offline(True)
    await expect(two.get_by_test_id("away")).to_be_visible(timeout=WAIT_MS)
    for _ in range(15):
        await scan(two, "M-002")
    await expect(two.get_by_test_id("away")).to_contain_text("15 条等着上传")
    for _ in range(5):  # whatever the walk begins with, works of one cup or of two: the next task lacks one
        await scan(one, "M-001")
    await one.get_by_role("button", name="缺货").click()
    await one.get_by_role("button", name="坏了").click()
    await _at_hand(one)
    await expect(one.get_by_test_id("right")).to_contain_text("尾号 aged", timeout=WAIT_MS)
    assert floor.world.rows("select sum(picked), sum(short) from pick_task") == [(6, 1)], "two's fifteen are not here"
    for _ in range(2):  # the terminal reads where it is fetched instead
        await one.wait_for_event("response", lambda answer: "/floor/list" in answer.url, timeout=WAIT_MS)
    await shot(one, "day-pick")
    await shot(two, "day-offline")
    await two.context.set_offline(False)
    for _ in range(23):
        await scan(one, "M-001")
    for page in (one, two):
        await _settled(page)
        await expect(page.get_by_test_id("stop")).to_have_count(0)
        await expect(page.get_by_text("没有要拣的波次")).to_be_visible(timeout=WAIT_MS)


async def _at_hand(page: Page) -> None:
    """Somebody has pressed a button; the scanner's field has the focus again."""
    await expect(page.locator(".sheet")).to_have_count(0)
    await expect(page.locator(".scan-field")).to_be_focused()


async def _settled(page: Page) -> None:
    """Nothing of the terminal waits."""
    await page.locator(".top-bar button").click()
    await expect(page.get_by_test_id("waiting")).to_have_text("0", timeout=WAIT_MS)
    await page.get_by_role("button", name="关闭").click()
    await _at_hand(page)


async def _pack(bench: Page, wave: str) -> None:
    """At the wall of thirty slots; what is of nobody in it stops the bench, and the next right item goes on."""
    await bench.get_by_role("button", name="1", exact=True).click(timeout=WAIT_MS)
    await _at_hand(bench)
    await scan(bench, wave)
    await expect(bench.get_by_test_id("wall").locator("li")).to_have_count(day.ORDERS)
    for _ in range(28):
        await scan(bench, "M-001")
    await scan(bench, "M-001")
    await expect(bench.get_by_test_id("stop")).to_be_visible(timeout=WAIT_MS)
    await shot(bench, "day-wrong")
    for _ in range(16):
        await scan(bench, "M-002")
    await expect(bench.get_by_test_id("wall-closed")).to_have_text(str(day.ORDERS), timeout=WAIT_MS)
    await expect(bench.get_by_test_id("stop")).to_have_count(0)
    await expect(bench.get_by_test_id("label")).to_have_text("面单在 PACK-1 打印")
    await shot(bench, "day-wall")


async def _out(page: Page, floor: Floor) -> None:
    await page.get_by_role("button", name="出库").click()
    await expect(page.get_by_text("30 箱等着出库")).to_be_visible(timeout=WAIT_MS)
    await _at_hand(page)
    for (waybill,) in floor.world.rows("select waybill from label order by waybill"):
        await scan(page, waybill)
    await expect(page.get_by_text("0 箱等着出库", exact=True)).to_be_visible(timeout=WAIT_MS)
    await _settled(page)
    await expect(page.get_by_test_id("stop")).to_have_count(0)


async def _look_at_labels(floor: Floor, papers: list[bytes]) -> None:
    """Every ZPL of the queue bears its own waybill; one is drawn from PDF and ZPL for whoever wants to look."""
    read = set[str]()
    for paper in papers:
        (picture,) = day.from_zpl(paper)
        read |= barcodes(picture)
    known = {waybill for (waybill,) in floor.world.rows("select waybill from label")}
    assert len(papers) == len(known) == day.ORDERS and known <= read, known - read
    work, waybill = floor.world.rows("select work_no, waybill from label order by work_no limit 1")[0]
    for form, picture in (await day.pictures_of(floor, work)).items():
        assert waybill in barcodes(picture), form
        if folder := os.environ.get("SCREENS"):
            (Path(folder) / f"day-label-{form}.png").write_bytes(day.as_png(picture))


def _is_exact(floor: Floor, before: tuple[int, int]) -> None:
    rows = floor.world.rows
    assert rows("select sum(on_hand), sum(allocated) from stock_level") == [(before[0] - day.UNITS, before[1])]
    assert rows("select sum(picked), sum(short), sum(extra), sum(packed), sum(returned) from pick_task") == [
        (day.UNITS, 1, 0, day.UNITS, 0)]
    assert rows("select state from wave") == [("closed",)]
    assert rows("select state, count(*) from work group by 1") == [("handed_over", day.ORDERS)]
    assert rows("select count(*), count(distinct waybill) from parcel") == [(day.ORDERS, day.ORDERS)]
    assert rows("select state, count(*), count(distinct about) from print_job group by 1") == [
        ("printed", day.ORDERS, day.ORDERS)]
    assert rows("select kind, sum(quantity) from place_movement where kind in ('pick', 'pack', 'out') group by 1"
                " order by 1") == [("out", day.UNITS), ("pack", day.UNITS), ("pick", day.UNITS)]
    counted = rows("select count(*), count(distinct id), max(seq) from scan group by device")
    assert len(counted) == 4 and all(scans == ids == seq for scans, ids, seq in counted), "no scan twice, no gap"
