"""Put tags on orders and take them off: words of people's own, in colours, that are found again in the list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from orderloom.application.not_kept import NotKept
from orderloom.application.within import Within

COLOURS = ("grey", "teal", "blue", "violet", "magenta", "amber", "red", "green")
TAGS_OF_ORDER_MAX = 20
NAME = re.compile(r"[^\s,，:][^,，:\n\t]{0,29}")


class TagBook(Protocol):
    """Where tags are kept, in one transaction."""

    async def make_tags(self, names: Sequence[str], colour: str, by: str, at: datetime) -> None: ...
    async def colour(self, name: str, colour: str) -> bool: ...
    async def tag(self, ids: Sequence[str], names: Sequence[str], by: str, at: datetime) -> int: ...
    async def untag(self, ids: Sequence[str], names: Sequence[str]) -> None: ...


async def tag_orders(
    within: Within[TagBook], ids: Sequence[str], add: Sequence[str], remove: Sequence[str], by: str, at: datetime,
) -> None:
    """Tags on and off of all these orders, together. A tag that is new is made. Raises NotKept `wrong_value`."""
    for name in add:
        if NAME.fullmatch(name) is None or name != name.strip():
            raise NotKept("wrong_value", f"标签“{name[:30]}”：1 到 30 个字，不含逗号和冒号",
                          f'tag "{name[:30]}": 1 to 30 characters without commas and colons')
    async with within() as tags:
        await tags.make_tags(sorted(set(add)), COLOURS[0], by, at)
        if remove:
            await tags.untag(ids, remove)
        if add and await tags.tag(ids, sorted(set(add)), by, at) > TAGS_OF_ORDER_MAX:
            raise NotKept("wrong_value", f"一张订单最多 {TAGS_OF_ORDER_MAX} 个标签，请先去掉一些",
                          f"an order takes {TAGS_OF_ORDER_MAX} tags at most: take some off first")


async def colour_tag(within: Within[TagBook], name: str, colour: str) -> None:
    """Give a tag another colour, on all its orders. Raises NotKept."""
    if colour not in COLOURS:
        raise NotKept("wrong_value", f"颜色：可用 {'、'.join(COLOURS)}", f"colour: one of {', '.join(COLOURS)}")
    async with within() as tags:
        if not await tags.colour(name, colour):
            raise NotKept("not_found", f"没有标签“{name[:30]}”", f'there is no tag "{name[:30]}"')
