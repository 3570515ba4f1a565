"""Logins, users and tokens, with no answer that tells who exists.

A token is `olt_<id>_<secret>`. Its secret is 256 random bits, so the store keeps the SHA-256 of it; a person's
password is kept as argon2id. Every request asks the store, so a revocation or a disabled user counts at once, in every
process.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from hmac import compare_digest

import msgspec

from orderloom.application.identity.caller import LOGIN as LOGIN
from orderloom.application.identity.caller import Caller as Caller
from orderloom.application.identity.caller import as_person, caller_of_token
from orderloom.application.identity.denied import Denied
from orderloom.application.identity.failures import Failures, source_of
from orderloom.application.identity.one_time import one_time_password
from orderloom.application.identity.roles import Roles
from orderloom.application.identity.second_factor import SecondFactors
from orderloom.application.identity.store import IdentityStore, Passwords, Token, User, Whence
from orderloom.application.identity.token_text import quick_hash, spelled, split

LOGIN_LASTS = timedelta(hours=12)
DEVICE_LASTS = timedelta(days=90)
"""How long after its login a device is known by it."""
USED_EVERY = timedelta(minutes=1)
HASHED_WAITING_MAX = 64
"""Passwords of strangers that may wait to be looked at."""
PASSWORD_CHARACTERS_MIN = 12
NOWHERE = Whence()
NO_LIMITS: Mapping[str, Sequence[str]] = {}
WRONG_LOGIN = "请核对用户名和密码 | check name and password"
WRONG_PASSWORD = "原密码不对 | the present password is wrong"


class Login(msgspec.Struct, frozen=True):
    """A fresh login's token. `must_change_password`: it may do nothing but POST /api/v1/password."""

    token: str
    expires_at: datetime
    scopes: list[str]
    must_change_password: bool


class NewToken(msgspec.Struct, frozen=True):
    """A token just made; its secret is shown this once."""

    id: str
    token: str
    scopes: list[str]
    expires_at: datetime | None


