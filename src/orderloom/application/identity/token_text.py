"""How a token is spelled, `olt_<id>_<secret>`, and what is kept of it."""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID


def spelled(token_id: str, secret: str) -> str:
    """The token as its owner gets it."""
    return f"olt_{UUID(token_id).hex}_{secret}"


def quick_hash(secret: str) -> str:
    """What the store keeps of a secret of 256 random bits."""
    return "sha256:" + sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def split(token: str) -> tuple[str | None, str]:
    """The id and the secret that a text names; no id when it is no token."""
    parts = token.split("_", 2)
    if len(parts) != 3 or parts[0] != "olt":
        return None, token
    try:
        return str(UUID(hex=parts[1])), parts[2]
    except ValueError:
        return None, parts[2]
