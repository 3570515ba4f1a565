"""How a WooCommerce site proves a caller, by its documentation: a basic key or one in the query, or OAuth 1.0a.

It shares no code with the client.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import quote

from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked
from orderloom.adapters.simulated.clock import from_seconds
from orderloom.adapters.simulated.platform import same

IN_QUERY = frozenset({"consumer_key", "consumer_secret"})
OAUTH = frozenset({"oauth_consumer_key", "oauth_timestamp", "oauth_nonce", "oauth_signature_method",
                   "oauth_signature", "oauth_version"})  # fmt: skip
METHODS = {"HMAC-SHA1": hashlib.sha1, "HMAC-SHA256": hashlib.sha256}
SECONDS_OFF_MAX = 900


class Proof:
    """One site's key. `nonces` were used and are not taken again."""

    def __init__(self, credentials: Mapping[str, str]) -> None:
        self._key, self._secret = credentials["consumer_key"], credentials["consumer_secret"]
        self.nonces: set[str] = set()

    def complaint(self, asked: Asked, at: datetime) -> str:
        """The kit's word for what is wrong with a call; "" when it is proven."""
        if "oauth_signature" in asked.query:
            return self._of_oauth(asked, at)
        pair = _pair(asked)
        if not pair.startswith(f"{self._key}:"):
            return why.WRONG_KEY
        return "" if same(pair, f"{self._key}:{self._secret}") else why.WRONG_TOKEN

    def _of_oauth(self, asked: Asked, at: datetime) -> str:
        query = asked.query
        if query.get("oauth_consumer_key") != self._key:
            return why.WRONG_KEY
        stamp, nonce = query.get("oauth_timestamp", ""), query.get("oauth_nonce", "")
        is_now = stamp.isdecimal() and abs((from_seconds(stamp) - at).total_seconds()) <= SECONDS_OFF_MAX
        if not is_now or not nonce or nonce in self.nonces:
            return why.WRONG_TIME
        digest = METHODS.get(query.get("oauth_signature_method", ""))
        if digest is None:
            return why.WRONG_SIGN
        made = hmac.new(f"{self._secret}&".encode(), _base_string(asked).encode(), digest).digest()
        if not same(query["oauth_signature"], base64.b64encode(made).decode()):
            return why.WRONG_SIGN
        self.nonces.add(nonce)
        return ""


def _pair(asked: Asked) -> str:
    """Key and secret with a colon between, out of the header or of the query."""
    if IN_QUERY & asked.query.keys():
        return ":".join(asked.query.get(name, "") for name in sorted(IN_QUERY))
    kind, _, given = asked.headers.get("authorization", "").partition(" ")
    try:
        return base64.b64decode(given, validate=True).decode() if kind == "Basic" else ""
    except ValueError:
        return ""


def _base_string(asked: Asked) -> str:
    """Verb, address and the sorted parameters, each percent-encoded: RFC 5849, section 3.4.1."""
    pairs = sorted((_encoded(name), _encoded(value)) for name, value in asked.query.items() if
                   name != "oauth_signature")  # fmt: skip
    said = "&".join(f"{name}={value}" for name, value in pairs)
    return "&".join((asked.method, _encoded(asked.url.partition("?")[0]), _encoded(said)))


def _encoded(text: str) -> str:
    return quote(text, safe="-._~")
