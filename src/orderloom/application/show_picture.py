"""Give a SKU a picture, or take it away; the bytes are stored first, then they are named."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from orderloom.application.not_kept import NotKept
from orderloom.application.within import Within
from orderloom.domain.goods import Master, changes

KINDS = "JPEG, PNG, WebP, GIF"


class PictureStore(Protocol):
    """Where pictures lie. Reads and writes block: call them in a thread."""

    def kind_of(self, content: bytes) -> str: ...
    def put(self, content: bytes) -> str: ...


class PicturedGoods(Protocol):
    """Where SKUs are kept, in one transaction."""

    async def sku_ids(self, codes: Sequence[str]) -> dict[str, int]: ...
    async def masters(self, codes: Sequence[str]) -> dict[str, Master]: ...
    async def set_picture(self, sku_id: int, picture: str) -> None: ...
    async def keep_history(
        self, found: Sequence[tuple[Master, dict[str, list[Any]]]], at: datetime, by: str) -> None: ...


async def show_picture(
    within: Within[PicturedGoods], store: PictureStore, code: str, content: bytes, by: str, at: datetime,
) -> str:
    """Store a picture and name it at the SKU; no bytes take it away. Returns its name. Raises NotKept."""
    if content and not store.kind_of(content):
        raise NotKept("wrong_value", f"不是图片，或不是这几种：{KINDS}（SVG 不收）",
                      f"this is no picture of these kinds: {KINDS} (no SVG)")
    name = await asyncio.to_thread(store.put, content) if content else ""
    async with within() as goods:
        sku_id = (await goods.sku_ids([code])).get(code)
        if sku_id is None:
            raise NotKept("not_found", f"没有商品编码“{code[:60]}”", f'there is no SKU "{code[:60]}"')
        before = (await goods.masters([code]))[code]
        await goods.set_picture(sku_id, name)
        after = (await goods.masters([code]))[code]
        if changed := changes(before, after):
            await goods.keep_history([(after, changed)], at, by)
    return name
