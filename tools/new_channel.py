"""Makes the folder of a new channel: a connector that works, to be bent to the platform's own ways.

Usage: new_channel.py NAME [--signing X] [--paging X] [--push X] [--into FOLDER]. What is not said is asked where
there is a terminal, else its default is taken. Writes src/orderloom/adapters/channels/NAME from channel_template/
(base, and a part for each answer) and works out the sample's expected order from the mapping. Touches nothing else.
"""

from __future__ import annotations

import argparse
import errno
import json
import keyword
import re
import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from string import Template
from typing import NamedTuple, Never

from orderloom.adapters.kit.examine import expect_of
from orderloom.blueprint.mapping.check import near

TEMPLATE = Path(__file__).with_name("channel_template")
CHANNELS = Path(__file__).resolve().parent.parent / "src" / "orderloom" / "adapters" / "channels"
NAME = re.compile(r"[a-z][a-z0-9_]{1,30}")
TRIES_MAX = 3
SHOWN_MAX = 40
"""So much of what somebody typed is repeated to them."""
STOPPED = 130
"""What a program ends with that somebody stopped by Ctrl-C."""
NOT_WRITTEN = {
    errno.EACCES: "没有写权限 / may not be written", errno.EPERM: "没有写权限 / may not be written",
    errno.EROFS: "只读 / is read-only", errno.ENOSPC: "磁盘已满 / the disk is full",
    errno.EDQUOT: "磁盘配额已用完 / the disk quota is used up", errno.ENOTDIR: "不是文件夹 / is no folder",
    errno.EEXIST: "不是文件夹 / is no folder", errno.ENAMETOOLONG: "路径太长 / the path is too long",
    errno.ENOENT: "没有这个地方 / there is no such place",
    errno.ELOOP: "符号链接绕成了圈 / symbolic links go in a circle",
}
VECTORS = Path("samples") / "vectors.json"


class Answer(NamedTuple):
    """One way: what it is, the folder of its part, and words for what is written."""

    says: str
    part: str
    words: Mapping[str, str] = {}


class Question(NamedTuple):
    """What is asked of a platform; the first answer is the default."""

    says: str
    answers: Mapping[str, Answer]


QUESTIONS = {
    "signing": Question("怎样证明请求 / how is a call proven?", {
        "sorted-hmac": Answer("路径、排序参数与正文的 HMAC / HMAC of path, sorted query, body", "sorted-hmac"),
        "sorted-md5": Answer("密钥夹排序参数的 MD5 / MD5 of the sorted query between secrets", "sorted-md5"),
        "body-hmac": Answer("时间、路径与正文的 HMAC / HMAC of time, path and body", "body-hmac"),
        "header-key": Answer("请求头里的密钥 / a key in a header", "header-key"),
        "bearer": Answer("OAuth 2.0 令牌 / OAuth 2.0 bearer token", "bearer"),
    }),
    "paging": Question("怎样翻页 / how is a list paged?", {
        "page-0": Answer("页号从 0 开始 / page number from 0", "page", {"first": "0"}),
        "page-1": Answer("页号从 1 开始 / page number from 1", "page", {"first": "1"}),
        "cursor": Answer("游标或下一页的键 / cursor, key of the next page", "cursor"),
        "ids": Answer("先列编号，再取详情 / ids, then details", "ids"),
    }),
    "push": Question("平台推送吗 / does the platform push?", {
        "yes": Answer("推送提示，再读订单 / hints, the order is read again", "yes",
                      {"signed": "Pushed", "signed_in": "simulated_push"}),
        "no": Answer("不推送 / no", "no", {"signed": "Signed", "signed_in": "simulated_signing"}),
    }),
}  # fmt: skip


