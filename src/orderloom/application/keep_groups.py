"""Keep the tree of groups of goods: add one, call or place it otherwise, take an empty one away."""

from __future__ import annotations

from typing import Annotated, Protocol

import msgspec

from orderloom.application.not_kept import NotKept, refuse
from orderloom.application.sku_row import DEPTH_MAX
from orderloom.application.within import Within
from orderloom.domain.codes import name_problem
from orderloom.domain.words import Words

GROUP = Words("商品分组", "group of goods")
GROUPS_MAX = 5_000


class GroupRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A group as it shall be; `parent` null: in no other one."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=100, pattern=r"\S")]
    name_en: Annotated[str, msgspec.Meta(max_length=100)] = ""
    parent: int | None = None
    position: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 0


class GroupKept(msgspec.Struct, frozen=True):
    """The group stands."""

    id: int


class Groups(Protocol):
    """Where groups are kept, in one transaction."""

    async def group_parents(self) -> dict[int, int | None]:
        """Every group with the one that it stands in; held until the transaction ends."""
    async def group_named(self, parent: int | None, name: str) -> int | None: ...
    async def put_group(self, group_id: int | None, row: GroupRow) -> int: ...
    async def skus_in_group(self, group_id: int) -> int: ...
    async def drop_group(self, group_id: int) -> None: ...


async def keep_group(within: Within[Groups], row: GroupRow, group_id: int | None = None) -> GroupKept:
    """Add a group, or change one. Raises NotKept."""
    row = msgspec.structs.replace(row, name=row.name.strip())
    for name in (row.name, row.name_en):
        refuse(GROUP, name_problem(name))
    if "/" in row.name:
        refuse(GROUP, Words("名称里不能有 /", "a name has no /"))
    async with within() as groups:
        parents = await groups.group_parents()
        if group_id is not None and group_id not in parents:
            raise _unknown(group_id)
        if group_id is None and len(parents) >= GROUPS_MAX:
            refuse(GROUP, Words(f"最多 {GROUPS_MAX} 个", f"{GROUPS_MAX} at most"))
        _check_place(parents, row.parent, group_id)
        other = await groups.group_named(row.parent, row.name)
        if other is not None and other != group_id:
            raise NotKept("already_there", f"这里已有分组“{row.name}”", f'there is a group "{row.name}" here already')
        return GroupKept(await groups.put_group(group_id, row))


async def drop_group(within: Within[Groups], group_id: int) -> GroupKept:
    """Take an empty group away. Raises NotKept."""
    async with within() as groups:
        parents = await groups.group_parents()
        if group_id not in parents:
            raise _unknown(group_id)
        inside = sum(parent == group_id for parent in parents.values())
        skus = await groups.skus_in_group(group_id)
        if inside or skus:
            raise NotKept("in_use", f"分组里还有 {skus} 个商品、{inside} 个下级分组，请先移走",
                          f"{skus} SKUs and {inside} groups stand in it: move them first")
        await groups.drop_group(group_id)
    return GroupKept(group_id)


def _check_place(parents: dict[int, int | None], parent: int | None, group_id: int | None) -> None:
    """A group stands in one that is there, not in itself, and not too deep."""
    depth, at = 1, parent
    while at is not None:
        if at not in parents:
            raise _unknown(at)
        if at == group_id:
            raise NotKept("wrong_value", "不能把分组放进它自己或它的下级", "a group cannot stand in itself")
        depth, at = depth + 1, parents[at]
    if depth + _height(parents, group_id) > DEPTH_MAX:
        raise NotKept("wrong_value", f"分组最多 {DEPTH_MAX} 层", f"groups stand at most {DEPTH_MAX} deep")


def _height(parents: dict[int, int | None], group_id: int | None) -> int:
    """How many groups stand one in another below this one."""
    if group_id is None:
        return 0
    level, height = {group_id}, -1
    while level and height < DEPTH_MAX:
        height += 1
        level = {one for one, parent in parents.items() if parent in level}
    return height


def _unknown(group_id: int) -> NotKept:
    return NotKept("not_found", f"没有商品分组 {group_id}", f"there is no group of goods {group_id}")
