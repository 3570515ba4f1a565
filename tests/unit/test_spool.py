"""What the spool took is still there after a crash, reaches the database once, and is readable by nobody else."""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from orderloom.adapters.ids import new_id
from orderloom.adapters.spool import FileTrouble, Spool, counted
from orderloom.adapters.spool_file import HEAD_BYTES, read, written
from orderloom.adapters.vault import Vault
from orderloom.application.land import GROUP_BYTES_MAX, Voucher, voucher
from orderloom.application.ports import Account, Item, StoreAway, StoreRefused
from orderloom.testing.clock import STORY_BEGINS

SHOP = Account(1, "TB01", "channels", "taobao", "Asia/Shanghai", "", {}, {})
VAULT = Vault({1: b"k" * 32}, b"i" * 32)
OTHER = Vault({1: b"x" * 32}, b"i" * 32)


class Database:
    """Takes vouchers, or is away after so many groups; refuses bodies that say so."""

    def __init__(self, groups_max: int = 999) -> None:
        self.taken: list[Voucher] = []
        self.groups: list[int] = []
        self.left = groups_max

    async def store(self, vouchers: Sequence[Voucher]) -> set[str]:
        if not self.left:
            raise StoreAway("gone")
        if any(v.body == b"refuse" for v in vouchers):
            raise StoreRefused("NumericValueOutOfRange 22003")
        self.left -= 1
        self.taken += vouchers
        self.groups.append(sum(v.weight for v in vouchers))
        return {v.id for v in vouchers}

    @property
    def bodies(self) -> list[bytes]:
        return [v.body for v in self.taken]


def some(*bodies: bytes, topic: str = "t") -> list[Voucher]:
    return [voucher(new_id(), SHOP, Item(topic, b), {"h": "v"}, STORY_BEGINS, "", "live", None) for b in bodies]


def numbered(first: int, last: int) -> list[Voucher]:
    return some(*[b"%d" % n for n in range(first, last)])


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool", VAULT)


async def test_everything_that_was_spooled_reaches_the_database_as_it_came(spool: Spool, tmp_path: Path) -> None:
    database = Database()
    one, two = some(b"\xff\x00", "订单".encode()), some(b"3")
    await spool.store(one)
    await spool.store(two)
    assert Spool(tmp_path / "spool", VAULT).count() == 3, "a new process finds what the old one wrote"
    assert await spool.drain(database) == 3
    assert database.taken == one + two and spool.count() == 0


async def test_messages_are_counted_and_not_files_and_a_file_of_orders_is_no_message(spool: Spool) -> None:
    await spool.store([*some(b"whole file", topic="file"), *some(b"1", b"2", b"3")])
    await spool.store(some(b"4"))
    assert spool.count() == 4 and counted(spool.waiting()[0].parent) == (4, 0, 0)


async def test_a_database_that_goes_away_again_loses_nothing(spool: Spool) -> None:
    for n in range(3):
        await spool.store(some(b"%d" % n))
    assert await spool.drain(Database(groups_max=1)) == 1 and spool.count() == 2
    rest = Database()
    assert await spool.drain(rest) == 2 and rest.bodies == [b"1", b"2"]


async def test_a_half_written_file_is_not_taken_for_a_whole_one(spool: Spool, tmp_path: Path) -> None:
    await spool.store(some(b"1"))
    draft = tmp_path / "spool" / "0199.part"
    draft.write_bytes(b"half")
    assert spool.count() == 1 and await spool.drain(Database()) == 1 and draft.exists()
    os.utime(draft, (0, 0))
    await spool.drain(Database())
    assert not draft.exists(), "what a crash left fills the disk for ever"


async def test_nobody_reads_an_order_from_the_disk_and_a_lost_key_stops_no_other_file(
    spool: Spool, tmp_path: Path
) -> None:
    await spool.store(some("林清和 19900012345".encode()))
    [file] = spool.waiting()
    assert b"19900012345" not in file.read_bytes() and file.stat().st_mode & 0o077 == 0
    stranger, database = Spool(tmp_path / "spool", OTHER), Database()
    await stranger.store(some(b"2"))
    assert await stranger.drain(database) == 1 and database.bodies == [b"2"]
    assert stranger.troubles() == [FileTrouble(file.name, "no_key", 1)] and stranger.count() == 1
    assert await Spool(tmp_path / "spool", VAULT).drain(database) == 1, "what cannot be read is kept for its key"


