"""The picture of a SKU as an answer: shown, and whatever it may be besides does nothing."""

from __future__ import annotations

import asyncio

from starlette.responses import Response

from orderloom.entrypoints.http.kit.guard import Desk
from orderloom.entrypoints.http.kit.problem import not_found

HARMLESS = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox",
            "Content-Disposition": "inline", "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "private, max-age=300"}


async def picture_shown(desk: Desk, code: str, picture: str, known: str) -> Response:
    """The bytes of a SKU's picture, by the kind that they begin as; 304 when they are `known`. Raises Problem."""
    if not picture:
        raise not_found("图片", "picture", code)
    headers = {**HARMLESS, "ETag": f'"{picture}"'}
    if known.strip().strip('"') == picture:
        return Response(status_code=304, headers=headers)
    store = desk.hub.pictures
    content = await asyncio.to_thread(store.get, picture)
    kind = store.kind_of(content) if content else ""
    if content is None or not kind:
        raise not_found("图片（不在这台机器上）", "picture on this machine:", code)
    return Response(content, 200, headers, kind)