def scaffold(name: str, channels: Path = CHANNELS, **answers: str) -> list[Path]:
    """Write the folder `channels/name` as answered; return its files. Raises ValueError for what cannot be, OSError.

    What cannot be written whole is not there afterwards, nor a folder that was made for it."""
    check_name(name)
    chosen = [(what, answer(what, answers.get(what, ""))) for what in QUESTIONS]
    target = channels / name
    if channels.absolute().name != CHANNELS.name:
        raise ValueError(f"{channels}: 文件夹要叫 {CHANNELS.name} / the folder must be called {CHANNELS.name}: "
                         "a connector's family is that of its folder")
    if others := sorted(channels.parent.glob(f"*/{name}/connector.yaml")):
        raise ValueError(f"{others[0].parent} 已用此名 / has this name already: accounts know a connector by its name")
    if target.exists() or target.is_symlink():
        raise ValueError(f"{target} 已存在 / exists already")
    parts = [TEMPLATE / what / one.part for what, one in chosen]
    words = {"name": name, "title": name.replace("_", " ").title(), "code": f"{name.upper().replace('_', '')[:20]}01"}
    for _, one in chosen:
        words |= one.words
    words |= {what: _text(part / "connector.yaml.txt", words) for what, part in zip(QUESTIONS, parts, strict=True)}
    words["answers"] = _text(parts[0] / "answers.yaml.txt", words)
    made = _make(target)
    try:
        for source in (TEMPLATE / "base", *parts):
            _write(source, target, words)
        expect_of(target)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)  # a half-made folder would be found and break every test
        raise
    return sorted(path for path in target.rglob("*") if path.is_file())


def _make(target: Path) -> Path:
    """Make the folder, which is ours alone then; the topmost one that had to be made for it. Raises OSError."""
    lacking = [path for path in (target, *target.parents) if not path.exists()]
    try:
        target.mkdir(parents=True)
    except OSError:
        for path in lacking[1:]:
            if path.is_dir() and not any(path.iterdir()):
                path.rmdir()
        raise
    return lacking[-1]


def check_name(name: str) -> None:
    """Raise ValueError when no channel can be called so."""
    if keyword.iskeyword(name):
        raise ValueError(f"NAME “{name}”: 是 Python 的保留字，请换一个 / is a word of Python: take another")
    if not NAME.fullmatch(name):
        meant = re.sub(r"[^a-z0-9]+", "_", name[:200].lower()).strip("_")
        hint = f"; did you mean {meant}?" if NAME.fullmatch(meant) and not keyword.iskeyword(meant) else ""
        raise ValueError(f"NAME “{_shown(name)}”: 小写字母、数字、下划线，2-31 个字符 / lower-case letters, digits, "
                         f"underscores, a letter first, 2-31 in all{hint}")


def _shown(typed: str) -> str:
    """What somebody typed, short, and with nothing that a terminal obeys or cannot show."""
    text = "".join([one if one.isprintable() else "�" for one in typed[:SHOWN_MAX]])
    return text + ("…" if len(typed) > SHOWN_MAX else "")


def answer(what: str, said: str) -> Answer:
    """What is meant by a question's answer, the default where nothing was said. Raises ValueError."""
    known = QUESTIONS[what].answers
    if said and said not in known:
        meant = near(said[:SHOWN_MAX], known)
        raise ValueError(f"{what.upper()} “{_shown(said)}” 无此选项 / is not known; known: {', '.join(known)}"
                         f"{meant if 'did you mean' in meant else ''}")
    return known[said or next(iter(known))]


def _text(file: Path, words: Mapping[str, str]) -> str:
    return Template(file.read_text("utf-8")).substitute(words) if file.is_file() else ""


def _write(source: Path, target: Path, words: Mapping[str, str]) -> None:
    """The files of a part; its piece of connector.yaml is among the words, and its vectors join the others'."""
    for file in sorted(source.rglob("*.txt")):
        place = file.relative_to(source).with_suffix("")
        if place.suffix == ".yaml" and source.parent != TEMPLATE:
            continue
        path, text = target / place, _text(file, words)
        path.parent.mkdir(parents=True, exist_ok=True)
        if place == VECTORS and path.is_file():
            text = json.dumps(json.loads(path.read_text("utf-8")) + json.loads(text), indent=1) + "\n"
        path.write_text(text, "utf-8")


