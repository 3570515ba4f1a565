"""People who sign in at another system: who they are here, and in which role.

They are known by issuer and subject, which never change there; their name counts once, when an administrator has made a
user who signs in elsewhere, or the installation makes users by itself. Nobody takes over a user with a password.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import msgspec

from orderloom.application.identity.access import Access, Login
from orderloom.application.identity.denied import Denied
from orderloom.application.identity.store import User, Whence

NAME_CHARACTERS_MAX = 100
UNKNOWN_HERE = "本系统里没有你的用户或角色，请找管理员 | you have no user or role here: ask an administrator"


class ProviderAway(Exception):
    """The provider cannot be reached, or does not say what it must."""


class NotVouched(Exception):
    """The provider does not vouch for who came back; the text names what was wrong, never a value."""


class Flow(msgspec.Struct, frozen=True):
    """What is kept of one attempt between leaving and coming back."""

    state: str
    nonce: str
    verifier: str


class Provider(Protocol):
    """Where people sign in."""

    async def send_away(self, back: str) -> tuple[str, Flow]: ...
    async def claims(self, flow: Flow, back: str, told: Mapping[str, str]) -> dict[str, Any]: ...


class Rules(Protocol):
    """What the provider's claims mean here."""

    @property
    def issuer(self) -> str: ...
    @property
    def user_claim(self) -> str: ...
    @property
    def role_claim(self) -> str: ...
    @property
    def roles(self) -> tuple[tuple[str, str], ...]: ...
    @property
    def may_create(self) -> bool: ...


class PeopleStore(Protocol):
    """Users by who they are elsewhere; every call is a transaction of its own."""

    async def person(self, issuer: str, subject: str) -> User | None: ...
    async def bind(self, name: str, issuer: str, subject: str) -> User | None:
        """The user of this name, who signs in elsewhere and never has yet; from now on they are this subject."""

    async def add_person(self, name: str, role: str, issuer: str, subject: str) -> bool: ...
    async def set_role(self, name: str, role: str) -> str: ...


async def sign_in(
    store: PeopleStore, access: Access, rules: Rules, claims: Mapping[str, Any], whence: Whence
) -> tuple[str, Login]:
    """Let the person in whom the provider vouches for: the user's name and a fresh login. Raises Denied."""
    subject, role = str(claims["sub"]), _role(rules, claims)
    if role is not None and role not in await access.roles():
        raise Denied("unknown_here", UNKNOWN_HERE)
    name = _name(claims.get(rules.user_claim))
    user = await store.person(rules.issuer, subject)
    if user is None and name:
        user = await store.bind(name, rules.issuer, subject)
    if user is None and name and role is not None and rules.may_create:
        await store.add_person(name, role, rules.issuer, subject)
        user = await store.person(rules.issuer, subject)
    if user is None or not user.is_active:
        raise Denied("unknown_here", UNKNOWN_HERE)
    if role is not None and role != user.role and await store.set_role(user.name, role) == "done":
        user = msgspec.structs.replace(user, role=role)
    return user.name, await access.let_in(user, whence)


def _role(rules: Rules, claims: Mapping[str, Any]) -> str | None:
    """The role that the provider gives, None when roles are given here. Raises Denied when it gives none."""
    if not rules.roles:
        return None
    found: Any = claims
    for part in rules.role_claim.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    theirs = [found] if isinstance(found, str) else found if isinstance(found, list) else []
    for group, role in rules.roles:
        if group in theirs:
            return role
    raise Denied("unknown_here", UNKNOWN_HERE)


def _name(claim: object) -> str:
    """The user's name that a claim holds, empty for what can be none."""
    name = claim.strip() if isinstance(claim, str) else ""
    is_fit = name.isprintable() and len(name) <= NAME_CHARACTERS_MAX and not set(name) & set(":/")
    return name if is_fit else ""
