"""What is answered about users and tokens, by the API and the command line alike."""

from __future__ import annotations

import msgspec


class OneTimePassword(msgspec.Struct, frozen=True):
    """The one-time password, shown this once; it must be replaced at the first login."""

    name: str
    password: str


class UserState(msgspec.Struct, frozen=True):
    """Whether the user may log in."""

    name: str
    is_active: bool


class Revoked(msgspec.Struct, frozen=True):
    """The token counts no more."""

    id: str
