"""What is answered about users and tokens, by the API and the command line alike."""

from __future__ import annotations

from datetime import datetime

import msgspec


class OneTimePassword(msgspec.Struct, frozen=True):
    """The one-time password, shown this once; it must be replaced at the first login. None for who signs in elsewhere:
    it is empty."""

    name: str
    password: str


class UserState(msgspec.Struct, frozen=True):
    """Whether the user may log in."""

    name: str
    is_active: bool


class Limited(msgspec.Struct, frozen=True):
    """What a user is limited by now, by kind; "*" is every one."""

    name: str
    limits: dict[str, list[str]]


class Revoked(msgspec.Struct, frozen=True):
    """The token counts no more."""

    id: str


class TokenView(msgspec.Struct, frozen=True):
    """A token without its secret. `role`: it sees and may no more than this; `limits`: it sees these rows alone."""

    id: str
    name: str
    scopes: list[str]
    created_by: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    used_at: datetime | None
    role: str = ""
    limits: dict[str, list[str]] = {}


class UserView(msgspec.Struct, frozen=True):
    """A user without the password. `is_one_time`: the password must be replaced at the next login;
    `is_outside`: they sign in elsewhere and have none."""

    name: str
    role: str
    is_active: bool
    is_one_time: bool
    created_at: datetime
    logged_in_at: datetime | None
    has_second_factor: bool
    is_outside: bool
    limits: dict[str, list[str]]


class SessionView(msgspec.Struct, frozen=True):
    """A login that stands: from where it was made and what the program there calls itself. `is_this`: the asker's."""

    id: str
    address: str
    device: str
    since: datetime
    used_at: datetime | None
    expires_at: datetime
    is_this: bool = False


class SecondFactorState(msgspec.Struct, frozen=True):
    """Whether the user has a second factor."""

    name: str
    has_second_factor: bool
