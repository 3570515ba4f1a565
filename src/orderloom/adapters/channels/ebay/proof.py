"""Proves eBay's notifications, signed with ECDSA by a key that is asked for by its name and kept for an hour."""

from __future__ import annotations

import base64
import time
from typing import Any
from urllib.parse import quote

import httpx2
import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from orderloom.application.ports import Account, Inbound

KEPT_SECONDS, REFUSED_SECONDS, KEPT_MAX = 3_600.0, 60.0, 100
SLOWEST_SECONDS = 5.0
SCOPE = "https://api.ebay.com/oauth/api_scope"
DIGESTS = {"SHA1": hashes.SHA1, "SHA256": hashes.SHA256}
Key = ec.EllipticCurvePublicKey
_keys: dict[tuple[str, str], tuple[float, Key | None]] = {}
"""By address and name, with the time until which it counts; None: the platform has no such key."""


def disproved(request: Inbound, account: Account, _at: Any) -> str:
    """Why a notification is not believed; "" when its signature fits the body as it came."""
    try:
        sealed = msgspec.json.decode(base64.b64decode(request.headers.get("x-ebay-signature", ""), validate=True))
        kid, signature = str(sealed["kid"]), base64.b64decode(sealed["signature"], validate=True)
        digest = DIGESTS[str(sealed.get("digest", "SHA1")).upper()]
    except (ValueError, KeyError, TypeError, AttributeError):
        return "signature"
    key = _key(account, kid)
    if key is None:
        return "no_key"
    try:
        key.verify(signature, request.body, ec.ECDSA(digest()))
    except InvalidSignature:
        return "signature"
    return ""


def _key(account: Account, kid: str) -> Key | None:
    place, now = (account.base_url, kid), time.monotonic()
    until, key = _keys.get(place, (0.0, None))
    if until > now:
        return key
    if len(_keys) >= KEPT_MAX:  # whoever sends made-up names gets no more questions asked for it
        for old in [one for one, (end, _) in _keys.items() if end <= now]:
            del _keys[old]
        if len(_keys) >= KEPT_MAX:
            return None
    key = _asked(account, kid)
    _keys[place] = (now + (KEPT_SECONDS if key else REFUSED_SECONDS), key)
    return key


def _asked(account: Account, kid: str) -> Key | None:
    """The key as the platform gives it to an app."""
    pair = (account.credentials.get("client_id", ""), account.credentials.get("client_secret", ""))
    base = account.base_url.rstrip("/")
    try:
        with httpx2.Client(timeout=SLOWEST_SECONDS) as http:
            granted = http.post(f"{base}/identity/v1/oauth2/token", auth=pair,
                                data={"grant_type": "client_credentials", "scope": SCOPE})
            token = granted.raise_for_status().json()["access_token"]
            answer = http.get(f"{base}/commerce/notification/v1/public_key/{quote(kid, safe='')}",
                              headers={"authorization": f"Bearer {token}"})
            text = str(answer.raise_for_status().json()["key"])
        found = serialization.load_pem_public_key(_with_breaks(text).encode())
    except (httpx2.HTTPError, ValueError, KeyError, TypeError):
        return None
    return found if isinstance(found, ec.EllipticCurvePublicKey) else None


def _with_breaks(pem: str) -> str:
    """PEM with the line breaks that it must have and the platform leaves out."""
    head, foot = "-----BEGIN PUBLIC KEY-----", "-----END PUBLIC KEY-----"
    return f"{head}\n{pem.replace(head, '').replace(foot, '').strip()}\n{foot}\n"
