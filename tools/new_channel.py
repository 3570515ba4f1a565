"""Makes the folder of a new channel: a connector that works, to be bent to the platform's own ways.

Usage: new_channel.py NAME [--signing X] [--paging X] [--push X] [--into FOLDER]. What is not said is asked where
there is a terminal, else its default is taken. Writes src/orderloom/adapters/channels/NAME from channel_template/
(base, and a part for each answer) and works out the sample's expected order from the mapping. Touches nothing else.
"""

from __future__ import annotations

import argparse
import json
import keyword
import re
import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from string import Template
from typing import NamedTuple

from orderloom.adapters.kit.examine import expect_of
from orderloom.blueprint.mapping.check import near

TEMPLATE = Path(__file__).with_name("channel_template")
CHANNELS = Path(__file__).resolve().parent.parent / "src" / "orderloom" / "adapters" / "channels"
NAME = re.compile(r"[a-z][a-z0-9_]{1,30}")
TRIES_MAX = 3
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
    """Write the folder `channels/name` as answered; return its files. Raises ValueError for what cannot be."""
    check_name(name)
    chosen = [(what, answer(what, answers.get(what, ""))) for what in QUESTIONS]
    target = channels / name
    if others := sorted(channels.parent.glob(f"*/{name}/connector.yaml")):
        raise ValueError(f"{others[0].parent} 已用此名 / has this name already: accounts know a connector by its name")
    if target.exists():
        raise ValueError(f"{target} 已存在 / exists already")
    parts = [TEMPLATE / what / one.part for what, one in chosen]
    words = {"name": name, "title": name.replace("_", " ").title(), "code": f"{name.upper().replace('_', '')[:20]}01"}
    for _, one in chosen:
        words |= one.words
    words |= {what: _text(part / "connector.yaml.txt", words) for what, part in zip(QUESTIONS, parts, strict=True)}
    words["answers"] = _text(parts[0] / "answers.yaml.txt", words)
    try:
        for source in (TEMPLATE / "base", *parts):
            _write(source, target, words)
        expect_of(target)
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)  # a half-made folder would be found and break every test
        raise
    return sorted(path for path in target.rglob("*") if path.is_file())


def check_name(name: str) -> None:
    """Raise ValueError when no channel can be called so."""
    if not NAME.fullmatch(name) or keyword.iskeyword(name):
        raise ValueError(f"NAME “{name}”: 小写字母、数字、下划线，2-31 个字符 / lower-case letters, digits, "
                         "underscores, a letter first, 2-31 in all")


def answer(what: str, said: str) -> Answer:
    """What is meant by a question's answer, the default where nothing was said. Raises ValueError."""
    known = QUESTIONS[what].answers
    if said and said not in known:
        meant = near(said, known)
        raise ValueError(f"{what.upper()} “{said}” 无此选项 / is not known; known: {', '.join(known)}"
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
        said = names[int(said) - 1] if said.isdecimal() and 0 < int(said) <= len(names) else said
        try:
            answer(what, said)
        except ValueError as error:
            print(error)
        else:
            return said
    raise ValueError(f"{what}: 没有可用的回答 / no answer that is known")


def main(arguments: list[str]) -> int:
    """Make the folder and say what to do next; 2 on a wrong use."""
    reader = argparse.ArgumentParser(prog="make new-channel", description="NAME=acme [SIGNING=] [PAGING=] [PUSH=]")
    reader.add_argument("name", nargs="?", default="")
    reader.add_argument("--into", type=Path, default=CHANNELS)
    for what, question in QUESTIONS.items():
        reader.add_argument(f"--{what}", default="", help=", ".join(question.answers))
    said = vars(reader.parse_args(arguments))
    try:
        name = said["name"] or (input("NAME: ").strip() if sys.stdin.isatty() else "")
        check_name(name)
        for what in QUESTIONS:
            if not said[what] and sys.stdin.isatty():
                said[what] = ask(what)
        files = scaffold(name, said["into"], **{what: said[what] for what in QUESTIONS})
    except (ValueError, EOFError) as error:
        print(f"{error}\n用法 / usage: make new-channel NAME=acme "
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
    sys.exit(main(sys.argv[1:]))
