"""What can go wrong with the embedded database, in words that say how to mend it, Chinese first."""

from __future__ import annotations

from orderloom.application.ports import DatabaseTrouble


def explain(log_tail: str, data: str) -> DatabaseTrouble:
    """The trouble that a server which would not start described in the end of its log."""
    last = "\n".join(log_tail.strip().splitlines()[-6:])
    if "No space left on device" in log_tail:
        return disk_full(data)
    if "could not bind" in log_tail or "Address already in use" in log_tail:
        return DatabaseTrouble(
            "port_taken", "内置数据库的端口已被其他程序占用。请用 ORDERLOOM_DATABASE_PORT 换一个端口。",
            "The embedded database's port is taken by another program. Set ORDERLOOM_DATABASE_PORT to another one.")
    if "Permission denied" in log_tail:
        return DatabaseTrouble(
            "permission", f"数据库无权读写 {data}。请检查该文件夹的所有者。\n{last}",
            f"The database may not read or write {data}. Check who owns that folder.")
    return DatabaseTrouble(
        "not_started", f"内置数据库没有启动（{data}）。它最后说的是：\n{last}",
        f"The embedded database did not start ({data}); its last words are above.")


def disk_full(where: str) -> DatabaseTrouble:
    """No room left on the disk that holds `where`."""
    return DatabaseTrouble(
        "disk_full", f"磁盘已满：{where}。请腾出空间后重新启动，已确认的数据不会丢失。",
        f"The disk is full: {where}. Free some space and start again; nothing that was acknowledged is lost.")


def wrong_major(data: str, found: str, have: str) -> DatabaseTrouble:
    """The data folder was written by another major version of PostgreSQL than the one at hand."""
    return DatabaseTrouble(
        "wrong_major",
        f"数据文件夹 {data} 属于 PostgreSQL {found}，本程序自带的是 {have}。"
        "请用写入它的旧版本导出（pg_dump）后再导入，或安装旧版本。",
        f"The data folder {data} was written by PostgreSQL {found}; this build carries {have}. "
        "Dump it with the build that wrote it and restore it here, or install that build.")


def too_slow(data: str, seconds: float) -> DatabaseTrouble:
    """The server did not become ready within the named maximum."""
    return DatabaseTrouble(
        "too_slow", f"内置数据库在 {seconds:.0f} 秒内没有就绪（{data}）。日志在同一目录的 postgres.log。",
        f"The embedded database was not ready within {seconds:.0f} s ({data}); see postgres.log beside it.")
