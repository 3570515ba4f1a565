"""Scopes of the API, and which of them a role has."""

from __future__ import annotations

from collections.abc import Iterable

SCOPES = (
    "orders:read", "orders:write", "stock:read", "stock:write", "cases:read", "cases:write", "messages:read",
    "messages:write", "deliveries:write", "accounts:read", "accounts:write", "events:read", "labels:read",
    "pii:read", "admin",
)
"""`admin` includes every other; `labels:read` shows the receiver of a work to be packed, `pii:read` of any order."""
_READING = ("orders:read", "stock:read", "cases:read")
ROLE_SCOPES: dict[str, tuple[str, ...]] = {
    "administrator": ("admin",),
    "service": (*_READING, "orders:write", "cases:write", "messages:read", "events:read", "pii:read"),
    "warehouse": (*_READING, "stock:write", "labels:read"),
    "finance": (*_READING, "cases:write"),
    "operations": tuple(s for s in SCOPES if s not in ("pii:read", "admin")),
    "management": (*_READING, "accounts:read", "events:read"),
}


PROGRAM_ROLES: dict[str, tuple[str, ...]] = {"orders:write": ("service", "operations"), "stock:write": ("warehouse",)}
"""In which roles a program acts by its scopes; what finance or management decide is a person's, or `admin`'s."""


def roles_of(scopes: Iterable[str]) -> frozenset[str]:
    """The roles that a program's token acts in; `admin` acts in every one."""
    given = frozenset(scopes)
    if "admin" in given:
        return frozenset(ROLE_SCOPES)
    return frozenset([role for scope in given for role in PROGRAM_ROLES.get(scope, ())])
