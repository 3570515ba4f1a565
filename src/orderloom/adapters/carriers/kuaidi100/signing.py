"""Kuaidi100's signatures: upper-case MD5 over the exact `param` text and the secrets that go with each product."""

from __future__ import annotations

import hashlib


def md5_upper(text: str) -> str:
    """Upper-case hex MD5 of the text in UTF-8."""
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest().upper()


def query_sign(param: str, key: str, customer: str) -> str:
    """Signature of a live query: param + key + customer."""
    return md5_upper(param + key + customer)


def push_sign(param: str, salt: str) -> str:
    """Signature that comes with a push: param + the salt given when subscribing."""
    return md5_upper(param + salt)
