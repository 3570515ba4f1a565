"""`make new-channel` that cannot do it says why in both languages, shows no traceback and leaves nothing behind."""

from __future__ import annotations

import errno
import fcntl
import os
import pty
import signal
import subprocess
import sys
import termios
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

import new_channel
from new_channel import STOPPED, main, scaffold

PROGRAM = Path(new_channel.__file__)
LONG = "x" * 3_000_000
SECONDS_MAX = 60


def _full(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """The fifth file cannot be written."""
    write, left = Path.write_text, [4]

    def written(path: Path, text: str, encoding: str) -> int:
        left[0] -= 1
        if left[0] < 0:
            raise error
        return write(path, text, encoding)

    monkeypatch.setattr(Path, "write_text", written)


def _tell(into: Path, capsys: pytest.CaptureFixture[str], code: int = 2) -> str:
    assert main(["acme", "--into", str(into), "--signing", "bearer", "--paging", "ids", "--push", "no"]) == code
    return capsys.readouterr().out


@pytest.mark.parametrize(("into", "told"), [
    ("channels", "不是文件夹 / is no folder"), ("channels/channels", "不是文件夹 / is no folder"),
    ("x" * 300 + "/channels", "路径太长 / the path is too long"), ("circle/channels", "符号链接绕成了圈"),
    ("/proc/nowhere/channels", "没有这个地方 / there is no such place"),
])
def test_a_place_that_takes_no_folder_is_told(
    into: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "channels").write_text("mine", "utf-8")
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    printed = _tell(tmp_path / into, capsys)
    assert told in printed and "什么都没有留下" in printed and "nothing was written" in printed
    assert {one.name for one in tmp_path.iterdir()} == {"channels", "circle"}
    assert (tmp_path / "channels").read_text("utf-8") == "mine"


@pytest.mark.parametrize(("number", "told"), [
    (errno.ENOSPC, "磁盘已满 / the disk is full"), (errno.EACCES, "没有写权限 / may not be written"),
    (errno.EROFS, "只读 / is read-only"), (errno.EIO, os.strerror(errno.EIO)),
])
def test_a_disk_that_gives_out_half_way_keeps_nothing_of_it(
    number: int, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:
    _full(monkeypatch, OSError(number, os.strerror(number)))
    assert told in _tell(tmp_path / "a" / "channels", capsys)
    assert list(tmp_path.iterdir()) == [], "nor the folders that were made for it"


def test_whoever_stops_it_half_way_finds_nothing_of_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:
    _full(monkeypatch, KeyboardInterrupt())
    assert "已停止" in _tell(tmp_path / "channels", capsys, STOPPED) and list(tmp_path.iterdir()) == []


def test_a_link_that_leads_nowhere_is_somebodys_and_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    link = tmp_path / "channels" / "acme"
    link.parent.mkdir()
    link.symlink_to(tmp_path / "nowhere")
    assert "已存在 / exists already" in _tell(link.parent, capsys) and link.is_symlink()


def test_a_folder_of_another_name_is_told_what_it_must_be_called(
    tmp_path: Path, capsys: pytest.CaptureFixture[str],
) -> None:
    assert "the folder must be called channels" in _tell(tmp_path, capsys) and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("name", "told"), [
    ("my-shop", "did you mean my_shop?"), ("Acme Shop", "did you mean acme_shop?"), ("class", "Python 的保留字"),
    ("店铺", "“店铺”"), ("a\u0301cme", "小写字母"), ("a\x1b[2J", "a�[2J"), ("a\udcff", "a�"), (LONG, "…"),
    ("taobao", "已用此名 / has this name already"), ("sf_express", "已用此名 / has this name already"),
])
def test_a_name_that_cannot_be_is_shown_short_and_clean(
    name: str, told: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.stdin", None)
    assert main([name]) == 2
    printed = capsys.readouterr().out
    assert told in printed and len(printed) < 600 and "\x1b" not in printed
    printed.encode("utf-8")


@pytest.mark.parametrize("words", [["acme", "--paging", LONG], ["acme", "--sining", "x"], ["acme", "--push"], ["-x"]])
def test_an_answer_that_is_none_is_refused_in_few_words(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    printed = capsys.readouterr().out
    assert "/" in printed.splitlines()[0] and len(printed) < 600 and "make new-channel NAME=acme" in printed


@pytest.mark.parametrize(("typed", "code", "told"), [
    (b"\x04", 2, "没有更多输入 / the input ended"), (b"\x03", STOPPED, "已停止"),
    (b"acme\n9\n" + b"7" * 4_000 + b"\n\xff\xfe\n", 2, ""), (b"acme\n1\n\x03", STOPPED, "nothing was written"),
])
def test_whoever_ends_the_questions_at_a_terminal_is_answered(
    typed: bytes, code: int, told: str, tmp_path: Path,
) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen([sys.executable, str(PROGRAM), "--into", str(tmp_path)], stdin=theirs, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
                          preexec_fn=_terminal(theirs)) as asked:
        os.close(theirs)
        assert asked.stdout is not None
        late = threading.Timer(SECONDS_MAX, asked.kill)  # also a prompt that never comes is waited for no longer
        late.start()
        said = asked.stdout.read(len("NAME: "))
        os.write(ours, typed)
        while not _is_over(asked):
            with suppress(OSError):  # it ended just now
                os.write(ours, typed[-1:])  # a key that comes just before it is waited for is pressed again
        late.cancel()
        more, wrong = asked.communicate()
    os.close(ours)
    said += more
    assert (asked.returncode, "Traceback" in said + wrong) == (code, False), said + wrong
    assert told in said and list(tmp_path.iterdir()) == []


def _is_over(asked: subprocess.Popen[str]) -> bool:
    try:
        return asked.wait(0.3) is not None
    except subprocess.TimeoutExpired:
        return False


def _terminal(place: int) -> Callable[[], None]:
    """Ctrl-C at this terminal reaches the program, also where the tests themselves run without one."""

    def sit_down() -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        fcntl.ioctl(place, termios.TIOCSCTTY, 0)

    return sit_down


def test_two_at_once_leave_the_first_one_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = scaffold("acme", tmp_path / "channels")
    monkeypatch.setattr(Path, "exists", lambda path: False)  # it came between the look and the making
    with pytest.raises(OSError, match="acme"):
        scaffold("acme", tmp_path / "channels")
    assert all(file.is_file() for file in made)
