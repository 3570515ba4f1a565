"""A system speaks of its own work and parcels only: everybody knows the numbers, and no goods may leave by them."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from orderloom.application import commands as c
from orderloom.application.commands import Decided
from orderloom.application.directory import Directory
from orderloom.application.ports import Account
from orderloom.domain.actor import connector
from orderloom.domain.draft import Said, TrackEntry, TrackReport, WorkReport
from tests.support import bench
from tests.support.bench import Shop
from tests.support.moves import CARRIER, CHANNEL, WMS

OTHER = 9
"""A second warehouse system, which was given nothing."""


class Shops(Shop):
    """The bench with a second warehouse system beside the first."""

    def says(self, account_id: int, milestone: str, work: int = 1) -> Decided:
        number = self.order().works[work - 1].number
        return self.ask(c.ConfirmWork(actor=connector("WMS2"), account_id=account_id, report=WorkReport(
            number, Said(milestone, milestone.upper(), self.at), f"SF{number}", "SF")))[0]

    def tracks(self, account_id: int) -> Decided:
        parcel = self.order().parcels[0]
        scan = TrackEntry(code="D", milestone="delivered", at=self.at)
        return self.ask(c.TrackParcel(actor=connector("WMS2"), account_id=account_id,
                                      report=TrackReport(parcel.carrier, parcel.waybill, (scan,))))[0]


@pytest.fixture
def seller(monkeypatch: pytest.MonkeyPatch) -> dict[str, Directory]:
    """What the hub knows, which a test may change."""
    known = bench.directory()
    other = Account(OTHER, "WMS2", "systems", "wangdiantong", "Asia/Shanghai", "", {}, {})
    now = {"directory": replace(known, accounts={**known.accounts, OTHER: other})}
    monkeypatch.setattr(bench, "directory", lambda: now["directory"])
    return now


def rewire(seller: dict[str, Directory], account_id: int | None) -> None:
    known = seller["directory"]
    houses = tuple([replace(w, account_id=account_id) for w in known.warehouses])
    seller["directory"] = replace(known, warehouses=houses)


@pytest.mark.parametrize("milestone", ["picked", "handed_over", "cancelled"])
def test_another_system_cannot_move_the_goods_of_a_warehouse_by_a_number_that_it_knows(
    seller: dict[str, Directory], milestone: str,
) -> None:
    shop = Shops()
    shop.channel_says(("A", 2))
    before, units = shop.order(), {key: level.on_hand for key, level in shop.levels.items()}
    answer = shop.says(OTHER, milestone)
    assert isinstance(answer, tuple) and answer[0].code == "not_their_work"
    assert answer[0].order_id == before.id and "HZ" in answer[0].mend and "WMS2" in answer[0].mend
    assert shop.order() is before and {key: level.on_hand for key, level in shop.levels.items()} == units


@pytest.mark.parametrize("account_id", [WMS, OTHER])
def test_a_warehouse_that_was_given_another_system_ships_what_it_had_by_the_old_or_the_new_one(
    seller: dict[str, Directory], account_id: int,
) -> None:
    shop = Shops()
    shop.channel_says(("A", 2))
    rewire(seller, OTHER)
    shop.says(account_id, "handed_over")
    assert shop.order().stage == "shipped"


def test_a_warehouse_that_gets_its_first_system_ships_what_was_on_the_list(seller: dict[str, Directory]) -> None:
    rewire(seller, None)
    shop = Shops()
    shop.channel_says(("A", 2))
    assert isinstance(shop.says(OTHER, "handed_over"), tuple)
    rewire(seller, OTHER)
    shop.says(OTHER, "handed_over")
    assert shop.order().stage == "shipped"


def test_a_shop_may_speak_of_its_own_order(seller: dict[str, Directory]) -> None:
    shop = Shops()
    shop.channel_says(("A", 2))
    shop.says(CHANNEL, "handed_over")
    assert shop.order().stage == "shipped"


def test_a_parcel_is_not_delivered_by_a_system_that_did_not_send_it(seller: dict[str, Directory]) -> None:
    shop = Shops()
    shop.channel_says(("A", 2))
    shop.warehouse_says("handed_over")
    before = shop.order()
    answer = shop.tracks(OTHER)
    assert isinstance(answer, tuple) and answer[0].code == "not_their_work" and shop.order() is before


@pytest.mark.parametrize("account_id", [CARRIER, WMS, CHANNEL])
def test_carrier_warehouse_and_shop_may_tell_that_their_parcel_arrived(
    seller: dict[str, Directory], account_id: int,
) -> None:
    shop = Shops()
    shop.channel_says(("A", 2))
    shop.warehouse_says("handed_over")
    shop.tracks(account_id)
    assert shop.order().stage == "completed"
