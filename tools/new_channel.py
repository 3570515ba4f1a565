"""Makes the folder of a new channel: a connector that works (pull, push, tell), to be bent to the platform's own ways.

Usage: new_channel.py NAME [FOLDER]. Writes src/orderloom/adapters/channels/NAME from channel_template/ and works out
the sample's expected order from the mapping. Touches nothing else: connectors are found by looking.
"""

from __future__ import annotations

import json
import keyword
import re
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path
from string import Template

import msgspec

from orderloom.application.ports import Account
from orderloom.application.translate import translate
from orderloom.blueprint.mapping import CompiledMapping, Mappings, load_folder

TEMPLATE = Path(__file__).with_name("channel_template")
CHANNELS = Path(__file__).resolve().parent.parent / "src" / "orderloom" / "adapters" / "channels"
NAME = re.compile(r"[a-z][a-z0-9_]{1,30}")


def scaffold(name: str, channels: Path = CHANNELS) -> list[Path]:
    """Write the folder `channels/name`; return its files. Raises ValueError for a bad name or one that exists."""
    if not NAME.fullmatch(name) or keyword.iskeyword(name):
        raise ValueError(f"{name!r}: 名称须为小写字母、数字、下划线 / use lower-case letters, digits, underscores")
    target = channels / name
    if target.exists():
        raise ValueError(f"{target} 已存在 / exists already")
    try:
        for source in sorted(TEMPLATE.rglob("*.txt")):
            path = target / source.relative_to(TEMPLATE).with_suffix("")
            path.parent.mkdir(parents=True, exist_ok=True)
            words = {"name": name, "title": name.replace("_", " ").title(),
                     "code": f"{name.upper().replace('_', '')[:20]}01"}
            path.write_text(Template(source.read_text("utf-8")).substitute(words), "utf-8")
        expect(target)
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)  # a half-made folder would be found and break every test
        raise
    return sorted(path for path in target.rglob("*") if path.is_file())


def expect(folder: Path) -> None:
    """Write beside each sample the order that the mapping makes of it. Raises ValueError when it makes none."""
    mapping = load_folder(folder)
    if not isinstance(mapping, CompiledMapping):
        raise ValueError(f"{folder}: {mapping}")
    account = Account(1, "T1", "channels", folder.name, "Asia/Shanghai", "", {}, {})
    for sample in (folder / "samples").glob("*.in.json"):
        at = datetime(2026, 12, 31, tzinfo=UTC)
        drafts = translate(account, "order", sample.read_bytes(), {}, at, Mappings({folder.name: mapping}))
        found = [json.loads(msgspec.json.encode(draft)) for draft in drafts if not isinstance(draft, tuple)]
        if len(found) != 1:
            raise ValueError(f"{sample}: {drafts}")
        text = json.dumps(found[0], ensure_ascii=False, indent=1) + "\n"
        sample.with_name(sample.name.replace(".in.json", ".order.json")).write_text(text, "utf-8")


def main(arguments: list[str]) -> int:
    """Make the folder and say what to do next; 2 on a wrong use."""
    if len(arguments) not in (1, 2) or not arguments[0]:
        print("用法 / usage: make new-channel NAME=acme")
        return 2
    try:
        files = scaffold(arguments[0], *map(Path, arguments[1:]))
    except ValueError as error:
        print(error)
        return 2
    print("\n".join(map(str, files)))
    print(
        "下一步：在 connector.yaml 写明平台如何对接（docs/connector.md），把真实报文放进 samples/，\n"
        "修改 mapping.yaml 与 statuses.yaml，直到测试通过；文件夹以外什么都不用改。\n"
        "Next: say in connector.yaml how the platform is spoken to (docs/connector.md), put a real payload into\n"
        "samples/ and change mapping.yaml and statuses.yaml until this is green; nothing outside the folder changes:\n"
        f".venv/bin/python -m pytest tests/contract -k {arguments[0]}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
