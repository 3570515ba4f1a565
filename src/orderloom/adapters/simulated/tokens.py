"""How a platform issues tokens: by code, refresh, the app's own credentials or a login; each dies by its clock."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from orderloom.adapters.simulated.clock import Now

FOREVER = 10 * 365 * 86_400


class NotGranted(Exception):
    """No token for this: `reason` is `unknown`, `used`, `expired` or `early` (may not be refreshed yet)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(slots=True)
class Grant:
    """An access token, the refresh token beside it, and when each ends. `subject` is the shop or seller."""

    access: str
    refresh: str
    subject: str
    access_until: datetime
    refresh_until: datetime
    is_used: bool = False

    def lives(self, now: datetime) -> tuple[int, int]:
        """Seconds that access and refresh token still live."""
        ends = self.access_until, self.refresh_until
        access, refresh = (round((until - now).total_seconds()) for until in ends)
        return access, refresh


class Tokens:
    """All tokens of one simulator. `renewals` counts refreshes that were granted, `refused` says why others were not.

    `is_single_use`: a refresh token works once; `revokes_on_reuse`: its second use ends every token of its subject.
    `grace_seconds`: how long the access token before stays good after a newer one was given (None: to its own end).
    `refresh_opens_seconds`: a refresh is taken only so long before the refresh token's end.
    """

    def __init__(
        self, now: Now, access_seconds: float, refresh_seconds: float = FOREVER, *, is_single_use: bool = False,
        revokes_on_reuse: bool = False, grace_seconds: float | None = None, refresh_opens_seconds: float | None = None,
    ) -> None:  # fmt: skip
        self._now, self.access_seconds, self.refresh_seconds = now, access_seconds, refresh_seconds
        self.is_single_use, self.revokes_on_reuse, self.grace_seconds = is_single_use, revokes_on_reuse, grace_seconds
        self.refresh_opens_seconds = refresh_opens_seconds
        self.prefix = "t-"
        self.renewals = 0
        self._grants: list[Grant] = []
        self._codes: dict[str, tuple[str, datetime]] = {}

    def know(self, access: str, refresh: str = "", subject: str = "") -> Grant:
        """Tokens that were issued before the simulator began: the ones of the account's credentials."""
        return self._keep(access, refresh, subject)

    def consent(self, subject: str = "", seconds: float = 600) -> str:
        """The seller agreed: the code that the browser brings back."""
        code = f"code-{secrets.token_hex(12)}"
        self._codes[code] = (subject, self._now() + timedelta(seconds=seconds))
        return code

    def by_code(self, code: str) -> Grant:
        """Exchange a code, once. Raises NotGranted."""
        subject, until = self._codes.pop(code, ("", None))
        if until is None:
            raise NotGranted("unknown")
        if until <= self._now():
            raise NotGranted("expired")
        return self._issue(subject)

    def refresh(self, refresh: str) -> Grant:
        """Exchange a refresh token. Raises NotGranted."""
        now = self._now()
        grant = next((one for one in self._grants if refresh and secrets.compare_digest(
            one.refresh.encode(), refresh.encode())), None)  # fmt: skip
        if grant is None:
            raise NotGranted("unknown")
        if grant.is_used and self.is_single_use:
            if self.revokes_on_reuse:
                self.revoke(grant.subject)
            raise NotGranted("used")
        if grant.refresh_until <= now:
            raise NotGranted("expired")
        opens = self.refresh_opens_seconds
        if opens is not None and grant.refresh_until - now > timedelta(seconds=opens):
            raise NotGranted("early")
        grant.is_used = True
        self.renewals += 1
        return self._issue(grant.subject, "" if self.is_single_use else grant.refresh)

    def by_app(self, subject: str = "") -> Grant:
        """A token for the app's own credentials; the one before ends (after the grace)."""
        self.renewals += 1
        return self._issue(subject)

    def login(self, subject: str = "") -> str:
        """A session's id."""
        return self._issue(subject).access

    def holder(self, access: str) -> Grant | None:
        """The grant of an access token that is alive."""
        now = self._now()
        return next((one for one in self._grants if one.access == access and one.access_until > now), None)

    def was_known(self, access: str) -> bool:
        """Whether it was ever issued: an expired token, not a wrong one."""
        return any(one.access == access for one in self._grants)

    def expire_all(self) -> None:
        """Every access token ends now, as if its time had passed: the refresh token beside it may be exchanged."""
        now = self._now()
        for grant in self._grants:
            grant.access_until = min(grant.access_until, now)
            if self.refresh_opens_seconds is not None:
                opened = now + timedelta(seconds=self.refresh_opens_seconds)
                grant.refresh_until = min(grant.refresh_until, opened)

    def revoke(self, subject: str = "") -> None:
        """The seller or the platform takes every token of a subject back."""
        for grant in self._grants:
            if grant.subject == subject:
                grant.access_until = grant.refresh_until = self._now()

    def _issue(self, subject: str, refresh: str = "") -> Grant:
        if self.grace_seconds is not None:
            last = self._now() + timedelta(seconds=self.grace_seconds)
            for grant in self._grants:
                if grant.subject == subject:
                    grant.access_until = min(grant.access_until, last)
        made = secrets.token_hex(16)
        return self._keep(f"{self.prefix}{made}", refresh or f"{self.prefix}r-{made}", subject)

    def _keep(self, access: str, refresh: str, subject: str) -> Grant:
        now = self._now()
        grant = Grant(access, refresh, subject, now + timedelta(seconds=self.access_seconds),
                      now + timedelta(seconds=self.refresh_seconds))  # fmt: skip
        self._grants.append(grant)
        return grant
