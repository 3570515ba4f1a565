"""What the command line shows: two languages, tables for people, JSON for programs, progress, and clear refusals."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from orderloom.domain.money import format_minor
from orderloom.domain.words import Words

WIDTH_IN_FILES = 240
"""Columns when the output is no terminal: what is searched with grep must not be folded."""
LANGUAGES = ("both", "zh", "en")


class Stop(Exception):
    """The command cannot go on: what and where, then how to mend it. Exit code 1: the answer is no; 2: cannot run."""

    def __init__(self, zh: str, en: str, *, code: int = 1) -> None:
        super().__init__(f"{zh}\n{en}")
        self.zh, self.en, self.code = zh, en, code


class Failed(msgspec.Struct, frozen=True):
    """What every command answers when it could not do what was asked; the exit code is 1 or 2."""

    error: Words


@dataclass
class Screen:
    """Where a command writes. One per process; `main` sets it from --json and --lang."""

    is_json: bool = False
    language: str = "both"

    def __post_init__(self) -> None:
        width = None if sys.stdout.isatty() else WIDTH_IN_FILES
        self.out = Console(highlight=False, width=width)
        self.err = Console(stderr=True, highlight=False, width=None if sys.stderr.isatty() else WIDTH_IN_FILES)

    def words(self, zh: str, en: str, *, between: str = "\n") -> str:
        """The text in the chosen language; Chinese first when both are wanted."""
        if self.language != "both":
            return zh if self.language == "zh" else en
        return zh if zh == en else f"{zh}{between}{en}"

    def called(self, words: Words) -> str:
        """What something is called, on one line."""
        return self.words(words.zh, words.en, between=" ")

    def one_of(self, text: str) -> str:
        """A stored `Chinese / English` or `Chinese | English` in the chosen language; programs get it as stored."""
        between = next((b for b in (" | ", " / ") if text.count(b) == 1), "")
        if self.is_json or not between:
            return text
        zh, _, en = text.partition(between)
        return self.words(zh, en, between=between)

    def say(self, zh: str, en: str, *, style: str = "") -> None:
        """Tell a person something. Nothing in JSON mode, where the answer alone is printed."""
        if not self.is_json:
            _print(self.out, self.words(zh, en), style)

    def note(self, zh: str, en: str, *, style: str = "") -> None:
        """Tell of something beside the answer, on stderr, in JSON mode too."""
        _print(self.err, self.words(zh, en), style)

    def answer(self, data: Any) -> bool:
        """Print the answer as JSON and return True; in human mode do nothing and return False."""
        if self.is_json:
            print(json.dumps(msgspec.to_builtins(data), ensure_ascii=False, indent=1), flush=True)
        return self.is_json

    def table(self, columns: Mapping[str, str], rows: Iterable[Sequence[object]], *, title: str = "") -> None:
        """A table with columns {Chinese: English}."""
        table = Table(title=title or None, title_justify="left", header_style="bold")
        for index, (zh, en) in enumerate(columns.items()):
            table.add_column(self.words(zh, en), overflow="fold", no_wrap=index == 0)
        count = 0
        for row in rows:
            table.add_row(*(_cell(value) for value in row))
            count += 1
        if count:
            self.out.print(table)
        else:
            self.say("没有记录。", "Nothing to show.")

    def pairs(self, rows: Iterable[tuple[str, str, object]]) -> None:
        """Names and values, one a line: (Chinese, English, value)."""
        grid = Table.grid(padding=(0, 2))
        for zh, en, value in rows:
            grid.add_row(self.words(zh, en, between=" "), _cell(value))
        self.out.print(grid)

    @contextmanager
    def progress(self, zh: str, en: str) -> Iterator[Any]:
        """A bar on stderr; yields `advance(done, total)` with totals that may change."""
        is_hidden = self.is_json or not sys.stderr.isatty()
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=self.err, disable=is_hidden, transient=True) as bar:
            task = bar.add_task(self.words(zh, en, between=" "), total=None)
            yield lambda done, total: bar.update(task, completed=done, total=total or None)


screen = Screen()


def _print(console: Console, text: str, style: str) -> None:
    """Print a note; when the file that it goes to takes no more, the note is lost and the work goes on."""
    try:
        console.print(text, style=style or None, markup=False, soft_wrap=True)
    except BrokenPipeError:  # nobody reads any more: that ends a command, as everywhere
        raise
    except OSError:
        return


def money(minor: int, currency: str = "") -> str:
    """An amount as people write it, with its currency."""
    return f"{format_minor(minor, currency)} {currency}".strip()


def when(at: datetime | None) -> str:
    """An instant in this machine's zone, to the second."""
    return f"{at.astimezone():%Y-%m-%d %H:%M:%S}" if at else ""


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "✓" if value else "✗"
    if value is None:
        return ""
    text = when(value) if isinstance(value, datetime) else str(value)
    return text.replace("[", "\\[")
