"""What the spool took is still there after a crash, reaches the database once, and is readable by nobody else."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from orderloom.adapters.ids import new_id
from orderloom.adapters.spool import Spool
from orderloom.adapters.vault import KeyMissing, Vault
from orderloom.application.land import Voucher, voucher
from orderloom.application.ports import Account, Item, StoreAway
from orderloom.testing.clock import STORY_BEGINS

SHOP = Account(1, "TB01", "channels", "taobao", "Asia/Shanghai", "", {}, {})
VAULT = Vault({1: b"k" * 32}, b"i" * 32)


class Database:
    """Takes vouchers, or is away after so many groups."""

    def __init__(self, groups_max: int = 99) -> None:
        self.taken: list[Voucher] = []
        self.left = groups_max

    async def store(self, vouchers: Sequence[Voucher]) -> set[str]:
        if not self.left:
            raise StoreAway("gone")
        self.left -= 1
        self.taken += vouchers
        return {v.id for v in vouchers}


def some(*bodies: bytes) -> list[Voucher]:
    return [voucher(new_id(), SHOP, Item("t", b), {"h": "v"}, STORY_BEGINS, "", "live", None) for b in bodies]


async def test_everything_that_was_spooled_reaches_the_database_as_it_came(tmp_path: Path) -> None:
    spool, database = Spool(tmp_path / "spool", VAULT), Database()
    one, two = some(b"\xff\x00", "订单".encode()), some(b"3")
    await spool.store(one)
    await spool.store(two)
    assert Spool(tmp_path / "spool", VAULT).count() == 2, "a new process finds what the old one wrote"
    assert await spool.drain(database) == 3
    assert database.taken == one + two and spool.count() == 0


async def test_a_database_that_goes_away_again_loses_nothing(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool", VAULT)
    for n in range(3):
        await spool.store(some(b"%d" % n))
    assert await spool.drain(Database(groups_max=1)) == 1 and spool.count() == 2
    rest = Database()
    assert await spool.drain(rest) == 2 and [v.body for v in rest.taken] == [b"1", b"2"]


async def test_a_half_written_file_is_not_taken_for_a_whole_one(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool", VAULT)
    await spool.store(some(b"1"))
    (tmp_path / "spool" / "0199.part").write_bytes(b"half")
    assert spool.count() == 1 and await spool.drain(Database()) == 1


async def test_nobody_reads_an_order_from_the_disk(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool", VAULT)
    await spool.store(some("林清和 19900012345".encode()))
    [file] = spool.waiting()
    assert b"19900012345" not in file.read_bytes() and file.stat().st_mode & 0o077 == 0
    with pytest.raises(KeyMissing):
        await Spool(tmp_path / "spool", Vault({1: b"x" * 32}, b"i" * 32)).drain(Database())
    assert spool.count() == 1, "what cannot be read is kept"


async def test_an_empty_spool_is_nothing_to_drain(tmp_path: Path) -> None:
    assert await Spool(tmp_path / "nowhere", VAULT).drain(Database()) == 0
