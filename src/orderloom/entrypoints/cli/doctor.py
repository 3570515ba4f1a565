"""Looks at everything the hub needs to run and says, for each thing that is not well, how to mend it.

A check is an async function from settings to findings. Add one to `CHECKS`; it runs alone, so a check that breaks is
itself a finding and hides nothing of the others.
"""

from __future__ import annotations

import asyncio
import importlib.metadata
import os
import re
import shutil
import socket
import sys
import tempfile
import urllib.request
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from orderloom import __file__ as package_file
from orderloom.adapters.manifests import manifests
from orderloom.adapters.spool import counted
from orderloom.adapters.vault import KeyMissing, keyring_file, load_vault
from orderloom.application.ports import DatabaseTrouble, StoreAway
from orderloom.application.queries.notifications import unheard_rules
from orderloom.application.sources.end_of_life import days_left
from orderloom.bootstrap import broken_folders
from orderloom.bootstrap.installation import behind, examine, open_ports, running_dsn
from orderloom.bootstrap.schema import OLDEST_SERVER, pending
from orderloom.carried import CHECKOUT, LOCK
from orderloom.settings import Settings, strangers

BYTES_FREE_MIN = 2 << 30
CONNECT_SECONDS_MAX = 5
CLOCK_SECONDS_MAX = 2.0
RECEIVERS_MAX = 2_000
"""How many of the newest orders' receivers the doctor opens."""
PIN = re.compile(r"^([A-Za-z0-9_.-]+)(?:\[[^]]*\])?==([^ ;\\]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Checked:
    """One thing looked at: `what` in both languages, `where` it is, whether it is well, and how to mend it if not."""

    what_zh: str
    what_en: str
    where: str
    is_well: bool
    mend_zh: str = ""
    mend_en: str = ""


Check = Callable[[Settings], Awaitable[list[Checked]]]


async def diagnose(settings: Settings) -> list[Checked]:
    """All findings, in the order of `CHECKS`. Changes nothing: it neither starts nor migrates the database."""
    found: list[Checked] = []
    for check in CHECKS:
        try:
            found += await check(settings)
        except Exception as error:  # the doctor reports whatever breaks a check
            found.append(Checked("检查本身失败", "The check itself failed", check.__name__, False,
                                 f"请报告此错误：{error!r}", f"Report this error: {error!r}"))
    return found


async def check_python(settings: Settings) -> list[Checked]:
    """The interpreter is the version that the lock was made for."""
    version = ".".join(map(str, sys.version_info[:3]))
    return [Checked("Python 版本", "Python version", f"{version} {sys.executable}", sys.version_info[:2] == (3, 11),
                    "安装 Python 3.11，删除 .venv 后重新运行 make up。",
                    "Install Python 3.11, remove .venv, run make up.")]


async def check_packages(settings: Settings) -> list[Checked]:
    """What is installed is what requirements.lock says."""
    wrong = await asyncio.to_thread(_unlike_lock)
    again = "make up" if CHECKOUT else f"pip install --require-hashes -r {LOCK}"
    return [Checked("依赖与锁定文件一致", "Packages as locked", "; ".join(wrong[:5]) or LOCK.name, not wrong,
                    f"按 requirements.lock 重新安装：{again}", f"Install what requirements.lock says: {again}")]


async def check_environment(settings: Settings) -> list[Checked]:
    """No ORDERLOOM_ variable is misspelt: it would be ignored silently."""
    strange = strangers(os.environ)
    return [Checked("环境变量名", "Names of environment variables", ", ".join(strange) or "ORDERLOOM_*", not strange,
                    "这些变量没有作用，请核对拼写。", "These variables mean nothing: check the spelling.")]


async def check_home(settings: Settings) -> list[Checked]:
    """The data folder can be written and its disk has room."""
    place = next(path for path in (settings.home, *settings.home.parents) if path.exists())
    try:
        with tempfile.TemporaryFile(dir=place):
            is_writable = True
    except OSError:
        is_writable = False
    free = shutil.disk_usage(place).free
    return [
        Checked("数据文件夹可写", "Data folder is writable", str(settings.home), is_writable,
                "更改文件夹的所有者，或用 ORDERLOOM_HOME 指定另一个。",
                "Change its owner, or name another by ORDERLOOM_HOME."),
        Checked("磁盘空间", "Disk space", f"{place}: {free / (1 << 30):.1f} GiB", free >= BYTES_FREE_MIN,
                "至少留出 2 GiB：清理磁盘或扩容。", "Keep at least 2 GiB free: clean up or enlarge the disk."),
    ]


async def check_database(settings: Settings) -> list[Checked]:
    """The database answers, is new enough, is migrated, and its clock agrees with ours."""
    try:
        dsn = await asyncio.to_thread(running_dsn, settings)
    except DatabaseTrouble as trouble:
        return [Checked("内置数据库", "Embedded database", str(settings.home), False, trouble.zh, trouble.en)]
    if not dsn:
        return [Checked("内置数据库（未启动）", "Embedded database (not running)", str(settings.home), True)]
    where = examine.place(dsn)
    try:
        server = await examine.server(dsn)
    except StoreAway as error:
        return [Checked("数据库可连接", "Database answers", where, False,
                        f"检查 ORDERLOOM_DSN、网络与密码：{error}",
                        f"Check ORDERLOOM_DSN, network and password: {error}")]
    return [
        Checked("数据库版本", "Database version", f"PostgreSQL {server.major} {where}", server.version >= OLDEST_SERVER,
                "升级到 PostgreSQL 15 或更新版本。", "Upgrade to PostgreSQL 15 or newer."),
        Checked("数据库时钟", "Database clock", f"{server.seconds_apart:.1f} s",
                server.seconds_apart <= CLOCK_SECONDS_MAX,
                "在两台机器上启用 NTP 校时。", "Turn on NTP on both machines."),
        await asyncio.to_thread(_migrated, dsn, where),
    ]


async def check_clock(settings: Settings) -> list[Checked]:
    """The machine's clock is not before this build was made: deadlines and signatures depend on it."""
    built = await asyncio.to_thread(_built)
    now = datetime.now(UTC)
    return [Checked("系统时钟", "System clock", now.isoformat(timespec="seconds"), now >= built,
                    "校正系统时间并启用 NTP。", "Set the clock and turn on NTP.")]


async def check_port(settings: Settings) -> list[Checked]:
    """The hub's port is free, or the hub itself answers on it."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", settings.port))
            is_free = True
        except OSError:
            is_free = await asyncio.to_thread(_is_hub, settings.port)
    return [Checked("端口可用", "Port is free", f"127.0.0.1:{settings.port}", is_free,
                    "端口被别的程序占用：请用 ORDERLOOM_PORT 换一个端口。",
                    "Another program has the port: choose another by ORDERLOOM_PORT.")]


async def check_keys(settings: Settings) -> list[Checked]:
    """The keyring is there and opens what is stored; without it receivers and credentials are lost for good."""
    where = "ORDERLOOM_KEY" if settings.key else str(keyring_file(settings.home))
    dsn = running_dsn(settings)
    if not settings.key and not keyring_file(settings.home).exists():
        is_new = not dsn or not examine.credentials(dsn)
        return [Checked("加密密钥", "Encryption keys", where, is_new, "密钥文件不见了：请从备份恢复 keys/。",
                        "The keyring is gone: restore keys/ from your backup.")]
    try:
        vault = load_vault(settings.home, settings.key)
        for cipher in examine.credentials(dsn) if dsn else []:
            vault.decrypt(cipher)
    except KeyMissing as error:
        return [Checked("加密密钥", "Encryption keys", where, False,
                        f"密钥与数据不符：请恢复写入这些数据时的 keys/。{error}",
                        f"The keys do not fit the data: restore the keys/ it was written with. {error}")]
    return [Checked("加密密钥", "Encryption keys", where, True)]


async def check_receivers(settings: Settings) -> list[Checked]:
    """The receivers of the newest orders open; `audit verify --deep` looks at all of them."""
    dsn = running_dsn(settings)
    if not dsn or not (settings.key or keyring_file(settings.home).exists()):
        return []
    try:
        vault = load_vault(settings.home, settings.key)
    except KeyMissing:
        return []  # `check_keys` says so
    found = [number for number, cipher in await asyncio.to_thread(examine.receivers, dsn, RECEIVERS_MAX)
             if vault.show_receiver(cipher) is None]
    told = f"{', '.join(found[:5])} ({len(found)})" if found else f"≤ {RECEIVERS_MAX}"
    return [Checked("收件人可解密", "Receivers can be opened", told, not found,
                    "向买家或平台问到后更正收件人，或从备份恢复；orderloom audit verify --deep 查全部订单。",
                    "Ask for the receiver and correct it, or restore it from a backup; orderloom audit verify --deep "
                    "looks at every order.")]


async def check_connectors(settings: Settings) -> list[Checked]:
    """Every connector folder can be used, and every account's connector is there."""
    broken = await asyncio.to_thread(broken_folders, is_quick=settings.is_mapping_quick)
    dsn, known = running_dsn(settings), manifests()
    lone = [f"{code}: {name}" for code, name, _ in (await asyncio.to_thread(examine.accounts, dsn) if dsn else [])
            if name not in known]
    return [Checked("连接器", "Connectors", "; ".join([*broken, *lone]) or str(len(known)), not broken and not lone,
                    "按文件与行号改正（orderloom connectors check 名称）或放回文件夹，再重启；期间消息与推送都等着。",
                    "Mend it by file and line (orderloom connectors check NAME), or put the folder back, and restart "
                    "Orderloom; until then messages and deliveries wait.")]


async def check_versions(settings: Settings) -> list[Checked]:
    """No account speaks a version of its platform's API that ends soon."""
    dsn = running_dsn(settings)
    if not dsn:
        return []
    today, known, told = datetime.now(UTC).date(), manifests(), list[str]()
    for code, connector, chosen in await asyncio.to_thread(examine.accounts, dsn):
        version = known[connector].version_of(chosen) if connector in known else None
        left = days_left(version, today)
        if version is not None and left is not None and left <= settings.version_notice_days:
            told.append(f"{code} {version.name} → {version.last_day}")
    return [Checked("平台接口版本", "API versions of the platforms", "; ".join(told[:5]) or "-", not told,
                    "用 orderloom accounts try-version 账号 版本 试新版本，再改账号的版本设置。",
                    "Try the next version: orderloom accounts try-version CODE VERSION; then set it for the account.")]


async def check_spool(settings: Settings) -> list[Checked]:
    """No message waits on disk: it drains within seconds while the database is there; a damaged file never does, and
    one that was removed is missed."""
    folder = settings.home / "spool"
    waiting, aside, lost = await asyncio.to_thread(counted, folder)
    return [
        Checked("本地暂存的消息", "Messages spooled on disk", f"{folder}: {waiting}", not waiting,
                "数据库恢复后会自动入库；若一直不减少，请看 logs/worker.log 与异常单。",
                "They are stored once the database is back; if they stay, look at logs/worker.log and the cases."),
        Checked("损坏的暂存文件", "Damaged spool files", f"{folder / 'aside'}: {aside}", not aside,
                "从备份恢复这些文件到 spool/，或让渠道重发，然后删除它们。",
                "Restore these files from a backup into spool/, or have the channel send again; then remove them."),
        Checked("从暂存中消失的消息", "Messages gone from the spool", f"{folder}: {lost}", not lost,
                "把文件放回 spool/，或让渠道重发，然后关闭异常单“收存不平”。",
                "Put the files back into spool/, or have the channel send again; then close the case accounting_gap."),
    ]


async def check_notifications(settings: Settings) -> list[Checked]:
    """Every notification rule reaches somebody; without a messenger nobody is told of anything."""
    dsn = running_dsn(settings)
    if not dsn or behind(dsn) or not (settings.key or keyring_file(settings.home).exists()):
        return []  # other checks say so
    async with open_ports(settings, dsn) as ports:
        directory = await ports.directory()  # before the one connection is held
        async with ports.reading() as connection:
            unheard = await unheard_rules(connection, directory, manifests())
    told = ", ".join(rule.rule for rule in unheard) if directory.messengers else "0"
    return [Checked(
        "有人会收到通知", "Somebody is told", told or str(len(directory.messengers)), not unheard,
        "接入通知账号：orderloom connect dingtalk（或 wecom、feishu、email、sms…），"
        "再用 orderloom recipients set 设置接收人；见 docs/notifications.md。",
        "Connect a messenger: orderloom connect dingtalk (or wecom, feishu, email, sms …), then orderloom recipients "
        "set; see docs/notifications.md.")]


CHECKS: list[Check] = [
    check_python, check_packages, check_environment, check_home, check_clock, check_port, check_database, check_keys,
    check_receivers, check_connectors, check_versions, check_spool, check_notifications,
]
"""The order in which things are looked at; other modules may append their own."""


def _built() -> datetime:
    return datetime.fromtimestamp(Path(package_file).stat().st_mtime, UTC)


def _unlike_lock() -> list[str]:
    """Packages whose installed version is not the one that this build was made with."""
    pins = PIN.findall(LOCK.read_text("utf-8"))
    return [f"{name} {have or '-'} ≠ {want}" for name, want in pins if (have := _installed(name)) != want]


def _is_hub(port: int) -> bool:
    """Whether a hub answers on the port."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=CONNECT_SECONDS_MAX) as answer:
            return b'"version"' in answer.read(2_000)
    except OSError:
        return False


def _installed(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _migrated(dsn: str, where: str) -> Checked:
    try:
        waiting = pending(dsn)
    except DatabaseTrouble as trouble:
        return Checked("数据库结构", "Database schema", where, False, trouble.zh, trouble.en)
    return Checked("数据库结构", "Database schema", ", ".join(waiting) or where, not waiting,
                   "运行 orderloom up 会自动升级。", "orderloom up brings it up to date.")
