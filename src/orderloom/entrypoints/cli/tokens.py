"""API tokens: `token create | list | revoke`."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from orderloom.application.identity.access import LOGIN, NewToken
from orderloom.application.identity.limits import checked_sight
from orderloom.application.identity.roles import SCOPES
from orderloom.application.identity.shapes import Revoked, TokenView
from orderloom.application.queries.sql import UUID
from orderloom.entrypoints.cli.attach import actor, hub, run
from orderloom.entrypoints.cli.frame import group
from orderloom.entrypoints.cli.screen import Stop, screen

app = group("接口令牌：新建、列表、吊销", "API tokens: create, list, revoke")


@app.command("create", help="新建令牌，密文只显示这一次 / make a token; it is shown this once")
def create(
    name: Annotated[str, typer.Argument(help="用途 / what it is for")],
    scope: Annotated[list[str] | None, typer.Option("--scope", help="权限，可多次 / scope, repeatable")] = None,
    role: Annotated[str, typer.Option(help="按此角色看和做 / it sees and does as this role")] = "",
    limit: Annotated[list[str] | None, typer.Option("--limit", help="范围，如 warehouse=SH01 / limit of rows")] = None,
    days: Annotated[int, typer.Option(min=0, help="有效天数，0 为长期 / days, 0: until revoked")] = 365,
) -> None:
    """Make a token."""
    scopes, limits = scope or [], _limits(limit or [])
    if not (scopes or role):
        raise Stop("请给出 --scope 或 --role。", "Give --scope or --role.", code=2)
    if wrong := [one for one in scopes if one not in SCOPES]:
        raise Stop(f"没有权限“{wrong[0]}”。可用：{'、'.join(SCOPES)}",
                   f'There is no scope "{wrong[0]}". Known: {", ".join(SCOPES)}', code=2)
    if name == LOGIN:
        raise Stop("“login”是保留名称，请换一个。", '"login" is a reserved name: choose another.', code=2)
    made = run(lambda: _create(name, tuple(scopes), days, role, limits))
    if not screen.answer(made):
        screen.say("请立即保存，不再显示：", "Keep it now, it is not shown again:")
        screen.out.print(made.token, markup=False, soft_wrap=True)


@app.command("list", help="令牌列表 / list tokens")
def list_command() -> None:
    """List tokens."""
    found = run(_list)
    if not screen.answer(found):
        screen.table({"编号": "Id", "用途": "Name", "权限": "Scopes", "创建人": "By", "有效至": "Until",
                      "吊销": "Revoked", "最近使用": "Used"}, [
                          (t.id, t.name, ", ".join(t.scopes), t.created_by, t.expires_at, t.revoked_at, t.used_at)
                          for t in found])


@app.command("revoke", help="吊销令牌 / revoke a token")
def revoke(token_id: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Revoke a token."""
    if not UUID.fullmatch(token_id.lower()) or not run(lambda: _revoke(token_id.lower())):
        raise Stop(f"没有有效的令牌“{token_id}”。", f'There is no standing token "{token_id}".')
    if not screen.answer(Revoked(token_id)):
        screen.say("已吊销，立即生效。", "Revoked; it counts no more.")


def _limits(given: list[str]) -> dict[str, list[str]]:
    limits: dict[str, list[str]] = {}
    for one in given:
        kind, _, value = one.partition("=")
        limits.setdefault(kind, []).append(value)
    return limits


async def _create(
    name: str, scopes: tuple[str, ...], days: int, role: str, limits: dict[str, list[str]],
) -> NewToken:
    async with hub() as opened:
        kept = checked_sight(role, limits, await opened.ports.directory())
        lasts = timedelta(days=days) if days else None
        return await opened.ports.access.make_token(name, scopes, actor(), lasts, role=role, limits=kept)


async def _list() -> list[TokenView]:
    async with hub() as opened:
        return await opened.ports.identity.tokens(opened.now(), with_logins=False)


async def _revoke(token_id: str) -> bool:
    async with hub() as opened:
        return await opened.ports.access.revoke(token_id)
