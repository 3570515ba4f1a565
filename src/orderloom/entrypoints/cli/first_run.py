"""What a new installation needs before it can work: the first blueprint, and whether anybody has used it yet."""

from __future__ import annotations

import asyncio
from pathlib import Path

import psycopg

from orderloom import __file__ as package_file
from orderloom.adapters.db.publish_blueprint import active, publish
from orderloom.blueprint.load import load_folder
from orderloom.entrypoints.cli.screen import Stop, screen

PLACES = (Path(package_file).resolve().parents[2] / "blueprints", Path(package_file).resolve().parent / "blueprints")
"""In a checkout; in an installed package."""


def ensure_blueprint(dsn: str) -> None:
    """Publish `blueprints/default` as the first version when nothing was ever published."""
    version = asyncio.run(_ensure(dsn))
    if version:
        screen.say(f"已发布默认业务蓝图(第 {version} 版)。",
                   f"The default blueprint was published (version {version}).")


def is_untouched(dsn: str) -> bool:
    """Whether no account was ever connected."""
    with psycopg.connect(dsn) as connection:
        row = connection.execute("select not exists (select from account)").fetchone()
        return bool(row and row[0])


async def _ensure(dsn: str) -> int | None:
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
        if await active(connection) is not None:
            return None
        folder = next((place / "default" for place in PLACES if (place / "default").is_dir()), None)
        if folder is None:
            raise Stop("找不到默认业务蓝图 blueprints/default。请从源码目录运行,或先 orderloom blueprint publish。",
                       "blueprints/default is not there. Run from a checkout, or publish a blueprint first.", code=2)
        return await publish(connection, load_folder(folder), "orderloom", "first start")
