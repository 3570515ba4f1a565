"""The door for webhooks: judge the sender, land the bytes, and only then answer. An application of its own, for what
stands between a request and the others' rooms costs as much here as landing does.

The accounts are kept in memory and looked at again once a second beside the requests, so neither a slow nor an absent
database stands between a platform and its acknowledgement.
"""

from __future__ import annotations

import asyncio
from time import monotonic

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from orderloom.application.directory import Directory
from orderloom.application.ports import Account, Inbound, Item, NoRoom, StoreAway, StoreRefused, Verdict
from orderloom.bootstrap import Hub
from orderloom.domain.fault import kind_of, where
from orderloom.entrypoints.http.kit.front import OPEN_BELOW
from orderloom.entrypoints.http.kit.problem import Problem, answer, defect, no_room
from orderloom.entrypoints.http.kit.wire import read_bytes
from orderloom.entrypoints.http.webhooks.forged import UNREAD, Forged
from orderloom.entrypoints.http.webhooks.last_pushes import LastPushes
from orderloom.entrypoints.http.webhooks.room import Room, Share

BODY_BYTES_MAX = 5 << 20
AGE_SECONDS_MAX = 1.0
FIRST_SECONDS_MAX = 3.0
METHODS = ("GET", "HEAD", "POST")
SECRET_HEADERS = ("authorization", "cookie", "x-upload-token")
log = structlog.get_logger()


class Accounts:
    """The active accounts by code, as of at most about a second ago, or as of when the database was last there."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._kept: Directory | None = None
        self._by_code: dict[str, Account] = {}
        self._asked = 0.0
        self._task: asyncio.Task[None] | None = None

    async def get(self, code: str) -> Account | None:
        """The account with this code. Raises the database's error only when it was never there since the start."""
        if self._kept is None:
            await self._refresh()
        elif monotonic() - self._asked > AGE_SECONDS_MAX and self._task is None:
            self._asked = monotonic()
            self._task = asyncio.create_task(self._refresh_quietly())
        return self._by_code.get(code)

    async def _refresh_quietly(self) -> None:
        try:
            await self._refresh()
        except StoreAway as error:
            log.warning("accounts_kept", why=str(error))
        finally:
            self._task = None

    async def _refresh(self) -> None:
        found = await self._hub.ports.directory(FIRST_SECONDS_MAX)
        if found is not self._kept:
            self._kept = found
            self._by_code = {account.code: account for account in found.accounts.values() if account.is_active}
        self._asked = monotonic()


class Door:
    """Answers `/webhooks/{account code}` and everything below it."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._accounts = Accounts(hub)
        self._room = Room()
        self._forged = Forged(hub.store, hub.ports.desk, hub.now)
        self._heard = LastPushes(hub.store)

    async def close(self) -> None:
        """Write down what was only counted so far."""
        await self._forged.write_down()
        await self._heard.write_down()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, whatever happens."""
        request = Request(scope, receive)
        try:
            response = await self.receive(request) if request.method in METHODS else _refused(request)
        except ClientDisconnect:
            return
        except Exception as error:
            response = await defect(request, error)
        await response(scope, receive, send)

    async def receive(self, request: Request) -> Response:
        """Take one delivery in. The connector's answer is given after the bytes are durable."""
        try:
            with self._room.share() as share:
                return await self._receive(request, share)
        except Problem as problem:
            return answer(request, problem)
        except StoreAway:
            return answer(request, Problem(
                "not_ready", "刚启动且数据库未就绪，请稍后重发 | just started, no database yet: send it again soon",
                retry_after=5))
        except NoRoom as full:
            log.warning("not_kept", path=request.url.path, why=str(full))
            return answer(request, no_room())
        except StoreRefused as refused:
            log.warning("refused", path=request.url.path, why=str(refused))
            if not refused.is_input:
                return answer(request, Problem(
                    "not_ready", "数据库结构或权限有误，请运行 orderloom doctor | schema or rights are wrong: "
                    "run orderloom doctor", retry_after=30))
            return answer(request, Problem(
                "wrong_value", "这条消息无法以任何形式存储 | this message cannot be stored in any form"))

    async def _receive(self, request: Request, share: Share) -> Response:
        path: str = request.scope["path"]
        body = await read_bytes(request, BODY_BYTES_MAX, share.grow)
        account = await self._accounts.get(path.removeprefix(OPEN_BELOW).partition("/")[0])
        if account is None:
            return answer(request, Problem(
                "not_found", "没有这个账号的回调地址，请核对地址 | no such webhook address: check it"))
        if (connector := self._hub.connectors.get(account.connector)) is None:
            return answer(request, Problem(
                "not_ready", "这个账号的连接器现在不可用，请稍后重试 | the account's connector cannot be used now: "
                "try again", retry_after=60))
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in request.scope["headers"]}
        at = self._hub.now()
        query = dict(request.query_params) if request.scope["query_string"] else {}
        inbound = Inbound(request.method, path, query, headers, body)
        try:
            if getattr(connector, "is_slow", False):
                verdict = await asyncio.to_thread(connector.receive, inbound, account, at)
            else:
                verdict = connector.receive(inbound, account, at)
        except Exception as error:
            log.error("receive_failed", account=account.code, error=kind_of(error), where=where(error))
            verdict = Verdict((Item("unread", body),), UNREAD) if body else Verdict((), status=400)
        if verdict.quarantine and not self._forged.keeps(account.id, verdict, at):
            return self._forged.answer(request, verdict)
        if verdict.items and not verdict.quarantine:
            self._heard.note(account.id, at)
        if verdict.items:
            kept = {name: "***" if name in SECRET_HEADERS else value for name, value in headers.items()}
            owed = () if verdict.quarantine else verdict.reread
            await self._hub.lander.land(account, verdict.items, kept, at, verdict.quarantine, rereads=owed)
        return Response(verdict.reply, verdict.status, media_type=verdict.reply_type)


def _refused(request: Request) -> Response:
    """No platform calls like this."""
    allowed = ", ".join(METHODS)
    response = answer(request, Problem("wrong_method", f"{request.method} {request.scope['path']}: {allowed}"))
    response.headers["Allow"] = allowed
    return response
