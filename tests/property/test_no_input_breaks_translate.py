"""Whatever a source sends, it becomes a draft that the database can keep, or problems in words: never an exception."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orderloom.application.translate import translate
from orderloom.domain.draft import (
    AfterSaleReport,
    Nothing,
    OrderDraft,
    Problem,
    StockReport,
    TrackReport,
    WorkReport,
)
from orderloom.testing.mutations import HUGE, mutated
from tests.support.connector_folders import RECEIVED_AT, folders, sample

SAMPLES = [(f, p) for f in folders() for p in sorted((f.path / "samples").glob("*.in.*"))]
CANARY = "KANARI" * 30
LENGTH_MAX = 10_000


@cache
def known(at: int) -> tuple[Any, Any, str, bytes, dict[str, str]]:
    folder, path = SAMPLES[at]
    item, headers = sample(path)
    return folder.account(), folder.mappings(), item.topic, item.body, headers


def results_of(at: int, body: bytes) -> list[Any]:
    account, mappings, topic, _, headers = known(at)
    return translate(account, topic, body, headers, RECEIVED_AT, mappings)


def scalars(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Every text, number and instant of a draft with the name of its field."""
    if isinstance(value, msgspec.Struct):
        for field in value.__struct_fields__:
            yield from scalars(getattr(value, field), field)
    elif isinstance(value, (tuple, list)):
        for one in value:
            yield from scalars(one, name)
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from scalars(key, "facts")
            yield from scalars(one, "facts")
    else:
        yield name, value


def storable(draft: Any) -> None:
    """What the columns take: int4 quantities, int8 money, UTF-8 without NUL, aware instants of this century."""
    for name, value in scalars(draft):
        if isinstance(value, str):
            assert "\x00" not in value and len(value) <= LENGTH_MAX, name
            value.encode()
        elif isinstance(value, datetime):
            assert value.utcoffset() == timedelta(0) and 2000 <= value.year < 2100, name
        elif isinstance(value, int):
            assert abs(value) < (2**31 if name == "quantity" else 2**63), name
    if isinstance(draft, OrderDraft):
        assert len(draft.lines) < 2**15 and draft.external_id and draft.paid >= 0 and draft.total >= 0
        assert all(line.quantity >= 0 for line in draft.lines)
        assert sum(abs(line.amount or 0) for line in draft.lines) < 2**63
        assert re.fullmatch("[A-Z]{2}|", draft.receiver.country)  # an order that is picked up goes to no country


def told_in_words(problems: tuple[Problem, ...]) -> None:
    assert problems
    for p in problems:
        assert p.code and len(p.value) <= 82 and len(p.field) <= 120 and len(p.mend) <= 600 and len(p.key) <= 200, p
        assert re.search("[\u4e00-\u9fff]", p.mend) and re.search("[a-z]{3}", p.mend), p
        msgspec.json.encode(p)


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_no_mutation_of_a_real_message_breaks_translate_or_could_break_the_database(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(SAMPLES) - 1))
    body = known(at)[3]
    for _ in range(data.draw(st.integers(1, 3))):
        body = mutated(body, lambda n: data.draw(st.integers(0, n - 1)))
    for result in results_of(at, body):
        if isinstance(result, tuple):
            told_in_words(result)
        else:
            assert isinstance(result, OrderDraft | AfterSaleReport | WorkReport | TrackReport | StockReport | Nothing)
            storable(result)


@pytest.mark.parametrize("at", range(len(SAMPLES)), ids=[f"{f.name}/{p.name}" for f, p in SAMPLES])
def test_a_message_with_a_value_of_three_megabytes_is_told_in_a_few_words(at: int) -> None:
    _, _, _, body, _ = known(at)
    for place in range(5):
        huge = mutated(body, lambda n, place=place: place * 7 % n, huge=True)  # type: ignore[misc]
        assert len(huge) > HUGE
        for result in results_of(at, huge):
            if isinstance(result, tuple):
                told_in_words(result)
            else:
                storable(result)


def test_no_problem_quotes_a_person() -> None:
    for at in range(len(SAMPLES)):
        body = known(at)[3]
        for place in ("receiver_name", "receiver_address", "name", "address1"):
            changed = re.sub(rf'("{place}": ?)"[^"]*"'.encode(), rb'\1["' + CANARY.encode() + rb'"]', body)
            for result in results_of(at, changed):
                assert not isinstance(result, tuple) or "KANARI" not in str(result)


