"""`orderloom simulate --minutes N`: a rehearsed run that ends by itself, and says whether everything added up."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from orderloom.adapters.simulated.trouble import KINDS
from orderloom.bootstrap import open_hub
from orderloom.bootstrap.installation import make_keys
from orderloom.bootstrap.schema import migrate
from orderloom.entrypoints.cli.attach import database
from orderloom.entrypoints.cli.first_run import ensure_blueprint
from orderloom.entrypoints.cli.screen import Stop, screen
from orderloom.entrypoints.cli.supervise import Child, Supervisor
from orderloom.entrypoints.cli.up import READY_SECONDS_MAX, answers_at, refuse_taken_port
from orderloom.rehearsal import EVERYTHING, OUTAGE, Day, NotFresh, World, WorldOptions, rehearse_day
from orderloom.settings import Settings

TELL_SECONDS = 30.0
LOOK_SECONDS = 0.2
SHOWN_MAX = 40
"""Lines of what is wrong that are printed."""
COLUMNS = {
    "连接器": "connector", "类别": "family", "下单": "placed", "已记录": "recorded", "豁免": "excused",
    "隔离": "quarantined", "包裹": "shipped", "回声": "echoed", "已告知": "told", "拒绝": "refused",
    "异常单": "cases", "未完": "waiting",
}  # fmt: skip


def of_a_day(options: WorldOptions) -> WorldOptions:
    """The same world with every trouble in it, and a pace that minutes are enough for."""
    return replace(options, shares=EVERYTHING, is_flat=True, sku_count=300, wms_pace_seconds=1.5,
                   carrier_pace_seconds=2.0, file_seconds=5.0, clerk_seconds=10.0, pull_seconds=2.0,
                   refund_seconds=None, is_strict=True, fault_kinds=(*KINDS, OUTAGE))


@contextmanager
def working_hub(settings: Settings) -> Iterator[str]:
    """DSN of a hub that works: the one that runs, or one whose API and worker run for as long as the block."""
    is_there = settings.dsn or (settings.home / "postgres").exists()
    if is_there and answers_at(settings.port):
        with database(settings) as dsn:
            yield dsn
        return
    refuse_taken_port(settings.port)
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o711)
    with database(settings, must_exist=False) as dsn:
        applied = migrate(dsn)
        make_keys(settings)
        ensure_blueprint(settings, dsn, is_upgraded=bool(applied))
        logs = settings.home / "logs"
        children = [Child(name, [name], logs / f"{name}.log") for name in ("api", "worker")]
        supervisor = Supervisor(children, screen.note)
        try:
            supervisor.start()
            _wait(settings.port)
            yield dsn
        finally:
            supervisor.stop(lambda: False)


def _wait(port: int) -> None:
    deadline = time.monotonic() + READY_SECONDS_MAX
    while not answers_at(port):
        if time.monotonic() > deadline:
            raise Stop("接口进程没有启动，见数据文件夹的 logs/api.log。",
                       "The API did not start: see logs/api.log in the data folder.", code=2)
        time.sleep(LOOK_SECONDS)


async def run_day(settings: Settings, dsn: str, options: WorldOptions, minutes: float) -> Day:
    """The run. Raises Stop where the hub has orders of before: they could not be told from those of the run."""
    async with open_hub(settings, dsn) as hub:
        try:
            return await rehearse_day(hub, options, minutes, _teller(minutes))
        except NotFresh as found:
            raise Stop("这个数据文件夹里已有订单，对账需要全新的：ORDERLOOM_HOME=/空文件夹 orderloom simulate …",
                       "This installation has orders already; a run that is reckoned up needs a fresh one: "
                       "ORDERLOOM_HOME=/an/empty/folder orderloom simulate …", code=2) from found


def _teller(minutes: float) -> Callable[[float, World], None]:
    """Tells how far it is, twice a minute."""
    told = -TELL_SECONDS

    def say(passed: float, world: World) -> None:
        nonlocal told
        if passed - told >= TELL_SECONDS:
            told = passed
            placed, struck = sum(map(len, world.placed.values())), len(world.planter.struck)
            clock = f"{int(passed) // 60}:{int(passed) % 60:02d}"
            screen.note(f"{clock}（共 {minutes:g} 分钟）：已下单 {placed}，平台故障 {struck}",
                        f"{clock} of {minutes:g} min: {placed} orders placed, {struck} failures of platforms")

    return say


def show(day: Day) -> None:
    """Print the books and the verdict."""
    rows = [[getattr(row, name) for name in COLUMNS.values()] for row in day.books.rows]
    screen.table(COLUMNS, [_blank(row) for row in rows])
    people = {"账号": "messenger", "接收人": "recipient", "状态": "state", "通知": "notices", "消息": "messages"}
    screen.table(people, day.books.people)
    scores = {"埋下的原因": "planted", "应开异常单": "cases that answer it", "连接器": "connectors", "次数": "times",
              "必须有": "due", "已开": "found", "召回": "recall"}
    screen.table(scores, [[s.fault, " | ".join(s.kinds[:3]) + (" …" if len(s.kinds) > 3 else ""), s.connectors,
                           s.planted, s.due, s.found, f"{s.recall:.3f}"] for s in day.judged.scores])
    screen.table({"异常单": "case", "数量": "count", "有原因": "with a cause", "精确": "precision"},
                 [[k.kind, k.cases, k.caused, f"{k.precision:.3f}"] for k in day.judged.kinds])
    struck = ", ".join(f"{kind} {count}" for kind, count in sorted(day.struck.items()))
    screen.say(f"平台故障（每个连接器每种一次）：{struck}",
               f"Failures of platforms (each kind once at each connector): {struck}")
    m = day.books.messages
    told = (f"{m['received']} = {m['normalised']} normalised + {m['parked']} parked + {m['quarantined']} quarantined"
            f" + {m['discarded']} discarded + {m['pending']} pending; {m['duplicates']} duplicates beside")
    screen.say(f"消息账：收到 {told}", f"Messages: received {told}")
    _wrong("对不上的账", "Does not add up", day.books.wrong)
    _wrong("埋下而没有异常单", "Planted, and no case", day.judged.missed)
    _wrong("没有原因的异常单", "Cases without a planted cause", day.judged.strange)
    style = "bold green" if day.is_well else "bold red"
    screen.say(f"种子 {day.seed}，{day.minutes:g} 分钟，{day.placed} 单：召回率 {day.judged.recall:.3f}，"
               f"精确率 {day.judged.precision:.3f}，{'账全部对上' if not day.books.wrong else '账对不上'}",
               f"Seed {day.seed}, {day.minutes:g} min, {day.placed} orders: recall {day.judged.recall:.3f}, precision "
               f"{day.judged.precision:.3f}, {'everything adds up' if not day.books.wrong else 'it does not add up'}",
               style=style)


def _wrong(zh: str, en: str, lines: Sequence[str]) -> None:
    for line in lines[:SHOWN_MAX]:
        screen.say(f"{zh}：{line}", f"{en}: {line}", style="red")
    if len(lines) > SHOWN_MAX:
        screen.say(f"{zh}：还有 {len(lines) - SHOWN_MAX} 条", f"{en}: {len(lines) - SHOWN_MAX} more")


def _blank(row: Sequence[object]) -> list[object]:
    return ["" if value == 0 else value for value in row]
