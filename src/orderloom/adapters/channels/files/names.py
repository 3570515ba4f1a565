"""Names of files as they can be shown and stored: a name may come in any bytes."""

from __future__ import annotations

import os
from pathlib import Path

from orderloom.adapters.channels.files.limits import NAME_CHARACTERS_MAX


def shown(path: Path | str) -> str:
    """The file's name as text: UTF-8, else GBK (archives made on Windows), without control characters."""
    raw = os.fsencode(Path(path).name)
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = raw.decode("gb18030", "replace")
    clean = "".join(one if one.isprintable() else "?" for one in text)
    return clean if len(clean) <= NAME_CHARACTERS_MAX else f"…{clean[-NAME_CHARACTERS_MAX + 1:]}"
