"""Supervises the embedded PostgreSQL: starts it or attaches to it, waits through recovery, stops it, survives kill -9.

Who owns the data folder is told by a lock (`postgres.owner`) that the server and all its children inherit: the
kernel lets go of it when the last of them is dead and not before, so neither a stale `postmaster.pid` nor a process
number that was given to another program can mislead us. Only the process that started the server stops it; when that
process dies, even by kill -9, the kernel sends the server SIGINT: a fast, clean shutdown.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote, urlencode

import psycopg

from orderloom.adapters.db import embedded_cluster as cluster
from orderloom.adapters.db import embedded_launch, server_log
from orderloom.adapters.db.embedded_account import server_account
from orderloom.adapters.db.embedded_binaries import Binaries, bundled, within_reach
from orderloom.adapters.db.embedded_lockfile import LOCK_NAME, Running, running
from orderloom.adapters.db.embedded_trouble import explain, too_slow
from orderloom.application.ports import DatabaseTrouble

START_SECONDS_MAX = 30 * 60.0
"""Recovery after a crash may take minutes on a slow disk; giving up early would only start it again."""
STOP_SECONDS_MAX = 60.0
POLL_SECONDS = 0.02
REPORT_SECONDS = 2.0
CONNECT_SECONDS_MAX = 10
RETRY_SIGNS = ("pre-existing shared memory block", "lock file")
"""What a server says when children of a killed one are still going away: worth another try until the deadline."""


class EmbeddedPostgres:
    """One embedded PostgreSQL below `home`. `port` None: a free one, chosen once and stored.

    `report` is told in words (Chinese first) when the start takes long. Not thread-safe; one object per process.
    """

    def __init__(
        self, home: Path, port: int | None = None, *,
        report: Callable[[str], None] | None = None, seconds_max: float = START_SECONDS_MAX,
    ) -> None:
        self.home = home.absolute()
        self.dsn = ""
        self._wanted_port = port
        self._report = report or (lambda text: None)
        self._seconds_max = seconds_max
        self._account = server_account()
        self._binaries: Binaries | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._keeper: threading.Thread | None = None
        self._starter_pid = 0
        self._log_start = 0

    @property
    def data(self) -> Path:
        """The real data folder; as root it may be below /var/lib/orderloom."""
        return cluster.locate(self.home, self._account)

    @property
    def is_starter(self) -> bool:
        """Whether this very process (not one it was forked from) started the server, and so is the one to stop it."""
        return self._child is not None and self._starter_pid == os.getpid()

    def start(self) -> str:
        """Start the server or attach to the one that runs; return the DSN of database `orderloom`.

        Waits at most `seconds_max` seconds, through crash recovery and another process's start.
        Raises `DatabaseTrouble` with the reason and the remedy.
        """
        deadline = time.monotonic() + self._seconds_max
        self._binaries = within_reach(bundled(), self._account)
        while True:
            lock = self._own()
            try:
                live = running(self.data)
                if lock is not None and live is None and self._launch(lock, deadline):
                    live = running(self.data)
                if live is not None and live.is_ready and (dsn := self._verified(live, deadline)):
                    self.dsn = dsn
                    return dsn
            finally:
                if lock is not None:
                    os.close(lock)  # the server inherited it and keeps it
            self._tick(deadline, "等待另一个进程放开数据库 / waiting for another process to hand over the database")

    def stop(self) -> None:
        """Stop the server (fast shutdown) if this process started it; else only forget it."""
        child, keeper = self._child, self._keeper
        if child is None or keeper is None or not self.is_starter:
            return
        for number, seconds in ((signal.SIGINT, STOP_SECONDS_MAX), (signal.SIGQUIT, CONNECT_SECONDS_MAX)):
            child.send_signal(number)
            keeper.join(seconds)
            if not keeper.is_alive():
                break
        else:
            raise too_slow(str(self.data), STOP_SECONDS_MAX)
        self._child = self._keeper = None
        self.dsn = ""
        with contextlib.suppress(OSError):
            cluster.socket_folder(self.data, self._account).rmdir()

    def is_running(self) -> bool:
        """Whether a server, ours or another process's, serves this folder and is ready."""
        live = running(self.data)
        return live is not None and live.is_ready

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _own(self) -> int | None:
        """The owner lock as a file descriptor, or None while a server or a starting process holds it."""
        self.data  # noqa: B018 - makes the folder
        handle = os.open(self.home / "postgres.owner", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            return None
        return handle

    def _launch(self, lock: int, deadline: float) -> bool:
        """Start the server as the lock's owner. True when it is ready, False when it is worth another try."""
        binaries = self._binaries
        assert binaries is not None
        data = self.data
        cluster.ensure(data, self.home, binaries, self._account, lock)
        port = cluster.choose_port(self.home, self._wanted_port)
        sockets = cluster.socket_folder(data, self._account)
        for stale in (data / LOCK_NAME, *sockets.glob(".s.PGSQL.*")):
            stale.unlink(missing_ok=True)  # the lock is ours: nobody is alive behind these
        guarded = {"listen_addresses": "127.0.0.1", "fsync": "on", "full_page_writes": "on",
                   "unix_socket_permissions": "0700", "logging_collector": "off",
                   # What the server refuses is told to whoever asked; its own lines would quote the row.
                   "log_min_messages": "log", "log_error_verbosity": "terse",
                   # Older clusters have it on in their file. Squeezing the pages that a checkpoint makes whole again
                   # costs more processor time an order than all else that the server does for it.
                   "wal_compression": "off", **cluster.unnamed(data)}
        command = [
            sys.executable, "-I", embedded_launch.__file__, str(self._account.uid), str(self._account.gid),
            str(os.getpid()), str(binaries.folder / "postgres"), "-D", str(data), "-p", str(port), "-k", str(sockets),
            *(part for name, value in guarded.items() for part in ("-c", f"{name}={value}")),
        ]
        self._spawn(command, lock)
        return self._await_ready(deadline)

    def _spawn(self, command: list[str], lock: int) -> None:
        """Run the server below a thread that lives as long as it: the kernel's death signal follows that thread."""
        log = self.home / "postgres.log"
        server_log.turn(log)
        is_spawned = threading.Event()
        failure: list[OSError] = []

        def keep() -> None:
            try:
                with log.open("ab") as out:
                    self._log_start = out.tell()
                    self._child = subprocess.Popen(
                        command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd="/", env=cluster.environment(),
                        pass_fds=(lock,), start_new_session=True,  # a Ctrl-C in our terminal is not the server's
                    )
            except OSError as error:
                failure.append(error)
                return
            finally:
                is_spawned.set()
            while True:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self._child.wait(server_log.LOOK_SECONDS)
                    return
                if server_log.turn(log):
                    self._log_start = 0

        self._starter_pid = os.getpid()
        self._keeper = threading.Thread(target=keep, name="embedded-postgres", daemon=True)
        self._keeper.start()
        is_spawned.wait()
        if failure:
            raise explain(str(failure[0]), str(self.data)) from failure[0]

    def _await_ready(self, deadline: float) -> bool:
        while True:
            live = running(self.data)
            if live is not None and live.is_ready:
                return True
            if self._keeper is None or not self._keeper.is_alive():
                self._child = self._keeper = None
                self._raise_unless_passing(self._log_tail())
                return False
            try:
                self._tick(deadline, f"数据库正在恢复 / the database is recovering: {self._last_words()}")
            except DatabaseTrouble:
                self.stop()
                raise

    def _raise_unless_passing(self, tail: str) -> None:
        """Raise the trouble that the log tells, unless it is one that passes by itself and deserves another try."""
        is_port_lost = self._wanted_port is None and "Address already in use" in tail
        is_passing = is_port_lost or any(sign in tail for sign in RETRY_SIGNS)
        if not is_passing or "No space left on device" in tail:
            raise explain(tail, str(self.data))

    def _verified(self, live: Running, deadline: float) -> str:
        """The DSN, after a connection through it has worked; empty when the server died before it answered."""
        dsn = self._dsn(live)
        while True:
            try:
                psycopg.connect(dsn, connect_timeout=CONNECT_SECONDS_MAX).close()
                return dsn
            except psycopg.OperationalError as error:  # it may still say that it is starting, recovering or stopping
                if "authentication failed" in str(error):
                    raise DatabaseTrouble(
                        "password_wrong", f"{self.home / 'postgres.password'} 与数据库不符。请从备份恢复该文件。",
                        f"{self.home / 'postgres.password'} does not fit the database: restore it from a backup.",
                    ) from error
                if running(self.data) != live:
                    return ""
                self._tick(deadline, f"数据库尚未就绪 / the database is not ready yet: {error}")

    def _dsn(self, live: Running) -> str:
        word = quote(cluster.passwords(self.home)[cluster.ROLE], safe="")
        where = urlencode({"host": live.sockets or "127.0.0.1", "port": live.port})
        return f"postgresql://{cluster.ROLE}:{word}@/{cluster.DATABASE}?{where}"

    def _tick(self, deadline: float, text: str) -> None:
        """Wait a moment; report now and then; raise when the named maximum has passed."""
        now = time.monotonic()
        if now > deadline:
            raise too_slow(str(self.data), self._seconds_max)
        waited = now - (deadline - self._seconds_max)
        if waited % REPORT_SECONDS < POLL_SECONDS and waited > REPORT_SECONDS:
            self._report(f"{text} ({waited:.0f} s)")
        time.sleep(POLL_SECONDS)

    def _log_tail(self) -> str:
        with contextlib.suppress(OSError), (self.home / "postgres.log").open("rb") as log:
            log.seek(self._log_start)
            return log.read(64 << 10).decode("utf-8", "replace")
        return ""

    def _last_words(self) -> str:
        lines = self._log_tail().strip().splitlines()
        return lines[-1] if lines else ""
