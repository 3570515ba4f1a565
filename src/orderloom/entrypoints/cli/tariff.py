"""HS codes for goods that cross a border: `hs search` by words or the beginning of a code, `hs show` one."""

from __future__ import annotations

from typing import Annotated

import typer

from orderloom.domain.tariff import HsCode, code_problem, describe, near_code, plain_code, search
from orderloom.entrypoints.cli.frame import group
from orderloom.entrypoints.cli.screen import Stop, screen

app = group("海关编码（HS 2022）：查询、核对", "HS codes (2022 edition): search, check")
SHOWN_MAX = 50


@app.command("search", help="按品名（中文或英文）或编码开头查找 / by words, or how a code begins")
def find(
    words: Annotated[list[str], typer.Argument(help="品名或编码开头 / words, or how a code begins")],
    limit: Annotated[int, typer.Option(min=1, max=SHOWN_MAX)] = 10,
) -> None:
    """Search the Harmonised System; exit 1 when nothing fits."""
    found = list(search(" ".join(words), limit))
    if not screen.answer(found):
        screen.table({"编码": "Code", "说明": "Description"}, [(one.code, one.description) for one in found])
        if not found:
            screen.say("没有相近的；换个说法，或写英文品名。", "Nothing comes near: say it otherwise, or in English.")
    if not found:
        raise typer.Exit(1)


@app.command("show", help="一个编码的含义，写错时给出相近的 / what a code stands for, or which come near")
def show(code: Annotated[str, typer.Argument(help="6、8、10 或 13 位 / 6, 8, 10 or 13 digits")]) -> None:
    """Show a code; exit 1 when it is none."""
    told = code_problem(code)
    if told is not None:
        near = [f"{one.code} {one.description}" for one in near_code(code)[:3]]
        zh, en = (f"；相近的：{'；'.join(near)}", f"; near: {'; '.join(near)}") if near else ("", "")
        raise Stop(f"{told.zh}{zh}。", f"{told.en}{en}.")
    found = HsCode(plain_code(code), describe(code))
    if not screen.answer(found):
        screen.pairs([("编码", "Code", found.code), ("说明", "Description", found.description)])
