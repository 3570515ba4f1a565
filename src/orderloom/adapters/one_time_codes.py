"""Codes of authenticator apps (TOTP, RFC 6238: SHA-1, six digits, thirty seconds) and the picture that an app scans."""

from __future__ import annotations

from datetime import datetime
from hmac import compare_digest

import pyotp
import segno

SECONDS_A_STEP = 30
DRIFT_STEPS = 1
"""A clock may be so many steps away."""
ISSUER = "Orderloom"


class OneTimeCodes:
    """See `application.identity.second_factor.OneTimeCodes`."""

    def new_secret(self) -> str:
        """160 random bits in Base32."""
        return pyotp.random_base32()

    def step(self, secret: str, code: str, at: datetime) -> int | None:
        """The step whose code this is, the nearest ones looked at; None when it is none's."""
        now, totp = int(at.timestamp()) // SECONDS_A_STEP, pyotp.TOTP(secret)
        found = [
            step for step in range(now - DRIFT_STEPS, now + DRIFT_STEPS + 1)
            if compare_digest(totp.generate_otp(step).encode(), code.encode())
        ]
        return found[-1] if found else None

    def address(self, secret: str, name: str) -> str:
        """What an app reads to know the secret, and for whom it is."""
        return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)

    def picture(self, address: str) -> list[str]:
        """The rows of a QR code: 1 is dark, 0 is light."""
        return ["".join(str(int(bool(cell))) for cell in row) for row in segno.make_qr(address, error="m").matrix]
