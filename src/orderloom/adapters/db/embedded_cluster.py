"""The embedded database's files: where they are, how they are first made, and the port and passwords kept beside them.

Below the data folder of the hub: `postgres/` (or, when the server's account cannot reach it, a link of that name to a
folder in /var/lib/orderloom), `postgres.password`, `postgres.port`, `postgres.owner` (a lock), `postgres.log`.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
import shutil
import socket
import stat
import subprocess
from collections.abc import Mapping
from pathlib import Path

from orderloom.adapters.db.embedded_account import OsAccount, give, is_reachable, open_place
from orderloom.adapters.db.embedded_binaries import Binaries
from orderloom.adapters.db.embedded_trouble import disk_full, explain, too_slow, wrong_major
from orderloom.adapters.durable import sync_folder
from orderloom.application.ports import DatabaseTrouble

ADMIN = "orderloom_admin"
ROLE = "orderloom"
DATABASE = "orderloom"
INITDB_SECONDS_MAX = 300
BYTES_TO_CREATE_MIN = 200 << 20
BYTES_TO_START_MIN = 64 << 20
PORTS = range(20_000, 30_000)
"""Below the range that the kernel hands out to outgoing connections, so that a stored port stays free."""

_NAMED = re.compile(r"^\s*(\w+)\s*[=\s]", re.MULTILINE)
DEFAULTS: Mapping[str, str] = {
    "shared_buffers": "256MB",
    "checkpoint_timeout": "15min",
    "checkpoint_completion_target": "0.9",
    "synchronous_commit": "on",
    "jit": "off",
    "random_page_cost": "1.1",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_startup_progress_interval": "1s",
}
"""Written into postgresql.conf when the cluster is made; an operator may change them there. None trades durability.

More shared buffers buy nothing that can be measured at a million orders: the system's own cache holds the rest. Rarer
checkpoints do: after each one every page is written whole when it is first touched (docs/benchmarks.md).
"""
LATER = ("checkpoint_timeout",)
"""Of these, what clusters of before do not name in their file and are started with."""
WAL_OF_DISK = ((64 << 30, "4GB"), (32 << 30, "2GB"), (0, "1GB"))
"""max_wal_size by the size of the disk: what the log of changes may take between two checkpoints."""


def locate(home: Path, account: OsAccount) -> Path:
    """The real data folder of `home` (it need not exist yet). As root it may be outside; the link leads there."""
    home.mkdir(mode=0o700 if account.is_own else 0o711, parents=True, exist_ok=True)
    place = home / "postgres"
    if place.exists() or is_reachable(place, account):
        return place.resolve()
    if not place.is_symlink():
        place.symlink_to(open_place() / f"{home.name}-{secrets.token_hex(4)}")
    return place.readlink()


def ensure(data: Path, home: Path, binaries: Binaries, account: OsAccount, lock: int) -> None:
    """Make the cluster unless it is there. Only the owner of the lock may call this. Raises `DatabaseTrouble`."""
    version = data / "PG_VERSION"
    free = shutil.disk_usage(data.parent).free
    if free < (BYTES_TO_START_MIN if version.exists() else BYTES_TO_CREATE_MIN):
        raise disk_full(str(data.parent))
    if not version.exists():
        if data.exists() and any(data.iterdir()):
            raise DatabaseTrouble(
                "not_a_cluster", f"{data} 不是数据库文件夹（没有 PG_VERSION）。请移走其中的文件，或从备份恢复。",
                f"{data} is not a database folder (no PG_VERSION): move its files away or restore a backup.")
        _initialise(data, home, binaries, account, lock)
    found = version.read_text("ascii").strip()
    if found != binaries.major:
        raise wrong_major(str(data), found, binaries.major)


def _initialise(data: Path, home: Path, binaries: Binaries, account: OsAccount, lock: int) -> None:
    """Make the cluster with role and database beside, then rename: a half-made one never has the real name."""
    words = passwords(home, may_create=True)
    half = data.with_name(f"{data.name}.half")
    password_file = data.with_name(f"{data.name}.initial")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(mode=0o700)
    give(half, account, 0o700)
    try:
        _write_secret(password_file, words[ADMIN])
        give(password_file, account, 0o600)  # a real file: a pipe made by root cannot be reopened by the account
        _run([
            str(binaries.folder / "initdb"), "--pgdata", str(half), "--username", ADMIN, "--pwfile", str(password_file),
            "--auth=scram-sha-256", "--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8",
            "--data-checksums", *(f"--set={name}={value}" for name, value in defaults(data.parent).items()),
        ], "", data, account, lock)
    finally:
        password_file.unlink(missing_ok=True)
    # The hub's own role is no superuser. Made in single-user mode: nobody can see the cluster without it.
    _run([str(binaries.folder / "postgres"), "--single", "-D", str(half), "postgres"], f"""\
