"""Users: `user add | list | disable | enable | reset-password | drop-second-factor`."""

from __future__ import annotations

from typing import Annotated

import typer

from orderloom.application.identity.denied import Denied
from orderloom.application.identity.limits import checked
from orderloom.application.identity.roles import Roles
from orderloom.application.identity.shapes import Limited, OneTimePassword, UserState, UserView
from orderloom.entrypoints.cli.attach import hub, run
from orderloom.entrypoints.cli.frame import group, unknown
from orderloom.entrypoints.cli.screen import Stop, screen

app = group("用户：新建、列表、停用、启用、重置密码", "users: add, list, disable, enable, reset-password")
Name = Annotated[str, typer.Argument(metavar="NAME", help="用户名 / the user's name")]
NAME_CHARACTERS_MAX = 100


@app.command("add", help="新建用户，一次性密码只显示这一次 / add a user; the one-time password is shown this once")
def add_command(
    name: Name,
    role: Annotated[str, typer.Option("--role", help="角色 / a role of the blueprint")] = "operations",
    outside: Annotated[bool, typer.Option("--outside", help="从单点登录进入，没有密码 / signs in elsewhere")] = False,
) -> None:
    """Add a user."""
    if role not in (known := run(_roles)):
        raise Stop(f"没有角色“{role}”。可用：{'、'.join(known)}",
                   f'There is no role "{role}". Known: {", ".join(known)}', code=2)
    if not name.strip() or name != name.strip() or ":" in name or "/" in name or len(name) > NAME_CHARACTERS_MAX:
        raise Stop(f"用户名“{name[:40]}”不能用：1 到 {NAME_CHARACTERS_MAX} 个字符，首尾无空格，不含“:”和“/”。",
                   f'User name "{name[:40]}": 1 to {NAME_CHARACTERS_MAX} characters, no space at the ends, no : or /.',
                   code=2)
    password = run(lambda: _add_outside(name, role) if outside else _add(name, role))
    if password is None:
        raise Stop(f"用户 {name} 已存在（不分大小写）。", f"User {name} is there already, in whatever case.")
    _tell(name, password)


@app.command("list", help="用户列表 / list users")
def list_command() -> None:
    """List users."""
    found = run(_list)
    if not screen.answer(found):
        screen.table({"用户名": "Name", "角色": "Role", "启用": "Active", "须改密码": "Must change",
                      "第二因素": "Second factor", "最近登录": "Logged in"},
                     [(u.name, u.role, u.is_active, u.is_one_time, u.has_second_factor, u.logged_in_at)
                      for u in found])


@app.command("limit", help="限定用户看到的数据，不带选项为取消 / limit what rows a user sees; none: lift it")
def limit_command(
    name: Name,
    warehouse: Annotated[list[str], typer.Option("--warehouse", help="仓库 / warehouse")] = [],  # noqa: B006
    channel: Annotated[list[str], typer.Option("--channel", help="渠道 / channel")] = [],  # noqa: B006
    shop: Annotated[list[str], typer.Option("--shop", help="店铺 / shop")] = [],  # noqa: B006
    region: Annotated[list[str], typer.Option("--region", help="省份 / province")] = [],  # noqa: B006
    sku: Annotated[list[str], typer.Option("--sku", help="商品编码，ABC* 为前缀 / SKU, ABC*: a beginning")] = [],  # noqa: B006
    supplier: Annotated[list[str], typer.Option("--supplier", help="供应商 / supplier")] = [],  # noqa: B006
) -> None:
    """Limit what rows a user sees."""
    given = {"warehouse": warehouse, "channel": channel, "shop": shop, "region": region, "sku": sku,
             "supplier": supplier}
    limits = {kind: values for kind, values in given.items() if values}
    _refuse_unknown(name, run(lambda: _limit(name, limits)))
    if not screen.answer(Limited(name, limits)):
        told = "；".join(f"{kind} {', '.join(values)}" for kind, values in limits.items()) or "不限 / none"
        screen.say(f"用户 {name} 的数据范围：{told}", f"Limits of user {name}: {told}")


