"""Names of files as they can be shown and stored: a name may come in any bytes."""

from __future__ import annotations

import os
from pathlib import Path

from orderloom.adapters.spreadsheets.limits import NAME_CHARACTERS_MAX

FILE_BYTES_MAX = 255
"""What a name on disk may have; a name that can be shown may have more."""


def storable(name: str) -> str:
    """A file name of a stranger as one that can be put into a folder of ours; its end, where the suffix is."""
    short = name.encode("utf-8", "replace")[-FILE_BYTES_MAX:].decode("utf-8", "ignore")
    return short if short.strip(".") and "/" not in short else "upload"


def shown(path: Path | str) -> str:
    """The file's name as text: UTF-8, else GBK (archives made on Windows), without control characters."""
    raw = os.fsencode(Path(path).name)
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = raw.decode("gb18030", "replace")
    clean = "".join(one if one.isprintable() else "?" for one in text)
    return clean if len(clean) <= NAME_CHARACTERS_MAX else f"…{clean[-NAME_CHARACTERS_MAX + 1:]}"
