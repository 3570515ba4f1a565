"""A number that makes no sense in an account's settings is refused when it is told, not when time is walked by it."""

from __future__ import annotations

import pytest

from orderloom.application.connect import BadForm, Setting, typed
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