CREATE ROLE {ROLE} LOGIN CREATEDB REPLICATION PASSWORD '{words[ROLE]}'
GRANT pg_monitor, pg_signal_backend TO {ROLE}
CREATE DATABASE {DATABASE} OWNER {ROLE}
""", data, account, lock)
    with contextlib.suppress(FileNotFoundError):
        data.rmdir()
    half.rename(data)
    sync_folder(data.parent)


def _run(command: list[str], text: str, data: Path, account: OsAccount, lock: int) -> None:
    """Run a server program as the account, holding the owner lock. Raises `DatabaseTrouble`."""
    ids: dict[str, int] = {} if account.is_own else {"user": account.uid, "group": account.gid}
    try:
        done = subprocess.run(
            command, input=text, capture_output=True, text=True, check=False, timeout=INITDB_SECONDS_MAX,
            env=environment(), cwd="/", pass_fds=(lock,), umask=0o077,
            user=ids.get("user"), group=ids.get("group"), extra_groups=[] if ids else None,
        )
    except subprocess.TimeoutExpired as error:
        raise too_slow(str(data), INITDB_SECONDS_MAX) from error
    if done.returncode != 0 or "ERROR:" in done.stderr:  # single-user mode goes on after an error
        raise explain(done.stderr + done.stdout, str(data))


def environment() -> dict[str, str]:
    """What the server's programs see: nothing of ours, so that no PG* variable or locale leaks in."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def defaults(place: Path) -> dict[str, str]:
    """The settings of a new cluster on the disk of this folder."""
    size = shutil.disk_usage(place).total
    return {**DEFAULTS, "max_wal_size": next(wal for least, wal in WAL_OF_DISK if size >= least)}


def unnamed(data: Path) -> dict[str, str]:
    """What a cluster of before is started with because its files do not name it; whoever names it there, decides."""
    files = [data / "postgresql.conf", data / "postgresql.auto.conf"]
    text = "\n".join([file.read_text("utf-8", "replace") for file in files if file.exists()])
    named = {found.lower() for found in _NAMED.findall(text)}
    return {name: DEFAULTS[name] for name in LATER if name not in named}


def passwords(home: Path, *, may_create: bool = False) -> dict[str, str]:
    """The two roles' passwords from `postgres.password` (0600, `role:password` lines)."""
    path = home / "postgres.password"
    if not path.exists() and may_create:
        _write_secret(path, "".join(f"{role}:{secrets.token_urlsafe(24)}\n" for role in (ADMIN, ROLE)))
        sync_folder(home)
    try:
        found = dict(line.split(":", 1) for line in path.read_text("ascii").splitlines() if ":" in line)
    except (OSError, UnicodeDecodeError):
        found = {}
    if not {ADMIN, ROLE} <= found.keys():
        raise DatabaseTrouble(
            "password_lost", f"读不到数据库密码文件 {path}。请从备份恢复该文件；数据本身没有损坏。",
            f"The password file {path} is missing or unreadable: restore it from a backup; the data is intact.")
    return found


def choose_port(home: Path, wanted: int | None) -> int:
    """The TCP port: the one that was asked for, else the stored one while it is free, else a new one, stored."""
    path = home / "postgres.port"
    if wanted is not None:
        if not _is_free(wanted):
            raise explain("Address already in use", str(home))
        return wanted
    stored = path.read_text("ascii", "replace").strip() if path.exists() else ""
    if stored.isdigit() and int(stored) < 65536 and _is_free(int(stored)):
        return int(stored)
    port = next(port for port in (secrets.choice(PORTS) for _ in range(1000)) if _is_free(port))
    path.write_text(f"{port}\n", "ascii")
    return port


def socket_folder(data: Path, account: OsAccount) -> Path:
    """A short private folder for the unix socket (its path may have 107 bytes), owned by the server's account."""
    own = os.environ.get("XDG_RUNTIME_DIR", "") if account.is_own else "/run"
    base = Path(own) if own and len(own) < 60 and os.access(own, os.W_OK) else Path("/tmp")
    folder = base / f"orderloom-{hashlib.sha256(os.fsencode(data)).hexdigest()[:12]}"
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        give(folder, account, 0o700)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != account.uid or status.st_mode & 0o077:
        raise DatabaseTrouble(
            "socket_folder", f"{folder} 属于别人，不能用来放数据库套接字。请删除它。",
            f"{folder} belongs to somebody else and cannot hold the database socket: remove it.")
    return folder


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _write_secret(path: Path, text: str) -> None:
    """Write a file that only we may read, complete or not at all."""
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)
