"""What a channel is shown: the formula's order is fixed, the most specific word wins, files of before mean the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from orderloom.blueprint.load import from_document, load_folder, to_document
from orderloom.blueprint.publish import Publish, PublishFile, check_publish, current_form
from orderloom.domain.inventory.shown import Available, ShownFormula, shown_units

DEFAULT = Path(__file__).parents[2] / "blueprints" / "default"


def shown(units: Available, factor: int = 1, **said: int) -> int:
    return shown_units(ShownFormula(**said), [(units, 1)], factor)


def file(**said: Any) -> PublishFile:
    return msgspec.convert(said, PublishFile)


def test_a_campaign_is_shown_in_part_and_unpaid_units_not_at_all() -> None:
    assert shown(Available(10, campaign=7, unpaid=100)) == 12
    assert shown(Available(10, campaign=7, unpaid=100), unpaid_percent=30) == 42


def test_share_buffer_cap_and_factor_come_in_this_order() -> None:
    assert shown(Available(1_000), share_percent=50, buffer=100) == 400
    assert shown(Available(1_000), share_percent=50, buffer=100, cap=200) == 200
    assert shown(Available(1_000), 6, share_percent=50, buffer=100, cap=200) == 33


def test_little_stock_is_not_shown_where_somebody_says_so() -> None:
    assert [shown(Available(free, campaign=100), zero_below=5) for free in (4, 5, 6)] == [0, 0, 36]
    assert shown(Available(0, campaign=100)) == 30


def test_what_is_oversold_is_shown_as_nothing() -> None:
    assert shown(Available(-3)) == 0
    assert shown(Available(2), buffer=5) == 0


def test_a_bundle_is_as_many_as_its_least_component_gives() -> None:
    parts = [(Available(10), 2), (Available(9, campaign=10), 3)]
    assert shown_units(ShownFormula(), parts) == 4
    assert shown_units(ShownFormula(zero_below=3), parts) == 0


def test_the_most_specific_word_wins_key_by_key() -> None:
    publish = Publish(file(
        default={"share_percent": 80, "buffer": 1, "cap": 900}, channels={"taobao": {"buffer": 2}},
        shops={"TB01": {"buffer": 3, "zero_below": 4}},
        skus={"M-001": {"cap": 50, "shops": {"TB01": {"share_percent": 10}}}}))
    assert publish.formula("shopify", "SH01", "X") == ShownFormula(80, 1, 900)
    assert publish.formula("taobao", "TB02", "X") == ShownFormula(80, 2, 900)
    assert publish.formula("taobao", "TB01", "X") == ShownFormula(80, 3, 900, 4)
    assert publish.formula("taobao", "TB01", "M-001") == ShownFormula(10, 3, 50, 4)
    assert publish.formula("shopify", "SH01", "M-001") == ShownFormula(80, 1, 50)


def test_a_file_of_before_shows_the_same_as_ever() -> None:
    before = file(reserved_percent=20, default={"buffer": 5, "share_percent": 90}, channels={"amazon": {"buffer": 2}})
    publish = Publish(before)
    assert publish.formula("taobao") == ShownFormula(90, 5, campaign_percent=20)
    assert publish.formula("amazon") == ShownFormula(100, 2, campaign_percent=20)
    assert Publish(current_form(before)).formula("amazon") == publish.formula("amazon")
    stored = {"publish": {"reserved_percent": 30, "channels": {"amazon": {"buffer": 2}}}}
    old = from_document(to_document(load_folder(DEFAULT)) | stored)
    assert Publish(old.publish).formula("amazon") == ShownFormula(100, 2)


@pytest.mark.parametrize(("said", "place"), [
    ({"default": {"share_percent": 101}}, "default.share_percent"),
    ({"channels": {"amazon": {"buffer": -1}}}, "channels.amazon.buffer"),
    ({"shops": {"TB01": {"cap": 2**63 - 1}}}, "shops.TB01.cap"),
    ({"skus": {"M": {"shops": {"TB01": {"zero_below": -1}}}}}, "skus.M.shops.TB01.zero_below"),
    ({"reserved_percent": 30, "shops": {"TB01": {}}}, "reserved_percent"),
])
def test_a_figure_that_makes_no_sense_is_found_at_its_place(said: dict[str, Any], place: str) -> None:
    assert [finding.place for finding in check_publish(file(**said))] == [place]
