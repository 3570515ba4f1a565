"""A picker walks the floor once, fetches what expires first, and a scan is read as what it says."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderloom.domain.floor.barcode import GS, read_code
from orderloom.domain.floor.lots import fefo, is_good
from orderloom.domain.floor.place import FloorPlace, Lot, PlaceKind, PlaceLevel, may_put, take_from
from orderloom.domain.floor.walk import SEQUENCE_MAX, sequence_of, zone_of

DAY = date(2026, 11, 28)


def _place(id: int, kind: PlaceKind = PlaceKind.PICK, **more: bool | int) -> FloorPlace:
    return FloorPlace(id, 1, f"A-{id}", kind, id, **more)  # type: ignore[arg-type]


def test_odd_aisles_go_up_even_ones_down_and_ten_stands_behind_two() -> None:
    walk = ["A-01-01", "A-01-02", "A-01-10", "A-02-10", "A-02-02", "A-02-01", "A-03-01", "A-10-01", "B-01-01"]
    assert sorted(sorted(walk), key=sequence_of) == walk
    assert sorted(["A-10", "A-2"], key=sequence_of) == ["A-2", "A-10"]
    assert sorted(["A-01-01-2", "A-01-01-1"], key=sequence_of) == ["A-01-01-1", "A-01-01-2"]
    assert (zone_of("b2-01"), zone_of("")) == ("B", "")


@given(st.text(max_size=60))
def test_any_code_has_a_turn_that_a_page_reads_exactly(code: str) -> None:
    assert 0 <= sequence_of(code) <= SEQUENCE_MAX


def test_what_expires_first_goes_first_over_as_many_lots_as_it_takes_good_through_its_last_day() -> None:
    lots = {1: Lot(1, 7, "L1", DAY), 2: Lot(2, 7, "L2", DAY - timedelta(days=1)), 3: Lot(3, 7, "L3", None),
            4: Lot(4, 7, "L4", DAY + timedelta(days=9), is_blocked=True), 5: Lot(5, 7, "L5", DAY + timedelta(days=3))}
    places = {1: _place(1), 2: _place(2, PlaceKind.BULK), 3: _place(3, is_closed=True), 4: _place(4, PlaceKind.DAMAGE)}
    levels = [PlaceLevel(1, 7, 3, 5), PlaceLevel(1, 7, 1, 2), PlaceLevel(1, 7, 2, 9), PlaceLevel(1, 7, 4, 9),
              PlaceLevel(1, 7, 5, 4, 1), PlaceLevel(2, 7, 1, 9), PlaceLevel(3, 7, 1, 9), PlaceLevel(4, 7, 1, 9)]
    found, lacking = fefo(levels, places, lots, 7, 11, DAY)
    assert [(f.place.id, f.lot_id, f.units) for f in found] == [(1, 1, 2), (1, 5, 3), (1, 3, 5), (2, 1, 1)]
    assert lacking == 0
    assert fefo(levels, places, lots, 7, 100, DAY)[1] == 100 - 19
    assert is_good(lots[1], DAY) and not is_good(lots[1], DAY + timedelta(days=1)) and not is_good(lots[1], DAY, 1)


@pytest.mark.parametrize(("place", "sku", "lot", "units", "code"), [
    (_place(1), 8, 0, 5, None), (_place(1, is_closed=True), 7, 0, 1, "place_closed"),
    (_place(1, units_max=10), 7, 0, 7, "place_full"), (_place(1, units_max=10), 7, 0, 6, None),
    (_place(1, is_single=True), 8, 0, 1, "other_sku"), (_place(1, is_single=True), 7, 2, 1, "other_lot"),
    (_place(1, is_single=True), 7, 0, 1, None),
])
def test_a_place_that_is_full_closed_or_another_goods_takes_nothing(
    place: FloorPlace, sku: int, lot: int, units: int, code: str | None,
) -> None:
    refusal = may_put(place, [PlaceLevel(1, 7, 0, 4), PlaceLevel(1, 9, 0, 0)], sku, lot, units)
    assert (refusal.code if refusal else None) == code


def test_units_are_taken_over_lots_or_not_at_all() -> None:
    levels = [PlaceLevel(1, 7, 2, 3), PlaceLevel(1, 7, 1, 2), PlaceLevel(1, 8, 0, 9)]
    assert take_from(levels, 7, 4) == {1: 2, 2: 2}
    assert take_from(levels, 7, 3, 2) == {2: 3}
    assert take_from(levels, 7, 6) is None and take_from(levels, 7, 3, 1) is None


def test_gs1_codes_say_item_lot_and_day_and_everything_else_is_itself() -> None:
    told = read_code("]C1" + "0106901234567892" + "10L-7" + GS + "17271200" + "21S1")
    assert (told.text, told.lot, told.expires_on, told.serial) == ("06901234567892", "L-7", date(2027, 12, 31), "S1")
    assert "6901234567892" in told.spellings
    assert read_code("(01)06901234567892(10)L7").lot == "L7"
    for plain in ("6901234567892", "M-001", "(10)L7", "17", "W-20261128-0001", "0106901234567892" + "99x", ""):
        assert read_code(plain).text == plain


@given(st.text(max_size=200))
def test_no_text_that_is_scanned_stops_the_floor(code: str) -> None:
    assert len(read_code(code).text) <= len(code)
