"""Signatures of platforms that have no connector, computed from their documentation."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from base64 import b64encode
from collections.abc import Mapping
from typing import Any


def prove(vector: Mapping[str, Any]) -> str:
    """The signature of one of their vectors."""
    given = vector["given"]
    return PLATFORMS[vector["recipe"]](given["secret"], given)


def _easypost(secret: str, given: Mapping[str, str]) -> str:
    """The secret's letters and their accents are taken apart first."""
    key = unicodedata.normalize("NFKD", secret).encode("utf-8")
    return "hmac-sha256-hex=" + hmac.new(key, given["raw_body"].encode(), hashlib.sha256).hexdigest()


def _fedex(secret: str, given: Mapping[str, str]) -> str:
    return b64encode(hmac.new(secret.encode(), given["raw_body"].encode(), hashlib.sha256).digest()).decode()


def _trackingmore(secret: str, given: Mapping[str, str]) -> str:
    """Over the time alone: the body is not proven."""
    return hmac.new(secret.encode(), given["now"].encode(), hashlib.sha256).hexdigest()


PLATFORMS = {"easypost": _easypost, "fedex": _fedex, "trackingmore": _trackingmore}