def ask(what: str, read: Callable[[str], str] = input) -> str:
    """Ask at the terminal: an answer by name or number, or nothing for the default. Raises ValueError in the end."""
    question = QUESTIONS[what]
    names = list(question.answers)
    print(question.says)
    for number, (name, one) in enumerate(question.answers.items(), 1):
        print(f"  {number}  {name:<12} {one.says}")
    for _ in range(TRIES_MAX):
        said = read(f"{what} [{names[0]}]: ").strip()
        said = dict(zip(map(str, range(1, len(names) + 1)), names, strict=True)).get(said, said)
        try:
            answer(what, said)
        except ValueError as error:
            print(error)
        else:
            return said
    raise ValueError(f"{what}: 没有可用的回答 / no answer that is known")


class Reader(argparse.ArgumentParser):
    """Reads the arguments, and tells of a wrong one as of any other mistake."""

    def error(self, message: str) -> Never:
        """Raise ValueError."""
        raise ValueError(f"参数不对 / wrong arguments: {_shown(message)}")


def _chosen(arguments: list[str]) -> tuple[str, Path, dict[str, str]]:
    """Name, where it goes and the answers: said, or asked at a terminal. Raises ValueError, EOFError."""
    reader = Reader(prog="make new-channel", description="NAME=acme [SIGNING=] [PAGING=] [PUSH=]")
    reader.add_argument("name", nargs="?", default="")
    reader.add_argument("--into", type=Path, default=CHANNELS)
    for what, question in QUESTIONS.items():
        reader.add_argument(f"--{what}", default="", help=", ".join(question.answers))
    said = vars(reader.parse_args(arguments))
    is_asked = sys.stdin is not None and sys.stdin.isatty()
    name = said["name"] or (input("NAME: ").strip() if is_asked else "")
    check_name(name)
    for what in QUESTIONS:
        answer(what, said[what])
        if not said[what] and is_asked:
            said[what] = ask(what)
    return name, said["into"], {what: said[what] for what in QUESTIONS}


def _written(name: str, into: Path, answers: Mapping[str, str]) -> list[Path]:
    """The files that were written. Raises ValueError, also for a place that takes none."""
    try:
        return scaffold(name, into, **answers)
    except OSError as error:
        reason = NOT_WRITTEN.get(error.errno or 0, error.strerror or type(error).__name__)
        raise ValueError(f"写不进 {into}，什么都没有留下：{reason} | nothing was written into {into}") from error


def main(arguments: list[str]) -> int:
    """Make the folder and say what to do next; 2 on a wrong use, 130 when somebody stops it."""
    try:
        name, into, answers = _chosen(arguments)
        files = _written(name, into, answers)
    except KeyboardInterrupt:
        print("\n已停止，什么都没有写 / stopped, nothing was written")
        return STOPPED
    except (ValueError, EOFError) as error:
        why = "没有更多输入 / the input ended" if isinstance(error, EOFError) else error
        why = "输入不是 UTF-8 文字 / the input is no UTF-8" if isinstance(error, UnicodeError) else why
        print(f"{why}\n用法 / usage: make new-channel NAME=acme "
              + " ".join(f"{what.upper()}={'|'.join(one.answers)}" for what, one in QUESTIONS.items()))
        return 2
    print("\n".join(map(str, files)))
    print(
        "下一步：在 connector.yaml 写明平台如何对接（docs/connector.md），把真实报文放进 samples/，\n"
        "修改 mapping.yaml 与 statuses.yaml，直到通过；文件夹以外什么都不用改。\n"
        "Next: say in connector.yaml how the platform is spoken to (docs/connector.md), put a real payload into\n"
        "samples/ and change mapping.yaml and statuses.yaml until both are green; nothing outside changes:\n"
        f"orderloom connectors check {name}\n"
        f".venv/bin/python -m pytest tests/contract -k {name}"
    )
    return 0


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a terminal that has no Chinese stops nothing
    sys.exit(main(sys.argv[1:]))
