"""Roles over HTTP: the matrix of role by action and by field as it is in force, and what users are limited by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from orderloom.application.identity.access import Caller
from orderloom.application.identity.limits import checked
from orderloom.blueprint.roles import RolesFile, compile_roles
from orderloom.domain.rights import FIELD_WORDS, IMPLIED, LIMIT_WORDS, SCOPE_WORDS, Role
from orderloom.domain.words import Words
from orderloom.entrypoints.http.kit.guard import DeskHere, needs
from orderloom.entrypoints.http.kit.problem import not_found
from orderloom.entrypoints.http.kit.wire import body_of, reply, spoken

router = APIRouter(prefix="/api/v1", tags=["access"])
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


class LimitsRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Values by kind: warehouse, channel, shop, region or sku (`ABC*`: all that begin so); "*" is every one."""

    limits: Annotated[dict[str, list[str]], msgspec.Meta(max_length=len(LIMIT_WORDS))]


class UserLimits(msgspec.Struct, frozen=True):
    """What a user is limited by. `lacking`: what their role must be limited by and they are not; without it they see
    nothing."""

    name: str
    limits: dict[str, list[str]]
    lacking: list[str]


@router.get("/roles", **spoken(RoleMatrix), summary="角色与权限 | Roles and what they may")
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


@router.put("/users/{name}/limits", **spoken(UserLimits, takes=LimitsRequest, problems=(404,)),
            summary="数据范围 | Limits of a user")
async def limit_user(request: Request, desk: DeskHere, who: Administrator, name: str) -> Response:
    """Limit what rows a user sees: all limits anew, none lifts them. It counts from the user's next request on."""
    body = await body_of(request, LimitsRequest)
    directory = await desk.directory()
    limits = checked(body.limits, directory)
    if not await desk.identity.limit(name, limits):
        raise not_found("用户", "user", name)
    user = await desk.identity.user(name)
    role = directory.roles.get(user.role) if user else None
    return reply(UserLimits(name, limits, [k for k in role.limits if not limits.get(k)] if role else []))


def _rights(words: Mapping[str, Words]) -> list[RoleRight]:
    return [RoleRight(name, title) for name, title in words.items()]


def _view(role: Role, shipped: Role | None) -> RoleView:
    now, then = _marks(role), _marks(shipped) if shipped else set[str]()
    return RoleView(role.name, role.title, list(role.may), sorted(role.scopes), sorted(role.hides), list(role.limits),
                    shipped is not None, sorted(now - then) if shipped else [], sorted(then - now))


def _marks(role: Role) -> set[str]:
    return {*(f"scope:{s}" for s in role.scopes), *(f"hides:{g}" for g in role.hides),
            *(f"limit:{k}" for k in role.limits)}
