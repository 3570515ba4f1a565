"""As a warehouse would click: a label nobody is sure of is looked at and printed again; a lost waybill is entered."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from playwright.async_api import Browser, expect

from tests.browser.test_quotas_and_snapshots_on_screen import fits, looked_at
from tests.integration.test_a_label_is_bought_once import SENDER, Deaf, connect_carrier, sells_labels
from tests.support.api_hub import World
from tests.support.on_screen import DESK, at_console


async def _a_day(world: World) -> str:
    """Two printers; a label taken by an agent that died, one that failed; one whose answer was lost. Its number."""
    await connect_carrier(world, "SF01", SENDER)
    seller = sells_labels(world)
    async with await world.client("admin") as client:
        for name, station in (("PACK-1", "1"), ("PACK-2", "2")):
            wish = {"warehouse": "HZ", "station": station, "size": "76x130"}
            assert (await client.put(f"/api/v1/print/printers/{name}", json=wish)).is_success
        works = [one["number"] for one in (await client.get("/api/v1/works")).json()["works"]]
        await client.post(f"/api/v1/works/{works[0]}/label", json={"account": "SF01", "station": "1"})
        await world.send(1)
        await client.post("/api/v1/print/lease", json={"printer": "PACK-1", "lease": str(uuid4())})
        now = world.hub.now
        world.hub.now = lambda: now() + timedelta(minutes=3)
        await client.post("/api/v1/print/jobs", json={"printer": "PACK-1", "paper": "slip", "about": works[:1]})
        lease = str(uuid4())
        task = (await client.post("/api/v1/print/lease", json={"printer": "PACK-1", "lease": lease})).json()
        await client.post(f"/api/v1/print/jobs/{task['job']}/result",
                          json={"lease": lease, "result": "failed", "error": "unreachable: TimeoutError"})
        await client.post("/api/v1/print/jobs", json={"printer": "PACK-2", "paper": "pick_list", "about": works})
        seller.is_losing, seller.sold = True, Deaf()
        await client.post(f"/api/v1/works/{works[1]}/label", json={"account": "SF01", "station": "2"})
        await world.send(8)
    return f"{works[1]}-1"


async def test_a_label_that_nobody_is_sure_of_is_looked_at_and_a_lost_one_entered(
    browser: Browser, world: World, page_url: str,
) -> None:
    doubted = await _a_day(world)
    base = page_url.rstrip("/")
    async with at_console(browser, world, base, "operations", size=DESK) as page:
        await page.goto(f"{base}/works")
        await page.get_by_role("link", name="打印任务").click()
        await expect(page.get_by_text("代理还没来过").first).to_be_visible()
        await expect(page.get_by_text("打出来了吗").last).to_be_visible()
        await fits(page, "print")
        await page.get_by_text("打出来了吗").last.click()
        await expect(page.get_by_role("button", name="没打出来")).to_be_visible()
        await fits(page, "print-unknown")
        await page.get_by_role("button", name="没打出来").click()
        await page.goto(f"{base}/works/print?state=failed")
        await page.get_by_text("人看过，没打出来").first.click()
        await page.get_by_label("补打原因").fill("卡纸了")
        await fits(page, "print-again")
        await page.get_by_role("button", name="补打").click()
        await page.goto(f"{base}/works/print?state=queued")
        await expect(page.get_by_text("面单 · 补打").first).to_be_visible()
        await page.goto(f"{base}/works/doubts?peek={doubted}")
        await expect(page.get_by_text("存疑", exact=True).first).to_be_visible()
        await fits(page, "doubt")
        await looked_at(browser, world, base, {
            "print": "/works/print", "print-failed": "/works/print?state=failed&peek=1",
            "doubts": "/works/doubts", "doubt": f"/works/doubts?peek={doubted}", "works": "/works"})
        await page.get_by_label("运单号").fill("SF7000000000")
        await page.get_by_label("在哪看到的").fill("丰桥后台")
        await page.get_by_role("button", name="登记运单号").click()
        await expect(page.get_by_text("没有存疑的")).to_be_visible()
        await fits(page, "doubts-empty")
