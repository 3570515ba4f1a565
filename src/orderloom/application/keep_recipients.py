"""Keep where recipients are reached, encrypted: an address at a messenger's account, or a place in its room."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

import msgspec

from orderloom.application.directory import Directory
from orderloom.application.not_kept import NotKept, unknown
from orderloom.application.notify import messengers_of
from orderloom.application.ports import Manifest
from orderloom.application.within import Within
from orderloom.domain.notify.address import ADDRESS_MAX, is_address, shown
from orderloom.domain.words import ROLES, Words

IN_ROOM = "-"
"""Instead of an address where the messenger is a room: this recipient is in it."""


class Addresses(Protocol):
    """Where they are kept, in one transaction."""

    async def directory(self) -> Directory: ...
    async def keep_address(
        self, recipient: str, account_id: int, address: str, shown: str, by: str, at: datetime,
    ) -> None: ...
    async def forget_address(self, recipient: str, account_id: int) -> bool: ...


class Reached(msgspec.Struct, frozen=True):
    """A recipient at a messenger's account; the address is masked."""

    recipient: str
    account: str
    address: str


async def keep_recipient(
    within: Within[Addresses], manifests: Mapping[str, Manifest], recipient: str, account: str, address: str, by: str,
    at: datetime,
) -> Reached:
    """Keep where the recipient is reached there, instead of any address before. Raises NotKept."""
    async with within() as addresses:
        directory = await addresses.directory()
        account_id = _known(directory, recipient, account)
        rooms = {one.code: one.is_room for one in messengers_of(directory, manifests)}
        if rooms.get(account) is True and address != IN_ROOM:
            raise NotKept("wrong_value", f"address：{account} 是群机器人，不用写地址",
                          f"address: {account} is a room and takes none")
        if rooms.get(account) is False and address == IN_ROOM:
            raise NotKept("wrong_value", f"address：{account} 需要邮箱、手机号或用户号",
                          f"address: {account} needs an e-mail address, a number or a user's id")
        if not is_address(address):
            raise NotKept("wrong_value", f"address：1 到 {ADDRESS_MAX} 个字，一行，不含控制字符",
                          f"address: one line of 1 to {ADDRESS_MAX} characters, none of control")
        await addresses.keep_address(recipient, account_id, address, shown(address), by, at)
    return Reached(recipient, account, shown(address))


async def forget_recipient(within: Within[Addresses], recipient: str, account: str) -> Reached:
    """Reach the recipient there no longer. Raises NotKept."""
    async with within() as addresses:
        found = (await addresses.directory()).account_by_code(account)
        if found is None or not await addresses.forget_address(recipient, found.id):
            raise NotKept("not_found", f"没有 {recipient} 在 {account} 的地址",
                          f"there is no address of {recipient} at {account}")
    return Reached(recipient, account, "")


def _known(directory: Directory, recipient: str, account: str) -> int:
    """The account's id, when both are known. Raises NotKept."""
    blueprint = directory.blueprints[directory.blueprint_active]
    names = {*blueprint.notifications.recipients, *ROLES}
    if recipient not in names:
        raise unknown(Words("接收人", "recipient"), recipient, names)
    if recipient in blueprint.notifications.groups:
        raise NotKept("wrong_value", f"{recipient} 是一个组，给它的成员设置地址",
                      f"{recipient} is a group: give addresses to its members")
    found = directory.account_by_code(account)
    codes = {a.code for a in directory.accounts.values() if a.family == "messengers"}
    if found is None or found.code not in codes:
        raise unknown(Words("通知账号", "messenger account"), account, codes)
    return found.id
