"""An OpenID provider as a relying party meets it: discovery, authorisation code with PKCE, the ID token and its keys.

Authlib makes the addresses, speaks to the token endpoint and judges the claims; joserfc opens the signature.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx2
import msgspec
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oidc.core import CodeIDToken
from authlib.oidc.discovery import get_well_known_url
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from orderloom.application.identity.elsewhere import Flow, NotVouched, ProviderAway
from orderloom.sign_in_settings import OidcSettings

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
"""Signatures that prove the provider; none that the client's secret could make, and never `none`."""
SCOPE = "openid profile email"
ANSWER_BYTES_MAX = 1 << 20
SECONDS_MAX = 10.0
LEEWAY_SECONDS = 60
KNOWN_FOR = timedelta(hours=1)
ASKED_AGAIN_AFTER = timedelta(minutes=1)
"""A key that is not known makes the provider's keys be read again, so often at most."""


class OpenIdProvider:
    """See `application.identity.elsewhere.Provider`."""

    def __init__(self, settings: OidcSettings, now: Callable[[], datetime]) -> None:
        self._settings, self._now = settings, now
        self._metadata: dict[str, Any] = {}
        self._keys: dict[str, Any] = {}
        self._read_at = self._keys_at = datetime.min.replace(tzinfo=now().tzinfo)

    async def send_away(self, back: str) -> tuple[str, Flow]:
        """Where the browser goes, and what has to be kept until it comes back to the address `back`."""
        try:
            async with self._client(back) as client:
                known = await self._known(client)
                flow = Flow(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48))
                address, _ = client.create_authorization_url(
                    known["authorization_endpoint"], state=flow.state, nonce=flow.nonce,
                    code_verifier=flow.verifier)
                return str(address), flow
        except (httpx2.HTTPError, httpx2.InvalidURL, msgspec.DecodeError, KeyError, TypeError) as error:
            raise ProviderAway(type(error).__name__) from error

    async def claims(self, flow: Flow, back: str, told: Mapping[str, str]) -> dict[str, Any]:
        """What the provider vouches for of who came back with these parameters. Raises NotVouched, ProviderAway."""
        if not hmac.compare_digest(told.get("state", "").encode(), flow.state.encode()):
            raise NotVouched("state")
        if told.get("iss", self._settings.issuer) != self._settings.issuer:
            raise NotVouched("iss")
        if "code" not in told:
            raise NotVouched("no code")
        try:
            async with self._client(back) as client:
                return await self._vouched(client, flow, told["code"])
        except httpx2.HTTPError as error:
            raise ProviderAway(type(error).__name__) from error
        except (AuthlibBaseError, JoseError, msgspec.DecodeError, ValueError, KeyError, TypeError) as error:
            raise NotVouched(type(error).__name__) from error

    async def _vouched(self, client: Any, flow: Flow, code: str) -> dict[str, Any]:
        known = await self._known(client)
        token = await client.fetch_token(
            known["token_endpoint"], grant_type="authorization_code", code=code, code_verifier=flow.verifier)
        claims = await self._opened(client, token["id_token"], flow.nonce, token.get("access_token", ""))
        if self._lacks(claims) and "userinfo_endpoint" in known:
            more = await self._read(client, known["userinfo_endpoint"], f"Bearer {token['access_token']}")
            if more.get("sub") != claims["sub"]:
                raise NotVouched("sub of userinfo")
            claims = {**more, **claims}
        return claims

    async def _opened(self, client: Any, token: str, nonce: str, access_token: str) -> dict[str, Any]:
        """The claims of an ID token, after everything about it was judged."""
        try:
            found = jwt.decode(token, await self._key_set(client, is_anew=False), algorithms=ALGORITHMS)
        except (JoseError, ValueError):
            found = jwt.decode(token, await self._key_set(client, is_anew=True), algorithms=ALGORITHMS)
        claims = CodeIDToken(
            found.claims, found.header,
            {"iss": {"essential": True, "value": self._settings.issuer},
             "aud": {"essential": True, "value": self._settings.client_id}},
            {"nonce": nonce, "client_id": self._settings.client_id, "access_token": access_token})
        claims.validate(now=int(self._now().timestamp()), leeway=LEEWAY_SECONDS)
        if not isinstance(claims["sub"], str) or not claims["sub"]:
            raise NotVouched("sub")
        return dict(claims)

    def _lacks(self, claims: Mapping[str, Any]) -> bool:
        wanted = [self._settings.user_claim, *([self._settings.role_claim] if self._settings.role_claim else [])]
        return any(name.partition(".")[0] not in claims for name in wanted)

    async def _known(self, client: Any) -> dict[str, Any]:
        """What the provider says of itself, read once an hour."""
        if not self._metadata or self._now() - self._read_at > KNOWN_FOR:
            found = await self._read(client, get_well_known_url(self._settings.issuer, external=True))
            if found.get("issuer") != self._settings.issuer:
                raise TypeError("it calls itself another issuer")
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                self._refuse_clear(found[name])
            self._metadata, self._read_at = found, self._now()
        methods = self._metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        basic = "client_secret_basic" if "client_secret_basic" in methods else "client_secret_post"
        client.token_endpoint_auth_method = basic if self._settings.secret else "none"
        return self._metadata

    async def _key_set(self, client: Any, *, is_anew: bool) -> KeySet:
        if not self._keys or (is_anew and self._now() - self._keys_at > ASKED_AGAIN_AFTER):
            self._keys, self._keys_at = await self._read(client, self._metadata["jwks_uri"]), self._now()
        return KeySet.import_key_set(self._keys)  # type: ignore[arg-type]

    async def _read(self, client: Any, address: str, authorization: str = "") -> dict[str, Any]:
        """A JSON object from the provider, of a bounded size."""
        headers = {"Authorization": authorization} if authorization else {}
        body = bytearray()
        async with client.stream("GET", address, withhold_token=True, headers=headers) as answer:
            answer.raise_for_status()
            async for part in answer.aiter_bytes():
                body += part
                if len(body) > ANSWER_BYTES_MAX:
                    raise TypeError("the answer is too large")
        return msgspec.json.decode(bytes(body), type=dict[str, Any])

    def _refuse_clear(self, address: str) -> None:
        """Nothing that matters goes over the network in clear, unless the issuer itself is on this machine."""
        if urlsplit(address).scheme != "https" and urlsplit(self._settings.issuer).scheme == "https":
            raise TypeError("an address of it is not https")

    def _client(self, back: str) -> Any:
        return AsyncOAuth2Client(
            client_id=self._settings.client_id, client_secret=self._settings.secret or None, scope=SCOPE,
            redirect_uri=back, code_challenge_method="S256", timeout=SECONDS_MAX, follow_redirects=False,
            trust_env=False)
