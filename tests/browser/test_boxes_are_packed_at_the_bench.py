"""The pack bench: a wall whose slot lights up, a box that shows what it wants, no in red with both pictures, and the
last right scan that prints - by somebody who sees no buyer."""

from __future__ import annotations

import io
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Browser, Page, expect

from orderloom.testing.builders import a_line
from tests.integration.test_a_label_is_bought_once import SENDER, connect_carrier, sells_labels
from tests.support.floor import Floor, a_floor
from tests.support.on_screen import DESK, PHONE, grave_findings, scan, too_wide
from tests.support.terminals import WAIT_MS, a_bench


@pytest.fixture
async def floor(home: Path, database: str) -> AsyncIterator[Floor]:
    async with a_floor(home, database) as floor:
        await floor.put("A-01-01", 50)
        yield floor


async def looked_at(page: Page, name: str) -> None:
    if folder := os.environ.get("SCREENS"):
        await page.screenshot(path=Path(folder) / f"{name}.png")
    assert not await grave_findings(page) and await too_wide(page) <= 0


async def _fetched(floor: Floor, kind: str) -> str:
    """A wave whose works are all in its tote."""
    wave = await floor.ask("POST", "/waves", {"warehouse": "HZ", "rule": {"kind": kind}}, status=201)
    for task in wave["tasks"]:
        assert (await floor.beep("picked", task["task"], task["sku"], task["quantity"]))["verdict"] == "right"
    return str(wave["number"])


async def _a_day(floor: Floor) -> tuple[str, str]:
    """A wall of four slots and one box of two SKUs, fetched; a printer at bench 1, a picture of the cup."""
    await connect_carrier(floor.world, "SF01", SENDER)
    sells_labels(floor.world)
    printer = {"warehouse": "HZ", "station": "1", "size": "76x130", "is_automatic": True}
    assert (await floor.by.put("/api/v1/print/printers/PACK-1", json=printer)).is_success
    for sku, colour in (("M-001", (32, 96, 160)), ("M-002", (160, 64, 32))):
        picture = io.BytesIO()
        Image.new("RGB", (64, 64), colour).save(picture, "PNG")
        shown = await floor.by.put("/api/v1/sku/picture", params={"code": sku},
                                   files={"file": ("x.png", picture.getvalue(), "image/png")})
        assert shown.is_success, shown.text
    floor.world.rows("update sku set weight_g = case code when 'M-001' then 400 else 30 end, length_mm = 90,"
                     " width_mm = 90, height_mm = 90 where code in ('M-001', 'M-002') returning id")
    carton = {"code": "CTN-3", "name": "3 号箱", "length_mm": 300, "width_mm": 200, "height_mm": 200, "weight_g": 80}
    await floor.ask("PUT", "/materials", {"materials": [carton]})
    goods = {"warehouse": "HZ", "reason": "x", "lines": [{"sku": "M-002", "quantity": 9}]}
    await floor.ask("POST", "/receive", goods, status=201)
    await floor.beep("put_away", "B-01-01", "M-002", 9)
    await floor.world.record(3)
    await floor.world.record(1, lines=(a_line("M-002", 2, 5_000),))
    wall = await _fetched(floor, "batch_sort")
    await floor.world.record(1, lines=(a_line("M-001", 2, 3_000, external_id="L1"),
                                       a_line("M-002", 1, 4_000, external_id="L2")))
    return wall, await _fetched(floor, "discrete")


async def test_a_box_is_packed_and_its_label_prints(browser: Browser, floor: Floor, base: str) -> None:
    wall, alone = await _a_day(floor)
    (work,) = floor.world.rows(f"select k.number from wave_work k join wave v on v.id = k.wave_id"
                               f" where v.number = '{alone}'")[0]
    await floor.ask("POST", f"/waves/{alone}/labels")
    await floor.world.send(2)
    async with a_bench(browser, floor, base, DESK) as page:
        await page.get_by_role("button", name="1", exact=True).click(timeout=WAIT_MS)
        await looked_at(page, "bench-choose")
        slots = dict(floor.world.rows(
            "select s.code, min(k.slot)::text from wave_work k join wave v on v.id = k.wave_id join work_line l on"
            " (l.order_id, l.work_seq) = (k.order_id, k.work_seq) join sku s on s.id = l.sku_id"
            f" where v.number = '{wall}' group by 1"))
        await _at_the_wall(page, wall, slots)
        (waybill,) = floor.world.rows(f"select waybill from label where work_no = '{work}'")[0]
        await scan(page, waybill)
        await expect(page.get_by_test_id("box")).to_have_text(work)
        await expect(page.locator(".goods img")).to_have_count(2)
        await scan(page, "M-001")
        await expect(page.get_by_test_id("packed")).to_have_text("1", timeout=WAIT_MS)
        await scan(page, "M-002")
        await expect(page.get_by_test_id("packed")).to_have_text("2", timeout=WAIT_MS)
        await looked_at(page, "bench-box")
        await scan(page, "M-002")
        await expect(page.get_by_test_id("stop")).to_contain_text("多了，放回去", timeout=WAIT_MS)
        await looked_at(page, "bench-wrong")
        await scan(page, "M-001")
        await expect(page.get_by_test_id("label")).to_have_text("面单在 PACK-1 打印", timeout=WAIT_MS)
        await _on_the_scale(page)
    async with a_bench(browser, floor, base, PHONE, "en") as page:
        await scan(page, wall)
        await looked_at(page, "bench-wall-390-en")
    assert floor.world.rows(f"select about[1] from print_job where about[1] = '{work}'") == [(work,)]


async def _on_the_scale(page: Page) -> None:
    """The box that was closed last: its carton is scanned, its weight typed; what is off is red."""
    await scan(page, "CTN-3")
    await expect(page.get_by_role("button", name="3 号箱")).to_have_attribute("aria-pressed", "true", timeout=WAIT_MS)
    await page.get_by_label("克", exact=True).fill("500")
    await page.get_by_role("button", name="称好").click()
    await expect(page.get_by_test_id("stop")).to_contain_text("称得 500 克，应是 910 克（±45）", timeout=WAIT_MS)
    await looked_at(page, "bench-weight-off")
    await page.get_by_label("克", exact=True).fill("920")
    await page.get_by_role("button", name="称好").click()
    await expect(page.get_by_text("已称 920 克")).to_be_visible(timeout=WAIT_MS)
    await expect(page.get_by_test_id("stop")).to_have_count(0)
    await looked_at(page, "bench-closed")


async def _at_the_wall(page: Page, wall: str, slots: dict[str, str]) -> None:
    await scan(page, wall)
    await expect(page.get_by_test_id("wall").locator("li")).to_have_count(4)
    await scan(page, "M-001")
    await expect(page.locator(".wall .lit")).to_have_attribute("data-slot", slots["M-001"], timeout=WAIT_MS)
    await expect(page.get_by_test_id("label")).to_have_text("面单已申请，回来就在本台打印")
    await scan(page, "M-002")
    await expect(page.locator(".wall .lit")).to_have_attribute("data-slot", slots["M-002"], timeout=WAIT_MS)
    await looked_at(page, "bench-wall")
    await scan(page, "NOTHING")
    await expect(page.get_by_test_id("stop")).to_contain_text("不认识这个码", timeout=WAIT_MS)
    await scan(page, "M-001")
    await expect(page.get_by_test_id("stop")).to_have_count(0, timeout=WAIT_MS)
    await expect(page.get_by_test_id("wall-closed")).to_have_text("2", timeout=WAIT_MS)
