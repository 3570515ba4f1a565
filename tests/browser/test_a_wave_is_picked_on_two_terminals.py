"""Two people pick one wave by scanner, one of them without network for a while: nothing is lost or counted twice."""

from __future__ import annotations

from playwright.async_api import Browser, Page, expect

from orderloom.testing.proof import prove
from tests.support.floor import Floor
from tests.support.on_screen import grave_findings, scan, too_wide
from tests.support.terminals import WAIT_MS, a_terminal, a_wave, shot


async def test_a_wave_picked_on_two_terminals_is_counted_once(browser: Browser, floor: Floor, base: str) -> None:
    async with a_terminal(browser, floor, base, "何仓管") as one, a_terminal(browser, floor, base, "Wu", "en") as two:
        await shot(one, "idle-zh")
        await shot(two, "idle-en")
        wave = await a_wave(floor)
        for page in (one, two):
            await expect(page.get_by_test_id("place")).to_have_text("A-01-01", timeout=WAIT_MS)
            await page.wait_for_function("navigator.serviceWorker.controller !== null", timeout=WAIT_MS)
        await shot(one, "pick-zh")
        await shot(two, "pick-en")
        assert not await grave_findings(one) and await too_wide(one) <= 0
        await _wrong_then_right(one, two)
        await _alone(two)
        await scan(one, "M-001")
        await expect(one.locator(".loc small b")).to_have_text("第 3 / 4 个")
        await expect(one.get_by_test_id("right")).to_be_visible(timeout=WAIT_MS)
        assert floor.world.rows("select sum(picked) from pick_task") == [(2,)], "nothing of the second has arrived"
        await two.context.set_offline(False)
        await expect(two.get_by_test_id("away")).to_have_count(0, timeout=WAIT_MS)
        await _put_back(two)
        await _spoons(one, wave)
        await _to_the_door(one, floor)
    assert floor.world.rows(
        "select sum(picked), sum(extra), sum(returned), sum(packed) from pick_task") == [(5, 1, 1, 5)]
    counted = floor.world.rows("select device, count(*), count(distinct id), max(seq) from scan group by device")
    assert len(counted) == 3 and all(scans == ids == seq for _, scans, ids, seq in counted), "no scan twice, no gap"
    assert floor.world.rows("select count(*) from work where state = 'handed_over'") == [(1,)]
    assert await prove(floor.world.hub) == []


async def _wrong_then_right(one: Page, two: Page) -> None:
    await scan(one, "M-002")
    await expect(one.get_by_test_id("stop")).to_contain_text("拿错了，放回去")
    await expect(one.get_by_test_id("stop")).to_contain_text("号格")
    await shot(one, "wrong-zh")
    assert not await grave_findings(one)
    await scan(two, "NO-SUCH-CODE")
    await expect(two.get_by_test_id("stop")).to_contain_text("Unknown code")
    await shot(two, "wrong-en")
    await scan(one, "M-001")
    await expect(one.get_by_test_id("stop")).to_have_count(0)
    await expect(one.locator(".loc small b")).to_have_text("第 2 / 4 个")
    await expect(one.locator(".strip")).to_have_count(0)
    await expect(one.get_by_test_id("right")).to_be_visible(timeout=WAIT_MS)
    await shot(one, "right-zh")
    await expect(two.get_by_test_id("stop")).to_be_visible()
    await scan(two, "A-01-01")
    await expect(two.locator(".loc small b")).to_have_text("2 of 4", timeout=WAIT_MS)


async def _alone(two: Page) -> None:
    """Two right scans without network, which outlive a reload."""
    await two.context.set_offline(True)
    await expect(two.get_by_test_id("away")).to_be_visible(timeout=WAIT_MS)
    await scan(two, "M-001")
    await scan(two, "M-001")
    await expect(two.get_by_test_id("away")).to_contain_text("2 to send")
    await expect(two.get_by_test_id("hollow")).to_be_visible()
    await shot(two, "offline-en")
    await two.reload()
    await expect(two.get_by_test_id("away")).to_contain_text("2 to send", timeout=WAIT_MS)
    await expect(two.get_by_test_id("place")).to_have_text("B-01-01")


async def _put_back(two: Page) -> None:
    """What both had fetched is one too many: a task, not a reproach."""
    await two.get_by_role("button", name="1 to put back").click(timeout=WAIT_MS)
    await shot(two, "put-en")
    await scan(two, "M-001")
    await expect(two.get_by_role("heading")).to_have_text("Scan the place it goes to")
    await scan(two, "A-01-01")
    await expect(two.get_by_text("It is there")).to_be_visible(timeout=WAIT_MS)


async def _spoons(one: Page, wave: str) -> None:
    await expect(one.get_by_test_id("place")).to_have_text("B-01-01", timeout=WAIT_MS)
    await scan(one, "M-002")
    await expect(one.get_by_test_id("right")).to_be_visible(timeout=WAIT_MS)
    await one.locator(".top-bar button").click()
    await one.get_by_role("button", name="撤销上一件").click()
    await expect(one.get_by_text("撤销了，放回原处")).to_be_visible(timeout=WAIT_MS)
    await expect(one.get_by_test_id("picked")).to_have_text("0")
    await scan(one, "M-002")
    await expect(one.get_by_test_id("picked")).to_have_text("1")
    await expect(one.get_by_test_id("right")).to_be_visible(timeout=WAIT_MS)
    await shot(one, "half-zh")
    await scan(one, "M-002")
    await expect(one.get_by_test_id("wave-done")).to_contain_text(wave)
    await shot(one, "done-zh")


async def _to_the_door(one: Page, floor: Floor) -> None:
    await one.get_by_role("button", name="打包").click()
    await expect(one.locator(".row")).to_have_count(4, timeout=WAIT_MS)
    await shot(one, "pack-zh")
    for _ in range(3):
        await scan(one, "M-001")
    await expect(one.locator(".row")).to_have_count(1, timeout=WAIT_MS)
    await expect(one.get_by_test_id("right")).to_contain_text("装好了，封箱")
    await one.locator(".top-bar button").click()
    await one.get_by_label("数量").fill("2")
    await shot(one, "menu-zh")
    await one.get_by_role("button", name="关闭").click()
    await expect(one.get_by_test_id("units")).to_have_text("× 2")
    await scan(one, "M-002")
    await expect(one.get_by_text("装好了，封箱")).to_be_visible(timeout=WAIT_MS)
    await one.get_by_role("button", name="出库").click()
    (work,) = floor.world.rows("select number from work order by number limit 1")[0]
    await scan(one, work)
    await expect(one.get_by_role("heading")).to_have_text("扫运单号", timeout=WAIT_MS)
    await one.get_by_label("快递").fill("shunfeng")
    await one.get_by_role("heading").click()
    await shot(one, "out-zh")
    await one.locator(".scan-field").focus()
    await scan(one, "SF1234567890")
    await expect(one.get_by_text("出库了")).to_be_visible(timeout=WAIT_MS)
