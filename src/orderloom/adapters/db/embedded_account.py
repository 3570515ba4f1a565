"""Which Linux account runs the embedded server, and whether that account can get at a folder.

PostgreSQL refuses to run as root. When we are root, a dedicated account without login is used. Parent folders are never
opened for it: what it cannot reach (a checkout under /root, say) is placed in /var/lib/orderloom instead.
"""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

ACCOUNT_NAME = "orderloom"
OPEN_PLACE = Path("/var/lib/orderloom")
USERADD_SECONDS_MAX = 30


@dataclass(frozen=True, slots=True)
class OsAccount:
    """The ids the server runs with. `is_own` says that they are simply those of this process."""

    uid: int
    gid: int
    is_own: bool


def server_account() -> OsAccount:
    """The account for the server: our own, or as root the account `orderloom` (made when missing, else `nobody`)."""
    if os.geteuid() != 0:
        return OsAccount(os.geteuid(), os.getegid(), is_own=True)
    entry = _entry(ACCOUNT_NAME) or _made() or pwd.getpwnam("nobody")
    return OsAccount(entry.pw_uid, entry.pw_gid, is_own=False)


def is_reachable(path: Path, account: OsAccount) -> bool:
    """Whether the account may walk down to `path` (its existing parents); access lists are not looked at."""
    return account.is_own or all(
        _may_enter(parent.stat(), account) for parent in path.resolve().parents if parent.exists()
    )


def give(path: Path, account: OsAccount, mode: int) -> None:
    """Hand a file or folder that we made to the server's account."""
    path.chmod(mode)
    if not account.is_own:
        os.chown(path, account.uid, account.gid)


def open_place() -> Path:
    """A root-owned folder that every account may enter and only root may list or write."""
    OPEN_PLACE.mkdir(mode=0o711, parents=True, exist_ok=True)
    return OPEN_PLACE


def _may_enter(status: os.stat_result, account: OsAccount) -> bool:
    if status.st_uid == account.uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == account.gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)


def _entry(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _made() -> pwd.struct_passwd | None:
    """Make the account; None where that is not possible. Two processes may try at once: the entry decides."""
    tool = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if tool:
        subprocess.run(
            [tool, "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent",
             "--shell", "/usr/sbin/nologin", ACCOUNT_NAME],
            capture_output=True, check=False, timeout=USERADD_SECONDS_MAX,
        )
    return _entry(ACCOUNT_NAME)
