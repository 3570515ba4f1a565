"""Where a platform sends a person back who has authorised an account: the state is checked, the code exchanged.

The page answers on its own whatever happens, since what stands in this address is good for tokens: it goes into no log,
no error text and no other site's `Referer`.
"""

from __future__ import annotations

from html import escape

import structlog
from fastapi import APIRouter, Request
from starlette.responses import Response

from orderloom.application.authorise import PATH, finish_authorisation
from orderloom.application.keep_account import NoAccount
from orderloom.application.not_kept import NotKept
from orderloom.application.ports import StoreAway, StoreRefused, Trouble
from orderloom.domain.fault import kind_of, where
from orderloom.entrypoints.http.kit.guard import DeskHere

router = APIRouter(include_in_schema=False)
PARAMS_MAX, CHARACTERS_MAX = 30, 8_000
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
                               "frame-ancestors 'none'",
    "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
}
PAGE = """<!doctype html><html lang="zh"><meta charset="utf-8"><title>{zh}</title>
<meta name="viewport" content="width=device-width">
<body style="font: 16px/1.6 system-ui, sans-serif; max-width: 40em; margin: 15vh auto; padding: 0 1em">
<h1 style="font-size: 1.3em">{zh}</h1><p lang="en">{en}</p><p>{more}</p></body></html>"""
log = structlog.get_logger()


@router.get(PATH)
async def callback(request: Request, desk: DeskHere) -> Response:
    """The state comes as a parameter."""
    return await _finished(request, desk, "")


@router.get(PATH + "/{state}")
async def callback_with_state(request: Request, desk: DeskHere, state: str) -> Response:
    """The state is part of the address: the platform hands none back."""
    return await _finished(request, desk, state)


async def _finished(request: Request, desk: DeskHere, state: str) -> Response:
    params = dict(request.query_params)
    if len(params) > PARAMS_MAX or sum([len(name) + len(value) for name, value in params.items()]) > CHARACTERS_MAX:
        return _page(400, "地址太长", "The address is too long")
    if state:
        params["state"] = state
    try:
        done = await finish_authorisation(desk.hub, params)
    except NotKept as no:
        return _page(400, f"没有授权：{no.zh}", f"Not authorised: {no.en}")
    except NoAccount:
        return _page(400, "没有授权：账号已不存在", "Not authorised: the account is gone")
    except Trouble as no:
        return _page(502, "没有授权：平台拒绝或没有应答，请重新开始授权",
                     "Not authorised, the platform says no or nothing: begin again", no.message)
    except (StoreAway, StoreRefused) as away:
        log.warning("authorisation_not_kept", why=str(away))
        return _page(503, "数据库暂时连不上，请稍后刷新本页", "The database is away: reload this page in a moment")
    except Exception as error:
        log.error("authorisation_failed", error=kind_of(error), where=where(error))
        return _page(500, "没有授权：程序出错，请重新开始授权", "Not authorised: a defect of the hub, begin again")
    return _page(200, f"账号 {done.account} 已授权，可以关闭本页",
                 f"Account {done.account} is authorised: you may close this page", "" if done.is_well else done.message)


def _page(status: int, zh: str, en: str, more: str = "") -> Response:
    """A page of two sentences, and what the platform said."""
    content = PAGE.format(zh=escape(zh), en=escape(en), more=escape(more[:500]))
    return Response(content, status, HEADERS, "text/html; charset=utf-8")
