"""What is wrong with a configuration: the place, the reason and how to mend it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

import msgspec

from orderloom.domain.words import Words


class Finding(msgspec.Struct, frozen=True):
    """One mistake. `place` is a path such as `transitions[3].to`; `line` counts from 1, 0 when not known."""

    file: str
    place: str
    reason: Words
    mend: Words
    line: int = 0

    def __str__(self) -> str:
        at = f"{self.file}:{self.line}" if self.line else self.file
        return f"{at} {self.place}: {self.reason.zh} / {self.reason.en} → {self.mend.zh} / {self.mend.en}"


def unknown(file: str, place: str, what: Words, value: str, known: Iterable[str]) -> Finding:
    """Return the finding for a name that is not in its closed set, with the nearest known name as the mend."""
    names = sorted(known)
    near = difflib.get_close_matches(value, names, n=1)
    if near:
        mend = Words(f"你是不是要写“{near[0]}”？", f'did you mean "{near[0]}"?')
    else:
        shown = "、".join(names[:12])
        mend = Words(f"可用的有：{shown}", f"known: {', '.join(names[:12])}")
    return Finding(file, place, Words(f"未知的{what.zh}“{value}”", f'unknown {what.en} "{value}"'), mend)
