"""Two sides are compared as they mean it: parts add up, the newest counts, what nobody knows is told as unknown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from orderloom.domain.draft import Said, StockFigure, WorkLine, WorkReport
from orderloom.domain.looked import ListingFigure
from orderloom.domain.reading_back import (
    LastTold,
    UnitsThere,
    WorkSent,
    compare_listings,
    compare_outbound,
    compare_stock,
)

AT = datetime(2026, 3, 9, 12, tzinfo=UTC)
DAY = (AT - timedelta(hours=12), AT + timedelta(hours=12))


def test_places_of_one_offer_add_up_and_two_offers_of_a_code_are_two_rows() -> None:
    figures = [ListingFigure("A", 3, "1"), ListingFigure("A", 4, "1"), ListingFigure("A", 7, "2"),
               ListingFigure("B", 1, "3")]  # fmt: skip
    rows = compare_listings(figures, {"A": LastTold(7, AT), "C": LastTold(2, AT, True)}, is_whole=True)
    assert [(row.about, row.place, row.verdict, row.theirs, row.ours) for row in rows] == [
        ("A", "1", "same", 7, 7), ("A", "2", "same", 7, 7), ("B", "3", "only_there", 1, None),
        ("C", "", "only_here", None, 2)]  # fmt: skip
    assert [row.note for row in rows] == ["", "", "", "waiting"]
    part = compare_listings(figures, {"C": LastTold(2, AT)}, is_whole=False)
    assert len(part) == 3, "what was not read is not missing"


def test_stock_is_compared_by_its_meaning_and_lots_add_up_where_all_is_told() -> None:
    levels = {("HZ", "A"): UnitsThere(10, 4, 1), ("HZ", "B"): UnitsThere(5, 0, 5)}
    spelled, houses = {"A": "A", "a-1": "A"}, frozenset({"HZ"})

    def told(*figures: StockFigure, is_whole: bool = False) -> list[tuple[str, str, int | None, int | None]]:
        rows = compare_stock(figures, spelled, levels, houses, is_whole=is_whole)
        return [(row.about, row.verdict, row.theirs, row.ours) for row in rows]

    assert told(StockFigure("HZ", "a-1", 10, "physical", AT)) == [("a-1", "same", 10, 10)]
    assert told(StockFigure("HZ", "A", 6, "net_of_orders", AT)) == [("A", "same", 6, 6)]
    assert told(StockFigure("HZ", "A", 2, "atp", AT)) == [("A", "differs", 2, 1)]
    assert told(StockFigure("HZ", "A", 9, "physical", AT), StockFigure("HZ", "A", 3, "physical", AT - DAY[0].resolution)
                ) == [("A", "differs", 9, 10)], "the newest counts"  # fmt: skip
    lots = StockFigure("HZ", "A", 4, "physical", AT), StockFigure("HZ", "A", 6, "physical", AT)
    assert told(*lots, is_whole=True) == [("A", "same", 10, 10), ("B", "only_here", None, 5)]
    assert told(StockFigure("SZ", "A", 1, "physical", AT), StockFigure("HZ", "X", 1, "physical", AT),
                StockFigure("HZ", "A", 1, "guessed", AT)) == [
        ("A", "unknown", 1, None), ("X", "unknown", 1, None), ("A", "unknown", 1, None)]  # fmt: skip


def _gone(number: str, waybill: str, units: int = 2, at: datetime = AT, milestone: str = "handed_over") -> WorkReport:
    return WorkReport(number, Said(milestone, "110", at), waybill=waybill, lines=(WorkLine("A", units),))


def test_parcels_of_a_day_are_compared_by_work_units_and_waybills() -> None:
    known = {
        "W1": WorkSent(4, frozenset({"SF1", "SF2"}), AT), "W2": WorkSent(2, frozenset({"SF9"}), AT),
        "W3": WorkSent(0, frozenset(), None), "W5": WorkSent(1, frozenset(), AT),
        "W6": WorkSent(1, frozenset(), DAY[1]),
    }  # fmt: skip
    reports = [
        _gone("W1", "SF1"), _gone("W1", "SF2"), _gone("W1", "SF2"), _gone("W2", "SF3"), _gone("W3", "SF4"),
        _gone("W4", "SF5"), _gone("W7", "SF6", at=DAY[1]), _gone("W8", "SF7", milestone="packed"),
    ]  # fmt: skip
    rows = {row.about: row for row in compare_outbound(reports, known, *DAY, is_whole=True)}
    assert {about: row.verdict for about, row in rows.items()} == {
        "W1": "same", "W2": "differs", "W3": "only_there", "W4": "unknown", "W5": "only_here"}  # fmt: skip
    assert (rows["W1"].theirs, rows["W2"].note) == (4, "SF3/SF9"), "a parcel told twice is one"
