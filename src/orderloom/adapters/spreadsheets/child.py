"""The reading process: opens files that may be hostile, under limits of memory and time, and hands out their orders."""

from __future__ import annotations

import mmap
import os
import resource
import sys
from pathlib import Path
from typing import BinaryIO

from orderloom.adapters.spreadsheets import wire
from orderloom.adapters.spreadsheets.encoding import Buffer
from orderloom.adapters.spreadsheets.limits import CPU_SECONDS_MAX, EVIDENCE_BYTES_MAX, MEMORY_BYTES_MAX
from orderloom.adapters.spreadsheets.look import look
from orderloom.adapters.spreadsheets.split import Cut, cut, cut_of_unfit


def main() -> None:
    """Answer one `Ask` after the other, until there are no more."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES_MAX, MEMORY_BYTES_MAX))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    source, out = sys.stdin.buffer, sys.stdout.buffer
    while raw := wire.read(source):
        ask = wire.ask_of(raw)
        used = resource.getrusage(resource.RUSAGE_SELF)
        soft = int(used.ru_utime + used.ru_stime) + CPU_SECONDS_MAX
        resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))
        _answer(ask, out)
        out.flush()


def _answer(ask: wire.Ask, out: BinaryIO) -> None:
    names = " + ".join(name for name, _ in ask.files)
    try:
        bodies = [(name, _body(path)) for name, path in ask.files]
        if ask.is_look:
            wire.write(out, look(*bodies[0], ask.settings, ask.zone, is_peek=ask.is_peek))
            return
        for one in cut(bodies, ask.settings, ask.zone, ask.code, lambda rows: _step(out, rows)):
            wire.write(out, _piece(one) if isinstance(one, Cut) else wire.End(one.rows, one.encoding, one.unfit))
    except MemoryError:
        _refuse(out, names, "too_much_memory")
    except BrokenPipeError:
        raise
    except OSError:
        _refuse(out, names, "not_readable")
    except Exception as error:
        # The kind of error alone is told: its text may hold what is in the file.
        _refuse(out, names, "reader_failed", type(error).__name__)


def _body(path: bytes) -> Buffer:
    with Path(os.fsdecode(path)).open("rb") as file:
        if os.fstat(file.fileno()).st_size == 0:
            return b""
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _step(out: BinaryIO, rows: int) -> None:
    wire.write(out, wire.Step(rows))
    out.flush()


def _piece(one: Cut) -> wire.Piece:
    problem = (one.problem.code, one.problem.field, one.problem.mend) if one.problem else None
    return wire.Piece(one.item.topic, one.item.body, one.item.event_id, list(one.item.context), problem, one.rows)


def _refuse(out: BinaryIO, names: str, code: str, detail: str = "") -> None:
    one = cut_of_unfit(names, b"", names[:EVIDENCE_BYTES_MAX], code, detail)
    wire.write(out, _piece(one))
    wire.write(out, wire.End(0, "", code))


if __name__ == "__main__":
    main()
