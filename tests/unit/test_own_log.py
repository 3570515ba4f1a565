"""A log file is bounded, loses no line while it is turned over, and a full disk ends nobody."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

WRITER = """
import os, sys
from pathlib import Path
from orderloom.entrypoints.cli.own_log import OwnLog, Unfailing
log = OwnLog(Path(sys.argv[1]), bytes_max=int(sys.argv[2]), files_max=int(sys.argv[3]))
sys.stderr = Unfailing(2)
for number in range(int(sys.argv[4])):
    print(f"line {number}", file=sys.stderr)
    os.write(1, f"other {number}\\n".encode())
    log.look()
"""
FULL = """
import os, sys
from orderloom.entrypoints.cli.own_log import Unfailing
kept, full = os.dup(2), os.open("/dev/full", os.O_WRONLY)
sys.stderr = Unfailing(2)
os.dup2(full, 2)
for _ in range(3):
    print("never seen", file=sys.stderr, flush=True)
os.dup2(kept, 2)
print("seen again \\ud800", file=sys.stderr)
"""


def written(folder: Path, bytes_max: int, files_max: int, lines: int) -> list[Path]:
    """The log's files, newest first, after a process has written so many lines."""
    log = folder / "api.log"
    with log.open("ab") as out:
        subprocess.run([sys.executable, "-c", WRITER, str(log), str(bytes_max), str(files_max), str(lines)],
                       stdout=out, stderr=out, check=True, timeout=60)
    return sorted(folder.iterdir(), key=lambda path: int(path.suffix[1:]) if path.suffix[1:].isdigit() else 0)


def test_no_line_is_lost_while_the_file_is_turned_over(tmp_path: Path) -> None:
    files = written(tmp_path, 1_000, 50, 500)
    assert len(files) > 5
    lines = "".join(path.read_text() for path in reversed(files)).splitlines()
    assert [line for line in lines if line.startswith("line")] == [f"line {n}" for n in range(500)]
    assert [line for line in lines if line.startswith("other")] == [f"other {n}" for n in range(500)]


def test_a_log_takes_no_more_room_than_it_may(tmp_path: Path) -> None:
    files = written(tmp_path, 1_000, 3, 2_000)
    assert [path.name for path in files] == ["api.log", "api.log.1", "api.log.2", "api.log.3"]
    assert all(path.stat().st_size < 1_100 for path in files)
    assert "line 1999" in (files[0].read_text() + files[1].read_text())


def test_a_full_disk_ends_nobody_and_is_told_when_there_is_room() -> None:
    done = subprocess.run([sys.executable, "-c", FULL], capture_output=True, text=True, check=True, timeout=60)
    assert done.stderr == "[3 lines of this log were lost: the disk was full]\nseen again \\ud800\n"
