"""What endpoints ask for in their arguments: the hub, the caller with a scope, the reason for unmasking."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Annotated, NamedTuple
from uuid import UUID

from fastapi import Depends, Header, Query, Request

from orderloom.adapters.manifests import manifests
from orderloom.application.directory import Directory
from orderloom.application.identity.access import Caller
from orderloom.application.identity.limits import narrowed_directory
from orderloom.application.identity.sight import SIGHT
from orderloom.application.ports import StoreAway
from orderloom.application.queries.catalogue import codes_about
from orderloom.application.queries.kept_answers import KeptAnswers
from orderloom.application.queries.live import Board
from orderloom.application.queries.orders import find_order
from orderloom.application.queries.sql import PAGE_ROWS_MAX, Connection
from orderloom.application.queries.vocabulary import Vocabulary
from orderloom.bootstrap import Hub
from orderloom.domain.number import is_mistyped
from orderloom.entrypoints.http.kit.front import host_of, is_local
from orderloom.entrypoints.http.kit.problem import Problem, not_found
from orderloom.entrypoints.http.kit.seeing import SEE_AS, as_role, refuse_limited, refuse_unseen, set_sight
from orderloom.entrypoints.http.kit.session import cookie_of, refuse_forged

BROUGHT = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
"""Headers by which a proxy tells that the request is somebody else's."""
CONNECTION_SECONDS_MAX = 3.0
"""How long a request waits for a database connection before it is told that the database is away."""
REQUEST_SECONDS_MAX = 30.0
"""How long the statements of a request may take before the database counts as away."""


class Desk:
    """What every endpoint of one app shares."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.ports = hub.ports_within(CONNECTION_SECONDS_MAX, REQUEST_SECONDS_MAX)
        self.identity, self.access = self.ports.identity, self.ports.access
        self.kept = KeptAnswers()
        self.board = Board(self.ports.reading_all, hub.now, hub.spool.on_disk, (StoreAway,))

    def connect(self, seconds: float = 0.0) -> AbstractAsyncContextManager[Connection]:
        """A connection to read from, for so long at most (0: as long as a request may take). Raises StoreAway."""
        return self.ports.reading(seconds)

    def briefly(self, seconds: float) -> AbstractAsyncContextManager[Connection]:
        """The same, with so long for each statement. Raises TooLong too."""
        return self.ports.reading_briefly(seconds)

    async def directory(self) -> Directory:
        """The directory as of now, as far as it is seen by whoever is being answered."""
        directory, rows = await self.ports.directory(), SIGHT.get().rows
        return directory if rows is None else narrowed_directory(directory, rows)

    async def order_id(self, reference: str) -> str:
        """Id of the order with this number or id, or its channel's. Raises Problem `not_found`, Ambiguous."""
        async with self.connect() as connection:
            found = await find_order(connection, reference)
        if found is None and is_mistyped(reference):
            raise Problem("not_found", f"没有订单 {reference}：校验位不符，号码抄错了 | "
                                       f"there is no order {reference}: a character of the number is wrong")
        if found is None:
            raise not_found("订单", "order", reference)
        return found

    async def check(self, **given: str) -> None:
        """Every filter that is given must name something known. Raises UnknownWord."""
        if any(given.values()):
            channels = [m.name for m in manifests().values() if m.family == "channels"]
            Vocabulary(await self.directory(), channels, await self._codes(given.get("sku", ""))).check(**given)

    async def _codes(self, sku: str) -> list[str]:
        if not sku:
            return []
        async with self.connect() as connection:
            return await codes_about(connection, sku)

    async def account_id(self, code: str) -> int | None:
        """Id of an account, None for an empty code. Raises UnknownWord for one that is not there."""
        if not code:
            return None
        directory = await self.directory()
        Vocabulary(directory).check(account=code)
        account = directory.account_by_code(code)
        return account.id if account else None


def desk_of(request: Request) -> Desk:
    """The app's desk."""
    desk: Desk = request.app.state.desk
    return desk


def address_of(request: Request) -> str:
    """Where the request comes from."""
    return request.client.host if request.client else ""


def is_near(request: Request) -> bool:
    """Whether the caller sits on this machine: comes from it, names it, and is brought by no proxy."""
    is_brought = any(name in request.headers for name in BROUGHT)
    return not is_brought and is_local(address_of(request)) and is_local(host_of(request.scope))


async def caller_of(request: Request) -> Caller:
    """Who presents the token in Authorization, or the cookie of a browser; what is read for the request from here on
    is what they may see. Raises Problem, Denied."""
    who = await _presented(request)
    if SEE_AS in request.headers:
        who = as_role(request, who, await desk_of(request).access.in_role(who, request.headers[SEE_AS]))
    desk = desk_of(request)
    set_sight(request, who, await desk.ports.sight(who))
    return who


