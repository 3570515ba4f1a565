"""SQL by name: the one loader of the `.sql` files, in which each statement stands under `-- name: what it does`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import LiteralString, cast

_NAME = re.compile(r"^-- name: (\w+).*$", re.MULTILINE)
_LIKE = str.maketrans({"\\": r"\\", "%": r"\%", "_": r"\_", "*": "%", "?": "_"})


@cache
def statements(file: Path) -> Mapping[str, LiteralString]:
    """The statements of a file by name. They are ours, as literal as what stands in a module."""
    parts = cast(list[LiteralString], _NAME.split(file.read_text("utf-8")))
    return {name: text.strip().rstrip(";") for name, text in zip(parts[1::2], parts[2::2], strict=True)}


def beside(module: str, name: str = "") -> Mapping[str, LiteralString]:
    """The statements beside a module, of its own name or of another; `module` is its `__file__`."""
    return statements(Path(module).with_suffix(".sql") if not name else Path(module).with_name(f"{name}.sql"))


def like_of(pattern: str) -> str:
    """A pattern of people's, in which * stands for any text and ? for one sign, as `like` takes it."""
    return pattern.translate(_LIKE)
