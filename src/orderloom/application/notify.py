"""Tell people what the blueprint's rules say: gather what happened, see who is told when, and hand over what may leave.

Three small transactions, each of which takes what it works on: any number of workers may run them. What was gathered is
told exactly once per rule; a message is linked to its delivery in the transaction that queues it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from orderloom.application.batch import open_case
from orderloom.application.change import Change
from orderloom.application.directory import Directory
from orderloom.application.notices import (
    DueNotice,
    LeavingMessage,
    Notice,
    NoticeBook,
    UntoldCase,
    WaitingMessage,
    told_to,
)
from orderloom.application.ports import Account, Manifest
from orderloom.application.within import Within
from orderloom.application.word_notices import Speaker
from orderloom.blueprint.compile import CompiledBlueprint
from orderloom.domain.notify.plan import DueMessage, HandedOver, Zones, plan, quiet_for
from orderloom.domain.notify.rule import (
    ROOM,
    Messenger,
    Occasion,
    TellingRule,
    first_due,
    next_due,
    people,
    targets,
    tells,
)

TAKEN_MAX = 1_000
"""Cases, notices or messages that one transaction takes."""
WAITING_MAX = 5_000
"""Messages to one account that one look plans for: all of them can be one digest."""
UNDER_WAY_MAX = 20
"""Messages that a messenger has not taken yet; more wait here, where they can still become a digest."""
WATCH_SECONDS = 15
SILENT_SECONDS = 600
WATCHER = 0
"""Held instead of an account: one worker at a time looks at what is no event."""
RESTS, CLOSED, RULE_GONE = "no longer so", "the case is closed", "the rule is gone"
NOTIFY = "notify"


class NotifyDesk(Protocol):
    """Where cases are opened."""

    async def save(self, change: Change, at: datetime, by: str) -> None: ...


class NotifyPorts(Protocol):
    """Where it reads and writes."""

    @property
    def notices(self) -> Within[NoticeBook]: ...
    @property
    def desk(self) -> Within[NotifyDesk]: ...


class NotifyHub(Protocol):
    """What of the hub is needed to notify."""

    @property
    def manifests(self) -> Mapping[str, Manifest]: ...
    @property
    def ports(self) -> NotifyPorts: ...
    def now(self) -> datetime: ...
    async def directory(self) -> Directory: ...


class Notifier:
    """Notifies, step by step, for as long as a worker runs."""

    def __init__(self, hub: NotifyHub) -> None:
        self._hub = hub
        self._watched: datetime | None = None

    async def step(self) -> int:
        """One round; returns how much was done. Nothing, and nothing is forgotten, while no messenger is connected."""
        directory = await self._hub.directory()
        if not directory.messengers or not directory.blueprint_active:
            return 0
        at = self._hub.now()
        if self._watched is None or not timedelta(0) <= at - self._watched < timedelta(seconds=WATCH_SECONDS):
            await self._watch(at)
            self._watched = at
        return await self._gather(at) + await self._tell(at) + await self._hand_over(at)

    async def _gather(self, at: datetime) -> int:
        """Ask the rules about cases that opened."""
        async with self._hub.ports.notices() as book:
            cases = await book.untold_cases(TAKEN_MAX, at)
            if cases:
                directory = await book.directory()
                await book.open([n for case in cases for n in _of_case(case, directory)])
        return len(cases)

    async def _tell(self, at: datetime) -> int:
        """See who is told at the steps that are due."""
        async with self._hub.ports.notices() as book:
            due = await book.due(TAKEN_MAX, at)
            if due:
                await self._step(book, due, at)
        return len(due)

    async def _step(self, book: NoticeBook, due: Sequence[DueNotice], at: datetime) -> None:
        directory, addresses = await book.directory(), await book.addresses()
        told = directory.blueprints[directory.blueprint_active].notifications
        messengers = messengers_of(directory, self._hub.manifests)
        await book.end([n.id for n in due if n.is_over], CLOSED, at)
        await book.end([n.id for n in due if not n.is_over and n.rule not in told.rules], RULE_GONE, at)
        going = [(n, rule) for n in due if not n.is_over and (rule := told.rules.get(n.rule))]
        ended = [(n.id, n.step, None) for n, rule in going if n.step >= len(rule.steps)]  # it has fewer steps now
        going = [(n, rule) for n, rule in going if n.step < len(rule.steps)]
        messages, stepped = [], []
        for notice, rule in going:
            who = people(rule.steps[notice.step].who, notice.owner, told.groups)
            others = [m for m in messengers if m.account_id != notice.account_id]
            found = targets(who, rule.steps[notice.step].by, others, addresses)
            messages += told_to(notice, found, ", ".join(who)[:200])
            heard = max((_heard(rule, notice, directory, t.account_id, at) for t in found), default=at)
            stepped.append((notice.id, notice.step + 1, next_due(rule, notice.step, heard)))
        await book.tell(messages, at)
        await book.step([*ended, *stepped])

    async def _hand_over(self, at: datetime) -> int:
        async with self._hub.ports.notices() as book:
            accounts = await book.waiting_accounts(at)
        return sum([await self._to(account_id, at) for account_id in accounts])

    async def _to(self, account_id: int, at: datetime) -> int:
        """Hand over to one messenger what may leave now."""
        async with self._hub.ports.notices() as book:
            directory = await book.directory()
            account = directory.accounts[account_id]
            if not account.is_active or not await book.lock_account(account_id):
                return 0
            return await self._leave(book, account, directory, at)

    async def _leave(self, book: NoticeBook, account: Account, directory: Directory, at: datetime) -> int:
        blueprint = directory.blueprints[directory.blueprint_active]
        rules = blueprint.notifications.rules
        waiting = await book.waiting(account.id, WAITING_MAX, at)
        await book.set_needless([m.id for m in waiting if m.is_over or m.rule not in rules], at)
        by_recipient: dict[str, list[WaitingMessage]] = {}
        for message in waiting:
            if not message.is_over and message.rule in rules:
                by_recipient.setdefault(message.recipient, []).append(message)
        sent = await book.sent(account.id, at - _longest(rules))
        room = UNDER_WAY_MAX - await book.under_way(account.id)
        count = 0
        for recipient, messages in by_recipient.items():
            leaving = await self._plan(book, account, directory, messages, sent.get(recipient, []), room, at)
            room -= len(leaving)
            count += len(leaving)
            await book.hand_over(account.id, leaving, at)
        return count

    async def _plan(
        self, book: NoticeBook, account: Account, directory: Directory, messages: Sequence[WaitingMessage],
        sent: Sequence[HandedOver], room: int, at: datetime,
    ) -> list[LeavingMessage]:
        blueprint = directory.blueprints[directory.blueprint_active]
        rules, zones = blueprint.notifications.rules, Zones(account.zone, directory.business_zone)
        decided = plan([DueMessage(m.id, m.rule, m.severity) for m in messages], sent, rules, room, zones, at)
        await book.hold_back(decided.held)
        recipient = messages[0].recipient
        speaker = self._speaker(blueprint, recipient, account, directory, at)
        named = {m.id: m for m in messages}
        leaving = [LeavingMessage([i], speaker.single(named[i], recipient), named[i].order_id) for i in decided.singles]
        if decided.digest:
            body = speaker.digest([named[i] for i in decided.digest], recipient)
            leaving.append(LeavingMessage(decided.digest, body))
        return leaving

    def _speaker(
        self, blueprint: CompiledBlueprint, recipient: str, account: Account, directory: Directory, at: datetime,
    ) -> Speaker:
        language = blueprint.notifications.language(recipient)
        if recipient == ROOM:
            language = str(account.settings.get("language") or language)
        limits = self._hub.manifests[account.connector].outbound.get("message", {})
        names = account.settings.get("field_names")
        return Speaker(blueprint, language, directory.business_zone, limits, at,
                       {str(k): str(v) for k, v in names.items()} if isinstance(names, dict) else {})

    async def _watch(self, at: datetime) -> None:
        """Look at what is no event: how many cases are open, which tokens end, which messengers are silent."""
        async with self._hub.ports.notices() as book:
            if not await book.lock_account(WATCHER):
                return
            directory = await book.directory()
            told = directory.blueprints[directory.blueprint_active].notifications
            await book.end_closed(at)
            occasions: dict[str, list[Occasion]] = {}
            for rule in told.waiting_for("backlog"):
                occasions[rule.name] = backlog(rule, await book.backlog(), at)
            for rule in told.waiting_for("token_ends"):
                ending = await book.ending_tokens(at + timedelta(seconds=rule.after_seconds))
                occasions[rule.name] = [_of_token(*token, at) for token in ending]
            for name, found in occasions.items():
                await book.end_others(name, [occasion.subject for occasion in found], RESTS, at)
                await book.open([notice_of(told.rules[name], occasion) for occasion in found])
            silent = await book.silent(at - timedelta(seconds=SILENT_SECONDS))
        if silent:
            await self._open_cases(silent, directory, at)

    async def _open_cases(self, silent: Sequence[tuple[int, str]], directory: Directory, at: datetime) -> None:
        change = Change()
        for account_id, error in silent:
            code = directory.accounts[account_id].code
            open_case(change, directory.blueprints[directory.blueprint_active], at, "messenger_unwell", code,
                      {"to": code, "error": error}, account_id=account_id)
        async with self._hub.ports.desk() as desk:
            await desk.save(change, at, NOTIFY)


def messengers_of(directory: Directory, manifests: Mapping[str, Manifest]) -> list[Messenger]:
    """The accounts that messages can leave by. One that takes no address is a room."""
    return [
        Messenger(a.id, a.code, a.connector, "address" not in manifests[a.connector].outbound.get("message", {}))
        for a in directory.messengers if a.connector in manifests
    ]


def notice_of(rule: TellingRule, occasion: Occasion) -> Notice:
    """What the rule tells of the occasion."""
    return Notice(rule.name, occasion.subject, occasion.severity, occasion.owner, occasion.told, occasion.at,
                  first_due(rule, occasion), occasion.case_id, occasion.order_id, occasion.account_id)


def backlog(rule: TellingRule, open_cases: Mapping[str, int], at: datetime) -> list[Occasion]:
    """The backlogs that are over the rule's bound: of all cases, or of each owner."""
    counts = open_cases if "each_owner" in rule.names else {"": sum(open_cases.values())}
    return [
        Occasion("backlog", f"backlog:{owner}", at, frozenset(), "high",
             {"owner": owner, "count": str(count), "over": str(rule.over)}, owner=owner)
        for owner, count in sorted(counts.items()) if count > rule.over
    ]


