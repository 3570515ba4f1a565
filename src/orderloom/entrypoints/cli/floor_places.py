"""Places of a floor: `place list | set`; and lots that may not be sent: `lot block | free`."""

from __future__ import annotations

from typing import Annotated, NoReturn

import msgspec
import typer

from orderloom.application.floor.keep_places import PlacesKept, PlacesWish, keep_places
from orderloom.application.queries.catalogue import sku_ids
from orderloom.application.queries.floor import PlacePage, list_places
from orderloom.domain.refusal import Refusal
from orderloom.domain.words import Words
from orderloom.entrypoints.cli.attach import hub, run
from orderloom.entrypoints.cli.frame import group
from orderloom.entrypoints.cli.screen import Stop, screen
from orderloom.entrypoints.refusals import words_of

app = group("库位：自管仓库里货放在哪", "places: where goods lie in a warehouse that is run here")
lots = group("批号：停用与放行", "lots: blocked, or let go")
House = Annotated[str, typer.Argument(metavar="WAREHOUSE", help="仓库 / the warehouse")]
Sku = Annotated[str, typer.Argument(metavar="SKU", help="商品编码 / the SKU")]
LotCode = Annotated[str, typer.Argument(metavar="LOT", help="批号 / the lot")]
PLACES_SHOWN = 500


class LotSaid(msgspec.Struct, frozen=True):
    """A lot as it stands now."""

    sku: str
    lot: str
    is_blocked: bool


@app.command("list", help="库位，按走动顺序，带存货 / places in the order of the walk, with what lies there")
def list_command(
    warehouse: House,
    begins: Annotated[str, typer.Option("--begins", help="库位编码开头 / codes that begin so")] = "",
    sku: Annotated[str, typer.Option("--sku", help="只看放着它的 / those on which it lies")] = "",
) -> None:
    """Show places."""
    page = run(lambda: _listed(warehouse, begins, sku))
    if screen.answer(page):
        return
    screen.table(
        {"库位": "Place", "用途": "Kind", "顺序": "Turn", "最多": "Most", "状态": "State", "存货": "Lies there"},
        [(p.code, p.kind, p.sequence, p.units_max or "", "关 closed" if p.is_closed else "",
          " · ".join([f"{one.sku} {one.lot} ×{one.quantity}".replace("  ", " ") for one in p.lies if one.quantity]))
         for p in page.places])


@app.command("set", help="新建或修改库位；没写的不变 / keep a place; what is not given stays")
def set_command(
    warehouse: House,
    code: Annotated[str, typer.Argument(metavar="CODE", help="库位编码 / its code")],
    kind: Annotated[str, typer.Option(help="pick | bulk | damage | quarantine | …")] = "",
    sequence: Annotated[int | None, typer.Option(min=0, help="走动顺序 / its turn in the walk")] = None,
    units_max: Annotated[int | None, typer.Option("--most", min=0, help="最多几件，0 不限 / units at most, 0: any")
                         ] = None,
    is_closed: Annotated[bool | None, typer.Option("--close/--open", help="停用或启用 / closed, or open")] = None,
    is_single: Annotated[bool | None, typer.Option("--single/--mixed", help="只放一种商品一个批号 / one SKU and lot")
                         ] = None,
) -> None:
    """Keep a place."""
    row = {"code": code, "kind": kind or None, "sequence": sequence, "units_max": units_max, "is_closed": is_closed,
           "is_single": is_single}
    try:
        wish = msgspec.convert({"warehouse": warehouse, "places": [row]}, PlacesWish)
    except msgspec.ValidationError as error:
        raise Stop(f"参数不对：{error}。", f"Not so: {error}.", code=2) from error
    kept = run(lambda: _kept(wish))
    if not screen.answer(kept):
        screen.say(f"{code}：{'新建' if kept.made else '已修改'}", f"{code}: {'new' if kept.made else 'kept'}")


@lots.command("block", help="停用批号：不再拣它 / block a lot: no new task fetches it")
def block_command(sku: Sku, lot: LotCode) -> None:
    """Block a lot."""
    _said(run(lambda: _blocked(sku, lot, is_blocked=True)))


@lots.command("free", help="放行批号 / let a lot go")
def free_command(sku: Sku, lot: LotCode) -> None:
    """Let a lot go."""
    _said(run(lambda: _blocked(sku, lot, is_blocked=False)))


async def _listed(warehouse: str, begins: str, sku: str) -> PlacePage:
    async with hub() as opened, opened.ports.reading() as one:
        return await list_places(one, warehouse, q=begins, sku=sku, limit=PLACES_SHOWN)


async def _kept(wish: PlacesWish) -> PlacesKept:
    async with hub() as opened:
        kept = await keep_places(opened.ports.subjects(), await opened.directory(), wish)
    if isinstance(kept, Refusal):
        _refuse(kept)
    return kept


async def _blocked(sku: str, lot: str, *, is_blocked: bool) -> LotSaid:
    async with hub() as opened:
        async with opened.ports.reading() as one:
            ids = dict(await sku_ids(one, {sku}))
        is_there = False
        if sku in ids:
            async with opened.ports.subjects() as work:
                is_there = await work.floor.block_lot(ids[sku], lot, None, is_blocked=is_blocked)
    if not is_there:
        raise Stop(f"没有批号 {lot}（商品 {sku}）", f"There is no lot {lot} of {sku}")
    return LotSaid(sku, lot, is_blocked)


def _refuse(refusal: Refusal) -> NoReturn:
    words = words_of(refusal.code, refusal.particulars) or Words(refusal.code, refusal.code)
    raise Stop(f"没有改动：{words.zh}", f"Nothing was changed: {words.en}")


def _said(lot: LotSaid) -> None:
    if not screen.answer(lot):
        screen.say(f"{lot.sku} {lot.lot}：{'停用' if lot.is_blocked else '可用'}",
                   f"{lot.sku} {lot.lot}: {'blocked' if lot.is_blocked else 'may be sent'}")
