"""Holds a file's data against the structs of `schema/`: every unknown, missing or wrong key is told at once."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import inspect

from orderloom.adapters.kit.notes import DeclarationNotes, Place
from orderloom.adapters.kit.schema import ConnectorBlock

_FILE = inspect.type_info(ConnectorBlock)


def check_shape(data: Any, notes: DeclarationNotes) -> None:
    """Note every mistake of shape, and take keys that nobody knows out of the data: the rest is read on."""
    _check(data, _FILE, (), notes)


def _check(data: Any, kind: inspect.Type, place: Place, notes: DeclarationNotes) -> None:
    if isinstance(kind, inspect.UnionType):
        kind = _fitting(data, kind)
    if isinstance(kind, inspect.StructType):
        _check_block(data, kind, place, notes)
    elif isinstance(kind, inspect.DictType) and isinstance(data, dict):
        for key, value in data.items():
            if isinstance(kind.key_type, inspect.LiteralType):
                _check_plain(key, kind.key_type, (*place, key), notes)
            _check(value, kind.value_type, (*place, key), notes)
    elif isinstance(kind, inspect.ListType) and isinstance(data, list):
        for number, value in enumerate(data):
            _check(value, kind.item_type, (*place, number), notes)
    else:
        _check_plain(data, kind, place, notes)


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
            _check(value, fields[key].type, (*place, key), notes)
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
        if data not in kind.values:
            notes.unknown(place, str(data), [str(value) for value in kind.values])
        return
    plain = _PLAIN.get(type(kind))
    if plain is not None:
        try:
            msgspec.convert(data, plain, strict=False)
        except msgspec.ValidationError:
            notes.wrong(place, f"应为{_NAMES[plain][0]} / {_NAMES[plain][1]} is expected")
    elif isinstance(kind, inspect.DictType):
        notes.wrong(place, "应为一组键值 / a block of keys is expected")
    elif isinstance(kind, inspect.ListType | inspect.VarTupleType) and not isinstance(data, list):
        notes.wrong(place, "应为列表 / a list is expected")
    elif isinstance(kind, inspect.UnionType):
        zh, en = zip(*(names for part, names in _KINDS.items() if any(isinstance(one, part) for one in kind.types)),
                     strict=True)
        notes.wrong(place, f"应为{'或'.join(zh)} / {' or '.join(en)} is expected")


_PLAIN: dict[type, Any] = {
    inspect.StrType: str, inspect.IntType: int, inspect.BoolType: bool, inspect.FloatType: float,
}
_KINDS: dict[type, tuple[str, str]] = {
    inspect.ListType: ("列表 […]", "a list […]"), inspect.VarTupleType: ("列表 […]", "a list […]"),
    inspect.DictType: ("一组键值", "a block of keys"), inspect.StructType: ("一组键值", "a block of keys"),
    inspect.StrType: ("文字", "a text"), inspect.IntType: ("整数", "a whole number"),
}
_NAMES = {
    str: ("文字（数字请加引号）", "a text (numbers in quotes)"), int: ("整数", "a whole number"),
    bool: ("true 或 false", "true or false"), float: ("数字", "a number"),
}
