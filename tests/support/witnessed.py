"""A public client in a process of its own, at a simulator: what it would not find there, we could not either."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.connector_folders import Folder, serve

HERE = Path(__file__).parents[1] / "contract" / "witnesses"
PACKAGES = Path(sys.prefix) / "witnesses"
LOCKS = (HERE / "requirements.lock", HERE / "sources.lock")
MISSING = ("公开客户端还没有安装（或不是锁定的版本），请运行 make witnesses / "
           "the public clients are not installed, or not in the locked versions: run make witnesses")


class Host:
    """The process that makes the calls. One for a whole file of tests."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, *line: Any) -> Any:
        """One call and what came of it."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(line) + "\n")
        self._process.stdin.flush()
        said = self._process.stdout.readline()
        assert said, "the public client's process has ended"
        return json.loads(said)


@contextmanager
def hosted() -> Iterator[Host]:
    """The process, with the clients' packages alone, a home of its own and China's time."""
    for lock in LOCKS:
        kept = PACKAGES / lock.name
        assert kept.is_file() and kept.read_bytes() == lock.read_bytes(), MISSING
    with tempfile.TemporaryDirectory() as home:
        found = {"PYTHONPATH": str(PACKAGES), "HOME": home, "TZ": "Asia/Shanghai", "NO_PROXY": "*"}
        process = subprocess.Popen([sys.executable, "-S", "-W", "ignore", "-X", "utf8", str(HERE / "host.py")],
                                   env={"PATH": os.environ["PATH"], **found}, cwd=home, text=True,
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        with process:
            yield Host(process)
            assert process.stdin
            process.stdin.close()


class Refusal(AssertionError):
    """What the platform refused, in the client's own words."""


@dataclass
class Witness:
    """One public client at one simulator."""

    host: Host
    name: str
    made_from: dict[str, Any]
    simulator: Any

    async def call(self, method: str, /, **arguments: Any) -> Any:
        """What the client gives back. Raises Refusal with what it raised."""
        said = await asyncio.to_thread(self.host.ask, self.name, self.made_from, method, arguments)
        if "error" in said:
            raise Refusal(f"{said['error']['kind']}: {said['error']['text']}")
        return said["answer"]


@asynccontextmanager
async def witness_of(
    host: Host, folder: Folder, sdk: str, names: str, credentials: dict[str, str] | None = None, **settings: Any
) -> AsyncIterator[Witness]:
    """The client `sdk` at the folder's simulator; `names` are the credentials that it is made from."""
    given = folder.credentials() | (credentials or {})
    simulator = folder.simulator(credentials=given, **settings)
    simulator.is_strict = True
    async with serve(simulator.app) as base:
        yield Witness(host, sdk, {"base": base, **{name: given[name] for name in names.split()}}, simulator)
