"""Cells of an exported table that no spreadsheet takes for a formula."""

from __future__ import annotations

FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""With what a cell begins that is reckoned instead of shown, full width as well (OWASP, CSV injection)."""


def defused(text: str) -> str:
    """The text as it is shown and nothing else: an apostrophe stands before what would be reckoned.

    >>> defused("=1+1"), defused("-5.00"), defused("a-b")
    ("'=1+1", '-5.00', 'a-b')
    """
    if not text.lstrip(" ").startswith(FORMULA) or _is_number(text):
        return text
    return f"'{text}"


def _is_number(text: str) -> bool:
    return text.lstrip("-").replace(".", "", 1).isascii() and text.lstrip("-").replace(".", "", 1).isdigit()
