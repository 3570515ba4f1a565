"""Line ids for sources that have none: the SKU stands for the line, numbered where a SKU stands on several."""

from __future__ import annotations

from collections import Counter

import msgspec

from orderloom.domain.draft import DraftLine


def numbered(lines: tuple[DraftLine, ...]) -> tuple[DraftLine, ...]:
    """The lines with ids that are unique: `A-1`, `A-1#2` … where the SKU was taken for the id and came more than once.

    The dearest is first, so that a gift keeps its id when the rows come in another order. Ids of the source's own are
    left as they are.
    """
    counts = Counter(line.external_id for line in lines)
    if len(counts) == len(lines):
        return lines
    result = list(lines)
    for name, count in counts.items():
        same = [at for at, line in enumerate(lines) if line.external_id == name]
        if count < 2 or any(lines[at].sku_external != name for at in same):
            continue
        same.sort(key=lambda at: (-lines[at].price, lines[at].discount, -lines[at].quantity, at))
        for number, at in enumerate(same[1:], 2):
            result[at] = msgspec.structs.replace(lines[at], external_id=f"{name}#{number}")
    return tuple(result)
