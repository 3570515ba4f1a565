"""The master data of goods over HTTP: one SKU whole, its history and picture, groups, and codes that look alike."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Header, Path, Request
from starlette.responses import Response

from orderloom.adapters.pictures import BYTES_MAX
from orderloom.application.identity.access import Caller
from orderloom.application.keep_groups import GroupKept, GroupRow, drop_group, keep_group
from orderloom.application.keep_skus import keep_skus
from orderloom.application.not_kept import NotKept
from orderloom.application.queries import goods as read
from orderloom.application.queries.stock_page import sku_id_of
from orderloom.application.show_picture import show_picture
from orderloom.application.sku_row import SkuRow
from orderloom.blueprint.goods import GoodsFile
from orderloom.domain.goods import COSTS
from orderloom.entrypoints.http.kit.guard import Cursor, Desk, DeskHere, Limit, Text, needs
from orderloom.entrypoints.http.kit.picture import picture_shown
from orderloom.entrypoints.http.kit.problem import Problem, not_found
from orderloom.entrypoints.http.kit.upload import file_in, takes_file
from orderloom.entrypoints.http.kit.wire import body_of, downloaded, reply, spoken

router = APIRouter(prefix="/api/v1", tags=["goods"])
Reader = Annotated[Caller, Depends(needs("skus:read"))]
Writer = Annotated[Caller, Depends(needs("skus:write"))]
CODES_MAX = 100
GroupId = Annotated[int, Path(ge=1, le=2_000_000_000)]


class PictureKept(msgspec.Struct, frozen=True):
    """The picture's name, the SHA-256 of its bytes; empty: there is none."""

    picture: str


class CodesRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """SKUs by their codes."""

    codes: Annotated[list[Annotated[str, msgspec.Meta(min_length=1, max_length=200)]],
                     msgspec.Meta(min_length=1, max_length=CODES_MAX)]


class SetApart(msgspec.Struct, frozen=True):
    """So many SKUs are known to be themselves."""

    count: int


class GoodsRules(msgspec.Struct, frozen=True):
    """What goods may be: how new codes look, classes of goods and taxes with their words."""

    rules: GoodsFile
    is_cost_hidden: bool


@router.get("/sku", **spoken(read.GoodsView, problems=(404,)), summary="商品 | One SKU")
async def show_sku(desk: DeskHere, who: Reader, code: Text) -> Response:
    """All that is known of a SKU; its version is the ETag."""
    return await _shown(desk, who, code)


@router.patch("/sku", **spoken(read.GoodsView, takes=SkuRow, problems=(404, 409)), summary="修改商品 | Change a SKU")
async def change_sku(
    request: Request, desk: DeskHere, who: Writer,
    seen: Annotated[str, Header(alias="If-Match", max_length=40, description="The version that was looked at")] = "",
) -> Response:
    """What is given is changed, what is null or left out stays. With `If-Match` it is 409 `changed_meanwhile` when
    somebody else was faster."""
    row = await body_of(request, SkuRow)
    if is_cost_hidden(who) and any(getattr(row, field) is not None for field in COSTS):
        raise Problem("no_scope", "你看不到成本，也不能改 | costs are hidden from you, and not yours to change")
    async with desk.connect() as connection:
        if await sku_id_of(connection, row.code) is None:
            raise not_found("商品", "SKU", row.code)
    tag = seen.strip().removeprefix("W/").strip('"')
    if tag and not (tag.isascii() and tag.isdigit()):
        raise Problem("wrong_value", f"If-Match: {seen} 不是商品的版本 | is no version of a SKU")
    await keep_skus(desk.ports.catalogue, [row], who.actor, version=int(tag) if tag else None)
    return await _shown(desk, who, row.code)


@router.get("/sku/history", **spoken(read.GoodsHistory, problems=(404,)), summary="修改记录 | Changes of a SKU")
async def show_history(desk: DeskHere, who: Reader, code: Text, cursor: Cursor = "", limit: Limit = 50) -> Response:
    """Who changed what, when: by field, from and to."""
    async with desk.connect() as connection:
        sku_id = await sku_id_of(connection, code)
        if sku_id is None:
            raise not_found("商品", "SKU", code)
        return reply(await read.goods_history(connection, sku_id, is_cost_hidden(who), cursor=cursor, limit=limit))


@router.get("/sku/picture", **downloaded(problems=(404,)), summary="商品图片 | The picture of a SKU")
async def show_the_picture(
    desk: DeskHere, who: Reader, code: Text,
    known: Annotated[str, Header(alias="If-None-Match", max_length=200)] = "",
) -> Response:
    """Its bytes, of the kind that their beginning says."""
    async with desk.connect() as connection:
        view = await read.read_goods_view(connection, code, True)
    return await picture_shown(desk, code, view.picture if view else "", known)


