"""Scopes of the API, and which of them a role has."""

from __future__ import annotations

from collections.abc import Iterable

SCOPES = (
    "orders:read", "orders:write", "stock:read", "stock:write", "cases:read", "cases:write", "messages:read",
    "messages:write", "deliveries:write", "accounts:read", "accounts:write", "events:read", "pii:read", "admin",
)
"""`admin` includes every other one."""
_READING = ("orders:read", "stock:read", "cases:read")
ROLE_SCOPES: dict[str, tuple[str, ...]] = {
    "administrator": ("admin",),
    "service": (*_READING, "orders:write", "cases:write", "messages:read", "events:read", "pii:read"),
    "warehouse": (*_READING, "stock:write"),
    "finance": (*_READING, "cases:write"),
    "operations": tuple(s for s in SCOPES if s not in ("pii:read", "admin")),
    "management": (*_READING, "accounts:read", "events:read"),
}


def roles_of(scopes: Iterable[str]) -> frozenset[str]:
    """The roles that a program's token acts in: those all of whose scopes it has; `admin` acts in every one."""
    given = frozenset(scopes)
    return frozenset(role for role, asked in ROLE_SCOPES.items() if "admin" in given or given.issuperset(asked))