def _of_case(case: UntoldCase, directory: Directory) -> list[Notice]:
    blueprint = directory.blueprints[directory.blueprint_active]
    kind = blueprint.case(case.kind)
    known = directory.accounts.get(case.account_id or 0)
    account = known.code if known else ""
    told = {
        "kind": case.kind, "subject": case.subject, "order": case.order or "", "account": account, "owner": case.owner,
        "due_at": case.due_at.isoformat() if case.due_at else "", "case": case.id,
    }
    found = []
    for rule in blueprint.notifications.waiting_for("case", "not_taken"):
        occasion = Occasion(rule.trigger, case.id, case.opened_at, frozenset({case.kind}), kind.severity, told,
                            kind.area, case.owner, case.id, case.order_id, case.account_id)
        if tells(rule, occasion):
            found.append(notice_of(rule, occasion))
    return found


def _heard(rule: TellingRule, notice: DueNotice, directory: Directory, account_id: int, at: datetime) -> datetime:
    """When somebody told by this account can have heard, so that nobody is called before: after the quiet hours."""
    zones = Zones(directory.accounts[account_id].zone, directory.business_zone)
    return quiet_for(rule, notice.severity, zones, at) or at


def _of_token(account_id: int, account: str, token: str, ends_at: datetime, at: datetime) -> Occasion:
    told = {"account": account, "token": token, "ends_at": ends_at.isoformat()}
    return Occasion("token_ends", f"token:{account}:{token}:{ends_at:%Y%m%d%H%M}", at, frozenset(), "high", told,
                account_id=account_id)


def _longest(rules: Mapping[str, TellingRule]) -> timedelta:
    return timedelta(seconds=max((r.throttle.per_seconds for r in rules.values() if r.throttle), default=0))