@router.put("/sku/picture", **takes_file(PictureKept, problems=(404,)), summary="上传图片 | Give a SKU a picture")
async def put_picture(request: Request, desk: DeskHere, who: Writer, code: Text) -> Response:
    """JPEG, PNG, WebP or GIF up to 5 MB, known by its first bytes."""
    _, content = await file_in(request, most=BYTES_MAX)
    if not content:
        raise NotKept("wrong_value", "文件是空的", "the file is empty")
    return reply(PictureKept(await show_picture(
        desk.ports.catalogue, desk.hub.pictures, code, content, who.actor, desk.hub.now())))


@router.delete("/sku/picture", **spoken(PictureKept, problems=(404,)), summary="删除图片 | Take the picture away")
async def remove_picture(desk: DeskHere, who: Writer, code: Text) -> Response:
    """The SKU has none."""
    return reply(PictureKept(await show_picture(
        desk.ports.catalogue, desk.hub.pictures, code, b"", who.actor, desk.hub.now())))


@router.get("/skus/twins", **spoken(read.TwinPage), summary="疑似重复编码 | Codes that look alike")
async def list_twins(desk: DeskHere, who: Reader, cursor: Cursor = "", limit: Limit = 50) -> Response:
    """Groups of SKUs that differ by case, width, dashes, 0 and O, 1, l and I, or leading zeros alone."""
    async with desk.connect() as connection:
        return reply(await read.list_twins(connection, cursor=cursor, limit=limit))


@router.post("/skus/twins/apart", **spoken(SetApart, takes=CodesRequest), summary="不是重复 | They are no twins")
async def set_apart(request: Request, desk: DeskHere, who: Writer) -> Response:
    """Somebody looked: these are SKUs of their own, and are not shown as twins of one another again."""
    body = await body_of(request, CodesRequest)
    async with desk.ports.catalogue() as goods:
        return reply(SetApart(await goods.set_apart(body.codes)))


@router.get("/goods/rules", **spoken(GoodsRules), summary="商品规则 | What goods may be")
async def show_rules(desk: DeskHere, who: Reader) -> Response:
    """How codes look and which classes there are, by the blueprint in force."""
    directory = await desk.directory()
    blueprint = directory.blueprints.get(directory.blueprint_active)
    return reply(GoodsRules(blueprint.goods if blueprint else GoodsFile(), is_cost_hidden(who)))


@router.get("/goods/groups", **spoken(read.GroupList), summary="商品分组 | Groups of goods")
async def list_groups(desk: DeskHere, who: Reader) -> Response:
    """The whole tree, as a list."""
    async with desk.connect() as connection:
        return reply(await read.list_groups(connection))


@router.post("/goods/groups", **spoken(GroupKept, takes=GroupRow, status=201, problems=(404, 409)),
             summary="新增分组 | Add a group")
async def add_group(request: Request, desk: DeskHere, who: Writer) -> Response:
    """A group stands in another one, or in none."""
    return reply(await keep_group(desk.ports.catalogue, await body_of(request, GroupRow)), 201)


@router.put("/goods/groups/{group_id}", **spoken(GroupKept, takes=GroupRow, problems=(404, 409)),
            summary="修改分组 | Change a group")
async def change_group(request: Request, desk: DeskHere, who: Writer, group_id: GroupId) -> Response:
    """Call it otherwise, or place it elsewhere; its SKUs and groups go with it."""
    return reply(await keep_group(desk.ports.catalogue, await body_of(request, GroupRow), group_id))


@router.delete("/goods/groups/{group_id}", **spoken(GroupKept, problems=(404, 409)),
               summary="删除分组 | Remove a group")
async def remove_group(desk: DeskHere, who: Writer, group_id: GroupId) -> Response:
    """Only an empty one."""
    return reply(await drop_group(desk.ports.catalogue, group_id))


def is_cost_hidden(who: Caller) -> bool:
    """Whether costs are not for the caller's eyes."""
    return "cost" in who.hides


async def _shown(desk: Desk, who: Caller, code: str) -> Response:
    async with desk.connect() as connection:
        found = await read.read_goods_view(connection, code, is_cost_hidden(who))
    if found is None:
        raise not_found("商品", "SKU", code)
    answer = reply(found)
    answer.headers["ETag"] = f'"{found.version}"'
    return answer
