"""The words for what is wrong with a row or a file, and how a person mends it. Never the content of a cell."""

from __future__ import annotations

from pathlib import Path

import yaml

from orderloom.adapters.spreadsheets import limits
from orderloom.domain.draft import Problem


def _mends() -> dict[str, str]:
    """The words by code, Chinese first, with the limits filled in."""
    told = yaml.safe_load(Path(__file__).with_name("mends.yaml").read_text("utf-8"))
    figures = {name: value for name, value in vars(limits).items() if isinstance(value, int)}
    figures |= {"FILE_MIB": limits.FILE_BYTES_MAX >> 20, "UNPACKED_MIB": limits.UNPACKED_BYTES_MAX >> 20}
    return {code: f"{words['zh']} / {words['en']}".format(**figures) for code, words in told.items()}


MENDS = _mends()


def with_row(code: str, number: int, columns: str = "", sheet: str = "") -> Problem:
    """The problem of an order or row. `field` names the row as a spreadsheet counts it, and the columns meant."""
    place = f"第 {number} 行 / row {number}" + (f", {sheet}" if sheet else "") + (f": {columns}" if columns else "")
    return Problem(code, place, "", MENDS[code], f"{code}:{number}")


def in_words(name: str, problem: Problem) -> str:
    """Which file, where in it, and how it is mended: Chinese, then English behind the only ` / `."""
    zh, _, en = problem.mend.partition(" / ")
    if problem.field == name:
        return f"{name}: {zh} / {name}: {en}"
    row, _, place = problem.field.partition(" / ")
    columns = place.partition(": ")[2]
    return f"{name} {row}{f'（{columns}）' if columns else ''}：{zh} / {name} {place}: {en}"


def whole_file(code: str, name: str, detail: str = "") -> Problem:
    """The problem of a file that could not be split at all; `detail` is ours or names columns, never cells."""
    mend = MENDS[code] + (f" ({detail})" if detail else "")
    return Problem(code, name, "", mend, f"{code}:{name}")
