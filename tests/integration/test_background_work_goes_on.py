"""Who starts something for many rows sees it go on to its end: also when the worker dies, and never somebody else's."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from orderloom.adapters.ids import new_id
from orderloom.application.jobs.run_jobs import LEASE, Runner
from orderloom.application.jobs.shapes import Job, JobKind, RowResult, Stepped
from orderloom.bootstrap.jobs import job_kinds
from orderloom.domain.words import Words
from tests.support.api_hub import World, a_world


async def run_all(world: World) -> None:
    runner = Runner(world.hub, job_kinds(world.hub))
    for _ in range(100):
        if not await runner.step():
            return
    raise AssertionError("the jobs never end")


def counting(steps: list[bytes], fails: int = 0, rows: int = 4) -> JobKind:
    """A kind of four rows, two a step, that fails so many times at the second step."""
    left = [fails]

    async def step(job: Job) -> Stepped:
        steps.append(job.place)
        if job.done and left[0]:
            left[0] -= 1
            raise RuntimeError("a defect")
        done = [RowResult(f"row-{job.done + n}", "done") for n in range(2)]
        return Stepped(rows=done, place=b'{"at": %d}' % (job.done + 2), total=rows, is_over=job.done + 2 >= rows)

    return JobKind("counting", Words("数", "count"), step)


@pytest.mark.asyncio
async def test_a_bulk_hold_tells_of_every_order_and_names_the_refused(tmp_path: Path, database: str) -> None:
    async with a_world(tmp_path, database) as world, await world.user("service") as client:
        wish = {"verb": "hold", "orders": world.order_ids, "reason": "stock check"}
        begun = (await client.post("/api/v1/orders/bulk", json=wish)).json()
        assert (await client.get(f"/api/v1/jobs/{begun['job']}")).json()["state"] == "waiting"
        await run_all(world)
        job = (await client.get(f"/api/v1/jobs/{begun['job']}")).json()
        assert (job["state"], job["done"], job["row_count"], job["refused"]) == ("done", 3, 3, 0)
        assert job["title"] == {"zh": "批量处理订单", "en": "Change many orders"}
        rows = (await client.get(f"/api/v1/jobs/{begun['job']}/rows", params={"limit": 2})).json()
        assert [row["result"] for row in rows["rows"]] == ["done", "done"]
        more = (await client.get(f"/api/v1/jobs/{begun['job']}/rows", params={"cursor": rows["next"]})).json()
        assert len(more["rows"]) == 1 and more["next"] is None
        assert world.rows("select count(*) from hold where released_at is null") == [(3,)]
        cancel = {"verb": "cancel", "orders": [world.order_ids[0]], "reason": "buyer changed his mind"}
        for _ in range(2):
            begun = (await client.post("/api/v1/orders/bulk", json=cancel)).json()
            await run_all(world)
        rows = (await client.get(f"/api/v1/jobs/{begun['job']}/rows", params={"result": "refused"})).json()["rows"]
        assert [row["code"] for row in rows] == ["already_cancelled"]


@pytest.mark.asyncio
async def test_a_double_click_is_one_job_and_anothers_key_is_refused(tmp_path: Path, database: str) -> None:
    async with a_world(tmp_path, database) as world, await world.client("orders:read", "orders:write") as client:
        wish = {"verb": "hold", "orders": world.order_ids, "reason": "stock check"}
        key = {"Idempotency-Key": "one"}
        first = await client.post("/api/v1/orders/bulk", json=wish, headers=key)
        again = await client.post("/api/v1/orders/bulk", json=wish, headers=key)
        assert first.status_code == again.status_code == 202 and first.json() == again.json()
        other = await client.post("/api/v1/orders/bulk", json=wish | {"reason": "other"}, headers=key)
        assert (other.status_code, other.json()["code"]) == (409, "key_used")


@pytest.mark.asyncio
async def test_nobody_sees_or_stops_anothers_job(tmp_path: Path, database: str) -> None:
    async with a_world(tmp_path, database) as world, await world.user("service") as mine, \
            await world.user("operations") as other, await world.user("administrator") as boss:
        wish = {"verb": "hold", "orders": world.order_ids, "reason": "stock check"}
        job = (await mine.post("/api/v1/orders/bulk", json=wish)).json()["job"]
        for path in ("", "/rows", "/file"):
            assert (await other.get(f"/api/v1/jobs/{job}{path}")).status_code == 404
        assert (await other.post(f"/api/v1/jobs/{job}/cancel")).status_code == 404
        assert (await other.get("/api/v1/jobs")).json()["jobs"] == []
        assert [one["id"] for one in (await boss.get("/api/v1/jobs")).json()["jobs"]] == [job]
        assert (await mine.post(f"/api/v1/jobs/{job}/cancel")).json()["state"] == "cancelled"
        await run_all(world)
        assert world.rows("select count(*) from hold") == [(0,)]
        assert (await mine.post(f"/api/v1/jobs/{job}/cancel")).status_code == 409


@pytest.mark.asyncio
async def test_a_step_whose_worker_died_is_taken_again_from_where_it_was(tmp_path: Path, database: str) -> None:
    async with a_world(tmp_path, database, orders=0) as world:
        steps: list[bytes] = []
        job = await begun(world, "counting")
        dead = Runner(world.hub, {"counting": JobKind("counting", Words("", ""), _dies)})
        with pytest.raises(asyncio.CancelledError):
            await dead.step()
        alive = Runner(world.hub, {"counting": counting(steps)})
        assert await alive.step() == 0, "the lease of the dead one still stands"
        later(world, LEASE + timedelta(seconds=1))
        while await alive.step():
            pass
        assert steps == [b"null", b'{"at": 2}']
        assert state(database, job) == [("done", 4)]


@pytest.mark.asyncio
async def test_a_job_that_fails_thrice_at_one_place_says_so_and_keeps_what_is_done(
    tmp_path: Path, database: str,
) -> None:
    async with a_world(tmp_path, database, orders=0) as world:
        job = await begun(world, "counting")
        runner = Runner(world.hub, {"counting": counting([], fails=2)})
        while await runner.step():
            pass
        assert state(database, job) == [("done", 4)], "two failures are tried again"
        job = await begun(world, "counting")
        runner = Runner(world.hub, {"counting": counting([], fails=3)})
        while await runner.step():
            pass
        assert state(database, job) == [("failed", 2)]
        async with await world.client("admin") as client:
            told = (await client.get(f"/api/v1/jobs/{job}")).json()
        assert "defect" in told["why"]["en"] and "a defect" not in told["why"]["zh"]


@pytest.mark.asyncio
async def test_a_result_file_is_sealed_on_disk_and_gone_after_its_time(tmp_path: Path, database: str) -> None:
    async with a_world(tmp_path, database, orders=0) as world, await world.client("admin") as client:
        files = world.hub.job_files

        async def step(job: Job) -> Stepped:
            end = files.append(job.id, 0, "订单号,收件人\n".encode())
            files.append(job.id, end, "1,王小明\n".encode())
            size = files.finish(job.id)
            return Stepped(counted=1, is_over=True, file_name="订单.csv", file_bytes=size)

        runner = Runner(world.hub, {"counting": JobKind("counting", Words("", ""), step)})
        job = await begun(world, "counting")
        while await runner.step():
            pass
        answer = await client.get(f"/api/v1/jobs/{job}/file")
        assert answer.text == "订单号,收件人\n1,王小明\n" and "filename*=UTF-8''%E8%AE%A2" in str(answer.headers)
        assert "王小明".encode() not in (tmp_path / "jobs" / job).read_bytes()
        later(world, timedelta(days=8))
        await Runner(world.hub, {}).step()
        assert (await client.get(f"/api/v1/jobs/{job}/file")).status_code == 404
        assert not list((tmp_path / "jobs").iterdir())


async def begun(world: World, kind: str) -> str:
    """A job of an administrator's program."""
    async with await world.client("admin") as client:
        token = client.headers["Authorization"].removeprefix("Bearer ")
        who = await world.app.state.desk.access.caller(token)
    async with world.hub.ports.jobs() as jobs:
        job = Job(new_id(), kind, who, b"{}", b"null", None, 0, world.hub.now())
        return str(await jobs.add(job, ""))


def later(world: World, by: timedelta) -> None:
    now = world.hub.now
    world.hub.now = lambda: now() + by


def state(dsn: str, job: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(dsn) as connection:
        return connection.execute("select state, done from job where id = %s", (job,)).fetchall()


async def _dies(job: Job) -> Stepped:
    raise asyncio.CancelledError
