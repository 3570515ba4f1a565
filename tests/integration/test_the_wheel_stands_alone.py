"""Whoever installs the wheel needs no checkout: it brings a blueprint and its rehearsed world, and completes orders."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from orderloom import __version__
from tests.support.places import free_port

ROOT = Path(__file__).resolve().parents[2]
INSTALL_SECONDS_MAX, ORDER_SECONDS_MAX, STOP_SECONDS_MAX = 240.0, 120.0, 30.0
PIP = ("-m", "pip", "--disable-pip-version-check", "-q")


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """What a command printed; it must succeed."""
    done = subprocess.run(
        command, cwd=cwd, env=os.environ | environment, capture_output=True, text=True, timeout=INSTALL_SECONDS_MAX,
        check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, *PIP, "wheel", "--no-deps", "--no-build-isolation", "-w", folder, ROOT, cwd=folder)
    [made] = folder.glob("*.whl")
    return made


@pytest.fixture
def installed(wheel: Path, tmp_path: Path) -> Path:
    """The commands of an empty environment with the locked packages and the wheel, and nothing else."""
    commands = tmp_path / "venv" / "bin"
    venv.create(commands.parent, with_pip=True)
    python = commands / "python"
    run(python, *PIP, "install", "--require-hashes", "-r", ROOT / "requirements.lock", cwd=tmp_path)
    run(python, *PIP, "install", "--no-deps", wheel, cwd=tmp_path)
    return commands


@pytest.fixture
def hub(installed: Path, home: Path, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a rehearsed world that was started from the wheel; Ctrl-C must end all of it."""
    environment = {"ORDERLOOM_HOME": str(home), "ORDERLOOM_PORT": str(free_port())}
    log = tmp_path / "up.txt"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [installed / "orderloom", "up"], cwd=tmp_path, env=os.environ | environment | {"DEMO": "1"},
            stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
    try:
        yield environment
    finally:
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(STOP_SECONDS_MAX) in (0, 130), log.read_text()[-3000:]


def test_an_order_is_completed_by_what_the_wheel_carries(
    installed: Path, hub: dict[str, str], tmp_path: Path
) -> None:
    command = installed / "orderloom"
    until = time.monotonic() + ORDER_SECONDS_MAX
    completed: list[dict[str, object]] = []
    while not completed:
        assert time.monotonic() < until, "no order was completed"
        time.sleep(1)  # the world needs seconds; asking costs a process
        asked = subprocess.run([command, "orders", "--stage", "completed", "--json"], cwd=tmp_path,
                               env=os.environ | hub, capture_output=True, text=True, check=False)
        completed = json.loads(asked.stdout or "{}").get("orders", []) if asked.returncode == 0 else []
    where = run(installed / "python", "-c", "import orderloom; print(orderloom.__file__)", cwd=tmp_path)
    assert where.startswith(str(installed.parent))
    assert run(command, "--version", cwd=tmp_path).strip() == __version__


def test_the_wheel_carries_nothing_that_only_tests_need(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert not [name for name in names if name.startswith(("orderloom/testing/", "tests/"))]
    assert "orderloom/blueprints/default/sourcing.yaml" in names and "orderloom/requirements.lock" in names
