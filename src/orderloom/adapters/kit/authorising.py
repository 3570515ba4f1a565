"""Has a person authorise an account (OAuth 2.0): where they are sent, and what becomes of what they bring back."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

import httpx2

from orderloom.adapters.kit.casts import written_time
from orderloom.adapters.kit.paths import text
from orderloom.adapters.kit.plan import ConnectorPlan
from orderloom.adapters.kit.platform import Platform, scope_of
from orderloom.adapters.kit.schema import AuthoriseBlock
from orderloom.application.ports import Account, Granted, Terminal


def address(plan: ConnectorPlan, account: Account, state: str, redirect: str) -> str:
    """Where the person is sent, signed where the platform wants that."""
    said = plan.said.authorise
    assert said is not None and plan.authorise is not None
    names = {"state": state, "redirect": _callback(said, redirect, state)}
    scope = scope_of(plan, account, account.credentials, names)
    url, section = text(plan.authorise.url(scope)), plan.authorise.section
    if section is not None:
        scope = scope.also(now=written_time(scope.at, section.said.now.as_, scope.zone, section.said.now.minus))
    query = {name: text(value) for name, value in plan.authorise.query(scope).items()}
    if section is not None and section.signer is not None:
        path = httpx2.URL(url).path if "://" in url else url
        signing = scope.also(path=path, params_said=query, query_said=query)
        recipe = section.signer(signing.get)
        query[recipe.into.get("query", "sign")] = recipe.sign(signing.get)
    base = url if "://" in url else account.base_url.rstrip("/") + url
    return f"{base}{'&' if '?' in base else '?'}{urlencode(query)}"


async def exchange(platform: Platform, params: Mapping[str, str], redirect: str) -> Granted:
    """Tokens for what the platform added to the callback address. Raises Transient or Terminal."""
    plan, account = platform.plan, platform.account
    said, renewal = plan.said.authorise, plan.exchange
    assert said is not None and renewal is not None
    _must_be_proven(plan, account, params)
    code = params.get(said.code, "")
    if not code:
        raise Terminal("not_authorised", "平台没有给授权码 / the platform gave no code")
    for name, parameter in said.keep.items():
        own = account.credentials.get(name) or text(account.settings.get(name))
        if own and params.get(parameter) and params[parameter] != own:
            raise Terminal("other_shop", f"授权的是另一个店铺 / another shop was authorised: {parameter}")
    kept = {name: params[parameter] for name, parameter in said.keep.items() if params.get(parameter)}
    names = {"code": code, "redirect": _callback(said, redirect, params.get("state", "")), "params": dict(params)}
    granted = await platform.grant(renewal, names, {**account.credentials, **kept})
    return Granted({**kept, **granted.values}, granted.expires, granted.lasts)


def _must_be_proven(plan: ConnectorPlan, account: Account, params: Mapping[str, str]) -> None:
    """Raise Terminal when the platform signs what a browser brings back and this is not signed by it."""
    said, how = plan.said.authorise, plan.authorise
    if said is None or said.proof is None or how is None or how.proof is None:
        return
    scope = scope_of(plan, account, account.credentials, {})
    signed = {name: value for name, value in params.items() if name != said.proof.found}
    names = scope.also(params_said=signed, query_said=signed)
    if not how.proof(names.get).fits(names.get, params.get(said.proof.found, "")):
        raise Terminal("signature", "回调的签名不对，可能不是平台发来的 / "
                       "what came back is not signed by the platform")


def _callback(said: AuthoriseBlock, redirect: str, state: str) -> str:
    """Where the person comes back: a platform that is given no state hands none back, so the address holds it."""
    return redirect if "$state" in said.query.values() else f"{redirect}/{state}"
