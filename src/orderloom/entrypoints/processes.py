"""The processes of an installation, each alone: `api`, `worker`, `simulate`; and `bench`."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any, Literal

import structlog
import typer

from orderloom.application.checkpoint import NotOurs, checkpoint
from orderloom.bootstrap import freeze_start, open_hub
from orderloom.carried import CHECKOUT
from orderloom.domain.fault import where
from orderloom.entrypoints.cli.attach import database, translated
from orderloom.entrypoints.cli.frame import single
from orderloom.entrypoints.cli.lan import ToLan, asked_lan
from orderloom.entrypoints.cli.own_log import STANDARD_ERROR, OwnLog, Unfailing
from orderloom.entrypoints.cli.rehearsed_day import of_a_day, run_day, show, working_hub
from orderloom.entrypoints.cli.screen import Stop, screen
from orderloom.entrypoints.http.app import serve
from orderloom.entrypoints.http.kit.connections import raise_file_limit
from orderloom.entrypoints.worker.loops import Loop
from orderloom.entrypoints.worker.loops import run as run_loops
from orderloom.rehearsal import Day, WorldOptions
from orderloom.rehearsal import run as run_world
from orderloom.settings import Settings, read_settings

api, worker, simulate, bench = single(), single(), single(), single()
PR_SET_PDEATHSIG = 1
CHECKPOINT_SECONDS = 10.0
MINUTES_MAX = 24 * 60.0
Under = Annotated[int, typer.Option("--under", hidden=True)]
Log = Annotated[str, typer.Option("--log", hidden=True)]
log = structlog.get_logger()


@api.command(help="只运行接口进程：网页、接口、回调 / the API process alone")
def api_command(lan: ToLan = "", under: Under = 0, log_file: Log = "") -> None:
    """Serve until told to stop."""
    network = asked_lan(lan)
    settings = _begin(under, log_file)
    with database(settings) as dsn:
        serve(settings, dsn, network)


@worker.command(help="只运行后台进程 / the worker process alone")
def worker_command(under: Under = 0, log_file: Log = "") -> None:
    """Work until told to stop; a step that has begun is finished, then the log is sealed."""
    settings = _begin(under, log_file)
    with database(settings) as dsn:
        _until_told(_work(settings, dsn))


@simulate.command(help="运行演示世界：模拟平台、仓库、快递与买家 / run the rehearsed world")
def simulate_command(
    rate: Annotated[float, typer.Option(min=0.0, max=60_000.0, help="每分钟订单数 / orders per minute")] = 60.0,
    seed: Annotated[int, typer.Option(help="随机种子 / seed")] = 7,
    orders: Annotated[int, typer.Option(min=0, help="下满这么多单就停，0 为不限 / stop placing after so many")] = 0,
    world: Annotated[Literal["usual", "all"], typer.Option(
        envvar="WORLD", help="哪些平台：常用的，或全部连接器 / the usual platforms, or every connector")] = "usual",
    minutes: Annotated[float, typer.Option(min=0.0, max=MINUTES_MAX, help=
        "跑这么多分钟后对账退出，有差错则退出码为 1 / end after so many and reckon up: 1 if it is off")] = 0.0,
    under: Under = 0, log_file: Log = "",
) -> None:
    """Rehearse until told to stop, or for so many minutes with every trouble planted."""
    settings = _begin(under, log_file)
    options = WorldOptions(seed=seed, orders_per_minute=rate, orders_max=orders or None, has_all=world == "all")
    if minutes:
        _reckon(settings, of_a_day(options), minutes)
        return
    with database(settings) as dsn:
        _until_told(_rehearse(settings, dsn, options))


def _reckon(settings: Settings, options: WorldOptions, minutes: float) -> None:
    """A run that ends by itself; exit code 1 when it does not add up, or is stopped before it could."""
    found: list[Day] = []

    async def one_day(dsn: str) -> None:
        found.append(await run_day(settings, dsn, options, minutes))

    with working_hub(settings) as dsn:
        _until_told(one_day(dsn))
    if not found:
        raise Stop("演示在对账前被停止。", "The rehearsal was stopped before it could be reckoned up.")
    if not screen.answer(found[0]):
        show(found[0])
    if not found[0].is_well:
        raise typer.Exit(1)


@bench.command(help="性能测量，参数原样传给 benchmarks / measure; arguments go to the benchmarks",
               context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
def bench_command(context: typer.Context) -> None:
    """Run the benchmarks of a checkout."""
    if CHECKOUT is None:
        raise Stop("性能测量只在源码目录中可用。", "The benchmarks come with a checkout of the sources.", code=2)
    flags = ["--json"] if screen.is_json else []
    done = subprocess.run([sys.executable, "-m", "benchmarks", *context.args, *flags], cwd=CHECKOUT, check=False)
    raise typer.Exit(done.returncode)


async def _work(settings: Settings, dsn: str) -> None:
    async with open_hub(settings, dsn) as hub:
        stop = asyncio.Event()
        sealer = hub.sealer()

        async def seal() -> int:
            try:
                await checkpoint(sealer)
            except NotOurs as strange:
                log.error("not_sealed", why=str(strange))
            return 0  # always pause: the next ten seconds' events make the next checkpoint

        freeze_start()
        working = asyncio.create_task(run_loops(hub, stop, extra=[Loop("checkpoint", seal, CHECKPOINT_SECONDS)]))
        try:
            await asyncio.shield(working)
        except asyncio.CancelledError:
            stop.set()
            await working
            await seal()


async def _rehearse(settings: Settings, dsn: str, options: WorldOptions) -> None:
    async with open_hub(settings, dsn) as hub:
        await run_world(hub, options)


def _until_told(work: Coroutine[Any, Any, None]) -> None:
    """Run until SIGTERM or SIGINT, which cancel the work; its own clean-up then runs to the end."""

    async def main() -> None:
        task = asyncio.ensure_future(work)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, task.cancel)
        with contextlib.suppress(asyncio.CancelledError):
            await task

    with translated():
        asyncio.run(main())


class _NoContent(logging.Formatter):
    """Errors of libraries by their way, without their messages: these may quote a customer's data."""

    def formatException(self, ei: Any) -> str:
        return where(ei[1]) if ei and ei[1] else ""

    def formatStack(self, stack_info: str) -> str:
        return ""


def _told(logger: Any, method: str, event: Any) -> Any:
    """The same for our own lines."""
    error = event.pop("exc_info", None)
    error = sys.exc_info()[1] if error is True else error[1] if isinstance(error, tuple) else error
    if isinstance(error, BaseException):
        event["where"] = where(error)
    return event


def _begin(under: int, log_file: str) -> Settings:
    """Set up a long-running process: its log, its open files, and its end when the one that started it dies."""
    settings = read_settings()
    if log_file:
        OwnLog(Path(log_file)).keep()
    else:
        sys.stderr = Unfailing(STANDARD_ERROR)
    raise_file_limit()
    level = logging.getLevelName(settings.log_level)
    lines = logging.StreamHandler(sys.stderr)
    lines.setFormatter(_NoContent("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=level, handlers=[lines])
    for name in ("httpx2", "httpcore2"):  # they write down addresses, and the headers that hold a session
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)  # what was applied is told in words
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, structlog.processors.add_log_level,
                    structlog.processors.TimeStamper(fmt="iso"), _told,
                    structlog.processors.JSONRenderer(ensure_ascii=False)],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    libc = ctypes.CDLL(None)
    if under and hasattr(libc, "prctl"):
        libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)
        if os.getppid() != under:
            raise Stop("启动者已退出。", "The process that started this one is gone.", code=2)
    return settings
