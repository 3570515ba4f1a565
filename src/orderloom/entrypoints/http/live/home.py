"""The live page and the order form: a few files from memory. What the live page tells is counts and order numbers."""

from __future__ import annotations

from pathlib import Path

import msgspec
from fastapi import APIRouter, Depends
from starlette.responses import Response

from orderloom.adapters.manifests import manifests
from orderloom.application.ports import StoreAway
from orderloom.domain.words import Words
from orderloom.entrypoints.http.kit.guard import DeskHere, viewer
from orderloom.entrypoints.http.kit.wire import reply

router = APIRouter(include_in_schema=False)
FOLDER = Path(__file__).with_name("page")
KINDS = {"index.html": "text/html; charset=utf-8", "page.css": "text/css; charset=utf-8",
         "page.js": "text/javascript; charset=utf-8", "words.js": "text/javascript; charset=utf-8",
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


class PageWords(msgspec.Struct, frozen=True):
    """Titles of the user's own words, from the blueprint in force (empty before one is published), and connectors'."""

    stages: dict[str, Words]
    phases: dict[str, Words]
    cases: dict[str, Words]
    roles: dict[str, Words]
    connectors: dict[str, Words]


@router.get("/old")
async def home() -> Response:
    """The page."""
    return Response(FILES["index.html"], media_type=KINDS["index.html"], headers=HEADERS)


@router.get("/orders/new")
async def enter() -> Response:
    """The form for an order that a person takes on the phone; `?order=NUMBER` corrects one."""
    return Response(FILES["enter.html"], media_type=KINDS["enter.html"], headers=HEADERS)


@router.get("/page/{name}")
async def part(name: str) -> Response:
    """A file of the page."""
    if name not in FILES:
        return Response(status_code=404, headers=HEADERS)
    return Response(FILES[name], media_type=KINDS[name], headers=HEADERS)


@router.get("/live/words", dependencies=[Depends(viewer)])
async def words(desk: DeskHere) -> Response:
    """What stages, phases, cases, roles and connectors are called in this installation."""
    titles = {name: Words(m.title["zh"], m.title["en"]) for name, m in manifests().items()}
    try:
        directory = await desk.directory()
    except StoreAway:
        return reply(PageWords({}, {}, {}, {}, titles))
    active = directory.blueprints.get(directory.blueprint_active)
    if active is None:
        return reply(PageWords({}, {}, {}, {}, titles))
    return reply(PageWords(
        {s.name: s.title for s in active.lifecycle.stages.values()}, dict(active.words.phases),
        {c.kind: c.title for c in active.cases.values()}, dict(active.words.roles), titles,
    ))
