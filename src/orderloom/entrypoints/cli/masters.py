"""`accounts master CODE [THING=WHO …]`: who decides what of an account."""

from __future__ import annotations

from typing import Annotated

import typer

from orderloom.application.keep_account import NoAccount
from orderloom.application.not_kept import NotKept
from orderloom.application.set_masters import Masters, set_masters
from orderloom.entrypoints.cli.attach import hub, run
from orderloom.entrypoints.cli.frame import unknown
from orderloom.entrypoints.cli.screen import Stop, screen

TITLES = {"stock": ("库存", "stock"), "shipping": ("发货回传", "shipping"), "receiver": ("收件信息", "receiver"),
          "refund": ("售后答复", "answers to applications")}
WHO = {"hub": ("织单", "the hub"), "channel": ("渠道", "the channel"), "system": ("其他系统", "another system")}


def master_command(
    code: Annotated[str, typer.Argument(metavar="CODE", help="账号代码，如 TB01 / the account's code")],
    given: Annotated[list[str] | None, typer.Argument(
        metavar="THING=WHO", help="如 stock=channel；不写就只看 / such as stock=channel; none: only show")] = None,
) -> None:
    """Show or set them."""
    pairs = dict(_pair(word) for word in given or [])
    found = run(lambda: _set(code.upper(), pairs))
    if screen.answer(found):
        return
    screen.table({"事项": "Thing", "由谁作主": "Master"},
                 [(_say(TITLES, thing), _say(WHO, master)) for thing, master in found.masters.items()])
    if found.ended:
        screen.say(f"{found.ended} 条待推送的库存不再发出。",
                   f"{found.ended} queued stock deliveries are not sent any more.")


def _say(words: dict[str, tuple[str, str]], name: str) -> str:
    zh, en = words[name]
    return en if screen.language == "en" else f"{zh}（{name}）"


def _pair(word: str) -> tuple[str, str]:
    thing, sign, master = word.partition("=")
    if not sign:
        raise Stop(f"“{word}”应写成 事项=谁，例如 stock=channel。",
                   f'"{word}" must be THING=WHO, such as stock=channel.', code=2)
    return thing.strip(), master.strip()


async def _set(code: str, given: dict[str, str]) -> Masters:
    async with hub() as opened:
        try:
            return await set_masters(opened.ports.accounts, code, given)
        except NoAccount as error:
            raise unknown("账号", "account", error.code, error.known) from error
        except NotKept as error:
            raise Stop(error.zh, error.en, code=2) from error
