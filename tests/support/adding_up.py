"""Reads a payload with a connector's own mapping, and tells what does not add up by the default formulas."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

import orderloom.adapters
from orderloom.blueprint.compile import CompiledBlueprint, compile_blueprint
from orderloom.blueprint.load import load_folder as load_blueprint
from orderloom.blueprint.mapping import CompiledMapping, load_folder
from orderloom.domain.draft import OrderDraft
from orderloom.domain.traits import TRAIT_SAMPLES

AT = datetime(2026, 12, 31, tzinfo=UTC)


@cache
def blueprint() -> CompiledBlueprint:
    return compile_blueprint(load_blueprint(Path(__file__).parents[2] / "blueprints" / "default"))


@cache
def mapping(channel: str) -> CompiledMapping:
    loaded = load_folder(Path(orderloom.adapters.__file__).parent / "channels" / channel)
    assert isinstance(loaded, CompiledMapping), loaded
    return loaded


def draft(channel: str, topic: str, body: Any, headers: dict[str, str] | None = None) -> OrderDraft:
    """The order that a body is read as; fails with every problem."""
    text = body if isinstance(body, str) else msgspec.json.encode(body).decode()
    (found,) = mapping(channel).read("T1", "Asia/Shanghai", topic, text, headers or {}, AT)
    assert isinstance(found, OrderDraft), found
    return found


def off(order: OrderDraft, channel: str) -> list[str]:
    """The formulas that the order breaks, with their reasons."""
    broken = blueprint().check_amounts(order, channel, {**TRAIT_SAMPLES, "payment": order.payment})
    return [f"{one.formula}: {one.expected} {one.stated} {one.reason.en}" for one in broken]