class Access:
    """Logins and tokens of this process."""

    def __init__(
        self, store: IdentityStore, passwords: Passwords, second: SecondFactors, must_have_second: frozenset[str],
        now: Callable[[], datetime], new_id: Callable[[], str], roles: Callable[[], Awaitable[Roles]],
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """`must_have_second`: roles that may do nothing before they have set up a second factor; `roles`: those of the
        blueprint that is in force now."""
        self._store, self._passwords, self._now, self._new_id, self._sleep = store, passwords, now, new_id, sleep
        self.second, self._must_have_second, self.roles = second, must_have_second, roles
        self._hashing = 0
        self.failures = Failures()

    async def caller(self, token: str) -> Caller:
        """Who presents this token. Raises Denied `wrong_token`."""
        kept = await self._presented(token)
        if kept is None or not kept.is_current:
            raise Denied("wrong_token", "令牌不对、过期或已吊销，请重新登录 | wrong, expired or revoked: log in again")
        is_short = not kept.has_second_factor and kept.role in self._must_have_second and kept.name == LOGIN
        caller = caller_of_token(kept, await self.roles())
        return msgspec.structs.replace(caller, lacks_second_factor=is_short and not kept.is_outside)

    async def in_role(self, who: Caller, role: str) -> Caller | None:
        """The caller as if they had this role, and saw all its rows; None when there is no such role."""
        found = (await self.roles()).get(role)
        return None if found is None else msgspec.structs.replace(
            who, scopes=found.scopes, roles=frozenset({role}), hides=found.hides, needs_limits=(), limits={})

    async def login(
        self, name: str, password: str, address: str, device: str = "", agent: str = "", code: str = ""
    ) -> Login:
        """A token for a user. Takes as long, and says the same, for an unknown name as for a wrong password.

        `device`: an earlier login's token of the same user, expired or not; what strangers fail does not count against
        it. `agent`: what the program calls itself; `code`: of the user's second factor. Raises Denied.
        """
        user, source = await self._checked(name, password, address, device, WRONG_LOGIN)
        await self._proved(user.name, code, source, WRONG_LOGIN)
        self.failures.succeeded(name, source)
        scopes = () if user.is_one_time else await self._may(user.role)
        return await self._logged_in(user, scopes, Whence(address, agent))

    async def let_in(self, user: User, whence: Whence) -> Login:
        """A login for a user whom another system vouches for."""
        return await self._logged_in(user, await self._may(user.role), whence)

    async def change_password(
        self, caller: Caller, old: str, new: str, address: str, device: str, agent: str = ""
    ) -> Login:
        """Replace the caller's password; every other login of theirs ends. Raises Denied."""
        user, source = await self._checked(caller.user, old, address, device, WRONG_PASSWORD)
        self.failures.succeeded(caller.user, source)
        if len(new) < PASSWORD_CHARACTERS_MIN or new == old:
            raise Denied("wrong_value", f"new: 至少 {PASSWORD_CHARACTERS_MIN} 个字符且与原密码不同 | "
                                        f"at least {PASSWORD_CHARACTERS_MIN} characters, other than before")
        await self._store.set_password(user.name, await self._hash(new), False, self._now())
        user = msgspec.structs.replace(user, is_one_time=False)
        return await self._logged_in(user, await self._may(user.role), Whence(address, agent))

    async def prove(self, caller: Caller, password: str, address: str, device: str) -> None:
        """Let the caller show that they know their password still. Raises Denied."""
        _, source = await self._checked(caller.user, password, address, device, WRONG_PASSWORD)
        self.failures.succeeded(caller.user, source)

    async def as_now(self, caller: Caller) -> Caller | None:
        """The caller of before with the rights they have now; None when they have none any more."""
        roles = await self.roles()
        if caller.user:
            user = await self._store.user(caller.user)
            role = roles.get(user.role) if user is not None and user.is_active else None
            return as_person(caller, role, user.limits) if user is not None and role is not None else None
        if not caller.token_id:
            return caller
        kept = await self._store.token(caller.token_id, self._now())
        return caller_of_token(kept, roles) if kept is not None and kept.is_current else None

    async def make_token(
        self, name: str, scopes: tuple[str, ...], by: str, lasts: timedelta | None = None, whence: Whence = NOWHERE, *,
        role: str = "", limits: Mapping[str, Sequence[str]] = NO_LIMITS,
    ) -> NewToken:
        """A new token; `lasts` None: until it is revoked. `role`: it may and sees no more than this one."""
        token_id, secret = self._new_id(), secrets.token_urlsafe(32)
        at = self._now()
        until = None if lasts is None else at + lasts
        await self._store.add_token(token_id, name, quick_hash(secret), scopes, by, at, until, whence, role, limits)
        return NewToken(token_id, spelled(token_id, secret), list(scopes), until)

    async def revoke(self, token_id: str) -> bool:
        """End a token; False when there is none that stands."""
        return await self._store.revoke(token_id, self._now())

    async def end(self, token: str) -> None:
        """End the login that this text opens; nothing happens when it opens none."""
        kept = await self._presented(token) if token else None
        if kept is not None and kept.name == LOGIN:
            await self._store.revoke(kept.id, self._now())

    async def add_user(self, name: str, role: str) -> str | None:
        """Create a user; returns the one-time password, None when the name is taken."""
        password = one_time_password()
        return password if await self._store.add_user(name, role, await self._hash(password)) else None

    async def reset_password(self, name: str) -> str | None:
        """A new one-time password; every login of the user ends. None when there is no such user. Raises Denied."""
        user = await self._store.user(name)
        if user is not None and not user.password_hash:
            raise Denied("signs_in_elsewhere", "此用户从单点登录进入，没有本地密码 | they have no password here")
        password = one_time_password()
        done = await self._store.set_password(name, await self._hash(password), True, self._now())
        return password if done else None

    async def disable(self, name: str) -> str:
        """Disable a user; their logins and tokens end now: `done`, `last_administrator` or `unknown`."""
        return await self._store.disable(name, self._now())

    async def enable(self, name: str) -> bool:
        """Let a user in again, with the password as before; False when there is no such user."""
        return await self._store.enable(name)

    async def unmasked(self, by: str, subject: str, reason: str) -> None:
        """Write down that somebody saw personal data. `subject` is the order's id, or the message's."""
        await self._store.unmasked(self._new_id(), subject, by, reason, self._now())

    async def _presented(self, token: str) -> Token | None:
        """The stored token that this text opens; it may have expired."""
        token_id, secret = split(token)
        kept = None if token_id is None else await self._store.token(token_id, self._now())
        if kept is None:
            return None
        quick = quick_hash(secret)
        if not compare_digest(quick, kept.secret_hash) and not await self._verify_old(kept.secret_hash, secret):
            return None
        if kept.secret_hash != quick or kept.used_at is None or self._now() - kept.used_at > USED_EVERY:
            await self._store.token_used(kept.id, quick, self._now())
        return kept

    async def _checked(self, name: str, password: str, address: str, device: str, wrong: str) -> tuple[User, str]:
        """The user with this password and the source that told it. Raises Denied."""
        known = await self._presented(device) if device else None
        is_device = (
            known is not None and known.name == LOGIN and known.created_by == name
            and self._now() - known.created_at < DEVICE_LASTS
        )
        source = f"device:{known.id}" if known is not None and is_device else source_of(address)
        if wait := self.failures.begin(name, source, is_device=is_device):
            try:
                await self._sleep(wait)
            finally:
                self.failures.waited(name, source)
        user = await self._store.user(name)
        hashed = (user.password_hash if user else "") or self._passwords.nobody
        try:
            is_right = await self._verify(hashed, password, is_device)
        except Denied:
            self.failures.forgive(name, source)
            raise
        if user is None or not is_right or not user.is_active:
            raise Denied("wrong_login", wrong)
        return user, source

    async def _proved(self, name: str, code: str, source: str, wrong: str) -> None:
        """Ask for the second factor of who has one; the password was right. Raises Denied."""
        if not await self.second.is_on(name):
            return
        if not code:
            self.failures.forgive(name, source)
            raise Denied("code_needed", "请输入验证器应用里的 6 位数字，或一个恢复码 | "
                                        "give the six digits of your app, or a recovery code")
        self.failures.begin_code(name)
        if not await self.second.counts(name, code):
            raise Denied("wrong_login", wrong)
        self.failures.right_code(name)

    async def _logged_in(self, user: User, scopes: tuple[str, ...], whence: Whence) -> Login:
        made = await self.make_token(LOGIN, scopes, user.name, LOGIN_LASTS, whence)
        assert made.expires_at is not None
        return Login(made.token, made.expires_at, made.scopes, user.is_one_time)

    async def _may(self, role: str) -> tuple[str, ...]:
        """What a login of the role is told that it may; what it may is asked of the role at every call."""
        found = (await self.roles()).get(role)
        return found.may if found else ()

    async def _hash(self, password: str) -> str:
        async with self._passwords.turns:
            return await asyncio.to_thread(self._passwords.hash, password)

    async def _verify_old(self, hashed: str, secret: str) -> bool:
        """Whether a token from before, kept as a password is, has this secret."""
        return not hashed.startswith("sha256:") and await self._verify(hashed, secret, False)

    async def _verify(self, hashed: str, password: str, is_known: bool) -> bool:
        """Whether the password is the hashed one. Raises Denied `busy` when too many strangers ask at once."""
        if self._hashing >= HASHED_WAITING_MAX and not is_known:
            raise Denied("busy", "同时登录的人太多 | too many are logging in at once", retry_after=2)
        self._hashing += 1
        try:
            async with self._passwords.turns:
                return await asyncio.to_thread(self._passwords.verify, hashed, password)
        finally:
            self._hashing -= 1
