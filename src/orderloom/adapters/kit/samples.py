"""The samples of a connector's folder: bodies as they landed, and the orders that are expected of them.

`samples/NAME.in.json` (or .bin, .csv, .xml, .txt) is a body, `NAME.order.json` what comes out (a list where there are
several). `NAME.item.json` may state `topic`, `headers`, `context`; without it the topic is the first one that the
mapping names in full.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from orderloom.application.ports import Account, Item
from orderloom.application.translate import translate
from orderloom.blueprint.mapping import CompiledMapping, Mappings
from orderloom.blueprint.mapping.source import parse

RECEIVED_AT = datetime(2026, 12, 31, tzinfo=UTC)
"""When samples are said to have landed."""


class SampleBeside(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What `NAME.item.json` says of a body: under which topic it came, and with what."""

    topic: str = ""
    headers: dict[str, str] = {}
    context: dict[str, str] = {}


class Sample(NamedTuple):
    """A body with what came beside it, and where its expected order stands."""

    name: str
    item: Item
    headers: dict[str, str]
    wanted: Path


def samples_of(folder: Path) -> list[Path]:
    """The bodies of a folder, by name."""
    return sorted((folder / "samples").glob("*.in.*"))


def wanted_of(body: Path) -> Path:
    """Where the order stands that is expected of a body."""
    return body.with_name(f"{body.name.split('.in.')[0]}.order.json")


def read_sample(body: Path) -> Sample:
    """A sample with its topic, headers and context. Raises LookupError when no topic is known, ValueError for a
    `NAME.item.json` that cannot be read."""
    name = body.name.split(".in.")[0]
    side = body.with_name(f"{name}.item.json")
    beside: SampleBeside = read_json(side, SampleBeside) if side.exists() else SampleBeside()
    topic = beside.topic or first_topic(body.parent.parent)
    return Sample(name, Item(topic, body.read_bytes(), context=tuple(beside.context.items())),
                  beside.headers | beside.context, wanted_of(body))


def read_json(file: Path, kind: Any = Any) -> Any:
    """What stands in a file of JSON. Raises ValueError for what is none, or not of the kind."""
    try:
        return msgspec.convert(json.loads(file.read_text("utf-8")), kind)
    except (ValueError, msgspec.ValidationError, RecursionError) as error:
        raise ValueError(f"{file.name}: 无法读取 / cannot be read: {error}") from error


def first_topic(folder: Path) -> str:
    """The first topic that the folder's mapping names in full. Raises LookupError."""
    for document in parse((folder / "mapping.yaml").read_text("utf-8"))["documents"]:
        topics = document["topic"] if isinstance(document["topic"], list) else [document["topic"]]
        for topic in topics:
            if not set(topic) & set("*?["):
                return str(topic)
    raise LookupError(f"{folder.name}: no topic without a wildcard; name it in NAME.item.json")


def made_of(sample: Sample, mapping: CompiledMapping, account: Account) -> list[Any]:
    """What the mapping makes of it, as plain data."""
    drafts = translate(account, sample.item.topic, sample.item.body, sample.headers, RECEIVED_AT,
                       Mappings({account.connector: mapping}))
    return [json.loads(msgspec.json.encode(draft)) for draft in drafts]


def expect(bodies: list[Path], mapping: CompiledMapping, account: Account) -> list[Path]:
    """Write the expected order beside each sample that has none, for somebody to read; returns what was written.
    Of what the mapping makes no order, nothing is. Raises LookupError and ValueError as `read_sample` does."""
    written = []
    for sample in [one for body in bodies if not (one := read_sample(body)).wanted.exists()]:
        made = made_of(sample, mapping, account)
        if any(problems_of(sample, made)):
            continue
        text = json.dumps(made[0] if len(made) == 1 else made, ensure_ascii=False, indent=1)
        sample.wanted.write_text(text + "\n", "utf-8")
        written.append(sample.wanted)
    return written


def problems_of(sample: Sample, made: list[Any]) -> Iterator[tuple[str, str]]:
    """Why no order came of a sample: the field and the mend."""
    read_as = f"按主题 {sample.item.topic} 读取，别的主题写在 {sample.name}.item.json / " \
              f"read as topic {sample.item.topic}; {sample.name}.item.json may say another"
    if not made:
        yield "topic", f"没有读出内容 / nothing came of it: {read_as}"
    for problems in [one for one in made if isinstance(one, list)]:
        yield from ((problem["field"], problem["mend"]) for problem in problems)
        yield "topic", read_as


def differences(made: Any, wanted: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Where what was made is not what is expected, path by path, and both."""
    if isinstance(made, dict) and isinstance(wanted, dict):
        for key in [*wanted, *(key for key in made if key not in wanted)]:
            yield from differences(made.get(key), wanted.get(key), f"{place}.{key}" if place else key)
    elif isinstance(made, list) and isinstance(wanted, list) and len(made) == len(wanted):
        for number, (one, other) in enumerate(zip(made, wanted, strict=True)):
            yield from differences(one, other, f"{place}.{number}" if place else str(number))
    elif made != wanted:
        yield place, f"应为 / expected {_short(wanted)}, 得到 / made {_short(made)}"


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= SHOWN_MAX else f"{text[:SHOWN_MAX]}…"


SHOWN_MAX = 120
