"""What callers may: the roles of the blueprint in force, and in which of them a program acts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from orderloom.domain.rights import ADMIN, Role, including
from orderloom.domain.rights import SCOPES as SCOPES

Roles = Mapping[str, Role]
"""The roles of a blueprint by name."""
PROGRAM_ROLES: dict[str, tuple[str, ...]] = {
    "orders:cancel": ("service", "operations"), "orders:hold": ("service", "operations"), "works:write": ("warehouse",)}
"""In which roles a program acts by its scopes; what finance or management decide is a person's, or `admin`'s."""


def roles_of(scopes: Iterable[str], roles: Roles) -> frozenset[str]:
    """The roles that a program's token acts in; `admin` acts in every one."""
    given = including(scopes)
    if ADMIN in given:
        return frozenset(roles)
    return frozenset([role for scope in given for role in PROGRAM_ROLES.get(scope, ())])
