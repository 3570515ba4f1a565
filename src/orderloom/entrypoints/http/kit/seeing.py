"""What a caller may see, fixed before anything is read for it; and asking by what is hidden, which is refused.

Who may not see a price must not filter or sort by it either: by halving the bounds it could be read off the answers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager

from fastapi import Request

from orderloom.application.identity.access import Caller
from orderloom.application.identity.sight import SIGHT, Sight
from orderloom.application.queries.seen import SUBJECTS, is_seen
from orderloom.application.queries.sql import Connection
from orderloom.application.redaction import group_of
from orderloom.domain.rights import ADMIN, FIELD_WORDS
from orderloom.entrypoints.http.kit.problem import Problem, not_found

SORTS = ("sort", "order_by", "by")
"""Parameters whose value names a field to sort or group by."""
ASKED = {"amount": "paid", "amount_from": "paid", "amount_to": "paid", "stake": "paid", "stake_min": "paid",
         "province": "receiver", "city": "receiver"}
"""What parameters ask by, where it is another group than that of a field of this name, or of none: an order's total is
what it is filtered and sorted by as `amount`."""
SEE_AS = "x-see-as"
OWN = re.compile(r"/api/v1/(me|session|sessions|logout|password|jobs|views)(/|$)|"
                 r"/api/v1/orders/(bulk|by-numbers|export|\{)|/api/v1/(tags/apply|notes/mine/seen)$|"
                 r"/api/v1/tables/\{kind\}/export$|/api/v1/stock/(movements|moves|documents)|/api/v1/purchasing/tickets|/api/v1/cases/(bulk|\{)|"
                 r"/api/v1/(works|messages|deliveries)/\{|/api/v1/print/(jobs|lease)|"
                 r"/api/v1/messages/bulk-replay|/api/v1/exports|/api/v1/floor/(scans|waves)")
"""Where somebody who sees some rows alone may change something: what is theirs, and what is looked up among what they
see. All else changes things that are everybody's."""


def set_sight(request: Request, who: Caller, sight: Sight) -> None:
    """From here on the request reads and answers as its caller sees. Raises Problem."""
    SIGHT.set(sight)
    refuse_asking(request.query_params.multi_items())


def refuse_asking(given: Iterable[tuple[str, object]]) -> None:
    """Refuse parameters, or fields of a filter in a body, that ask by what is hidden. Raises Problem."""
    for name, value in given:
        said = f"{name} {value}" if name in SORTS else name
        for word in (name,) if name in ASKED else (name, *re.split(r"[-_.,:\s]+", said)):
            group = ASKED.get(word) or group_of(word)
            if group and not SIGHT.get().sees(group):
                raise hidden(group)


async def refuse_unseen(request: Request, connect: Callable[[], AbstractAsyncContextManager[Connection]]) -> None:
    """Somebody who is limited to some rows changes nothing beyond them; what they do not see is not there.

    Raises Problem.
    """
    if SIGHT.get().rows is None:
        return
    path = str(getattr(request.scope.get("route"), "path", ""))
    for name, value in request.path_params.items():
        if name in SUBJECTS:
            async with connect() as connection:
                if not await is_seen(connection, name, str(value)):
                    raise not_found("你能看到的内容", "thing that you see called", str(value))
    if request.method not in ("GET", "HEAD") and not OWN.match(path):
        refuse_limited()


def refuse_limited() -> None:
    """Refuse what is about all rows to who sees some of them. Raises Problem."""
    if SIGHT.get().rows is not None:
        raise Problem("limited_rows", "你只看得到一部分数据，这里涉及全部；请找管理员 | "
                      "you see some of the rows, and this is about all of them: ask an administrator")


def refuse_limited_but_by(kind: str) -> None:
    """Refuse what is about works of every shop, region and SKU to who sees some of them; limits of one `kind`, which
    the caller holds against, are no obstacle. Raises Problem."""
    rows = SIGHT.get().rows
    if rows is not None and any(getattr(rows, name) is not None for name in rows.__struct_fields__ if name != kind):
        refuse_limited()


def hidden(group: str) -> Problem:
    """The answer to who asks by, or for, what they may not see."""
    words = FIELD_WORDS[group]
    return Problem("hidden_field", f"你的角色看不到{words.zh}，不能按它查询或下载；请找管理员 | "
                   f"your role does not see {words.en}: nothing can be asked or downloaded by it; ask an administrator")


def refuse_wider(who: Caller, maker: Caller, is_clear: bool) -> None:
    """Refuse a file to who sees less than its maker saw, or has not given the reason for what is clear in it.

    Raises Problem.
    """
    for group in sorted(SIGHT.get().hides - maker.hides):
        raise hidden(group)
    if (who.limits, who.needs_limits) != (maker.limits, maker.needs_limits):
        refuse_limited()
    if is_clear and not (who.actor == maker.actor and who.may("pii:read")):
        raise Problem("no_scope", "文件里有明文个人信息，只给写下理由的本人；请自己导出 | "
                      "personal data is clear in it: it is for who gave the reason alone. Export it yourself")


def refuse_hidden(*groups: str) -> None:
    """Refuse an answer that is made of one of these groups as a whole. Raises Problem."""
    for group in groups:
        if not SIGHT.get().sees(group):
            raise hidden(group)


def as_role(request: Request, who: Caller, caller: Caller | None) -> Caller:
    """`who`, or for an administrator that looks how a role sees (`X-See-As`) the caller that has this role."""
    if SEE_AS not in request.headers:
        return who
    if ADMIN not in who.scopes or request.method != "GET":
        raise Problem("no_scope", "X-See-As 只供管理员查看（GET） | X-See-As is for administrators, to look (GET)")
    if caller is None:
        raise Problem("wrong_value", "X-See-As: 没有这个角色 | there is no such role")
    return caller
