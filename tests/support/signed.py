"""Signatures of platforms as their documents describe them: the tests' own, so that others check the client's."""

from __future__ import annotations

import base64
import hmac


def shopify_signature(secret: str, body: bytes) -> str:
    """`X-Shopify-Hmac-Sha256` of a webhook's raw body."""
    return base64.b64encode(hmac.digest(secret.encode(), body, "sha256")).decode()
