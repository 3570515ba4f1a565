"""A full disk: senders are told to come again, nothing dies of it, and all goes on by itself once there is room."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest

from orderloom.entrypoints.cli import supervise
from orderloom.entrypoints.cli.supervise import Child, Supervisor

SHOP, SECRET = "t.myshopify.com", "s"
SECONDS_MAX = 90.0
STORY_SECONDS_MAX = 400.0
HERE = Path(__file__).resolve().parent
COMMAND = [sys.executable, "-m", "orderloom.entrypoints.cli.main"]


def until(condition: Callable[[], bool], what: str) -> None:
    """Wait for it."""
    end = time.monotonic() + SECONDS_MAX
    while not condition():
        assert time.monotonic() < end, f"{what} did not happen within {SECONDS_MAX:.0f} s"
        time.sleep(0.1)


class Running:
    """An installation on the small disk, with a shop that pushes orders."""

    def __init__(self, home: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.home = home / "h"
        self.environment = {**os.environ, "ORDERLOOM_HOME": str(self.home), "ORDERLOOM_PORT": str(self.port),
                            "DEMO": "0"}  # fmt: skip
        self.http = httpx2.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=20)
        self.up = subprocess.Popen([*COMMAND, "up"], env=self.environment, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)

    def is_ready(self) -> bool:
        try:
            return self.http.get("/ready").status_code == 200
        except httpx2.HTTPError:
            return False

    def command(self, *words: str) -> str:
        return subprocess.run([*COMMAND, *words], env=self.environment, capture_output=True, text=True,
                              check=False, timeout=SECONDS_MAX).stdout

    def push(self, number: int) -> int:
        body = b'{"id": %d, "name": "#%d"}' % (number, number)
        mac = base64.b64encode(hmac.digest(SECRET.encode(), body, hashlib.sha256)).decode()
        return self.http.post("/webhooks/SH01", content=body, headers={
            "x-shopify-hmac-sha256": mac, "x-shopify-shop-domain": SHOP, "x-shopify-topic": "orders/create",
            "content-type": "application/json"}).status_code

    def children(self) -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = json.loads((self.home / "up.json").read_text())["children"]
        return found

    def end_database(self) -> None:
        """Unless the full disk has ended it already: it does so when the next segment of its journal has no room."""
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            os.kill(int((self.home / "postgres" / "postmaster.pid").read_text().splitlines()[0]), signal.SIGKILL)


def test_a_full_disk_is_told_to_senders_and_everything_goes_on_once_there_is_room(home: Path) -> None:
    """The story is told by a process of its own, which alone sees the small disk."""
    told = subprocess.run(
        [sys.executable, str(HERE / "small_disk.py"), str(home), sys.executable, __file__, str(home)],
        capture_output=True, text=True, check=False, timeout=STORY_SECONDS_MAX)
    assert told.returncode == 0, told.stdout + told.stderr


def story(small_disk: Path) -> None:
    """Fill the disk, end processes, make room."""
    hub = Running(small_disk)
    try:
        until(hub.is_ready, "the start")
        hub.command("connect", "shopify", "--code", "SH01", "--setting", f"shop_domain={SHOP}",
                    "--set", f"client_secret={SECRET}", "--set", "access_token=x", "--set", "client_secret_previous=",
                    "--base-url", "http://127.0.0.1:9", "--allow-private", "127.0.0.1", "--since", "now", "--force")
        until(lambda: hub.push(1) == 200, "the first order")
        before = hub.children()
        filler = small_disk / "filler"
        fill(filler)
        answers = [hub.push(number) for number in range(2, 60)]
        assert set(answers) == {200, 503} and answers[-1] == 503
        os.kill(before["worker"]["pid"], signal.SIGKILL)
        hub.end_database()
        until(lambda: hub.http.get("/health").json()["database"] == "away", "the database's end")
        assert hub.push(100) == 503 and hub.up.poll() is None
        filler.unlink()
        until(hub.is_ready, "the recovery")
        until(lambda: hub.push(101) == 200, "the next order")
        until(lambda: hub.children()["worker"]["restarts"] > 0, "the worker's return")
        assert hub.children()["api"] == before["api"], "the door died of the full disk"

        def accounting() -> dict[str, int]:
            found: dict[str, int] = json.loads(hub.command("status", "--json"))["accounting"]
            return found

        until(lambda: not accounting()["spooled"], "the spool's end")
        acknowledged = answers.count(200) + 2
        assert accounting()["stored"] >= acknowledged and accounting()["is_balanced"]
    finally:
        hub.up.send_signal(signal.SIGTERM)
        hub.up.wait(SECONDS_MAX)


def fill(file: Path) -> None:
    """Take all the room that is left, to the last byte."""
    with file.open("wb", buffering=0) as out:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while True:
                    out.write(b"x" * size)
            except OSError:
                continue


def test_a_child_that_cannot_be_started_now_is_started_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    child, told = Child("worker", ["worker"], tmp_path / "logs" / "worker.log"), list[str]()
    supervisor = Supervisor([child], lambda zh, en: told.append(en))
    (tmp_path / "logs").write_text("a file is in the way")
    supervisor.start()
    assert not child.is_alive and "cannot be started" in told[0]
    (tmp_path / "logs").unlink()
    monkeypatch.setattr(supervise.subprocess, "Popen", lambda *_, **__: Sleeper())
    child.due_at = 0.0
    assert supervisor.look() and child.is_alive and child.restarts == 1


class Sleeper:
    """A process that lives."""

    pid = 0

    def poll(self) -> None:
        return None


if __name__ == "__main__":
    story(Path(sys.argv[1]))
