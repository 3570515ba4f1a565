"""`accounts try-version CODE VERSION`: yesterday's orders by another version of the platform's API, compared."""

from __future__ import annotations

from typing import Annotated

import typer

from orderloom.application.not_kept import NotKept
from orderloom.application.ports import Trouble
from orderloom.application.try_version import VersionTrial, try_version
from orderloom.entrypoints.cli.attach import hub, run
from orderloom.entrypoints.cli.screen import Stop, screen


def try_version_command(
    code: Annotated[str, typer.Argument(metavar="CODE", help="账号代码，如 AM01 / the account's code")],
    version: Annotated[str, typer.Argument(metavar="VERSION", help="要试的版本 / the version to try")],
) -> None:
    """Compare, and keep nothing."""
    found = run(lambda: _try(code.upper(), version))
    if screen.answer(found):
        return
    screen.say(
        f"版本 {found.tried} 对 {found.spoken}：比较 {found.compared} 张订单，{found.same} 张一致；"
        f"{found.changed} 张其间有变化，未比较。",
        f"Version {found.tried} against {found.spoken}: {found.compared} orders compared, {found.same} alike; "
        f"{found.changed} had changed meanwhile.")
    if found.differing:
        screen.table({"字段": "Field", "订单": "Orders", "例如": "Such as", "原版本": "Stored", "新版本": "Tried"},
                     [(one.field, one.orders, one.external_id, one.stored, one.tried) for one in found.differing])
    for zh, en, ids in (("只在原版本里", "Only in the stored ones", found.only_stored),
                        ("只在新版本里", "Only in the tried ones", found.only_tried)):
        if ids:
            screen.say(f"{zh}：{'、'.join(ids)}", f"{en}: {', '.join(ids)}")
    for problem in found.problems:
        screen.say(f"读不出：{problem}", f"Cannot be read: {problem}")


async def _try(code: str, version: str) -> VersionTrial:
    async with hub() as opened:
        try:
            return await try_version(opened, opened.ports.replays, opened.foreseer.foresee, code, version)
        except NotKept as error:
            raise Stop(error.zh, error.en, code=2) from error
        except Trouble as error:
            raise Stop(f"平台没有给：{error}", f"The platform refused: {error}") from error
