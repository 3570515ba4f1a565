"""The shapes of `roles.yaml`: who may do what, which fields are hidden, and what users of a role are limited by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import msgspec

from orderloom.blueprint.plain import read
from orderloom.blueprint.shape import Shape
from orderloom.carried import BLUEPRINT
from orderloom.domain.finding import Finding, unknown
from orderloom.domain.rights import (
    ADMIN,
    FIELD_WORDS,
    LIMIT_WORDS,
    SCOPES,
    Role,
    hiding,
    including,
)
from orderloom.domain.words import ROLES, Words

ADMINISTRATOR = "administrator"
DRAWN_ONLY = ("system", "customer")
"""Roles of the lifecycle that nobody logs in with."""
FILE = "roles.yaml"


class RoleEntry(Shape, frozen=True):
    """A role of `roles.yaml`. `may`: scopes (`orders:*` is every one of orders); `hides`: groups of fields;
    `limits`: what a user of the role must be limited by - without such a limit the user sees nothing."""

    name: str
    title: Words
    may: tuple[str, ...]
    hides: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()


class RolesFile(Shape, frozen=True):
    """`roles.yaml`; none: those that are shipped."""

    roles: tuple[RoleEntry, ...] = ()


def compile_roles(file: RolesFile) -> Mapping[str, Role]:
    """Roles by name, in the order of the file; the shipped ones where a blueprint is from before there were any."""
    return {entry.name: _compiled(entry) for entry in file.roles or shipped_roles().roles}


@cache
def shipped_roles() -> RolesFile:
    """The roles that come with this build."""
    return shipped_in(BLUEPRINT)


def shipped_in(folder: Path) -> RolesFile:
    """The roles of a blueprint's folder, which must be sound."""
    data, _ = read((folder / FILE).read_text("utf-8"))
    return msgspec.convert(data, RolesFile)


def known_roles(file: RolesFile) -> tuple[str, ...]:
    """The roles that may own, decide and be told: those that always were, and those of the file."""
    return tuple(dict.fromkeys((*ROLES, *(role.name for role in file.roles))))


def check_roles(file: RolesFile) -> Iterator[Finding]:
    """What is wrong with the roles of a blueprint that brings its own."""
    counted = Counter(role.name for role in file.roles)
    for index, role in enumerate(file.roles):
        place = f"roles[{index}]"
        if role.name in DRAWN_ONLY:
            yield _finding(f"{place}.name", f"“{role.name}”不是人的角色", f'"{role.name}" is nobody\'s role')
        if counted[role.name] > 1:
            yield _finding(f"{place}.name", f"“{role.name}”重复", f'"{role.name}" is there twice')
        for scope in role.may:
            if not spread(scope):
                yield unknown(FILE, f"{place}.may", Words("权限", "scope"), scope, SCOPES)
        for group in role.hides:
            if group not in FIELD_WORDS:
                yield unknown(FILE, f"{place}.hides", Words("字段组", "group of fields"), group, FIELD_WORDS)
        for kind in role.limits:
            if kind not in LIMIT_WORDS:
                yield unknown(FILE, f"{place}.limits", Words("范围", "limit"), kind, LIMIT_WORDS)
        if ADMIN in role.may and (role.hides or role.limits):
            yield _finding(place, "有 admin 的角色不能隐藏字段或限定范围", "a role with admin hides nothing")
    if file.roles and not any(ADMIN in r.may for r in file.roles if r.name == ADMINISTRATOR):
        yield _finding("roles", f"缺少有 admin 的角色 {ADMINISTRATOR}", f"no role {ADMINISTRATOR} with scope admin")


def spread(scope: str) -> tuple[str, ...]:
    """The scopes that a word of `may` stands for; nothing when there is none of the name."""
    if scope.endswith(":*"):
        return tuple(s for s in SCOPES if s.startswith(scope[:-1]))
    return (scope,) if scope in SCOPES else ()


def _compiled(entry: RoleEntry) -> Role:
    may = tuple(dict.fromkeys(one for scope in entry.may for one in spread(scope)))
    return Role(entry.name, entry.title, may, including(may), hiding(entry.hides), entry.limits)


def _finding(place: str, zh: str, en: str) -> Finding:
    return Finding(FILE, place, Words(zh, en), Words("对照 docs/rights.md 修改", "see docs/rights.md"))
