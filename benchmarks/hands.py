"""Real operating-system processes for a benchmark: started, told to begin together, asked what they found, ended."""

from __future__ import annotations

import contextlib
import logging
import os
import select
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson
import structlog

ROOT = Path(__file__).resolve().parent.parent
ANSWER_SECONDS_MAX = 240
END_SECONDS_MAX = 20
_pipe: list[int] = []


class HandFailed(RuntimeError):
    """A process of a benchmark ended without an answer; what it wrote is above."""


class Hand:
    """One process of a benchmark module that is run as `python -m <module> <arguments as JSON>`.

    It prints a line when it is ready, begins when it reads a line, and prints its result as one line of JSON.
    """

    def __init__(self, module: str, **given: Any) -> None:
        self.module = module
        command = [sys.executable, "-m", module, orjson.dumps(given).decode()]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT)

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    def until_ready(self) -> dict[str, Any]:
        """Wait for the line that says it is ready; returns what it tells there."""
        return self._line()

    def go(self) -> None:
        """Let it begin."""
        self._put(b"go\n")

    def told(self) -> dict[str, Any]:
        """Wait for what it says next; it waits for another `go` then."""
        return self._line()

    def result(self) -> dict[str, Any]:
        """Wait for what it found."""
        found = self._line()
        self.until_ended()
        return found

    def until_ended(self) -> None:
        """Wait until it is gone."""
        self._process.wait(END_SECONDS_MAX)

    def end(self) -> None:
        """End a process that runs until it is told to stop; it is killed when it does not listen."""
        if self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(END_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _put(self, line: bytes) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line)
        self._process.stdin.flush()

    def _line(self) -> dict[str, Any]:
        out = self._process.stdout
        assert out is not None
        if not select.select([out], [], [], ANSWER_SECONDS_MAX)[0]:
            raise HandFailed(f"{self.module} said nothing for {ANSWER_SECONDS_MAX} seconds")
        line = out.readline()
        if not line:
            raise HandFailed(f"{self.module} ended with code {self._process.wait()}")
        answer: dict[str, Any] = orjson.loads(line)
        return answer


@contextlib.contextmanager
def hands(chosen: Sequence[Hand]) -> Iterator[Sequence[Hand]]:
    """The processes, ready; those that still run at the end of the block are ended."""
    try:
        for hand in chosen:
            hand.until_ready()
        yield chosen
    finally:
        for hand in chosen:
            hand.end()


def together(chosen: Sequence[Hand]) -> list[dict[str, Any]]:
    """Start all at once and gather their results."""
    with hands(chosen):
        for hand in chosen:
            hand.go()
        return [hand.result() for hand in chosen]


def span(results: Sequence[dict[str, Any]]) -> float:
    """Seconds from the first begin to the last end; `began` and `ended` are readings of the machine's one clock."""
    return float(max(r["ended"] for r in results) - min(r["began"] for r in results))


def given() -> dict[str, Any]:
    """In a hand: its arguments. What is printed from here on goes to stderr: the answers' pipe is `say`'s alone."""
    _pipe.append(os.dup(1))
    os.dup2(2, 1)
    structlog.configure(
        processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
    )
    arguments: dict[str, Any] = orjson.loads(sys.argv[1])
    return arguments


def say(**facts: Any) -> None:
    """In a hand: one line to the benchmark."""
    with os.fdopen(_pipe[0], "wb", closefd=False) as out:
        out.write(orjson.dumps(facts) + b"\n")


def wait_for_go() -> None:
    """In a hand: begin when the others are ready too."""
    if not sys.stdin.buffer.readline():
        sys.exit(1)