@app.command("disable", help="停用用户：其登录与令牌立即失效 / disable a user; logins and tokens end at once")
def disable_command(name: Name) -> None:
    """Disable a user."""
    done = run(lambda: _disable(name))
    if done == "last_administrator":
        raise Stop(f"{name} 是最后一位管理员，不能停用。请先 orderloom user add 新建另一位。",
                   f"{name} is the last administrator. Add another one first: orderloom user add --role administrator.")
    _refuse_unknown(name, done == "done")
    if not screen.answer(UserState(name, False)):
        screen.say(f"用户 {name} 已停用，登录与令牌立即失效。",
                   f"User {name} is disabled; logins and tokens have ended.")


@app.command("enable", help="启用用户 / let a user in again")
def enable_command(name: Name) -> None:
    """Enable a user."""
    _refuse_unknown(name, run(lambda: _enable(name)))
    if not screen.answer(UserState(name, True)):
        screen.say(f"用户 {name} 已启用。", f"User {name} is enabled.")


@app.command("reset-password", help="重置密码：给出新的一次性密码 / reset a password: a new one-time password")
def reset_command(name: Name) -> None:
    """Give a user a new one-time password."""
    password = run(lambda: _reset(name))
    _refuse_unknown(name, password is not None)
    _tell(name, str(password))


@app.command("drop-second-factor", help="去掉第二因素（验证器和恢复码都丢了）/ take a second factor off")
def drop_command(name: Name) -> None:
    """Take a user's second factor off."""
    if not run(lambda: _drop(name)):
        _refuse_unknown(name, name in [u.name for u in run(_list)])
        raise Stop(f"用户 {name} 没有第二因素。", f"User {name} has no second factor.")
    if not screen.answer(next(u for u in run(_list) if u.name == name)):
        screen.say(f"用户 {name} 的第二因素已去掉，凭密码即可登录。",
                   f"User {name} has no second factor any more; the password lets them in.")


def _tell(name: str, password: str) -> None:
    if screen.answer(OneTimePassword(name, password)):
        return
    if not password:
        screen.say(f"用户 {name} 已新建，从单点登录进入。", f"User {name} is added, and signs in elsewhere.")
    else:
        screen.say(f"用户 {name} 的一次性密码（不再显示，首次登录须更改）：",
                   f"One-time password of {name} (not shown again, to be changed at the first login):")
        screen.out.print(password, markup=False, soft_wrap=True)


def _refuse_unknown(name: str, is_known: bool) -> None:
    if not is_known:
        raise unknown("用户", "user", name, [u.name for u in run(_list)][:10])


async def _list() -> list[UserView]:
    async with hub() as opened:
        return await opened.ports.identity.users()


async def _limit(name: str, limits: dict[str, list[str]]) -> bool:
    async with hub() as opened:
        return await opened.ports.identity.limit(name, checked(limits, await opened.ports.directory()))


async def _roles() -> Roles:
    async with hub() as opened:
        return await opened.ports.access.roles()


async def _add(name: str, role: str) -> str | None:
    async with hub() as opened:
        return await opened.ports.access.add_user(name, role)


async def _add_outside(name: str, role: str) -> str | None:
    async with hub() as opened:
        return "" if await opened.ports.identity.add_person(name, role, "", "") else None


async def _disable(name: str) -> str:
    async with hub() as opened:
        return await opened.ports.access.disable(name)


async def _enable(name: str) -> bool:
    async with hub() as opened:
        return await opened.ports.access.enable(name)


async def _reset(name: str) -> str | None:
    async with hub() as opened:
        try:
            return await opened.ports.access.reset_password(name)
        except Denied as no:
            zh, _, en = no.detail.partition(" | ")
            raise Stop(zh, en) from no


async def _drop(name: str) -> bool:
    async with hub() as opened:
        return await opened.ports.access.second.drop(name)
