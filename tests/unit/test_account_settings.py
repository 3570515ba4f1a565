"""A number that makes no sense in an account's settings is refused when it is told, not when time is walked by it."""

from __future__ import annotations

import msgspec
import pytest

from orderloom.application.connect import BadForm, Setting, fill, form_of, typed
from orderloom.application.ports import Account, Manifest, Pull, Rate
from orderloom.application.sending import rates_of
from orderloom.domain.words import Words

TITLE = Words("重叠秒数", "Overlap")


@pytest.mark.parametrize("text", ["-1", "-0.5", "nan", "inf", "-inf", "1e300", "9" * 400])
def test_an_overlap_that_would_walk_time_backwards_or_for_ever_is_refused(text: str) -> None:
    for default in (120, 4.0):
        with pytest.raises(BadForm):
            typed("overlap_seconds", Setting(TITLE, default), text)


@pytest.mark.parametrize(("text", "value"), [("0", 0), ("120", 120), ("604800", 604_800)])
def test_a_sensible_number_is_taken(text: str, value: int) -> None:
    assert typed("overlap_seconds", Setting(TITLE, 120), text) == value


def test_of_several_choices_each_must_be_known() -> None:
    setting = Setting(TITLE, ["US"], ("US", "CA"))
    assert typed("marketplaces", setting, "US, CA") == ["US", "CA"]
    for text in ("US,XX", "[[1]]", '[{"US": 1}]'):
        with pytest.raises(BadForm):
            typed("marketplaces", setting, text)


def test_a_setting_nested_without_end_is_refused() -> None:
    for default, text in (([], "[" * 20_000), ({}, '{"a":' * 5_000)):
        with pytest.raises(BadForm):
            typed("columns", Setting(TITLE, default), text)


SHOP = Manifest("acme", "channels", {"zh": "店", "en": "Shop"}, "UTC", ["pull"], pull=Pull(overlap_seconds=120))


@pytest.mark.parametrize("rate", ["per_second=20;burst=40", '{"per_second": 20, "burst": 40}'])
def test_a_bigger_contract_and_another_rhythm_can_be_told(rate: str) -> None:
    one = '{"orders.*": {"per_second": 2, "burst": 4}}'
    chosen = fill(form_of(SHOP), {}, {"rate": rate, "rates": one, "interval_seconds": "15", "sweep_after_seconds": "60",
                                      "sweep_every_seconds": "30"}).settings
    account = Account(1, "T1", "channels", "acme", "UTC", "", {}, chosen)
    assert rates_of(account, SHOP, "orders.list") == (Rate(20, 40), Rate(2, 4))
    assert rates_of(account, SHOP, "stock.set") == (Rate(20, 40), Rate(20, 40))
    assert (chosen["interval_seconds"], chosen["sweep_after_seconds"], chosen["sweep_every_seconds"]) == (15, 60, 30)


@pytest.mark.parametrize(("name", "text"), [
    ("rate", "per_second=20"), ("rate", "per_second=0;burst=1"), ("rate", "per_second=nan;burst=1"), ("rate", "{}"),
    ("rates", "orders.*=20"), ("rates", '{"orders.*": {"per_second": "x", "burst": 1}}'),
])  # fmt: skip
def test_a_pace_that_no_worker_could_keep_is_refused_when_it_is_told(name: str, text: str) -> None:
    with pytest.raises(BadForm, match="per_second"):
        fill(form_of(SHOP), {}, {name: text})


def test_what_goes_with_the_connector_is_written_into_no_account() -> None:
    settings = form_of(SHOP).settings
    assert settings["overlap_seconds"].default == 120 and all(one.goes_with_connector for one in settings.values())
    assert "overlap_seconds" not in form_of(msgspec.structs.replace(SHOP, pull=Pull())).settings, "no windows"
