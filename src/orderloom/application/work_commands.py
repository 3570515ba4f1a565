"""What people and their programs say of a piece of work before they pick it."""

from __future__ import annotations

from orderloom.application.command import About, Command


class AcceptWork(Command, frozen=True, kw_only=True):
    """The actor picks this work, in a wave of theirs (their own word for it, or empty)."""

    about = About("work", lambda command: command.work_no, missing="no_such_work")
    work_no: str
    wave: str = ""


class FallBack(Command, frozen=True, kw_only=True):
    """The carrier by which the work is to go sold no label: it goes by another service. `tells`: connectors whose
    channels can be told that a promise moved."""

    about = About("work", lambda command: command.work_no, missing="no_such_work")
    beside = (About("together", lambda command: (command.work_no,)),)
    work_no: str
    carrier: str
    tells: frozenset[str] = frozenset()


class GiveWorkBack(Command, frozen=True, kw_only=True):
    """Who has it does not pick it after all; people of a warehouse may say so for others, with a reason."""

    about = About("work", lambda command: command.work_no, missing="no_such_work")
    work_no: str
    reason: str = ""


class MergeWorks(Command, frozen=True, kw_only=True):
    """These works, and all that share a merge with one of them, are to leave in one parcel."""

    about = None
    beside = (About("together", lambda command: command.works),)
    works: tuple[str, ...]


class MergeByRule(MergeWorks, frozen=True, kw_only=True):
    """These works could leave in one parcel: those of which the rules say so are merged."""


class PartWork(Command, frozen=True, kw_only=True):
    """The work is to leave its merge, and go by itself."""

    about = About("work", lambda command: command.work_no, missing="no_such_work")
    beside = (About("together", lambda command: (command.work_no,)),)
    work_no: str
    reason: str = ""


class SplitWork(Command, frozen=True, kw_only=True):
    """So many `units`, by SKU code in base units, are to leave in a parcel of their own."""

    about = About("work", lambda command: command.work_no, missing="no_such_work")
    beside = (About("together", lambda command: (command.work_no,)),)
    work_no: str
    units: dict[str, int]
    reason: str = ""
