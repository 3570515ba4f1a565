"""Who makes a request, and what they may by the token that they present."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from orderloom.application.identity.roles import Roles, roles_of
from orderloom.application.identity.store import Token
from orderloom.domain.actor import Actor
from orderloom.domain.rights import Role, including

LOGIN = "login"
"""The name of tokens that are logins."""


class Caller(msgspec.Struct, frozen=True):
    """Who makes a request. `actor` is what the log says; `user` is empty for a token that is nobody's login.

    `scopes` with all that they include; `hides`: groups of fields that are not shown; `needs_limits`: kinds of limits
    without which the caller sees nothing; `limits`: the values given of each kind.
    """

    actor: str
    scopes: frozenset[str]
    token_id: str
    user: str = ""
    is_one_time: bool = False
    roles: frozenset[str] = frozenset()
    lacks_second_factor: bool = False
    hides: frozenset[str] = frozenset()
    needs_limits: tuple[str, ...] = ()
    limits: dict[str, tuple[str, ...]] = {}

    @property
    def doer(self) -> Actor:
        """The caller as commands name it."""
        return Actor(self.actor, "person" if self.user else "program", self.roles)

    def may(self, scope: str) -> bool:
        """Whether the scope is granted."""
        return scope in self.scopes


def caller_of_token(token: Token, roles: Roles) -> Caller:
    """Who presents this token."""
    if token.name != LOGIN:
        return _program(token, roles)
    caller = Caller(f"user:{token.created_by}", frozenset(), token.id, token.created_by)
    role = roles.get(token.role)
    if role is None or not token.scopes:
        return msgspec.structs.replace(caller, is_one_time=not token.scopes)
    return as_person(caller, role, token.limits)


def as_person(caller: Caller, role: Role, limits: Mapping[str, Sequence[str]]) -> Caller:
    """Somebody with this role, limited so."""
    return msgspec.structs.replace(
        caller, scopes=role.scopes, roles=frozenset({role.name}), hides=role.hides, needs_limits=role.limits,
        limits=_values(limits))


def _program(token: Token, roles: Roles) -> Caller:
    """A program acts by its scopes; one that carries a role by those that the role has too, and sees as the role."""
    actor, scopes = f"token:{token.name}", including(token.scopes)
    if not token.own_role:
        return Caller(actor, scopes, token.id, roles=roles_of(token.scopes, roles), limits=_values(token.own_limits))
    role = roles.get(token.own_role)
    if role is None:
        return Caller(actor, frozenset(), token.id)
    return Caller(actor, scopes & role.scopes if token.scopes else role.scopes, token.id, roles=frozenset({role.name}),
                  hides=role.hides, needs_limits=role.limits, limits=_values(token.own_limits))


def _values(limits: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    return {kind: tuple(values) for kind, values in limits.items()}
