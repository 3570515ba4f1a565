"""What an installation may set about signing in elsewhere (OpenID Connect)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

NAMES: Mapping[str, str] = {
    "ORDERLOOM_OIDC_ISSUER": "the OpenID provider at which people sign in, such as https://login.example.com/realms/oms",
    "ORDERLOOM_OIDC_CLIENT_ID": "as what the hub is registered there; redirect address: <public address>/oidc/callback",
    "ORDERLOOM_OIDC_CLIENT_SECRET": "the secret of that registration; empty for a public client",
    "ORDERLOOM_OIDC_TITLE": "what the provider is called on the sign-in page; default: its host",
    "ORDERLOOM_OIDC_USER_CLAIM": "the claim that holds the user's name here; default preferred_username",
    "ORDERLOOM_OIDC_ROLE_CLAIM": "the claim that holds groups or roles there; empty: roles are given here",
    "ORDERLOOM_OIDC_ROLES": "what they mean here, the first that fits counts: oms-admins=administrator,care=service",
    "ORDERLOOM_OIDC_CREATE": "on: whoever the provider lets in and has a role becomes a user; default off",
}


class Unusable(ValueError):
    """A setting of single sign-on cannot be used: its name, and why in both languages."""

    def __init__(self, name: str, value: str, zh: str, en: str) -> None:
        super().__init__(name)
        self.name, self.value, self.zh, self.en = name, value, zh, en


@dataclass(frozen=True, slots=True)
class OidcSettings:
    """One provider. `secret` is left out of the representation; `roles` in the order in which they count."""

    issuer: str
    client_id: str
    secret: str = field(default="", repr=False)
    title: str = ""
    user_claim: str = "preferred_username"
    role_claim: str = ""
    roles: tuple[tuple[str, str], ...] = ()
    may_create: bool = False


def read_oidc(words: Mapping[str, str]) -> OidcSettings | None:
    """The provider that is set, None when there is none. Raises Unusable."""
    issuer, client_id = words["ORDERLOOM_OIDC_ISSUER"], words["ORDERLOOM_OIDC_CLIENT_ID"]
    if not issuer and not client_id:
        return None
    if not client_id:
        raise Unusable("ORDERLOOM_OIDC_CLIENT_ID", "", "设了 ORDERLOOM_OIDC_ISSUER 就必须填。",
                       "is needed with ORDERLOOM_OIDC_ISSUER.")
    roles = _roles(words["ORDERLOOM_OIDC_ROLES"])
    role_claim = words["ORDERLOOM_OIDC_ROLE_CLAIM"]
    if bool(roles) != bool(role_claim):
        raise Unusable("ORDERLOOM_OIDC_ROLES", words["ORDERLOOM_OIDC_ROLES"],
                       "须与 ORDERLOOM_OIDC_ROLE_CLAIM 一起设置。", "goes together with ORDERLOOM_OIDC_ROLE_CLAIM.")
    create = words["ORDERLOOM_OIDC_CREATE"].lower()
    if create not in ("", "on", "off"):
        raise Unusable("ORDERLOOM_OIDC_CREATE", create, "只能是 on 或 off。", "must be on or off.")
    if create == "on" and not roles:
        raise Unusable("ORDERLOOM_OIDC_CREATE", create, "为 on 时须设 ORDERLOOM_OIDC_ROLES，否则不知道新用户的角色。",
                       "needs ORDERLOOM_OIDC_ROLES: nothing else says what role a new user has.")
    return OidcSettings(
        issuer=_issuer(issuer), client_id=client_id, secret=words["ORDERLOOM_OIDC_CLIENT_SECRET"],
        title=words["ORDERLOOM_OIDC_TITLE"] or (urlsplit(issuer).hostname or ""),
        user_claim=words["ORDERLOOM_OIDC_USER_CLAIM"] or "preferred_username", role_claim=role_claim, roles=roles,
        may_create=create == "on",
    )


def _issuer(word: str) -> str:
    """An issuer is an https address; http on this machine alone, for tests and trials."""
    parts = urlsplit(word)
    is_near = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if (parts.scheme != "https" and not (parts.scheme == "http" and is_near)) or not parts.hostname or parts.query:
        raise Unusable("ORDERLOOM_OIDC_ISSUER", word, "应是 https 地址，不带问号，例如 https://login.example.com。",
                       "is an https address without a query, such as https://login.example.com.")
    return word


def _roles(word: str) -> tuple[tuple[str, str], ...]:
    pairs = [part.strip().rpartition("=") for part in word.split(",") if part.strip()]
    if any(not theirs.strip() or not ours.strip() for theirs, _, ours in pairs):
        raise Unusable("ORDERLOOM_OIDC_ROLES", word, "写法：对方的组=本系统的角色，用逗号分隔。",
                       "is written as group=role, separated by commas.")
    return tuple((theirs.strip(), ours.strip()) for theirs, _, ours in pairs)
