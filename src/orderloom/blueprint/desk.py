"""The shapes of `desk.yaml`: lists of orders that a role has, their columns, and fields of the seller's own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Literal, get_args

from orderloom.blueprint.shape import Shape
from orderloom.domain.finding import Finding, unknown
from orderloom.domain.phase import PHASES
from orderloom.domain.words import Words

FILE = "desk.yaml"
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
FIELD_TYPES = ("text", "number", "date", "flag", "choice")
ListColumn = Literal[
    "number", "phase", "limit", "goods", "units", "paid", "refunded", "receiver", "warehouses", "waybills", "tags",
    "placed", "paid_at", "cases", "account", "external", "note", "fields"]
"""What the order list can show of an order."""
LIST_COLUMNS: tuple[ListColumn, ...] = get_args(ListColumn)
Filter = str | int | bool | tuple[str, ...]


class ViewEntry(Shape, frozen=True):
    """A list of orders: its filters, its sort, columns beside the usual ones, and whose it is."""

    name: str
    title: Words
    query: dict[str, Filter] = {}
    sort: str = "-recorded"
    columns: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


class ColumnsEntry(Shape, frozen=True):
    """Which columns of the order list these roles see, in this order, before somebody chooses their own."""

    roles: tuple[str, ...]
    show: tuple[str, ...]


class FieldEntry(Shape, frozen=True):
    """A field on orders. `choices`: the values of a `choice`; `edit`: the roles that may write it."""

    name: str
    title: Words
    type: Literal["text", "number", "date", "flag", "choice"] = "text"
    choices: tuple[str, ...] = ()
    edit: tuple[str, ...] = ()

    def takes(self, value: str) -> bool:
        """Whether a value, as text, is one of the field's type."""
        if self.type == "date":
            try:
                return bool(date.fromisoformat(value))
            except ValueError:
                return False
        if self.type == "number":
            return re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,6})?", value) is not None
        if self.type == "flag":
            return value in ("yes", "no")
        return value in self.choices if self.type == "choice" else True


class DeskFile(Shape, frozen=True):
    """`desk.yaml`; none: no views but people's own, the usual columns, and no fields."""

    views: tuple[ViewEntry, ...] = ()
    columns: tuple[ColumnsEntry, ...] = ()
    fields: tuple[FieldEntry, ...] = ()


def usual_columns(desk: DeskFile, role: str) -> tuple[ListColumn, ...]:
    """The columns of a role: the first entry that names it; none: what the list shows everybody."""
    show = next((entry.show for entry in desk.columns if role in entry.roles), ())
    return tuple(known for name in show for known in LIST_COLUMNS if known == name)


def check_desk(file: DeskFile, roles: Collection[str]) -> Iterator[Finding]:
    """What is wrong with it."""
    yield from _names("views", [view.name for view in file.views])
    yield from _names("fields", [field.name for field in file.fields])
    named = [(f"views[{n}].roles", role) for n, view in enumerate(file.views) for role in view.roles]
    named += [(f"columns[{n}].roles", role) for n, entry in enumerate(file.columns) for role in entry.roles]
    named += [(f"fields[{n}].edit", role) for n, field in enumerate(file.fields) for role in field.edit]
    for place, role in named:
        if role not in roles:
            yield unknown(FILE, place, Words("角色", "role"), role, roles)
    for index, view in enumerate(file.views):
        phases = view.query.get("phase", ())
        for phase in phases if isinstance(phases, tuple) else (phases,):
            if phase not in PHASES:
                yield unknown(FILE, f"views[{index}].query.phase", Words("阶段", "phase"), str(phase), PHASES)
    yield from _columns(file.columns)
    for index, field in enumerate(file.fields):
        if (field.type == "choice") != bool(field.choices):
            yield Finding(FILE, f"fields[{index}].choices", Words("只有 choice 有选项", "a choice alone has choices"),
                          Words("choice 写上选项，其他类型去掉", "give a choice some, take them from other types"))


def _columns(entries: Sequence[ColumnsEntry]) -> Iterator[Finding]:
    for index, entry in enumerate(entries):
        for at, name in enumerate(entry.show):
            if name not in LIST_COLUMNS:
                yield unknown(FILE, f"columns[{index}].show[{at}]", Words("列", "column"), name, LIST_COLUMNS)
        if "number" not in entry.show or len(set(entry.show)) < len(entry.show):
            yield Finding(FILE, f"columns[{index}].show",
                          Words("要有 number，每列只写一次", "number has to be there, and each column once"),
                          Words("加上 number，去掉重复的", "add number, take out what is there twice"))


def _names(part: str, names: list[str]) -> Iterator[Finding]:
    counted = Counter(names)
    for index, name in enumerate(names):
        if not NAME.fullmatch(name) or counted[name] > 1:
            yield Finding(FILE, f"{part}[{index}].name",
                          Words(f"“{name}”不能用作名称，或重复", f'"{name}" cannot be a name, or is there twice'),
                          Words("用小写字母、数字和下划线，每个只写一次", "small letters, digits and _, each once"))
