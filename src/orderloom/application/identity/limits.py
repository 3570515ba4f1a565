"""Limits of a user: the warehouses, channels, shops, provinces and SKUs of which alone they see orders and stock."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

import msgspec

from orderloom.application.directory import Directory
from orderloom.application.identity.sight import HIDDEN_NONE, Rows, Sight
from orderloom.application.not_kept import NotKept, unknown
from orderloom.domain.address import normalise_province
from orderloom.domain.rights import ALL, LIMIT_WORDS, Role
from orderloom.domain.words import Words

VALUES_MAX = 200
_PLAIN = re.compile(r"[^'\\%{}\x00]{1,100}")
Limits = Mapping[str, tuple[str, ...]]


def checked(given: Mapping[str, Sequence[str]], directory: Directory) -> dict[str, list[str]]:
    """Limits as they are kept. Raises NotKept."""
    known: Mapping[str, Collection[str]] = {
        "warehouse": {w.code for w in directory.warehouses},
        "channel": {a.connector for a in directory.accounts.values() if a.family == "channels"},
        "shop": {a.code for a in directory.accounts.values() if a.family == "channels"},
    }
    kept = {}
    for kind, values in given.items():
        if kind not in LIMIT_WORDS:
            raise unknown(Words("范围", "limit"), kind, LIMIT_WORDS)
        for value in values:
            if value != ALL and kind in known and value not in known[kind]:
                raise unknown(LIMIT_WORDS[kind], value, known[kind])
            if not _PLAIN.fullmatch(value):
                raise NotKept("wrong_value", f"limits.{kind}：“{value[:40]}”不能用", f'limits.{kind}: "{value[:40]}"')
        if len(values) > VALUES_MAX:
            raise NotKept("wrong_value", f"limits.{kind}：最多 {VALUES_MAX} 个", f"limits.{kind}: at most {VALUES_MAX}")
        kept[kind] = list(dict.fromkeys(_canonical(kind, value) for value in values))
    return kept


def checked_sight(role: str, limits: Mapping[str, Sequence[str]], directory: Directory) -> dict[str, list[str]]:
    """Limits as they are kept for a program or a subscriber that sees as a role; empty: as no role.

    Raises NotKept for an unknown role, and for a role that must be limited by what is not given.
    """
    known = directory.roles
    if role and role not in known:
        raise unknown(Words("角色", "role"), role, known)
    kept = checked(limits, directory)
    if role and (lacking := [kind for kind in known[role].limits if not kept.get(kind)]):
        zh, en = "、".join(LIMIT_WORDS[kind].zh for kind in lacking), ", ".join(lacking)
        raise NotKept("wrong_value", f"limits：角色“{role}”必须限定{zh}，“*”为全部",
                      f'limits: role "{role}" must be limited by {en}; "*" is every one')
    return kept


def sight_of(role: Role | None, limits: Limits, directory: Directory) -> Sight:
    """What is seen as this role (none: everything) by these limits."""
    hides, needed = (role.hides, role.limits) if role else (HIDDEN_NONE, ())
    return Sight(hides, rows_of(limits, needed, directory))


def rows_of(limits: Limits, needed: Sequence[str], directory: Directory) -> Rows | None:
    """What is seen by these limits; a kind that is needed and not given lets nothing be seen. None: everything."""
    bound = {kind: values for kind in {*limits, *needed} if ALL not in (values := tuple(limits.get(kind, ())))}
    if not bound:
        return None
    return Rows(
        warehouses=None if "warehouse" not in bound else tuple(sorted(
            w.id for w in directory.warehouses if w.code in bound["warehouse"])),
        accounts=None if bound.keys().isdisjoint(("channel", "shop")) else tuple(sorted(
            a.id for a in directory.accounts.values() if a.family != "channels" or (
                a.connector in bound.get("channel", (a.connector,)) and a.code in bound.get("shop", (a.code,))))),
        provinces=bound.get("region"), skus=bound.get("sku"), suppliers=bound.get("supplier"))


def narrowed_directory(directory: Directory, rows: Rows) -> Directory:
    """The directory with the warehouses and accounts that are seen: to the caller there are no others."""
    warehouses, accounts = rows.warehouses, rows.accounts
    return msgspec.structs.replace(
        directory,
        warehouses=tuple(w for w in directory.warehouses if warehouses is None or w.id in warehouses),
        accounts={i: a for i, a in directory.accounts.items() if accounts is None or i in accounts})


def _canonical(kind: str, value: str) -> str:
    return normalise_province(value) or value if kind == "region" and value != ALL else value
