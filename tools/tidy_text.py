"""Tidy rules that read any file as text: sizes, refused names, unfinished work, position readers, machine addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

REFUSED_NAMES = {"utils.py", "helpers.py", "service.py", "manager.py", "misc.py", "common.py"}
SMALL_FOLDERS = {"domain", "application", "blueprint"}
SAMPLES = {"samples", "artifacts", "data"}
"""Folders of material that comes from elsewhere and is kept as it is."""

UNFINISHED = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X)\b")
POSITION_READER = re.compile(r"\b(?:id|\w+_id|seq|position)\s*>\s*(?:%\(|%s|:\w|\$\d|\{)", re.IGNORECASE)
REGISTRY = re.compile(
    r"(?:pypi\.org|pythonhosted\.org|registry\.npm" r"js|npm" r"mirror|registry\.yarn" r"pkg|crates\.io|proxy\.golang"
    r"|mirrors?\.(?:aliyun|tuna|ustc)|pypi\.tuna|\bindex-url\b\s*[= ]\s*http)", re.IGNORECASE)
_HAN = "\u4e00-\u9fff"
HALF_WIDTH = re.compile(
    rf"[{_HAN}）][,;:!?]|[,;:!?][{_HAN}“（]|[{_HAN}”]\(|\([{_HAN}“]|[{_HAN}”]\)|\)[{_HAN}，。；：]")
"""Half-width punctuation in a Chinese sentence."""
HAN = re.compile(rf"[{_HAN}]")
COLOUR = re.compile(r"(?<![\w&])#(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})\b|\brgba?\(|\bhsla?\(")
WAITED_FOR = re.compile(r"(?:=>|return|await) client\.invalidateQueries")
"""A mutation that waits for its lists to be read again may have lost its part of the page, and its callbacks."""
SAID_BY_OTHERS = ("simulat", "domain/divisions", "domain/countries", "domain/address", "domain/place_walk",
                  "domain/glued", "domain/cleaning", "domain/terms", "domain/scan_words", "/testing/", "/rehearsal/",
                  "statuses.yaml", "mapping.yaml")
"""Where Chinese text is not ours to punctuate: platforms' own words, names of places, what people write."""
SPOKEN_YAML = re.compile(r"zh: (.*?)(?:, en: |\}|$)")
MACHINE_PATH = re.compile(r"(?<![\w.~/:\-])/(?:root|work|Users|home/[a-z][\w-]*)/[\w.]")


@dataclass(frozen=True, slots=True)
class Finding:
    """One objection: the rule's name, where, and what."""

    rule: str
    path: Path
    line: int
    text: str


def text_findings(path: Path, text: str) -> Iterator[Finding]:
    """What the text rules object to in one file; `path` is relative to the project."""
    if path.name in REFUSED_NAMES:
        yield Finding("refused-name", path, 1, "name the file after what it does")
    if SAMPLES & set(path.parts) or path.suffix in (".lock", ".svg") or path.name in ("LICENSE", "package-lock.json"):
        return
    lines = text.splitlines()
    most = lines_max(path)
    if most and len(lines) > most:
        yield Finding("long-file", path, most, f"{len(lines)} lines, at most {most}")
    for number, line in enumerate(lines, start=1):
        for rule, pattern in _patterns(path):
            match = pattern.search(line)
            if match:
                yield Finding(rule, path, number, match[0])
        if path.suffix == ".js":
            yield from half_width(path, number, line)
        elif path.suffix == ".yaml":
            for said in SPOKEN_YAML.findall(line):
                yield from half_width(path, number, said)


def half_width(path: Path, line: int, text: str) -> Iterator[Finding]:
    """The first half-width sign in a Chinese sentence that the product says."""
    match = HALF_WIDTH.search(text)
    if match and path.parts[0] == "src" and not any(part in path.as_posix() for part in SAID_BY_OTHERS):
        yield Finding("half-width", path, line, text[max(0, match.start() - 12):match.end() + 12])


def lines_max(path: Path) -> int:
    """The most lines a file of this kind may have; 0: no limit."""
    parts = path.parts
    if path.suffix == ".py":
        if parts[0] == "tests":
            return 500
        return 300 if len(parts) > 2 and parts[2] in SMALL_FOLDERS else 400
    if path.suffix in (".ts", ".tsx") or path.name in ("connector.yaml", "mapping.yaml", "statuses.yaml"):
        return 300
    if path.suffix == ".md":
        return 80 if "decisions" in parts else 300
    return 0


def _patterns(path: Path) -> Iterator[tuple[str, re.Pattern[str]]]:
    yield "registry-host", REGISTRY
    yield "machine-path", MACHINE_PATH
    if path.parts[:2] == ("web", "src") and ".test." not in path.name:
        if path.name != "tokens.css" and path.suffix in (".ts", ".tsx", ".css"):
            yield "colour-beside-tokens", COLOUR
        if path.suffix in (".ts", ".tsx"):
            yield "waits-for-lists", WAITED_FOR
        if path.suffix == ".tsx" or (path.suffix == ".ts" and "words" not in path.as_posix()):
            yield "text-beside-words", HAN
    if path.suffix in (".py", ".ts", ".tsx", ".sql", ".yaml", ".md", ".toml"):
        yield "unfinished", UNFINISHED
    if path.suffix == ".sql" or (path.suffix == ".py" and path.parts[0] == "src"):
        yield "position-reader", POSITION_READER
