"""Publish a business blueprint as the next version: new orders take it, running ones keep theirs."""

from __future__ import annotations

from typing import Protocol

from orderloom.application.within import Within
from orderloom.blueprint.compile import compile_blueprint
from orderloom.blueprint.load import digest
from orderloom.blueprint.schema import Blueprint


class Versions(Protocol):
    """Published versions, in one transaction: immutable, the newest is active."""

    async def lock(self) -> None:
        """One publisher at a time."""
    async def active(self) -> tuple[int, Blueprint] | None: ...
    async def add(self, version: int, blueprint: Blueprint, author: str, reason: str) -> None: ...
    async def tell_all_again(self) -> None:
        """Have every channel told its stock anew."""


async def publish_blueprint(within: Within[Versions], blueprint: Blueprint, author: str, reason: str) -> int | None:
    """Publish it; returns the new version's number, None when the active one is the same already.

    Raises `blueprint.load.BadBlueprint` with every finding when it may not run.
    """
    compile_blueprint(blueprint)
    async with within() as versions:
        await versions.lock()
        before = await versions.active()
        if before is not None and digest(before[1]) == digest(blueprint):
            return None
        return await put_in_force(versions, before, blueprint, author, reason)


async def put_in_force(
    versions: Versions, before: tuple[int, Blueprint] | None, blueprint: Blueprint, author: str, reason: str,
) -> int:
    """The next version, which has been checked; channels are told anew where what they are shown changes."""
    version = before[0] + 1 if before else 1
    await versions.add(version, blueprint, author, reason)
    if before is not None and before[1].publish != blueprint.publish:
        await versions.tell_all_again()
    return version
