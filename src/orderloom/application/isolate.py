"""Keep the bad messages of a batch from the good ones: find them all in one go, at the price of deciding once more.

A message is bad when translating or deciding it fails, or when the database would refuse its order's rows. One whose
order is changed by others of the batch, too, cannot be blamed from here: those go on one by one afterwards.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Hashable, Iterator, Mapping, Sequence

from orderloom.application import commands as c
from orderloom.application.change import Change
from orderloom.application.directory import Directory
from orderloom.application.ports import StoreRefused
from orderloom.application.sort import Became, Landed, Sorted
from orderloom.domain.draft import Problem
from orderloom.domain.fault import told

Sorter = Callable[[Sequence[Landed], Directory], Sorted]


class UnderWay:
    """Messages on their way through the route: what was made of them, who is out of it, and what was decided."""

    def __init__(self, taken: Sequence[Landed]) -> None:
        self.taken = taken
        self.commands: list[c.AnyCommand] = []
        self.owners: list[int] = []
        self.early: dict[int, Became | tuple[Problem, ...]] = {}
        self.apart: set[str] = set()
        """Ids of messages that are to go on one by one."""
        self.change = Change()
        self.decided: Sequence[c.Decided] = ()
        self._out: set[int] = set()
        self._poisons: dict[int, Exception] = {}
        self._told = (0, 0)

    def sort(self, sorter: Sorter, directory: Directory) -> None:
        """Make commands of the messages."""
        found, self._poisons = sort_each(sorter, self.taken, directory)
        self.commands, self.owners, self.early = found.commands, found.owners, found.early
        for index, error in self._poisons.items():
            self.early[index] = poison(error)

    def decide(self, change: Change, decided: Sequence[c.Decided]) -> None:
        """Note what was decided of the commands that are left."""
        self.change, self.decided = change, decided
        self._told = (len(change.cases), len(change.resolved))

    def blame(self, broken: Mapping[int, Exception]) -> None:
        """Take out the messages whose commands (by place) could not be decided, and whatever they had begun."""
        ids = {self.taken[self.owners[place]].id for place in broken}
        without_orders(self.change, {x.order_id for x in self.change.entries if x.message_id in ids}
                       | {x.order_id for x in self.change.tracked if x.message_id in ids})
        shared = Counter(map(_subject, self.commands))
        for place, error in broken.items():
            self._take_out(self.owners[place], error, is_alone=shared[_subject(self.commands[place])] == 1)
        self._leave()

    def blame_orders(self, unstorable: Mapping[str, StoreRefused]) -> bool:
        """Take out the messages that changed orders which the database would refuse; False when there are none."""
        by_order: dict[str, set[int]] = {}
        for owner, decided in zip(self.owners, self.decided, strict=True):
            if isinstance(decided, c.Outcome) and decided.order_id in unstorable:
                by_order.setdefault(decided.order_id or "", set()).add(owner)
        places = {message.id: index for index, message in enumerate(self.taken)}
        for order_id, error in unstorable.items():
            owners = by_order.get(order_id, set())
            is_alone = len(owners) == 1
            last = places.get(self.change.evidence.get(order_id, ""))
            if not owners and last is not None:  # one message about several orders
                owners = by_order[order_id] = {last}
            for owner in sorted(owners):
                self._take_out(owner, error, is_alone=is_alone)
        self._leave()
        return bool(by_order)

    def prune(self, unstorable: Mapping[str, StoreRefused]) -> bool:
        """Take these orders out of what was decided; False when the others must be decided afresh, because
        these orders had taken stock that the others then did not see, or had set something free."""
        change = self.change
        cases, resolved = self._told
        del change.cases[cases:], change.resolved[resolved:]  # what telling what became of the messages had added
        is_given = any(gift.order_id in unstorable for gift in change.gifts)
        if is_given or change.resolved or change.released_keys or any(
                m.order_id in unstorable for m in change.movements):
            return False
        without_orders(change, unstorable)
        return True

    def poisons(self) -> Iterator[tuple[str, Exception]]:
        """Id of each bad message, and why, for the log."""
        for index, error in self._poisons.items():
            yield self.taken[index].id, error

    def ending(self) -> tuple[list[Landed], Sorted]:
        """The messages that end with this batch and what is known of them, numbered anew without those apart."""
        if not self.apart:
            return list(self.taken), Sorted(self.commands, self.owners, self.early)
        kept = [index for index, message in enumerate(self.taken) if message.id not in self.apart]
        new = {old: index for index, old in enumerate(kept)}
        early = {new[index]: verdict for index, verdict in self.early.items() if index in new}
        return [self.taken[i] for i in kept], Sorted(self.commands, [new[o] for o in self.owners], early)

    def _take_out(self, index: int, error: Exception, *, is_alone: bool) -> None:
        self._out.add(index)
        if is_alone:
            self._poisons[index] = error
            self.early[index] = poison(error)
        else:
            self.apart.add(self.taken[index].id)

    def _leave(self) -> None:
        """Drop the commands of the messages that are out, and what was decided of them."""
        places = [place for place, owner in enumerate(self.owners) if owner not in self._out]
        if self.decided:
            self.decided = [self.decided[place] for place in places]
        self.commands = [self.commands[place] for place in places]
        self.owners = [self.owners[place] for place in places]


def without_orders(change: Change, ids: Container[str | None]) -> None:
    """Take everything about some orders out of a change. What they did to others stays: the stock that they hold, and
    what they set free. A change that did either for them may be asked about, and is not to be written."""
    change.orders = {order_id: pair for order_id, pair in change.orders.items() if order_id not in ids}
    change.receivers = {order_id: sealed for order_id, sealed in change.receivers.items() if order_id not in ids}
    change.evidence = {order_id: message for order_id, message in change.evidence.items() if order_id not in ids}
    change.entries = [x for x in change.entries if x.order_id not in ids]
    change.deadlines = [x for x in change.deadlines if x.subject.id not in ids]
    change.deliveries = [x for x in change.deliveries if x.order_id not in ids]
    change.recalled = [x for x in change.recalled if x[0] not in ids]
    change.cases = [x for x in change.cases if x.order_id not in ids]
    change.tracked = [x for x in change.tracked if x.order_id not in ids]


def sort_each(
    sorter: Sorter, taken: Sequence[Landed], directory: Directory,
) -> tuple[Sorted, dict[int, Exception]]:
    """Sort all at once; when that fails, each alone: then the errors of those that fail are given by place."""
    try:
        return sorter(taken, directory), {}
    except Exception:
        whole, errors = Sorted([], [], {}), dict[int, Exception]()
        for index, message in enumerate(taken):
            try:
                one = sorter([message], directory)
            except Exception as error:
                errors[index] = error
                continue
            whole.commands.extend(one.commands)
            whole.owners.extend([index] * len(one.commands))
            if one.early:
                whole.early[index] = one.early[0]
        return whole, errors


def poison(error: Exception) -> tuple[Problem, ...]:
    """The verdict on a message that cannot be handled: it waits for a person, told where it failed and not on what."""
    why = told(error)
    return (Problem("poison_message", "", type(error).__name__,
                    f"处理时出错（{why}）；请看原文，修正来源、映射或规则后重放 | handling it failed ({why}): "
                    "look at the original, mend its source, the mapping or a rule, and replay"),)


def _subject(command: c.AnyCommand) -> Hashable:
    """What two commands have in common when they are about the same order, as far as is known before deciding."""
    about = command.about or (command.beside[0] if command.beside else None)
    return (about.look_up, about.key(command)) if about is not None else id(command)
