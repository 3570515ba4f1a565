"""Receivers as platforms show them: in clear, or masked with a token (OAID style) that stands for the person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orderloom.adapters.simulated.draw import MASKED_PERCENT, number, token

PARTS = ("name", "phone", "province", "city", "district", "detail")


def is_masked(order_id: str, settings: Mapping[str, Any]) -> bool:
    """Whether this order's receiver is masked: as `masked` in the settings says, otherwise 30 of 100 orders."""
    asked = settings.get("masked")
    return bool(asked) if asked is not None else number(order_id, 2) < MASKED_PERCENT


def token_of(receiver: Mapping[str, str], *names: str) -> str:
    """The same token for the same person and address (or for the named parts alone)."""
    return token("|".join(receiver.get(name) or "" for name in names or PARTS))


def mask_name(text: str) -> str:
    """张三丰 → 张**."""
    return f"{text[:1]}**"


def mask_phone(text: str) -> str:
    """13800138000 → 138****8000; a short one keeps only its first digit."""
    return f"{text[:3]}****{text[-4:]}" if len(text) >= 8 else f"{text[:1]}**********"


def mask_detail(text: str) -> str:
    """文一西路969号 → 文***."""
    return f"{text[:1]}***"


def masked(receiver: Mapping[str, str]) -> dict[str, str]:
    """The receiver with name, phone and street masked; the rest as it was."""
    return dict(receiver) | {
        "name": mask_name(receiver["name"]), "phone": mask_phone(receiver["phone"]),
        "detail": mask_detail(receiver["detail"]),
    }  # fmt: skip
