"""How names of columns are compared: what a seller's tool adds around a name does not make it another."""

from __future__ import annotations

import re
import unicodedata

_BLANKS = re.compile(r"[\s\-.]+")
_DECORATION = re.compile(r"^[*\ufeff]+|[*:]+$|\([^()]*\)$")


def plain_column(name: str) -> str:
    """A column name as it is compared: half-width, without `*` or a bracketed unit, lower case, blanks as `_`."""
    text = unicodedata.normalize("NFKC", name).strip().lower()
    return _BLANKS.sub("_", _DECORATION.sub("", text).strip()).strip("_")
