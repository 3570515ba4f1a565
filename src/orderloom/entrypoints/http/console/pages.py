"""The console as it was built, from memory: its entries for every address of a person, its assets for ever.

An address of the console is its state, so whatever a browser asks for that nothing else answers is the console's, and
the page itself says when there is no such place.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from fastapi import APIRouter, Request
from starlette.responses import Response

from orderloom.carried import CONSOLE
from orderloom.entrypoints.http.kit.problem import Problem

router = APIRouter(include_in_schema=False)
KINDS: Mapping[str, str] = {
    ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml", ".png": "image/png", ".webmanifest": "application/manifest+json",
}
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
                               "connect-src 'self'; img-src 'self' data: blob:; font-src 'self'; manifest-src 'self'; "
                               "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin", "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
}
"""Styles may stand in the page: the library of components writes some of its own (SECURITY in docs/console.md)."""
FOR_EVER = "public, max-age=31536000, immutable"
ASSETS = ("assets/", "terminal/assets/")
ALONE = {"sign-in": "sign-in.html", "terminal": "terminal/terminal.html",
         "bench": "terminal/terminal.html"}
"""Addresses that have an entry of their own."""
NOT_BUILT = ("控制台还没有构建：请运行 make up | the console is not built: run make up").encode()


class BuiltFile(NamedTuple):
    """A file, and the same packed by gzip where the build has packed it."""

    body: bytes
    packed: bytes | None
    kind: str


@cache
def files(folder: Path = CONSOLE) -> Mapping[str, BuiltFile]:
    """Every file of the build by its path; none before there is one."""
    found: dict[str, BuiltFile] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix in KINDS and not path.relative_to(folder).parts[0].startswith("."):
            packed = path.with_name(f"{path.name}.gz")
            found[path.relative_to(folder).as_posix()] = BuiltFile(
                path.read_bytes(), packed.read_bytes() if packed.is_file() else None, KINDS[path.suffix])
    return found


@router.get("/{path:path}")
async def console(request: Request, path: str) -> Response:
    """A file of the console, else the entry that draws this address. Raises Problem for what a browser does not ask."""
    if (file := files().get(path)) is not None:
        return _answer(request, file, FOR_EVER if path.startswith(ASSETS) else "no-cache")
    if "text/html" not in request.headers.get("accept", "") or path.startswith(("api/", *ASSETS)):
        raise Problem("not_found", f"没有 /{path[:200]} | there is no /{path[:200]}")
    page = files().get(ALONE.get(path.partition("/")[0], "index.html"))
    if page is None:
        return Response(NOT_BUILT, 503, {**HEADERS, "Retry-After": "60"}, "text/plain; charset=utf-8")
    return _answer(request, page, "no-cache")


def _answer(request: Request, file: BuiltFile, keeping: str) -> Response:
    headers = {**HEADERS, "Cache-Control": keeping, "Vary": "Accept-Encoding"}
    if file.packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(file.packed, 200, {**headers, "Content-Encoding": "gzip"}, file.kind)
    return Response(file.body, 200, headers, file.kind)
