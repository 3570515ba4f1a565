"""Brings a command to the database: the external one, the embedded one that runs, or one started for the moment."""

from __future__ import annotations

import asyncio
import getpass
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, TypeVar

from orderloom.adapters.notary import KeyTrouble
from orderloom.adapters.vault import KeyMissing
from orderloom.application.not_kept import NotKept
from orderloom.application.ports import DatabaseTrouble, NotMigrated, StoreAway, StoreRefused, Trouble
from orderloom.application.queries.sql import Connection
from orderloom.application.queries.vocabulary import UnknownWord
from orderloom.bootstrap import Hub, open_hub
from orderloom.bootstrap.installation import behind, open_database
from orderloom.domain.actor import Actor, person
from orderloom.entrypoints.cli.screen import Stop, screen
from orderloom.settings import Settings, read_settings

START_SECONDS_MAX = 120.0
CONNECTIONS_MAX = 4
UNASKED = ("private_address", "wrong_address")
"""Troubles with an address before anybody is asked there."""
T = TypeVar("T")


@contextmanager
def database(settings: Settings, *, must_exist: bool = True) -> Iterator[str]:
    """DSN of a database that answers, for as long as the block. Raises Stop."""
    with translated():
        if settings.dsn:
            yield settings.dsn
            return
        if must_exist and not (settings.home / "postgres").exists():
            raise Stop(f"{settings.home} 中还没有安装。请先运行 orderloom up，或用 ORDERLOOM_HOME 指定数据文件夹。",
                       f"There is no installation in {settings.home}. Run orderloom up first, or set ORDERLOOM_HOME.",
                       code=2)
        with open_database(settings, START_SECONDS_MAX, lambda text: screen.note(text, text)) as dsn:
            yield dsn


@asynccontextmanager
async def hub(*, must_be_current: bool = True) -> AsyncIterator[Hub]:
    """A hub of a few connections on this installation. Raises Stop when its database is behind this build."""
    settings = read_settings()
    with database(settings) as dsn:
        if must_be_current and (missing := behind(dsn)):
            raise Stop(f"数据库结构需要升级（{'、'.join(missing)}）。请运行 orderloom migrate。",
                       f"The database is behind this build ({', '.join(missing)}). Run orderloom migrate.", code=2)
        async with open_hub(settings, dsn, connections_max=CONNECTIONS_MAX, is_whole=False) as opened:
            yield opened


@asynccontextmanager
async def connection() -> AsyncIterator[tuple[Hub, Connection]]:
    """The hub with one of its connections to read from."""
    async with hub() as opened, opened.ports.reading() as one:
        yield opened, one


def run(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run a command's coroutine to its end."""
    with translated():
        return asyncio.run(work())


def actor() -> str:
    """Who acts, for the audit: the machine's user."""
    return f"cli:{getpass.getuser()}"


def doer() -> Actor:
    """The same as commands name it: whoever has the machine and its keys is an administrator."""
    return person(actor(), "administrator")


@contextmanager
def translated() -> Iterator[None]:
    """Known troubles of the outside, turned into refusals that a person understands."""
    try:
        yield
    except DatabaseTrouble as trouble:
        raise Stop(trouble.zh, trouble.en, code=2) from trouble
    except NotMigrated as error:
        raise Stop("数据库还没有建表。请运行 orderloom migrate。",
                   "The database has no tables yet. Run orderloom migrate.", code=2) from error
    except (StoreAway, StoreRefused) as error:
        raise _told(error) from None
    except (KeyMissing, KeyTrouble) as error:
        raise Stop(f"密钥有问题：{error}", f"Trouble with a key: {error}", code=2) from error
    except UnknownWord as error:
        raise Stop(f"{error.zh}。", f"{error.en}.", code=2) from error
    except NotKept as error:
        raise Stop(f"没有更改：{error.zh}。", f"Nothing was changed: {error.en}.") from error
    except Trouble as error:
        if error.code in UNASKED:
            zh, _, en = error.message.partition(" | ")
            raise Stop(f"没有连接：{zh}。", f"Nobody was asked: {en or zh}.") from error
        raise Stop(f"对方拒绝了：{error}", f"The other side refused: {error}") from error


def _told(error: StoreAway | StoreRefused) -> Stop:
    if isinstance(error, StoreAway):
        return Stop(f"数据库没有应答：{error}\n请检查 ORDERLOOM_DSN，或运行 orderloom doctor。",
                    f"The database does not answer: {error}\nCheck ORDERLOOM_DSN, or run orderloom doctor.", code=2)
    return Stop(f"数据库不接受某个值（{error}），没有任何改动。请检查是否过长、超出范围或重复。",
                f"The database does not take a value ({error}); nothing was changed. Is one too long, out of range, "
                "or there already?", code=1)
