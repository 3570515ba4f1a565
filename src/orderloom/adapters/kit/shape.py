"""Holds a file's data against the structs of `schema/`: every unknown, missing or wrong key is told at once."""

from __future__ import annotations

import re
from collections.abc import Sized
from typing import Any

import msgspec
from msgspec import inspect

from orderloom.adapters.kit.notes import DeclarationNotes, Place
from orderloom.adapters.kit.schema import ConnectorBlock

_FILE = inspect.type_info(ConnectorBlock)


def check_shape(data: Any, notes: DeclarationNotes) -> None:
    """Note every mistake of shape, and take keys that nobody knows out of the data: the rest is read on."""
    check_kind(data, _FILE, (), notes)


def check_kind(data: Any, kind: inspect.Type, place: Place, notes: DeclarationNotes) -> None:
    """The same for a part of a file that is of a kind."""
    if isinstance(kind, inspect.UnionType):
        kind = _fitting(data, kind)
    if isinstance(kind, inspect.StructType):
        _check_block(data, kind, place, notes)
    elif isinstance(kind, inspect.DictType) and isinstance(data, dict):
        for key, value in data.items():
            if isinstance(kind.key_type, inspect.LiteralType):
                _check_plain(key, kind.key_type, (*place, key), notes)
            check_kind(value, kind.value_type, (*place, key), notes)
        _check_filled(data, kind.min_length, place, notes)
    elif isinstance(kind, inspect.ListType | inspect.VarTupleType) and isinstance(data, list):
        for number, value in enumerate(data):
            check_kind(value, kind.item_type, (*place, number), notes)
        _check_filled(data, kind.min_length, place, notes)
    else:
        _check_plain(data, kind, place, notes)


def _check_filled(data: Sized, least: int | None, place: Place, notes: DeclarationNotes) -> None:
    if len(data) < (least or 0):
        notes.wrong(place, "不能为空 / must not be empty")


def _fitting(data: Any, union: inspect.UnionType) -> inspect.Type:
    """The part of a union that the data is meant for."""
    wanted: tuple[type, ...] = (inspect.NoneType,) if data is None else ()
    if isinstance(data, dict):
        wanted = (inspect.StructType, inspect.DictType)
    elif isinstance(data, list):
        wanted = (inspect.ListType, inspect.VarTupleType)
    elif isinstance(data, bool):
        wanted = (inspect.BoolType,)
    elif isinstance(data, int):
        wanted = (inspect.IntType,)
    elif isinstance(data, str):
        wanted = (inspect.StrType,)
    return next((one for one in union.types if isinstance(one, wanted)), union)


def _check_block(data: Any, kind: inspect.StructType, place: Place, notes: DeclarationNotes) -> None:
    if not isinstance(data, dict):
        notes.wrong(place, "应为一组键值 / a block of keys is expected")
        return
    fields = {field.encode_name: field for field in kind.fields}
    for key, value in list(data.items()):
        if key not in fields:
            notes.unknown((*place, key), key, fields, _deeper(key, kind))
            del data[key]
        else:
            check_kind(value, fields[key].type, (*place, key), notes)
            if place and fields[key].required:
                data[key] = _readable(value, fields[key].type)
    for name, field in fields.items():
        if field.required and name not in data:
            notes.wrong(place, f"缺少 {name} / {name} is missing")


def _readable(value: Any, kind: inspect.Type) -> Any:
    """The value, or where a word of a closed set is wrong any of the set: it is told, and the rest is read on."""
    return kind.values[0] if isinstance(kind, inspect.LiteralType) and value not in kind.values else value


def _deeper(key: str, kind: inspect.StructType) -> str:
    """Where among the blocks within this one a key is known: "lists.…" when each of `lists` may have it."""
    for field in kind.fields:
        for one in field.type.types if isinstance(field.type, inspect.UnionType) else (field.type,):
            many = isinstance(one, inspect.DictType)
            inner = one.value_type if isinstance(one, inspect.DictType) else one
            if isinstance(inner, inspect.StructType) and any(own.encode_name == key for own in inner.fields):
                return f"{field.encode_name}.…" if many else field.encode_name
    return ""


def _check_plain(data: Any, kind: inspect.Type, place: Place, notes: DeclarationNotes) -> None:
    if isinstance(kind, inspect.LiteralType):
        if not any(data == value and type(data) is type(value) for value in kind.values):
            notes.unknown(place, str(data), [str(value) for value in kind.values])
        return
    plain = _PLAIN.get(type(kind))
    if plain is not None:
        try:
            _check_bounds(msgspec.convert(data, plain, strict=False), kind, place, notes)
        except msgspec.ValidationError:
            is_span = isinstance(kind, inspect.StrType) and kind.pattern is not None
            zh, en = _SPAN if is_span else _NAMES[plain]
            notes.wrong(place, f"应为{zh} / {en} is expected")
    elif not isinstance(kind, inspect.AnyType | inspect.NoneType):
        many = kind.types if isinstance(kind, inspect.UnionType) else (kind,)
        names = dict.fromkeys(names for part, names in _KINDS.items() if any(isinstance(one, part) for one in many))
        zh, en = zip(*names, strict=True)
        notes.wrong(place, f"应为{'或'.join(zh)} / {' or '.join(en)} is expected")


def _check_bounds(data: Any, kind: inspect.Type, place: Place, notes: DeclarationNotes) -> None:
    """Note a number that is out of its range, and a text that is none of those meant."""
    if isinstance(kind, inspect.IntType | inspect.FloatType):
        least, most = kind.ge if kind.gt is None else kind.gt, kind.le
        # What is no number at all is not above anything either.
        if (kind.gt is not None and not data > kind.gt) or (kind.ge is not None and not data >= kind.ge):
            more = "大于" if kind.gt is not None else "不小于"
            notes.wrong(place, f"应{more} {least} / must be {'above' if kind.gt is not None else 'at least'} {least}")
        elif most is not None and not data <= most:
            notes.wrong(place, f"应不大于 {most} / must be at most {most}")
    elif isinstance(kind, inspect.StrType):
        if kind.pattern is not None and not re.search(kind.pattern, data):
            notes.wrong(place, f"“{data[:SHOWN_MAX]}”应为{_SPAN[0]} / {_SPAN[1]} is expected")
        _check_filled(data, kind.min_length, place, notes)


_PLAIN: dict[type, Any] = {
    inspect.StrType: str, inspect.IntType: int, inspect.BoolType: bool, inspect.FloatType: float,
}
_NAMES = {
    str: ("文字（数字请加引号）", "a text (numbers in quotes)"), int: ("整数", "a whole number"),
    bool: ("true 或 false", "true or false"), float: ("数字", "a number"),
}
_SPAN = "时长，例如 90s、15m", "a duration, such as 90s, 15m,"
SHOWN_MAX = 100
_LIST, _BLOCK = ("列表 […]", "a list […]"), ("一组键值", "a block of keys")
_KINDS: dict[type, tuple[str, str]] = {
    inspect.ListType: _LIST, inspect.VarTupleType: _LIST, inspect.DictType: _BLOCK, inspect.StructType: _BLOCK,
    inspect.StrType: ("文字", "a text"), inspect.IntType: _NAMES[int], inspect.BoolType: _NAMES[bool],
    inspect.FloatType: _NAMES[float], inspect.LiteralType: ("固定的词", "a word of a closed set"),
}
