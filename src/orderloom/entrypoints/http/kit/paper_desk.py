"""Papers put together for who asks and for who prints, of what the hub has."""

from __future__ import annotations

from typing import NamedTuple, TypeVar

from orderloom.application import commands as c
from orderloom.application.queries import labels
from orderloom.application.queries import works as read
from orderloom.application.queries.compose_paper import (
    compose_code_labels,
    compose_label,
    compose_pick_list,
    compose_slip,
    compose_wave_sheet,
)
from orderloom.domain.paper.sheet import Paper
from orderloom.domain.refusal import Refusal
from orderloom.entrypoints.http.kit.guard import Desk
from orderloom.entrypoints.http.kit.problem import not_found, problem_of

T = TypeVar("T")
LIST_NUMBER = "PICK"
"""What a pick list is called that is of no wave."""


class Made(NamedTuple):
    """A paper, and the order that it is about."""

    paper: Paper
    order_id: str | None = None


async def paper_of(
    desk: Desk, kind: str, about: tuple[str, ...], size: str, *, is_clear: bool, is_again: bool = False,
) -> Made:
    """The paper of a print job; without `is_clear` only whether there is one. Raises Problem."""
    if kind == "label":
        work = await work_by_hand(desk, about[0], is_clear=False)
        box = int(about[1]) if about[1].isdecimal() and len(about[1]) < 4 else 0
        found = await label_paper(desk, about[0], box, about[2], size, is_again=is_again) if is_clear else Paper()
        return Made(good(found), work.order_id)
    if kind == "slip":
        work = await work_by_hand(desk, about[0], is_clear=False)
        return Made(compose_slip(work, size), work.order_id)
    if kind == "wave_sheet":
        works = [await work_by_hand(desk, one, is_clear=False) for one in about]
        return Made(compose_wave_sheet(works, LIST_NUMBER, size))
    if kind == "code_labels":
        return Made(good(compose_code_labels(about, "", size)))
    async with desk.connect() as connection:
        return Made(compose_pick_list(good(await read.pick_list(connection, numbers=about)), LIST_NUMBER, size))


async def label_paper(
    desk: Desk, work: str, box: int, purpose: str, size: str, *, is_again: bool = False,
) -> Paper | Refusal:
    """The label of a box, with its receiver. Raises Problem for one that is not there."""
    found = await work_by_hand(desk, work, is_clear=True)
    async with desk.connect() as connection:
        listed = await labels.labels_of(connection, work, desk.hub.vault.show_text)
    mine = [one for one in listed.labels if (one.box, one.purpose) == (box, purpose) and one.state != "cancelled"]
    if not mine:
        raise not_found("面单", "label", f"{work} / {box}")
    account = (await desk.hub.directory()).account_by_code(mine[-1].account)
    sender = account.settings if account else {}
    told = listed.prints.get(mine[-1].number, "")
    return compose_label(found, mine[-1], told, sender, size, is_again=is_again)


def good(found: T | Refusal) -> T:
    """What was found. Raises Problem for a refusal."""
    if isinstance(found, Refusal):
        raise problem_of(c.Outcome(refusal=found.code, particulars=found.particulars))
    return found


async def work_by_hand(desk: Desk, number: str, *, is_clear: bool) -> read.HandWork:
    """The work with this number. Raises Problem for one that is not there."""
    async with desk.connect() as connection:
        found = await read.read_work(connection, number, desk.hub.vault.show_receiver, is_clear=is_clear)
    if found is None:
        raise not_found("作业单", "work done by hand", number)
    return found
