"""The signature of a Taobao Open Platform call: `md5`, `hmac` and `hmac-sha256`."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping

METHODS = ("md5", "hmac", "hmac-sha256")


def sign(parameters: Mapping[str, str], secret: str, method: str) -> str:
    """Sign the parameters of a call (all but `sign`), as upper-case hex.

    Names are sorted in ASCII order and joined with their raw values (TOP document 101617). Raises ValueError for a
    method that the platform does not know.
    """
    text = "".join(f"{name}{parameters[name]}" for name in sorted(parameters) if name and name != "sign")
    if method == "md5":
        return hashlib.md5(f"{secret}{text}{secret}".encode(), usedforsecurity=False).hexdigest().upper()
    if method not in METHODS:
        raise ValueError(f"sign_method is one of {', '.join(METHODS)}, not {method!r}")
    digest = "md5" if method == "hmac" else "sha256"
    return hmac.new(secret.encode(), text.encode(), digest).hexdigest().upper()
