"""Messages that are on disk are missing from no figure, and a person is told of those that cannot be moved."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from orderloom.adapters.ids import new_id
from orderloom.application.draining import Drainer
from orderloom.application.land import Voucher, voucher
from orderloom.application.ports import Item
from orderloom.application.queries.status import read_status
from orderloom.entrypoints.cli.doctor import check_spool
from orderloom.entrypoints.http.kit.guard import Desk
from tests.support.api_hub import World, a_world


@pytest.fixture
async def world(database: str, home: Path) -> AsyncIterator[World]:
    async with a_world(home, database, orders=0) as opened:
        yield opened


async def spool(world: World, *bodies: bytes) -> None:
    """Messages that came while the database was away."""
    account = (await world.hub.directory()).account_by_code("SH01")
    assert account is not None
    vouchers: list[Voucher] = [
        voucher(new_id(), account, Item("orders/create", body), {},
                world.hub.now(), "", "live", None) for body in bodies
    ]
    await world.hub.spool.store(vouchers)


async def figures(world: World) -> tuple[int, int, int, bool]:
    async with world.hub.pool.connection() as connection:
        found = (await read_status(connection, world.hub.spool.on_disk())).accounting
    live = (await Desk(world.hub).board.current()).accounting
    assert (live.received, live.stored, live.spooled) == (found.received, found.stored, found.spooled)
    assert live.is_balanced == found.is_balanced
    return found.received, found.stored, found.spooled, found.is_balanced


async def open_cases(world: World) -> list[tuple[str, object]]:
    async with world.hub.pool.connection() as connection:
        rows = await connection.execute(
            "select kind, (evidence ->> 'messages')::int from case_file where resolved_at is null order by kind")
        return await rows.fetchall()


async def close_cases(world: World) -> None:
    async with world.hub.pool.connection() as connection:
        rows = await connection.execute("select id::text from case_file where resolved_at is null")
        for (case_id,) in await rows.fetchall():
            await connection.execute("update case_file set resolved_at = now(), resolved_by = 'user:li',"
                                     " resolution = 'sent again' where id = %s", (case_id,))


async def test_spooled_messages_are_received_and_not_lost(world: World) -> None:
    await spool(world, b"1", b"2", b"3")
    assert await figures(world) == (3, 0, 3, True)
    assert not (await check_spool(world.hub.settings))[0].is_well


async def test_what_drained_is_stored_and_nobody_is_bothered(world: World) -> None:
    await spool(world, b"1", b"2")
    drainer = Drainer(world.hub)
    assert await drainer.step() == 2
    assert await figures(world) == (2, 2, 0, True) and await open_cases(world) == []
    assert all(finding.is_well for finding in await check_spool(world.hub.settings))


async def test_a_damaged_file_is_a_case_until_somebody_took_it_away(world: World) -> None:
    await spool(world, b"1", b"2", b"3")
    await spool(world, b"4")
    [file, _] = world.hub.spool.waiting()
    file.write_bytes(file.read_bytes()[:-5])
    drainer = Drainer(world.hub)
    assert await drainer.step() == 3
    assert await figures(world) == (4, 3, 1, True), "the message that was lost with the disk is not owned up to"
    assert await open_cases(world) == [("spool_damaged", 1)]
    assert [finding.is_well for finding in await check_spool(world.hub.settings)] == [True, False, True]
    [aside] = (world.hub.settings.home / "spool" / "aside").iterdir()
    aside.unlink()
    await drainer.step()
    assert await open_cases(world) == [("accounting_gap", 1)] and await figures(world) == (4, 3, 0, False)
    await close_cases(world)
    await drainer.step()
    assert await open_cases(world) == [] and await figures(world) == (4, 3, 0, True), "it was owned up to"


async def test_a_removed_file_is_missed_until_it_is_back(world: World, tmp_path: Path) -> None:
    await spool(world, b"1", b"2", b"3")
    await spool(world, b"4")
    [file, _] = world.hub.spool.waiting()
    kept = file.rename(tmp_path / file.name)
    assert await figures(world) == (4, 0, 1, False), "what was acknowledged is gone, and it is said to add up"
    drainer = Drainer(world.hub)
    assert await drainer.step() == 1
    assert await open_cases(world) == [("accounting_gap", 3)]
    assert [finding.is_well for finding in await check_spool(world.hub.settings)] == [True, True, False]
    kept.rename(file)
    assert await drainer.step() == 3
    assert await figures(world) == (4, 4, 0, True) and await open_cases(world) == []


async def test_a_folder_that_was_moved_away_is_missed_and_written_off_by_a_person_alone(
    world: World, tmp_path: Path
) -> None:
    await spool(world, b"1", b"2")
    (world.hub.settings.home / "spool").rename(tmp_path / "moved")
    for _ in range(2):
        await Drainer(world.hub).step()  # another process finds the same
        assert await open_cases(world) == [("accounting_gap", 2)] and await figures(world) == (2, 0, 0, False)
    await spool(world, b"3")
    await close_cases(world)
    drainer = Drainer(world.hub)
    await drainer.step()
    assert await open_cases(world) == [] and await figures(world) == (3, 1, 0, True)
    async with world.hub.pool.connection() as connection:
        told = (await read_status(connection, world.hub.spool.on_disk())).accounting
    assert (told.lost, told.written_off) == (0, 2)


async def test_what_does_not_drain_is_a_case(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await spool(world, b"1")
    drainer = Drainer(world.hub)

    async def stuck(_: object) -> int:
        return 0

    later = world.hub.now() + timedelta(minutes=5)
    with monkeypatch.context() as patch:
        patch.setattr(world.hub.spool, "drain", stuck)
        patch.setattr(world.hub, "now", lambda: later)
        await drainer.step()
        assert await open_cases(world) == [("spool_waiting", 1)]
    await drainer.step()
    assert await open_cases(world) == [] and world.hub.spool.count() == 0


async def test_a_case_of_what_did_not_drain_closes_though_another_process_opened_it(
    world: World, monkeypatch: pytest.MonkeyPatch,
) -> None:
    await spool(world, b"1")
    await spool(world, b"2")
    [file, _] = world.hub.spool.waiting()
    file.write_bytes(file.read_bytes()[:-5])
    later = world.hub.now() + timedelta(minutes=5)

    async def stuck(_: object) -> int:
        return 0

    with monkeypatch.context() as patch:
        patch.setattr(world.hub, "now", lambda: later)
        patch.setattr(world.hub.spool, "drain", stuck)
        await Drainer(world.hub).step()
    await Drainer(world.hub).step()
    assert await open_cases(world) == [("spool_damaged", 1)]
    [aside] = (world.hub.settings.home / "spool" / "aside").iterdir()
    aside.unlink()
    await Drainer(world.hub).step()
    assert [kind for kind, _ in await open_cases(world)] == ["accounting_gap"], "the file that was taken away is a gap"
