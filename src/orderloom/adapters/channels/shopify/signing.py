"""Shopify's webhook signature: HMAC-SHA256 of the raw body under the app's client secret, base64."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable


def webhook_signature(secret: str, body: bytes) -> str:
    """The value of `X-Shopify-Hmac-Sha256` for `body` exactly as sent."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def is_genuine(body: bytes, claimed: str, secrets: Iterable[str]) -> bool:
    """True when one of `secrets` signed `body`. After a rotation the old secret signs for up to an hour, so both count.

    Every secret is tried, also after a match, so that the time taken tells nothing; empty secrets never match.
    """
    given = claimed.strip().encode("utf-8", "replace")
    verdicts = [hmac.compare_digest(webhook_signature(secret, body).encode(), given) for secret in secrets if secret]
    return any(verdicts)
