"""What somebody who has signed in may know of themselves, and their own habits."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from orderloom.application.directory import Directory
from orderloom.application.identity.access import Caller
from orderloom.blueprint.desk import ListColumn, usual_columns
from orderloom.domain.words import Words
from orderloom.entrypoints.http.kit.guard import DeskHere, caller_of
from orderloom.entrypoints.http.kit.problem import Problem
from orderloom.entrypoints.http.kit.session import cookie_of, csrf_of
from orderloom.entrypoints.http.kit.wire import body_of, reply, spoken

router = APIRouter(prefix="/api/v1/me", tags=["access"])
Anybody = Annotated[Caller, Depends(caller_of)]
PREFERENCES_BYTES_MAX = 32_768
PREFERENCES_MAX = 200
Key = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]


class Me(msgspec.Struct, frozen=True):
    """The caller. `hidden`: fields that are not shown to them; `limits`: values of rows to which they are bound, by
    what binds them; `missing_limits`: what their role must be bound by and they are not, so that they see no rows;
    `order_columns`: what the order list shows their role, empty for what it shows everybody. `csrf` is empty without a
    session. Before a password that must be changed is, or a second factor that must be set up, nothing else can be
    done.
    """

    name: str
    role: str
    role_title: Words
    scopes: list[str]
    hidden: list[str]
    limits: dict[str, list[str]]
    missing_limits: list[str]
    order_columns: list[ListColumn]
    preferences: dict[str, Any]
    csrf: str
    must_change_password: bool
    must_set_second_factor: bool
    zone: str
    """Where the hub's days begin, by its name of IANA."""


class Preferences(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Habits of a person: language, theme, density, columns of a list … A key that is left out stays, null ends it."""

    preferences: Annotated[dict[Key, Any], msgspec.Meta(max_length=PREFERENCES_MAX)]


@router.get("", **spoken(Me), summary="我是谁 | Who I am")
async def me(request: Request, desk: DeskHere, who: Anybody) -> Response:
    """Name, role, rights and habits of who asks; what a screen needs before it draws anything."""
    role = next(iter(who.roles)) if who.user and len(who.roles) == 1 else ""
    kept = await desk.identity.preferences(who.user) if who.user else "{}"
    cookie = cookie_of(request) if who.user else ""
    directory = await desk.directory()
    blueprint = directory.blueprints.get(directory.blueprint_active)
    return reply(Me(
        who.user or who.actor, role, _title(directory, role),
        sorted(who.scopes), sorted(who.hides), {k: list(v) for k, v in who.limits.items()},
        [kind for kind in who.needs_limits if not who.limits.get(kind)],
        list(usual_columns(blueprint.desk, role)) if blueprint else [], msgspec.json.decode(kept),
        csrf_of(cookie) if cookie else "", who.is_one_time, who.lacks_second_factor, desk.hub.settings.business_zone))


@router.put("/preferences", **spoken(Preferences, takes=Preferences), summary="我的习惯 | My preferences")
async def prefer(request: Request, desk: DeskHere, who: Anybody) -> Response:
    """Keep habits; what is answered is all that is kept."""
    body = await body_of(request, Preferences)
    if not who.user:
        raise Problem("no_scope", "令牌没有偏好，请登录 | a program's token has no preferences: sign in")
    changes = msgspec.json.encode(body.preferences).decode()
    kept = await desk.identity.prefer(who.user, changes, PREFERENCES_BYTES_MAX)
    if kept is None:
        raise Problem("wrong_value", f"preferences: 最多 {PREFERENCES_BYTES_MAX} 字节，请去掉一些 | "
                      f"at most {PREFERENCES_BYTES_MAX} bytes: take some away")
    return reply(Preferences(msgspec.json.decode(kept)))


def _title(directory: Directory, role: str) -> Words:
    """What the role is called in this installation."""
    known = directory.roles.get(role)
    return known.title if known else Words(role, role)
