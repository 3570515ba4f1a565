"""What a new installation needs before it can work: the first blueprint, and whether anybody has used it yet."""

from __future__ import annotations

import asyncio
from pathlib import Path

from orderloom.application.publish_blueprint import publish_blueprint
from orderloom.application.queries.accounts import has_accounts
from orderloom.application.queries.blueprints import list_blueprints
from orderloom.blueprint.diff import diff
from orderloom.blueprint.load import load_folder
from orderloom.bootstrap.installation import open_ports
from orderloom.carried import BLUEPRINT
from orderloom.entrypoints.cli.screen import screen
from orderloom.settings import Settings

OWN, FIRST, NEWER = "orderloom", "first start", "newer default"
"""Author and reasons of the versions that the hub publishes by itself: nobody chose rules of their own yet."""


def ensure_blueprint(settings: Settings, dsn: str, is_upgraded: bool = False) -> None:
    """Publish `blueprints/default` where nothing was published, or only older defaults by the hub itself.

    A blueprint that somebody chose stays; after an upgrade they are told what to compare it with. Running orders keep
    the version that they began with.
    """
    before, version, folder = asyncio.run(_ensure(settings, dsn))
    if version and before:
        screen.say(f"默认业务蓝图已更新为第 {version} 版：新订单用它，进行中的订单沿用第 {before} 版。",
                   f"The newer default blueprint was published as version {version} for new orders; "
                   f"running ones keep version {before}.")
    elif version:
        screen.say(f"已发布默认业务蓝图（第 {version} 版）。",
                   f"The default blueprint was published (version {version}).")
    elif folder and is_upgraded:
        screen.say(f"沿用你的业务蓝图（第 {before} 版），与自带的默认蓝图不同。比较：orderloom blueprint diff {folder}",
                   f"Your blueprint (version {before}) stays; it is not this build's default. Compare: "
                   f"orderloom blueprint diff {folder}")


def is_untouched(settings: Settings, dsn: str) -> bool:
    """Whether no account was ever connected."""
    return asyncio.run(_untouched(settings, dsn))


async def _ensure(settings: Settings, dsn: str) -> tuple[int | None, int | None, Path | None]:
    """The version that was active, the one that was published now, the folder of a default that is not in force."""
    async with open_ports(settings, dsn) as ports:
        async with ports.reading() as connection:
            newest = next(iter(await list_blueprints(connection)), None)
        shipped = load_folder(BLUEPRINT)
        if newest is None:
            return None, await publish_blueprint(ports.blueprints, shipped, OWN, FIRST), None
        if (newest.author, newest.reason) in ((OWN, FIRST), (OWN, NEWER)):
            return newest.version, await publish_blueprint(ports.blueprints, shipped, OWN, NEWER), None
        async with ports.blueprints() as versions:
            active = await versions.active()
        is_same = active is not None and not diff(active[1], shipped)
        return newest.version, None, None if is_same else BLUEPRINT


async def _untouched(settings: Settings, dsn: str) -> bool:
    async with open_ports(settings, dsn) as ports, ports.reading() as connection:
        return not await has_accounts(connection)
