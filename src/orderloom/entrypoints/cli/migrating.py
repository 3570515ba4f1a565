"""`orderloom migrate`: bring the database up to this build."""

from __future__ import annotations

import msgspec

from orderloom.bootstrap.schema import migrate as bring_up
from orderloom.entrypoints.cli.attach import database
from orderloom.entrypoints.cli.frame import single
from orderloom.entrypoints.cli.screen import screen
from orderloom.settings import read_settings

migrate = single()


class Applied(msgspec.Struct, frozen=True):
    """Names of the migrations that were applied now."""

    applied: list[str]


@migrate.command(help="升级数据库结构到本版本 / bring the database up to this build")
def migrate_command() -> None:
    """Migrate; safe to repeat and to run from several machines."""
    with database(read_settings(), must_exist=False) as dsn:
        applied = bring_up(dsn)
    if not screen.answer(Applied(applied)):
        screen.say(f"已应用：{'、'.join(applied) or '无，已是最新'}",
                   f"Applied: {', '.join(applied) or 'nothing, up to date'}")
