"""A forged flood neither fills the disk nor goes uncounted."""

from __future__ import annotations

from datetime import timedelta

from orderloom.application.quarantine import KEPT_BYTES_MAX, KEPT_MAX, SAMPLE_BYTES_MAX, Quarantine
from orderloom.testing.clock import STORY_BEGINS

FLOOD = 100_000


def test_a_flood_is_kept_to_a_limit_sampled_and_counted_to_the_last_one() -> None:
    quarantine = Quarantine()
    kept = sum(quarantine.admits(1, STORY_BEGINS, 1_000) for _ in range(FLOOD))
    assert KEPT_MAX < kept <= KEPT_MAX + 20
    assert sum(quarantine.take().values()) + kept == FLOOD
    assert quarantine.take() == {}


def test_big_bodies_fill_the_limit_sooner_and_are_no_samples() -> None:
    quarantine = Quarantine()
    size = 5 << 20
    kept = sum(quarantine.admits(1, STORY_BEGINS, size) for _ in range(1_000))
    assert kept * size <= KEPT_BYTES_MAX and size > SAMPLE_BYTES_MAX


def test_one_accounts_flood_and_the_hour_before_take_nothing_from_the_others() -> None:
    quarantine = Quarantine()
    for _ in range(KEPT_MAX * 2):
        quarantine.admits(1, STORY_BEGINS, 100)
    assert quarantine.admits(2, STORY_BEGINS, 100)
    assert all(quarantine.admits(1, STORY_BEGINS + timedelta(hours=1), 100) for _ in range(KEPT_MAX))


def test_what_could_not_be_written_down_is_not_forgotten() -> None:
    quarantine = Quarantine()
    for _ in range(KEPT_MAX + 8):
        quarantine.admits(1, STORY_BEGINS, 100)
    taken = quarantine.take()
    quarantine.put_back(taken)
    for _ in range(4):
        quarantine.admits(1, STORY_BEGINS, 100)
    assert sum(quarantine.take().values()) == sum(taken.values()) + 4
