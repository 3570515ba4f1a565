"""Roles over HTTP: the matrix of role by action and by field as it is in force, beside what was shipped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends
from starlette.responses import Response

from orderloom.application.identity.access import Caller
from orderloom.blueprint.roles import RolesFile, compile_roles
from orderloom.domain.rights import FIELD_WORDS, IMPLIED, LIMIT_WORDS, SCOPE_WORDS, Role
from orderloom.domain.words import Words
from orderloom.entrypoints.http.kit.guard import DeskHere, needs
from orderloom.entrypoints.http.kit.wire import reply, spoken

router = APIRouter(prefix="/api/v1/roles", tags=["access"])
Administrator = Annotated[Caller, Depends(needs("admin"))]


class RoleRight(msgspec.Struct, frozen=True):
    """Something that a role may do, a group of fields or a kind of limit, and what it is called.

    `includes`: what comes with it.
    """

    name: str
    title: Words
    includes: list[str] = []


class RoleView(msgspec.Struct, frozen=True):
    """A role in force. `may` is what is written, `scopes` that with all it includes; `hides` and `limits` likewise.

    `is_shipped`: it comes with this build; `added` and `removed`: how it differs from that, as `scope:…`, `hides:…`
    and `limit:…`.
    """

    name: str
    title: Words
    may: list[str]
    scopes: list[str]
    hides: list[str]
    limits: list[str]
    is_shipped: bool
    added: list[str]
    removed: list[str]


class RoleMatrix(msgspec.Struct, frozen=True):
    """Every role with all that can be allowed, hidden and limited; `missing`: shipped roles that this blueprint has
    not."""

    version: int
    scopes: list[RoleRight]
    fields: list[RoleRight]
    limits: list[RoleRight]
    roles: list[RoleView]
    missing: list[str]


@router.get("", **spoken(RoleMatrix), summary="角色与权限 | Roles and what they may")
async def show_roles(desk: DeskHere, who: Administrator) -> Response:
    """The roles of the blueprint in force. They are changed by publishing a blueprint with another `roles.yaml`."""
    directory = await desk.directory()
    shipped = compile_roles(RolesFile())
    return reply(RoleMatrix(
        directory.blueprint_active,
        [RoleRight(name, title, list(IMPLIED.get(name, ()))) for name, title in SCOPE_WORDS.items()],
        _rights(FIELD_WORDS), _rights(LIMIT_WORDS),
        [_view(role, shipped.get(role.name)) for role in directory.roles.values()],
        [name for name in shipped if name not in directory.roles]))


def _rights(words: Mapping[str, Words]) -> list[RoleRight]:
    return [RoleRight(name, title) for name, title in words.items()]


def _view(role: Role, shipped: Role | None) -> RoleView:
    now, then = _marks(role), _marks(shipped) if shipped else set[str]()
    return RoleView(role.name, role.title, list(role.may), sorted(role.scopes), sorted(role.hides), list(role.limits),
                    shipped is not None, sorted(now - then) if shipped else [], sorted(then - now))


def _marks(role: Role) -> set[str]:
    return {*(f"scope:{s}" for s in role.scopes), *(f"hides:{g}" for g in role.hides),
            *(f"limit:{k}" for k in role.limits)}
