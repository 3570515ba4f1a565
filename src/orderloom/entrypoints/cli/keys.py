"""Encryption keys: `keys show | rotate | retire`."""

from __future__ import annotations

import json
import os
import signal
import time
from typing import Annotated

import msgspec
import typer

from orderloom.adapters.vault import KeyMissing, add_key, read_keyring, retire_key
from orderloom.application.rotate_keys import DamagedRow, Rotated, is_unfinished, rotate_keys, uses_of_key
from orderloom.entrypoints.cli.attach import hub, run
from orderloom.entrypoints.cli.frame import group
from orderloom.entrypoints.cli.screen import Stop, screen
from orderloom.entrypoints.cli.up import running_pid
from orderloom.settings import Settings, read_settings

app = group("加密密钥：查看、轮换、停用", "encryption keys: show, rotate, retire")
RESTART_SECONDS_MAX = 60.0


class KeysShown(msgspec.Struct, frozen=True):
    """Numbers of the keys, and rows by table that are not under the newest."""

    keys: list[int]
    newest: int
    not_under_newest: dict[str, int]


class KeysRotated(msgspec.Struct, frozen=True):
    """The key that encrypts, how many rows were brought under it, and what is left by table. `damaged`: the first
    hundred rows that no key opens; they stay as they are."""

    key: int
    re_encrypted: int
    left: dict[str, int]
    damaged: list[DamagedRow]


class KeyRetired(msgspec.Struct, frozen=True):
    """The key that was forgotten."""

    retired: int


@app.command("show", help="有哪些密钥，哪些数据还在旧密钥下 / which keys there are, what is under old ones")
def show() -> None:
    """Show the keyring without its keys."""
    settings = _with_keyring()
    known = _known(settings)
    newest = max(known)
    left = run(_counts)
    if not screen.answer(KeysShown(known, newest, left)):
        screen.say(f"密钥 {known}，新数据用 {newest} 号。尚在旧密钥下：{left}",
                   f"Keys {known}; number {newest} encrypts. Still under older keys: {left}")


@app.command("rotate", help="新增密钥并把全部数据改用它；可中断，再次运行即继续 / add a key, bring everything under it")
def rotate(
    add_only: Annotated[bool, typer.Option("--add-only", help="只新增，多机时先分发 / only add it")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="不新增，只继续 / add none, go on")] = False,
) -> None:
    """Rotate: first every process learns the key, then the data is brought under it."""
    settings = _with_keyring()
    known = _known(settings)
    goes_on = resume or (len(known) > 1 and run(_unfinished))
    newest = max(known) if goes_on else add_key(settings.home)
    done = Rotated(0, [])
    if not add_only:
        _teach(settings)
        done = run(_rotate)
    left = run(_counts)
    if screen.answer(KeysRotated(newest, done.re_encrypted, left, done.damaged)):
        return
    if add_only:
        screen.say(f"已新增 {newest} 号密钥。分发 keyring.json、重启各进程后运行 orderloom keys rotate --resume。",
                   f"Key {newest} added. Distribute keyring.json, restart all, then orderloom keys rotate --resume.")
    else:
        screen.say(f"已改用 {newest} 号密钥：{done.re_encrypted} 行，剩余 {left}。",
                   f"{done.re_encrypted} rows are under key {newest}; left: {left}.")
        _tell_damaged(done.damaged)


@app.command("retire", help="删除不再使用的旧密钥 / forget a key that nothing uses any more")
def retire(key_id: Annotated[int, typer.Argument(metavar="ID")]) -> None:
    """Retire a key."""
    settings = _with_keyring()
    known = _known(settings)
    if key_id not in known or key_id == max(known):
        raise Stop(f"{key_id} 号不是可停用的旧密钥。", f"{key_id} is no old key.")
    used = run(lambda: _used(key_id))
    if used:
        raise Stop(f"{key_id} 号密钥仍在使用：{used}。先运行 orderloom keys rotate --resume。",
                   f"Key {key_id} is still in use: {used}. First run orderloom keys rotate --resume.")
    retire_key(settings.home, key_id)
    if not screen.answer(KeyRetired(key_id)):
        screen.say(f"已删除 {key_id} 号密钥。旧备份需要它：请另行保管旧的 keyring.json。",
                   f"Key {key_id} is gone. Old backups need it: keep the old keyring.json with them.")


def _with_keyring() -> Settings:
    settings = read_settings()
    if settings.key:
        raise Stop("密钥由 ORDERLOOM_KEY 给出，不能在此轮换。请改用密钥文件。",
                   "The key is given by ORDERLOOM_KEY and cannot be rotated here: use the keyring file.", code=2)
    return settings


def _known(settings: Settings) -> list[int]:
    try:
        return sorted(read_keyring(settings.home)[0])
    except KeyMissing as missing:
        raise Stop(f"密钥有问题：{missing}", f"Trouble with the keyring: {missing}", code=2) from missing


def _teach(settings: Settings) -> None:
    """Let the running `up` restart its processes, so that they know the new key before anything is under it."""
    pid = running_pid(settings.home)
    if pid is None:
        return
    before = _restarts(settings)
    os.kill(pid, signal.SIGHUP)
    deadline = time.monotonic() + RESTART_SECONDS_MAX
    while _restarts(settings) <= before:
        if time.monotonic() > deadline:
            raise Stop("运行中的进程没有重启。请停止 orderloom up 后再运行 keys rotate。",
                       "The running processes did not restart. Stop orderloom up, then run keys rotate again.")
        time.sleep(0.2)


def _restarts(settings: Settings) -> int:
    """How often the children of `up` were started anew, all together."""
    try:
        children = json.loads((settings.home / "up.json").read_text())["children"].values()
    except (OSError, ValueError) as error:
        raise Stop(f"读不到 up.json：{error}", f"up.json cannot be read: {error}", code=2) from error
    return sum(int(child["restarts"]) for child in children)


def _tell_damaged(damaged: list[DamagedRow]) -> None:
    """What no key opens is passed over; it is mended from a backup, or by asking for the data again."""
    if damaged:
        screen.table({"表": "Table", "编号": "Id"}, [(one.table, one.id) for one in damaged])
        screen.note("以上各行已损坏，任何密钥都打不开，已跳过：请从备份恢复，或重新取得数据。"
                    "orderloom audit verify --deep 查全部。",
                    "These rows are damaged, no key opens them, they were passed over: restore them from a backup, or "
                    "get the data again. orderloom audit verify --deep looks at all.", style="yellow")


async def _counts() -> dict[str, int]:
    """Rows by table that are not under the newest key."""
    async with hub() as opened, opened.ports.sealed() as sealed:
        return await sealed.outstanding()


async def _unfinished() -> bool:
    async with hub() as opened:
        return await is_unfinished(opened.ports.sealed)


async def _rotate() -> Rotated:
    async with hub() as opened:
        with screen.progress("重新加密", "Re-encrypting") as advance:
            return await rotate_keys(opened.ports.sealed, advance)


async def _used(key_id: int) -> dict[str, int]:
    """Rows that only this key opens, by table; what is on disk alone counts, too, for any of it may be."""
    async with hub() as opened:
        used = await uses_of_key(opened.ports.sealed, key_id)
        on_disk = {"spool": opened.spool.count(), "tokens": opened.tokens.waiting()}
        return used | {place: count for place, count in on_disk.items() if count}
