"""What a shop shows of one listing, for its front: small, signed, cached for 15 seconds, and nothing else told.

Only shops that the blueprint names (`public_shops`) answer. What is not there and what is not public answer alike.
"""

from __future__ import annotations

import base64
from datetime import UTC
from functools import cache
from hashlib import sha256
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives import serialization
from fastapi import APIRouter, Request
from starlette.responses import Response

from orderloom.adapters.notary import Notary
from orderloom.application.queries.stock_shown import told_of
from orderloom.entrypoints.http.kit.guard import DeskHere

router = APIRouter(prefix="/shown", include_in_schema=False)
CACHED_SECONDS = 15
SUFFIX = ".json"
HEADERS = {"Cache-Control": f"public, max-age={CACHED_SECONDS}", "Access-Control-Allow-Origin": "*"}
STATEMENT = "orderloom-shown-1"
"""How what is signed begins: no signature of anything else by this key begins so."""


class PublicFigure(msgspec.Struct, frozen=True):
    """Units that the shop shows of a listing since `as_of` (UTC). `signature`: Ed25519 over `signed`, base64."""

    shop: str
    listing: str
    quantity: int
    as_of: str
    signature: str


@router.get("/key.pem")
async def show_key(desk: DeskHere) -> Response:
    """The public key that proves the figures."""
    key = _notary(desk.hub.settings.home).public_key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return Response(key, media_type="application/x-pem-file", headers=HEADERS)


@router.get("/{shop}/{listing:path}")
async def show(request: Request, desk: DeskHere, shop: str, listing: str) -> Response:
    """The figure that the shop was last told."""
    directory = await desk.directory()
    is_public = shop in directory.blueprints[directory.blueprint_active].publish.public_shops
    name = listing.removesuffix(SUFFIX) if is_public and listing.endswith(SUFFIX) else ""
    async with desk.connect() as connection:
        found = await told_of(connection, shop if name else "", name)
    if found is None:
        return Response(b"{}", 404, media_type="application/json", headers=HEADERS)
    quantity, at = found
    as_of = at.astimezone(UTC).isoformat(timespec="milliseconds")
    said = signed(shop, name, quantity, as_of)
    tag = f'"{sha256(said).hexdigest()[:32]}"'
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers={**HEADERS, "ETag": tag})
    signature = base64.b64encode(_notary(desk.hub.settings.home).sign(said)).decode()
    body = msgspec.json.encode(PublicFigure(shop, name, quantity, as_of, signature))
    return Response(body, media_type="application/json", headers={
        **HEADERS, "ETag": tag, "Orderloom-Signature": f"ed25519={signature}"})


def signed(shop: str, listing: str, quantity: int, as_of: str) -> bytes:
    """What the signature is over: these, a line each."""
    return "\n".join((STATEMENT, shop, listing, str(quantity), as_of)).encode()


@cache
def _notary(home: Path) -> Notary:
    return Notary(home)