async def test_an_empty_spool_is_nothing_to_drain(tmp_path: Path) -> None:
    assert await Spool(tmp_path / "nowhere", VAULT).drain(Database()) == 0


@pytest.mark.parametrize("seed", range(40))
async def test_a_damaged_file_costs_the_record_that_was_hit_and_nothing_else(spool: Spool, seed: int) -> None:
    chance = random.Random(seed)
    await spool.store(numbered(0, 3))
    await spool.store(numbered(3, 13))
    await spool.store(numbered(13, 16))
    file = spool.waiting()[1]
    raw = bytearray(file.read_bytes())
    how = ("empty", "cut", "flip", "hole")[seed % 4]
    at = chance.randrange(len(raw))
    if how == "flip":
        raw[at] ^= 1 << chance.randrange(8)
    elif how == "hole":
        raw[at:at + 200] = bytes(len(raw[at:at + 200]))
    file.write_bytes(bytes(raw[:0 if how == "empty" else at]) if how in ("empty", "cut") else bytes(raw))
    database = Database()
    await spool.drain(database)
    assert spool.waiting() == [], "the damaged file stands in the way of the others"
    found = [int(b) for b in database.bodies]
    assert found == sorted(found) and set(found) >= {0, 1, 2, 13, 14, 15}
    lost = 16 - len(found)
    assert how in ("empty", "cut") or lost <= (1 if how == "flip" else 3)
    [trouble] = spool.troubles()
    assert (trouble.why, trouble.messages) == ("damaged", lost) and spool.count() == lost
    await spool.store(some(b"99"))
    assert await spool.drain(database) == 1 and len(spool.troubles()) == 1


def test_a_cut_between_two_records_is_noticed() -> None:
    raw = written(numbered(0, 5), VAULT)
    last = raw.rindex(b"\xf1OL\x02")
    found = read(raw[:last], VAULT)
    assert len(found.vouchers) == 4 and not found.is_whole
    assert not read(raw[:last + HEAD_BYTES], VAULT).is_whole and read(raw, VAULT).is_whole


async def test_files_of_before_drain_too_and_a_damaged_one_is_set_aside(spool: Spool, tmp_path: Path) -> None:
    folder = tmp_path / "spool"
    folder.mkdir()
    old = numbered(0, 2)
    cipher = VAULT.encrypt(msgspec.msgpack.encode(old))
    (folder / f"{1:020d}-{new_id()}.spool").write_bytes(cipher)
    (folder / f"{2:020d}-{new_id()}.spool").write_bytes(cipher[:-3])
    assert spool.count() == 3
    await spool.store(some(b"2"))
    database = Database()
    assert await spool.drain(database) == 3 and database.bodies == [b"0", b"1", b"2"]
    assert [t.why for t in spool.troubles()] == ["damaged"] and spool.waiting() == []


async def test_a_message_that_the_database_refuses_does_not_keep_the_others(spool: Spool) -> None:
    await spool.store([*numbered(0, 5), *some(b"refuse"), *numbered(5, 9)])
    database = Database()
    assert await spool.drain(database) == 9 and database.bodies == [b"%d" % n for n in range(9)]
    [trouble] = spool.troubles()
    assert (trouble.why, trouble.messages, spool.count()) == ("refused", 1, 1)


async def test_the_order_of_arrival_is_kept_when_the_clock_is_put_back(
    spool: Spool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await spool.store(some(b"1"))
    monkeypatch.setattr("orderloom.adapters.spool.time_ns", lambda: 1_000)
    await spool.store(some(b"2"))
    await Spool(tmp_path / "spool", VAULT).store(some(b"3"))
    database = Database()
    await spool.drain(database)
    assert database.bodies == [b"1", b"2", b"3"]


async def test_a_big_file_drains_in_bounded_groups(spool: Spool) -> None:
    big = b"x" * (GROUP_BYTES_MAX // 3)
    await spool.store(some(*[big + b"%d" % n for n in range(5)]))
    database = Database()
    assert await spool.drain(database) == 5
    assert len(database.groups) == 3 and max(database.groups) <= GROUP_BYTES_MAX


async def test_a_full_disk_leaves_no_half_file_behind(
    spool: Spool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("orderloom.adapters.spool.os.fsync", full)
        with pytest.raises(OSError, match="No space"):
            await spool.store(some(b"1"))
    assert list((tmp_path / "spool").iterdir()) == [] and spool.count() == 0
    await spool.store(some(b"1"))
    assert spool.count() == 1
