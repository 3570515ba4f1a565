"""A login that gives no password, or none that can be one, is refused; it crashes nothing."""

from __future__ import annotations

import pytest

from orderloom.adapters.passwords import Passwords

RIGHT = Passwords().hash("对的密码")


@pytest.mark.parametrize("password", [None, "", "\ud800", "\0", "x" * 100_000])
def test_what_is_no_password_lets_nobody_in(password: str | None) -> None:
    assert not Passwords().verify(RIGHT, password)


@pytest.mark.parametrize("hashed", [None, "", "not a hash", "\ud800", "$argon2id$v=19$m=19456,t=2,p=1$x$y"])
def test_who_has_no_usable_hash_is_not_let_in(hashed: str | None) -> None:
    assert not Passwords().verify(hashed, "对的密码")


def test_the_right_one_is_let_in() -> None:
    assert Passwords().verify(RIGHT, "对的密码")
