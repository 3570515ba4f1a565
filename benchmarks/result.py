"""What a benchmark says: one row per budget with fixed keys, a table of them, and the file they are kept in."""

from __future__ import annotations

import math
import os
import platform
import subprocess
import sysconfig
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from orderloom.adapters.db.embedded_binaries import bundled

RESULTS = Path(__file__).parent / "results" / "latest.json"
KEYS = ("name", "value", "unit", "floor", "ratio", "budget", "met")
"""The keys of a row in the file, in this order. Programs read them: they do not change."""

BUILT_WITH = ("CONFIG_ARGS", "PY_CORE_CFLAGS", "PY_CORE_LDFLAGS", "PGO_PROF_USE_FLAG")
"""Where a Python says how it was built. The last one is empty only where a distributor took the flags out again."""
OPTIMISED = {"PGO": ("--enable-optimizations", "-fprofile-use"), "LTO": ("--with-lto", "-flto")}


@dataclass(frozen=True, slots=True)
class Budget:
    """A measured budget. `value` and `floor` are in `unit`; `ratio` is value / floor, None where no floor makes sense.

    `budget` is the promise in words, `met` whether this run kept it.
    """

    name: str
    value: float
    unit: str
    floor: float | None
    ratio: float | None
    budget: str
    met: bool


@dataclass(frozen=True, slots=True)
class Report:
    """What one benchmark found: its budgets, what else is worth keeping (by a name of its own), and what of it is
    printed below the budgets."""

    budgets: tuple[Budget, ...]
    details: dict[str, Any]
    told: str = ""


def measured(
    name: str, value: float, unit: str, *, floor: float | None, most: float | None = None, least: float | None = None,
    ratio_most: float | None = None, ratio_least: float | None = None, aim: float | None = None, instead: str = "",
    is_right: bool = True,
) -> Budget:
    """A row with its verdict: every bound that is given must hold, and `is_right` says that the work itself was.

    `aim` is the ratio that is wished for beyond the bound; `instead` stands in a row that promises nothing.
    """
    ratio = value / floor if floor else None
    bounds: list[tuple[str, bool]] = []
    for words, bound, kept in (
        ("< {:g} " + unit, most, most is not None and value < most),
        (">= {:g} " + unit, least, least is not None and value >= least),
        ("ratio <= {:g}", ratio_most, ratio is not None and ratio_most is not None and ratio <= ratio_most),
        ("ratio >= {:g}", ratio_least, ratio is not None and ratio_least is not None and ratio >= ratio_least),
    ):
        if bound is not None:
            bounds.append((words.format(bound), kept))
    text = ", ".join(words for words, _ in bounds) + (f" (aim {aim:g})" if aim is not None else "") or instead
    met = is_right and all(kept for _, kept in bounds)
    return Budget(name, rounded(value), unit, None if floor is None else rounded(floor),
                  None if ratio is None else round(ratio, 3), text, met)


def rounded(value: float) -> float:
    """Four digits that mean something: more would be the machine's noise."""
    return float(f"{value:.4g}") if abs(value) < 1000 or math.isinf(value) else float(round(value))


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    return {
        "cpu": _cpu(), "cores": os.cpu_count(), "memory_gb": round(_memory() / 2**30, 1),
        "system": platform.platform(), "python": platform.python_version(), "python_build": python_build(),
        "postgres": _postgres(),
        "load_before": [round(load, 2) for load in os.getloadavg()],
    }


def keep(
    reports: Sequence[Report], before: dict[str, Any], path: Path = RESULTS, *, is_long: bool = False,
) -> dict[str, Any]:
    """Write the file and return what was written; `is_long` says that it was measured at a million stored orders."""
    document = {
        "machine": before, "at": datetime.now(UTC).isoformat(timespec="seconds"), "long": is_long,
        "budgets": [asdict(budget) for report in reports for budget in report.budgets],
        "details": {name: value for report in reports for name, value in report.details.items()},
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(orjson.dumps(document, option=orjson.OPT_INDENT_2))
    return document


def table(budgets: Sequence[Budget]) -> str:
    """The rows as text."""
    rows = [("budget", "value", "unit", "floor", "ratio", "promised", "met")]
    rows += [
        (b.name, f"{b.value:g}", b.unit, "-" if b.floor is None else f"{b.floor:g}",
         "-" if b.ratio is None else f"{b.ratio:.3f}", b.budget, "yes" if b.met else "NO")
        for b in budgets
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([lines[0], "-" * (sum(widths) + 2 * len(widths) - 2), *lines[1:]])


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` (0 to 1) of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -(-int(share * 1000) * len(ordered) // 1000) - 1))]


def python_build() -> str:
    """Version, compiler and how it was optimised; no paths. Without PGO and LTO the pure stages take a tenth more."""
    told = {name: str(sysconfig.get_config_var(name) or "") for name in BUILT_WITH}
    words = " ".join(told[name] for name in BUILT_WITH[:-1])
    how = [name for name, signs in OPTIMISED.items() if any(sign in words for sign in signs)]
    if not how:
        how = ["no PGO, no LTO"] if told["PGO_PROF_USE_FLAG"] else ["a distributor's, which does not tell its flags"]
    return f"{platform.python_version()}, {platform.python_compiler()}, {' + '.join(how)}"


def _postgres() -> str:
    """Version and build of the server that the hub brings along."""
    binary = bundled().folder / "postgres"
    return subprocess.run([str(binary), "--version"], capture_output=True, text=True, check=True).stdout.strip()


def _cpu() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []:
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()


def _memory() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
