"""Runs a command on a small disk of its own, as root or as anybody: a mount namespace that ends with the command.

`python small_disk.py FOLDER COMMAND…` mounts a tmpfs over FOLDER for COMMAND and its children alone.
"""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

SIZE = "size=300m,mode=0711"
NEW_MOUNTS, NEW_USER = 0x00020000, 0x10000000
RECURSIVE_PRIVATE = 0x4000 | 0x40000
IMPOSSIBLE = 77
"""Exit code: this machine gives nobody a mount of their own."""
HINT = (
    "no small disk can be mounted here ({}): run the tests as root, or let users make namespaces "
    "(sysctl kernel.unprivileged_userns_clone=1, kernel.apparmor_restrict_unprivileged_userns=0; in a container "
    "--cap-add SYS_ADMIN, or --security-opt seccomp=unconfined)"
)


def enter(folder: str) -> None:
    """Put this process and its children on the disk. Raises OSError. Who has the right to mount keeps all others."""
    libc = ctypes.CDLL(None, use_errno=True)
    user, group = os.geteuid(), os.getegid()
    if libc.unshare(NEW_MOUNTS):
        _must(libc.unshare(NEW_MOUNTS | NEW_USER))
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    _must(libc.mount(b"none", b"/", None, RECURSIVE_PRIVATE, None))
    _must(libc.mount(b"none", folder.encode(), b"tmpfs", 0, SIZE.encode()))


def _must(result: int) -> None:
    if result:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


if __name__ == "__main__":
    try:
        enter(sys.argv[1])
    except OSError as error:
        sys.stderr.write(HINT.format(error.strerror) + "\n")
        sys.exit(IMPOSSIBLE)
    os.execv(sys.argv[2], sys.argv[2:])
