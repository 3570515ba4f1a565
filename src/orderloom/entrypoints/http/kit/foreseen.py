"""Previews at the edge: reasons in words, and the two answers to who goes by what is not so any more."""

from __future__ import annotations

from fastapi import FastAPI, Request
from msgspec.structs import replace
from starlette.responses import Response

from orderloom.application.expected import MovedOn
from orderloom.application.offer import ActionView
from orderloom.application.preview import Preview, PreviewReason, PreviewRow, PreviewStale
from orderloom.application.queries.order_detail import read_facts
from orderloom.domain.rights import SCOPE_WORDS
from orderloom.entrypoints.http.kit.guard import desk_of
from orderloom.entrypoints.http.kit.problem import Problem, answer, title_of
from orderloom.entrypoints.refusals import words_of

STALE = ("预览之后情况变了，没有做任何更改；请核对新的预览再确认 | things have changed since the preview, nothing was "
         "done: look at the new one and confirm it")
MOVED = ("打开之后别人改过，没有做任何更改；请看 since 里的变化再提交 | somebody changed it since it was opened, "
         "nothing was done: look at `since`, then send it again")


def with_words(preview: Preview) -> Preview:
    """The preview with its reasons in both languages."""
    return replace(preview, rows=[_row(row) for row in preview.rows])


def in_words(one: ActionView) -> ActionView:
    """An action with the reason why it is not allowed in both languages."""
    return one if one.why_not is None else replace(one, why_not=_reason(one.why_not))


def install(app: FastAPI) -> None:
    """Make the app answer who commands by what they saw, and it is not so any more."""

    async def stale(request: Request, error: Exception) -> Response:
        assert isinstance(error, PreviewStale)
        return answer(request, Problem("preview_stale", STALE, preview=with_words(error.preview)))

    async def moved_on(request: Request, error: Exception) -> Response:
        assert isinstance(error, MovedOn)
        async with desk_of(request).connect() as connection:
            since = await read_facts(connection, error.order_id, error.since)
        return answer(request, Problem("changed_meanwhile", MOVED, since=since, version=error.version))

    app.add_exception_handler(PreviewStale, stale)
    app.add_exception_handler(MovedOn, moved_on)


def _row(row: PreviewRow) -> PreviewRow:
    return row if row.why is None else replace(row, why=_reason(row.why))


def _reason(why: PreviewReason) -> PreviewReason:
    if mend := why.particulars.get("mend"):
        zh, _, en = mend.partition(" / ")
        return replace(why, zh=zh, en=en or zh)
    if why.code == "no_scope":
        named = SCOPE_WORDS.get(why.particulars.get("scope", ""))
        return replace(why, zh=f"没有“{named.zh}”的权限", en=f"you may not {named.en}") if named else why
    words = words_of(why.code, why.particulars) or title_of(why.code)
    return replace(why, zh=words.zh, en=words.en)
