"""Becomes the server: leaves root behind, asks to be stopped when the supervisor dies, then turns into the program.

Run as a script: `embedded_launch.py UID GID SUPERVISOR_PID PROGRAM ARGUMENT…`. It is a process of its own rather than a
`preexec_fn`, because code between fork and exec of a threaded process may dead-lock; and the ids must change before the
death signal is asked for, because the kernel forgets the request on a change of ids.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def become(uid: int, gid: int, supervisor: int, program: list[str]) -> None:
    """Turn this process into `program` as (uid, gid); SIGINT, a fast shutdown, arrives when `supervisor` dies."""
    if os.geteuid() != uid:
        os.setgroups([])
        os.setresgid(gid, gid, gid)
        os.setresuid(uid, uid, uid)
    os.umask(0o077)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGINT), 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
    if os.getppid() != supervisor:
        sys.exit("the supervisor died before the server started")
    os.execv(program[0], program)


if __name__ == "__main__":
    become(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
