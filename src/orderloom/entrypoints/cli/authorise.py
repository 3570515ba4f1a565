"""`accounts authorise CODE`: where a person authorises the account; with `--answer`, what the platform said to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import parse_qsl, urlsplit

import typer

from orderloom.application.authorise import (
    PATH,
    AuthorisationBegun,
    Authorised,
    Beginner,
    begin_authorisation,
    finish_authorisation,
)
from orderloom.application.keep_account import NoAccount
from orderloom.entrypoints.cli.attach import actor, hub, run
from orderloom.entrypoints.cli.frame import unknown
from orderloom.entrypoints.cli.screen import Stop, screen

Code = Annotated[str, typer.Argument(metavar="CODE", help="账号代码，如 TB01 / the account's code")]
Answer = Annotated[str, typer.Option("--answer", metavar="ADDRESS", help="浏览器最后停在的地址（本机打不开时粘贴）"
                                     " / the address where the browser ended, when it could not be opened")]


def authorise_command(code: Code, answer: Answer = "") -> None:
    """Print where to authorise it; or finish by hand, where the platform cannot send the browser back to the hub."""
    if answer:
        params = answer_of(answer)
        _tell(run(lambda: _finish(code.upper(), params)))
        return
    begun = run(lambda: _begin(code.upper()))
    if not screen.answer(begun):
        screen.say(f"请在 10 分钟内用浏览器打开并同意：\n{begun.url}\n"
                   f"平台后台登记的回调地址应为：{begun.callback}\n"
                   f"若最后一页打不开，把它的地址粘贴给：orderloom accounts authorise {begun.account} --answer '地址'",
                   f"Open this in a browser within ten minutes and agree:\n{begun.url}\n"
                   f"The callback address registered at the platform must be: {begun.callback}\n"
                   "If the last page cannot be opened, give its address to: "
                   f"orderloom accounts authorise {begun.account} --answer 'ADDRESS'")


def answer_of(address: str) -> Mapping[str, str]:
    """What a platform added to the callback address, the state in its path among it. Raises Stop."""
    parts = urlsplit(address.strip())
    params = dict(parse_qsl(parts.query))
    if (state := parts.path.partition(PATH + "/")[2]) and "/" not in state:
        params["state"] = state
    if not params.get("state"):
        raise Stop("这不是授权后浏览器停在的地址：里面没有 state。请完整粘贴。",
                   "This is not the address where the browser ended: there is no state in it. Paste the whole of it.",
                   code=2)
    return params


async def _begin(code: str) -> AuthorisationBegun:
    async with hub() as opened:
        try:
            return await begin_authorisation(opened, code, Beginner(actor()), opened.settings.address)
        except NoAccount as error:
            raise unknown("账号", "account", error.code, error.known) from error


async def _finish(code: str, params: Mapping[str, str]) -> Authorised:
    async with hub() as opened:
        return await finish_authorisation(opened, params, code=code, actor=actor())


def _tell(done: Authorised) -> None:
    if screen.answer(done):
        return
    screen.say(f"✓ 账号 {done.account} 已授权。", f"✓ Account {done.account} is authorised.", style="green")
    if not done.is_well:
        text = screen.one_of(done.message)
        screen.note(f"测试未通过：{text}", f"Its test failed: {text}", style="yellow")
