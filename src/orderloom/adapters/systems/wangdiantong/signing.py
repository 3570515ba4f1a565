"""Wangdiantong's signature (旗舰版): MD5 over the secret, every parameter and the body, and the secret again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime

EPOCH_2012 = 1325347200
"""2012-01-01 00:00:00 +08:00 in Unix seconds: the platform counts from there."""


def sign(params: Mapping[str, str], body: str, secret: str) -> str:
    """Lower-case hex MD5 of secret + sorted(name + value, the body among them as `body`) + secret."""
    signed = {**params, "body": body}
    text = "".join(key + signed[key] for key in sorted(signed))
    return hashlib.md5(f"{secret}{text}{secret}".encode(), usedforsecurity=False).hexdigest()


def split_secret(app_secret: str) -> tuple[str, str]:
    """The platform hands out `secret:salt` as one word; answers (secret, salt)."""
    secret, _, salt = app_secret.partition(":")
    return secret, salt


def query(
    credentials: Mapping[str, str], method: str, body: str, at: datetime, pager: Mapping[str, str]
) -> dict[str, str]:
    """The signed query string of one call, `at` being the wall clock (the platform tolerates 120 seconds)."""
    secret, salt = split_secret(credentials["app_secret"])
    params = {
        "sid": credentials["sid"],
        "key": credentials["app_key"],
        "salt": salt,
        "method": method,
        "timestamp": str(int(at.timestamp()) - EPOCH_2012),
        "v": "1.0",
        **pager,
    }
    return {**params, "sign": sign(params, body, secret)}
