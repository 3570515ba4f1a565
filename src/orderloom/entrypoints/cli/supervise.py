"""Keeps child processes alive: starts, restarts with back-off, reports, and stops them in order within seconds."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

STOP_SECONDS_MAX = 10.0
HURRY_SECONDS = 1.0
BACK_OFF_SECONDS = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
STEADY_SECONDS = 60.0
"""A child that lived so long is forgiven its earlier deaths."""
TAIL_BYTES = 2_000
POLL_SECONDS = 0.05

Report = Callable[[str, str], None]
"""Told in Chinese and English."""


@dataclass
class Child:
    """One command of this program, run as a process of its own."""

    name: str
    arguments: Sequence[str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    deaths: int = 0
    restarts: int = 0
    started_at: float = 0.0
    due_at: float = field(default=0.0)

    @property
    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        """Start the process in a session of its own, so that a Ctrl-C in the terminal is not its; log to a file."""
        self.log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        command = [sys.executable, "-m", "orderloom.entrypoints.cli.main", *self.arguments, "--under", str(os.getpid()),
                   "--log", str(self.log)]
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True)
        self.started_at = time.monotonic()

    def stop(self, is_hurried: Callable[[], bool]) -> None:
        """SIGTERM, then SIGKILL when it does not end in time (in a second when hurried)."""
        if self.process is None or not self.is_alive:
            return
        self.process.send_signal(signal.SIGTERM)
        begun = time.monotonic()
        while self.is_alive:
            if time.monotonic() - begun > (HURRY_SECONDS if is_hurried() else STOP_SECONDS_MAX):
                self.process.kill()
                self.process.wait()
            time.sleep(POLL_SECONDS)

    def last_words(self) -> str:
        """The last line that it wrote."""
        try:
            with self.log.open("rb") as lines:
                lines.seek(max(0, self.log.stat().st_size - TAIL_BYTES))
                words = lines.read().decode("utf-8", "replace").strip().splitlines()
        except OSError as error:
            return str(error)
        return words[-1][:300] if words else ""


class Supervisor:
    """The children, in the order in which they are started; they are stopped in the opposite one."""

    def __init__(self, children: Sequence[Child], report: Report) -> None:
        self.children, self._report = list(children), report

    def start(self) -> None:
        """Start all."""
        for child in self.children:
            self._launch(child)

    def look(self) -> bool:
        """Restart what died, when its back-off is over; True when something changed."""
        is_changed = False
        now = time.monotonic()
        for child in self.children:
            if child.is_alive:
                if child.deaths and now - child.started_at > STEADY_SECONDS:
                    child.deaths = 0
                continue
            if child.process is not None:
                self._mourn(child, now)
                is_changed = True
            elif now >= child.due_at and self._launch(child):
                child.restarts += 1
                is_changed = True
        return is_changed

    def restart(self, is_hurried: Callable[[], bool]) -> None:
        """Stop and start all, one after the other."""
        for child in self.children:
            child.stop(is_hurried)
            child.restarts += self._launch(child)

    def stop(self, is_hurried: Callable[[], bool]) -> None:
        """Stop all, last started first."""
        for child in reversed(self.children):
            child.stop(is_hurried)

    def _launch(self, child: Child) -> bool:
        """Start a child; one that cannot be started now - no room, no memory - is tried again later."""
        try:
            child.start()
        except OSError as error:
            self._put_off(child, time.monotonic())
            self._report(f"{child.name} 启动不了：{error.strerror}，稍后再试。",
                         f"{child.name} cannot be started: {error.strerror}; it is tried again later.")
            return False
        return True

    def _put_off(self, child: Child, now: float) -> float:
        """Let a child wait before its next start; returns how many seconds."""
        pause = BACK_OFF_SECONDS[min(child.deaths, len(BACK_OFF_SECONDS) - 1)]
        child.process, child.due_at = None, now + pause
        child.deaths += 1
        return pause

    def _mourn(self, child: Child, now: float) -> None:
        assert child.process is not None
        code = child.process.returncode
        pause = self._put_off(child, now)
        self._report(
            f"{child.name} 意外结束（代码 {code}），{pause:g} 秒后重启。"
            f"最后一行：{child.last_words()}（日志 {child.log}）",
            f"{child.name} ended unexpectedly (code {code}); restart in {pause:g} s. Its last line: "
            f"{child.last_words()} (log {child.log})")