async def _presented(request: Request) -> Caller:
    access = desk_of(request).access
    if token := token_of(request):
        return await access.caller(token)
    if not (cookie := cookie_of(request)):
        raise Problem("no_token", "请登录，或带上 Authorization: Bearer olt_… | "
                                  "sign in, or send Authorization: Bearer olt_…")
    caller = await access.caller(cookie)
    if not caller.user:
        raise Problem("wrong_token", "程序的令牌不能放在 Cookie 里 | a program's token is no session")
    refuse_forged(request, cookie)
    return caller


def token_of(request: Request) -> str:
    """The token in Authorization, empty when there is none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


class Guard:
    """A dependency: the caller, who must have one of the scopes. `of_people`: those that a person needs instead."""

    def __init__(self, scopes: tuple[str, ...], of_people: tuple[str, ...] = ()) -> None:
        self.scopes, self.of_people = scopes, of_people or scopes

    async def __call__(self, request: Request) -> Caller:
        """The caller. Raises Problem, Denied."""
        who = await _working(request)
        scopes = self.of_people if who.user else self.scopes
        if not any(who.may(scope) for scope in scopes):
            zh, en = " 或 ".join(scopes), " or ".join(scopes)
            raise Problem("no_scope", f"需要权限 {zh}，请找管理员 | scope {en} is needed: ask an administrator")
        await refuse_unseen(request, desk_of(request).connect)
        return who


def decides(*scopes: str) -> Guard:
    """A dependency: a person who may see orders (the verb asks the role), or a program that has one of the scopes."""
    return Guard(scopes, ("orders:read",))


def needs(*scopes: str) -> Guard:
    """A dependency: the caller, who must have one of the scopes."""
    return Guard(scopes)


async def signed_in(request: Request) -> Caller:
    """A dependency: whoever has a token that works; what they may see is for the endpoint to say."""
    who = await _working(request)
    await refuse_unseen(request, desk_of(request).connect)
    return who


async def _working(request: Request) -> Caller:
    who = await caller_of(request)
    if who.is_one_time:
        raise Problem("password_to_change", "POST /api/v1/password {old, new}")
    if who.lacks_second_factor:
        raise Problem("second_factor_to_set", "你的角色需要第二因素：POST /api/v1/me/second-factor | "
                                              "your role needs one: POST /api/v1/me/second-factor")
    return who


async def viewer(request: Request) -> None:
    """A dependency of what shows counts only: anybody on this machine, elsewhere any valid token."""
    if not is_near(request):
        await caller_of(request)
        refuse_limited()


DeskHere = Annotated[Desk, Depends(desk_of)]
Cursor = Annotated[str, Query(max_length=2000, description="`next` of the page before")]
Limit = Annotated[int, Query(ge=1, le=PAGE_ROWS_MAX)]
Text = Annotated[str, Query(max_length=200)]
Uuid = UUID
Key = Annotated[str, Header(alias="Idempotency-Key", max_length=200, description="the same key again is the same wish")]
Reason = Annotated[str, Header(alias="X-Unmask-Reason", max_length=500,
                               description="Why personal data has to be seen; it is written down (scope pii:read)")]


class GoesBy(NamedTuple):
    """What a caller goes by: the version that they looked at (None: any), the key of a call that may be repeated."""

    version: int | None
    key: str


async def version_seen(
    if_match: Annotated[str, Header(max_length=100, description="ETag of the order that was looked at")] = "",
) -> int | None:
    """A dependency: If-Match. Raises Problem for an ETag that is none of an order's."""
    tag = if_match.strip().removeprefix("W/").strip('"')
    if tag not in ("", "*") and not (tag.isdigit() and len(tag) < 10):
        raise Problem("wrong_value", f"If-Match: {if_match} 不是订单的 ETag | is no order's ETag")
    return int(tag) if tag.isdigit() else None


IfMatch = Annotated[int | None, Depends(version_seen)]


async def seen_by(
    version: IfMatch,
    key: Annotated[str, Header(alias="Idempotency-Key", max_length=200, pattern=r"^[!-~]*$", description=(
        "A call that is sent again with the same key counts once, within three days"))] = "",
) -> GoesBy:
    """A dependency: If-Match and Idempotency-Key."""
    return GoesBy(version, key)


GoesByHere = Annotated[GoesBy, Depends(seen_by)]


def may_unmask(who: Caller, reason: str, *, is_to_pack: bool = False) -> bool:
    """Whether personal data is to be shown, that of a work `is_to_pack` to `labels:read` too.

    Raises Problem when it is asked for without the right.
    """
    if not reason.strip():
        return False  # seeing needs a reason: without one everybody gets masked values
    if not (who.may("pii:read") or (is_to_pack and who.may("labels:read"))):
        raise Problem("no_scope", "需要权限 pii:read 才能查看个人信息 | scope pii:read is needed to see personal data")
    return True


def as_written(header: str) -> str:
    """A header's text as its sender wrote it: HTTP hands the bytes over as Latin-1, people write UTF-8."""
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return header
