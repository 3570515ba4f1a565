"""Why a file cannot be read as a whole; its words are in `problems`."""

from __future__ import annotations


class Unfit(Exception):
    """A file cannot be used: `code` is one of `problems.MENDS`, `detail` adds our own words, never the file's."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code, self.detail = code, detail
