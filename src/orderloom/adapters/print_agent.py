"""Stands beside a printer: takes its jobs from the hub one at a time, hands each over, and tells what became of it.

Nothing is handed over twice: whoever cannot say whether a paper came out says `unknown`, and a person is asked.
"""

from __future__ import annotations

import base64
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlsplit
from uuid import uuid4

import httpx2
import structlog

WAIT_SECONDS = 20
CONNECT_SECONDS, SEND_SECONDS = 5.0, 30.0
CUPS_SECONDS = 60.0
TRIES_MAX = 40
"""Of telling a result: an hour, by then the hub has asked a person."""
BACK_OFF_SECONDS = (0.5, 1.0, 2.0, 5.0, 15.0)
RAW_PORT = 9_100
Rest = Callable[[float], None]
log = structlog.get_logger()


class Handed(NamedTuple):
    """What became of a paper: printed; failed, surely nothing came out; unknown."""

    result: str
    error: str = ""


class Outlet(Protocol):
    """Where papers go."""

    def put(self, job: int, form: str, document: bytes) -> Handed: ...


class NoOutlet(ValueError):
    """An address that is no printer's: how one is written."""


class AgentRefused(RuntimeError):
    """The hub does not serve this agent, and never will as it is: what it said."""


class RawPrinter:
    """A printer that takes bytes on a port of the network (9100): taken whole is printed, for it says no more."""

    def __init__(self, host: str, port: int) -> None:
        self._address = (host, port)

    def put(self, job: int, form: str, document: bytes) -> Handed:
        """Send a document. Once a byte may have arrived, a failure is one that nobody knows the end of."""
        try:
            line = socket.create_connection(self._address, CONNECT_SECONDS)
        except OSError as error:
            return Handed("failed", f"unreachable: {type(error).__name__}")
        try:
            with line:
                line.settimeout(SEND_SECONDS)
                line.sendall(document)
                line.shutdown(socket.SHUT_WR)
        except OSError as error:
            return Handed("unknown", f"broken_off: {type(error).__name__}")
        return Handed("printed")


class Folder:
    """A folder that something else prints from: a file for each paper, there at once or not at all."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def put(self, job: int, form: str, document: bytes) -> Handed:
        """Write a document."""
        try:
            part = self._path / f".{job}.part"
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(document)
            part.replace(self._path / f"{job}.{form}")
        except OSError as error:
            return Handed("failed", f"folder: {type(error).__name__}")
        return Handed("printed")


class Cups:
    """A queue of CUPS: `lp` takes the paper, and it is printed when CUPS does not list it any more."""

    def __init__(self, queue: str, rest: Rest = time.sleep) -> None:
        self._queue, self._rest = queue, rest

    def put(self, job: int, form: str, document: bytes) -> Handed:
        """Hand a document over, ZPL as it is."""
        with tempfile.NamedTemporaryFile(suffix=f".{form}") as file:
            file.write(document)
            file.flush()
            raw = ["-o", "raw"] if form == "zpl" else []
            taken = _run(["lp", "-d", self._queue, "-t", f"orderloom {job}", *raw, "--", file.name])
        if taken is None or taken.returncode:
            return Handed("failed", "cups: lp" if taken else "cups: no lp")
        request = next((word for word in taken.stdout.split() if word.startswith(f"{self._queue}-")), "")
        for _ in range(int(CUPS_SECONDS)):
            listed = _run(["lpstat", "-W", "not-completed", "-o", self._queue])
            if listed is None or listed.returncode or not request:
                return Handed("unknown", "cups: lpstat")
            if request not in listed.stdout.split():
                return Handed("printed")
            self._rest(1.0)
        return Handed("unknown", "cups: still waiting")


def _run(command: list[str]) -> subprocess.CompletedProcess[str] | None:
    """A command of CUPS; None where there is none, or it hangs."""
    program = shutil.which(command[0])
    if program is None:
        return None
    try:
        return subprocess.run([program, *command[1:]], capture_output=True, text=True, timeout=SEND_SECONDS,
                              check=False)
    except subprocess.TimeoutExpired:
        return None


def outlet_at(address: str) -> Outlet:
    """The printer at `tcp://HOST[:9100]`, `cups:QUEUE` or `folder:PATH`. Raises NoOutlet."""
    kind, _, rest = address.partition(":")
    if kind == "tcp":
        try:
            parts = urlsplit(address)
            host, port = parts.hostname, parts.port or RAW_PORT
        except ValueError:
            host, port = None, 0
        if host:
            return RawPrinter(host, port)
    if kind == "cups" and rest and not rest.startswith("-"):
        return Cups(rest)
    if kind == "folder" and rest and Path(rest).is_dir():
        return Folder(Path(rest))
    raise NoOutlet(address)


class PrintAgent:
    """Takes the jobs of one printer. Its `http` has the hub's address and the agent's token."""

    def __init__(
        self, http: httpx2.Client, printer: str, outlet: Outlet, rest: Rest = time.sleep,
    ) -> None:
        self._http, self._printer, self._outlet, self._rest = http, printer, outlet, rest

    def step(self, wait_seconds: int = WAIT_SECONDS) -> int | None:
        """Take a job, print it and tell; its number, None where none waited. Raises AgentRefused."""
        lease = str(uuid4())
        body = {"printer": self._printer, "lease": lease, "wait_seconds": wait_seconds}
        task = self._told("/api/v1/print/lease", body)
        if task is None or task["job"] is None:
            return None
        job = int(task["job"])
        handed = self._outlet.put(job, str(task["form"]), base64.b64decode(task["document"]))
        log.info("paper_handed_over", job=job, result=handed.result, error=handed.error)
        self._told(f"/api/v1/print/jobs/{job}/result", {"lease": lease, **handed._asdict()})
        return job

    def _told(self, path: str, body: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Ask until there is an answer: the same lease is the same job, the same result counts once."""
        for tries in range(TRIES_MAX):
            try:
                answer = self._http.post(path, json=body, timeout=WAIT_SECONDS + CONNECT_SECONDS)
            except httpx2.HTTPError as error:
                log.warning("hub_unreachable", error=type(error).__name__)
            else:
                if answer.is_success:
                    found: Mapping[str, Any] = answer.json()
                    return found
                if answer.status_code == 409:
                    return None  # the lease is over: a person has been asked by now
                if answer.status_code < 500 and answer.status_code != 429:
                    raise AgentRefused(f"{answer.status_code} {answer.text[:300]}")
            self._rest(BACK_OFF_SECONDS[min(tries, len(BACK_OFF_SECONDS) - 1)])
        return None
