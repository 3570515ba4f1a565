"""`orderloom doctor`: prints what the doctor found and how to mend it."""

from __future__ import annotations

import asyncio

import typer

from orderloom.entrypoints.cli.doctor import diagnose
from orderloom.entrypoints.cli.frame import single
from orderloom.entrypoints.cli.screen import screen
from orderloom.settings import read_settings

app = single()


@app.command(help="检查安装并说明如何修复 / look at the installation and say how to mend it")
def doctor() -> None:
    """Exit 1 when something is not well."""
    found = asyncio.run(diagnose(read_settings()))
    if not screen.answer(found):
        for one in found:
            mark = "✓" if one.is_well else "✗"
            name = screen.words(one.what_zh, one.what_en, between=" ")
            screen.out.print(f"{mark} {name}: {one.where}", style=None if one.is_well else "red", markup=False)
            if not one.is_well:
                screen.say(f"   → {one.mend_zh}", f"   → {one.mend_en}")
    if any(not one.is_well for one in found):
        raise typer.Exit(1)
