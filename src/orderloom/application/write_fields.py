"""Write the seller's own fields of an order, as the blueprint declares them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from orderloom.application.not_kept import NotKept
from orderloom.application.within import Within
from orderloom.blueprint.desk import FieldEntry


class FieldBook(Protocol):
    """Where they are kept, in one transaction."""

    async def set_field(self, order_id: str, field: str, value: str | None, by: str, at: datetime) -> None: ...


async def write_fields(
    within: Within[FieldBook], declared: Sequence[FieldEntry], roles: frozenset[str], order_id: str,
    values: Mapping[str, str | None], by: str, at: datetime,
) -> None:
    """Write these fields, None or nothing empties one. Raises NotKept: wrong_value, not_allowed."""
    known = {field.name: field for field in declared}
    for name, value in values.items():
        field = known.get(name)
        if field is None:
            raise NotKept("wrong_value", f"没有字段“{name[:40]}”；可用：{'、'.join(known) or '（还没有）'}",
                          f'there is no field "{name[:40]}"; known: {", ".join(known) or "(none yet)"}')
        if field.edit and not roles & {*field.edit, "administrator"}:
            raise NotKept("not_allowed", f"{field.title.zh}：你的角色不能改", f"{field.title.en}: not for your role")
        if value and not field.takes(value):
            raise NotKept("wrong_value", f"{field.title.zh}：“{value[:40]}”不是{_KINDS[field.type]}",
                          f'{field.title.en}: "{value[:40]}" is no {field.type}')
    async with within() as fields:
        for name, value in values.items():
            await fields.set_field(order_id, name, value or None, by, at)


_KINDS = {"text": "文字", "number": "数字", "date": "日期（如 2026-11-25）", "flag": "yes 或 no", "choice": "可选的值"}
