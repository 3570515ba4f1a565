"""How every command's Typer application is made, so that they all look and behave alike."""

from __future__ import annotations

from pathlib import Path

import typer

from orderloom.adapters.spreadsheets.names import shown
from orderloom.entrypoints.cli.screen import Stop


def group(zh: str, en: str, *, is_alone: bool = False) -> typer.Typer:
    """A command with verbs below it; `is_alone`: without a verb it does something too."""
    return typer.Typer(help=f"{zh}\n\n{en}", add_completion=False, no_args_is_help=not is_alone,
                       rich_markup_mode=None, pretty_exceptions_enable=False, pretty_exceptions_show_locals=False)


def single() -> typer.Typer:
    """A command of its own; its help is its function's."""
    return typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False,
                       pretty_exceptions_show_locals=False)


def written(reason: str) -> str:
    """A reason that says something: it is kept for ever, and nobody can ask again. Raises Stop."""
    if not reason.strip():
        raise Stop("--reason 不能为空：写明原因。", "--reason is empty: say why.", code=2)
    return reason.strip()


def unknown(zh: str, en: str, name: str, near: list[str]) -> Stop:
    """There is no such thing; did you mean one of these?"""
    hint_zh = f"你是不是要找：{'、'.join(near)}？" if near else ""
    hint_en = f"Did you mean: {', '.join(near)}?" if near else ""
    return Stop(f"没有{zh}“{name}”。{hint_zh}", f'There is no {en} "{name}". {hint_en}'.strip())


def must_be_file(path: Path) -> None:
    """Raise Stop for a path at which nothing, or something else than a file, is."""
    if path.is_dir():
        raise Stop(f"{shown(path)} 是文件夹，请给出文件。", f"{shown(path)} is a folder: name a file.", code=2)
    if not path.is_file():
        raise Stop(f"没有文件 {shown(path)}。", f"There is no file {shown(path)}.", code=2)
