"""`orderloom up`: everything on one machine, in one command, until Ctrl-C."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from orderloom.adapters.manifests import mistakes
from orderloom.application.ports import DatabaseServer, DatabaseTrouble
from orderloom.bootstrap.installation import database_server, first_administrator, make_keys
from orderloom.bootstrap.schema import migrate
from orderloom.entrypoints.cli.attach import translated
from orderloom.entrypoints.cli.first_run import ensure_blueprint, is_untouched
from orderloom.entrypoints.cli.frame import single
from orderloom.entrypoints.cli.lan import ToLan, asked_lan, refuse_no_door, tell_lan
from orderloom.entrypoints.cli.screen import Stop, screen
from orderloom.entrypoints.cli.supervise import Child, Supervisor
from orderloom.entrypoints.lan import Lan
from orderloom.settings import Settings, read_settings

app = single()
LOOK_SECONDS = 0.2
REVIVE_SECONDS = 5.0
"""Pause after the database could not be started again."""
ROOM_BYTES_MIN = 1 << 20
READY_SECONDS_MAX = 60.0
GUEST_SECONDS_MAX = 30.0
"""How long a short command that started the database for itself may keep it."""


@app.command(help="启动全部，Ctrl-C 停止。DEMO=1 带演示世界，DEMO=0 不带 / start everything; Ctrl-C stops it")
def up(lan: ToLan = "") -> None:
    """Run everything until told to stop."""
    settings = read_settings()
    demo, network = _demo_word(), asked_lan(lan)
    with _on_disk(settings.home):
        settings.home.mkdir(parents=True, exist_ok=True, mode=0o711)
    with _alone(settings), translated():
        Installation(settings, demo, network).run()


class Installation:
    """The running whole: database, API, worker, world."""

    def __init__(self, settings: Settings, demo: str, lan: Lan | None) -> None:
        self.settings, self._demo, self._lan = settings, demo, lan
        self._told = threading.Event()
        self._is_again = self._is_hurried = self._is_note_due = False
        self._postgres: DatabaseServer | None = None

    def run(self) -> None:
        """Start all, watch all, stop all."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._on_stop)
        signal.signal(signal.SIGHUP, self._on_again)
        refuse_taken_port(self.settings.port)
        if self._lan is not None:
            refuse_no_door(self._lan, self.settings.port)
        supervisor = Supervisor([], self._report)
        try:
            dsn = self._open_database()
            password = self._prepare(dsn)
            supervisor.children = self._children(dsn)
            if not self._told.is_set():
                supervisor.start()
                self._greet(supervisor, password)
                self._watch(supervisor)
        finally:
            screen.say("正在停止……", "Stopping…")
            supervisor.stop(lambda: self._is_hurried)
            if self._postgres is not None:
                self._postgres.stop()
            (self.settings.home / "up.json").unlink(missing_ok=True)
            screen.say("已停止。", "Stopped.")

    def _open_database(self) -> str:
        """Start the embedded database as its owner; a passing command may have it for a moment."""
        if not self.settings.is_embedded:
            return self.settings.dsn
        screen.say("正在启动数据库……", "Starting the database…")
        postgres = database_server(self.settings, lambda text: screen.say(text, text))
        deadline = time.monotonic() + GUEST_SECONDS_MAX
        dsn = postgres.start()
        while not postgres.is_starter:
            if time.monotonic() > deadline:
                raise Stop("数据库正由另一个进程运行（可能是 orderloom api 或 worker）。请先停止它。",
                           "The database is run by another process (orderloom api or worker?). Stop that first.",
                           code=2)
            time.sleep(LOOK_SECONDS)
            if not postgres.is_running():
                dsn = postgres.start()
        self._postgres = postgres
        return dsn

    def _prepare(self, dsn: str) -> str | None:
        """Schema, keys, blueprint, first administrator; returns the one-time password when one was made."""
        applied = migrate(dsn)
        if applied:
            screen.say(f"数据库结构已就绪（{applied[0][:4]}-{applied[-1][:4]}）。",
                       f"The database schema is up to date ({applied[0][:4]}-{applied[-1][:4]}).")
        make_keys(self.settings)
        ensure_blueprint(self.settings, dsn, is_upgraded=bool(applied))
        return first_administrator(dsn)

    def _children(self, dsn: str) -> list[Child]:
        logs = self.settings.home / "logs"
        to_lan = ["--lan", str(self._lan)] if self._lan else []
        children = [Child("api", ["api", *to_lan], logs / "api.log"), Child("worker", ["worker"], logs / "worker.log")]
        has_world = (self.settings.home / "world.json").exists()
        if self._demo == "1" or (self._demo == "" and (has_world or is_untouched(self.settings, dsn))):
            children.append(Child("world", ["simulate"], logs / "world.log"))
        return children

    def _greet(self, supervisor: Supervisor, password: str | None) -> None:
        """Wait until the API answers, then say where and how to log in."""
        deadline = time.monotonic() + READY_SECONDS_MAX
        while not self._told.is_set() and not answers_at(self.settings.port) and time.monotonic() < deadline:
            supervisor.look()
            self._told.wait(LOOK_SECONDS)
        self._note(supervisor)
        for mistake in mistakes():
            screen.note(f"这个连接器不可用，其余照常：{mistake}",
                        f"This connector cannot be used, all others can: {mistake}", style="red")
        address = f"http://127.0.0.1:{self.settings.port}/"
        screen.say(f"织单已就绪：{address}", f"Orderloom is ready: {address}", style="bold green")
        if self._lan is not None:
            tell_lan(self._lan, self.settings.home)
        if password:
            screen.say(f"登录：打开上面的网址，用户名 admin，一次性密码 {password}（随即更改，不再显示）",
                       f"Log in: open that address, user admin, one-time password {password} "
                       "(to be changed at once; not shown again)", style="bold")
        else:
            screen.say("登录：打开上面的网址。忘记密码：orderloom user reset-password 用户名",
                       "Log in: open that address. Forgotten: orderloom user reset-password NAME")
        if any(child.name == "world" for child in supervisor.children):
            screen.say("演示世界正在运行（DEMO=0 可关闭）。", "The rehearsed world is running (DEMO=0 leaves it out).")
        screen.say(f"日志：{self.settings.home / 'logs'}  停止：Ctrl-C",
                   f"Logs: {self.settings.home / 'logs'}  Stop: Ctrl-C")

    def _watch(self, supervisor: Supervisor) -> None:
        while not self._told.wait(LOOK_SECONDS):
            if self._is_again:
                self._is_again = False
                screen.say("正在重启接口与后台……", "Restarting API and worker…")
                supervisor.restart(lambda: self._is_hurried)
                self._note(supervisor)
            if self._postgres is not None and not self._postgres.is_running():
                self._revive(self._postgres)
            if supervisor.look() or (self._is_note_due and _has_room(self.settings.home)):
                self._note(supervisor)

    def _revive(self, postgres: DatabaseServer) -> None:
        self._report("数据库意外结束，正在恢复……", "The database ended unexpectedly; it is being recovered…")
        try:
            postgres.start()
            self._report("数据库已恢复。", "The database is back.")
        except DatabaseTrouble as trouble:
            self._report(trouble.zh, trouble.en)
            self._told.wait(REVIVE_SECONDS)
        except OSError as error:
            self._report(f"数据库启动不了：{error.strerror}", f"The database cannot be started: {error.strerror}")
            self._told.wait(REVIVE_SECONDS)

    def _note(self, supervisor: Supervisor) -> None:
        """Who runs, for other commands and for people. A disk that is full is no reason to stop: it is told, once."""
        file = self.settings.home / "up.json"
        draft = file.with_suffix(".new")
        try:
            draft.write_text(json.dumps({
                "pid": os.getpid(), "port": self.settings.port,
                "children": {c.name: {"pid": c.process.pid if c.process else 0, "restarts": c.restarts}
                             for c in supervisor.children},
            }) + "\n")
            draft.replace(file)
        except OSError as error:
            self._is_note_due = True
            self._report(f"{file} 写不了（{error.strerror}），其余照常运行。",
                         f"{file} cannot be written ({error.strerror}); everything else goes on.")
            return
        self._is_note_due = False

    def _report(self, zh: str, en: str) -> None:
        screen.note(f"{time.strftime('%H:%M:%S')} {zh}", f"{time.strftime('%H:%M:%S')} {en}", style="yellow")

    def _on_stop(self, number: int, frame: FrameType | None) -> None:
        self._is_hurried = self._told.is_set()
        self._told.set()

    def _on_again(self, number: int, frame: FrameType | None) -> None:
        self._is_again = True


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """One `up` per data folder. The kernel lets go of the lock when its owner dies, however it dies."""
    with _on_disk(settings.home):
        handle = os.open(settings.home / "up.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as taken:
            pid = os.read(handle, 32).decode("ascii", "replace").strip() or "?"
            raise Stop(f"{settings.home} 已在运行（进程 {pid}）。停止它：kill {pid}",
                       f"{settings.home} is running already (process {pid}). To stop it: kill {pid}") from taken
        with _on_disk(settings.home):
            os.ftruncate(handle, 0)
            os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(handle)


@contextmanager
def _on_disk(folder: Path) -> Iterator[None]:
    """What the disk refuses before anything runs, in words."""
    try:
        yield
    except OSError as error:
        raise Stop(f"数据文件夹 {folder} 写不了：{error.strerror}。请腾出空间或检查权限后重试。",
                   f"The data folder {folder} cannot be written: {error.strerror}. Free some space or check its "
                   "owner, then try again.", code=2) from error


def _has_room(folder: Path) -> bool:
    return shutil.disk_usage(folder).free >= ROOM_BYTES_MIN


def running_pid(home: Path) -> int | None:
    """Process number of the `up` that runs on this data folder, None when none does."""
    with contextlib.suppress(OSError, ValueError), (home / "up.lock").open("rb+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return int(lock.read().strip())
    return None


def _demo_word() -> str:
    word = os.environ.get("DEMO", "").strip()
    if word not in ("", "0", "1"):
        raise Stop(f"DEMO 只能是 0 或 1，不是“{word}”。", f'DEMO is 0 or 1, not "{word}".', code=2)
    return word


def refuse_taken_port(port: int) -> None:
    """Raises Stop when another program has the port."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise Stop(f"端口 {port} 已被占用。请用 ORDERLOOM_PORT 换一个端口。",
                       f"Port {port} is taken. Choose another by ORDERLOOM_PORT.", code=2) from error


def answers_at(port: int) -> bool:
    """Whether somebody listens on this port of loopback."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=0.5).close()
        return True
    except OSError:
        return False
