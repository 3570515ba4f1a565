"""Verifies an allocation voucher without the product: Python and `cryptography` alone, no code shared with it.

    python verify_voucher.py VOUCHER PUBLIC_KEY.pem

VOUCHER: a file with the compact form (three parts with dots) or the JSON form. Exit 0: it holds, and its claims are
printed; 1: it does not; 2: it could not be read. The format is described in docs/allocation-voucher.md.
"""

from __future__ import annotations

import base64
import json
import sys
import time
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

SKEW_SECONDS = 300


def decoded(part: str) -> bytes:
    """Base64 for URLs, without its padding."""
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def verified(text: str, key: Ed25519PublicKey, now: float) -> dict[str, Any]:
    """The claims of a voucher that holds. Raises ValueError with why it does not."""
    text = text.strip()
    if text.startswith("{"):
        told = json.loads(text)
        parts = [told["protected"], told["payload"], told["signature"]]
    else:
        parts = text.split(".")
    header, payload, signature = parts
    if (told := json.loads(decoded(header))).get("alg") != "EdDSA" or told.get("typ") != "orderloom-allocation+jws":
        raise ValueError("no allocation voucher")
    try:
        key.verify(decoded(signature), f"{header}.{payload}".encode())
    except InvalidSignature:
        raise ValueError("not genuine") from None
    claims: dict[str, Any] = json.loads(decoded(payload))
    if claims["v"] != 1 or not claims["iat"] - SKEW_SECONDS <= now < claims["exp"]:
        raise ValueError("over, or from the future, or of another version")
    return claims


def main(arguments: list[str]) -> int:
    """Verify one file."""
    try:
        text, pem = Path(arguments[0]).read_text("utf-8"), Path(arguments[1]).read_bytes()
        key = load_pem_public_key(pem)
        if not isinstance(key, Ed25519PublicKey):
            raise OSError("not an Ed25519 public key")
    except (IndexError, OSError, ValueError) as error:
        print(f"cannot be read: {error}\n{__doc__}", file=sys.stderr)
        return 2
    try:
        print(json.dumps(verified(text, key, time.time()), ensure_ascii=False, sort_keys=True))
    except (ValueError, KeyError, TypeError) as error:
        print(f"does not hold: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
