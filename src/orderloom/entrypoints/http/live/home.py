"""The order form: a few files from memory."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter
from starlette.responses import Response

router = APIRouter(include_in_schema=False)
FOLDER = Path(__file__).with_name("page")
KINDS = {"page.css": "text/css; charset=utf-8", "words.js": "text/javascript; charset=utf-8",
         "signin.js": "text/javascript; charset=utf-8", "enter.html": "text/html; charset=utf-8",
         "enter.css": "text/css; charset=utf-8", "enter.js": "text/javascript; charset=utf-8",
         "enter-words.js": "text/javascript; charset=utf-8", "enter-lines.js": "text/javascript; charset=utf-8",
         "icon.svg": "image/svg+xml"}
SIGN_IN = "signin.html"
"""The part of a page in which a person signs in; pages say where."""


def _file(name: str) -> bytes:
    body, part = (FOLDER / name).read_bytes(), (FOLDER / SIGN_IN).read_bytes()
    return body.replace(f"  <!-- {SIGN_IN} -->\n".encode(), part)


FILES = {name: _file(name) for name in KINDS}
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
                               "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
}


@router.get("/old/orders/new")
async def enter() -> Response:
    """The form for an order that a person takes on the phone; `?order=NUMBER` corrects one."""
    return Response(FILES["enter.html"], media_type=KINDS["enter.html"], headers=HEADERS)


@router.get("/page/{name}")
async def part(name: str) -> Response:
    """A file of the page."""
    if name not in FILES:
        return Response(status_code=404, headers=HEADERS)
    return Response(FILES[name], media_type=KINDS[name], headers=HEADERS)
