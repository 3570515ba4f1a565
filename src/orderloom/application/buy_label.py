"""Buy a carrier's waybill and label for a box that people pack by hand: once, whatever becomes of the answer.

The request is written down before anybody is called, one for each box and purpose. While its answer is in doubt no
other carrier can be asked for the same box: the doubt is cleared first, by asking again or by a person who gives it up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol

import msgspec

from orderloom.application.ask_once import Carry, ask_once
from orderloom.application.box_commands import AskLabel
from orderloom.application.commands import Outcome
from orderloom.application.ports import Account, Manifest, able
from orderloom.domain.actor import Actor
from orderloom.domain.carriers import CARRIERS, canonical
from orderloom.domain.refusal import Refusal

BOXES_MAX = 999
WEIGHT_MAX = 1_000_000
"""Grams: a ton."""
NEEDED = ("name", "phone", "detail")
PURPOSES = ("out", "back")


class Label(msgspec.Struct, frozen=True):
    """A label as it stands. `state` is asked, bought, in_doubt, refused or given_up; `is_known`: it was asked before.

    `number` is what the carrier knows it by, the same however often it is asked.
    """

    number: str
    work: str
    box: int
    purpose: str
    account: str
    carrier: str
    state: str
    waybill: str
    error: str
    has_print: bool
    asked_by: str
    asked_at: datetime
    answered_at: datetime | None = None
    is_known: bool = False


class LabelBook(Protocol):
    """Where labels are kept, in the transaction of the command."""

    async def book_label(
        self, asked: AskLabel, order_id: str, by: str, at: datetime,
    ) -> Label | None:
        """The label that stands in the way, else None: then this one is written down as asked for."""


async def buy_label(carry: Carry, asked: AskLabel, at: datetime) -> Label | Outcome | None:
    """Ask for a label. None: it is asked for now; a Label: it had been before; an Outcome: why not."""
    if not 1 <= asked.box <= BOXES_MAX or not 1 <= asked.weight_g <= WEIGHT_MAX or asked.purpose not in PURPOSES:
        return Outcome(refusal="wrong_label", particulars={"boxes": str(BOXES_MAX), "grams": str(WEIGHT_MAX)})

    async def book(labels: LabelBook, order_id: str) -> Label | None:
        return await labels.book_label(asked, order_id, asked.actor.name, at)

    found = await ask_once(carry, asked, "label", book)
    return _known(found, asked) if isinstance(found, Label) else found


def _known(label: Label, asked: AskLabel) -> Label | Outcome:
    if label.account != asked.account:
        return Outcome(refusal="label_stands", particulars={
            "work": label.work, "box": str(label.box), "account": label.account, "state": label.state})
    return msgspec.structs.replace(label, is_known=True)


class LabelWish(msgspec.Struct, frozen=True):
    """What a person asks for; see `AskLabel`. `account` and `carrier` may be left out where there is one."""

    account: str
    carrier: str
    product: str
    box: int
    purpose: str
    weight_g: int
    round: int = 1
    station: str = ""


def meant(
    wish: LabelWish, number: str, actor: Actor, accounts: Iterable[Account], manifests: Mapping[str, Manifest],
) -> AskLabel | Refusal:
    """The request that a person means, or what is missing: whose account sells the label, who carries, who sends."""
    known = list(accounts)
    carry = [] if wish.account else that_carry(canonical(wish.carrier), known, manifests)
    account = seller_of(wish.account, carry or known, manifests, "label")
    if isinstance(account, Refusal):
        return account
    code = carrier_of(wish.carrier, manifests[account.connector])
    if isinstance(code, Refusal):
        return code
    return AskLabel(
        actor=actor, work_no=number, box=wish.box, purpose=wish.purpose, account_id=account.id, account=account.code,
        carrier=code, product=wish.product, weight_g=wish.weight_g, round=wish.round,
        station=wish.station,
        may_collect="to_collect" in manifests[account.connector].outbound.get("label", {}),
    )


def seller_of(
    code: str, accounts: Iterable[Account], manifests: Mapping[str, Manifest], verb: str,
) -> Account | Refusal:
    """The account that is meant among those that can do it (`label`, `pickup`), and that says who sends."""
    can = able(manifests, verb)
    sellers = [a for a in accounts if a.connector in can and a.is_active]
    found = [a for a in sellers if not code or a.code == code]
    if len(found) != 1:
        known, why = ", ".join([a.code for a in sellers]), "unknown" if code else "several" if sellers else "none"
        return Refusal(f"no_{verb}_account", {"account": code or "?", "known": known or "-", "why": why})
    if lacking := [f"sender_{part}" for part in NEEDED if not found[0].settings.get(f"sender_{part}")]:
        return Refusal("no_sender", {"account": found[0].code, "settings": ", ".join(lacking)})
    return found[0]


def that_carry(carrier: str, accounts: Iterable[Account], manifests: Mapping[str, Manifest]) -> list[Account]:
    """Accounts that sell labels of a carrier."""
    can = able(manifests, "label")
    return [a for a in accounts if a.connector in can and a.is_active
            and carrier in (manifests[a.connector].carriers or (carrier,))]


def carrier_of(named: str, manifest: Manifest) -> str | Refusal:
    """Our code for who carries: the account's own where it has one alone."""
    carried = manifest.carriers
    code = canonical(named) if named else carried[0] if len(carried) == 1 else ""
    if not code or (carried and code not in carried):
        known = " ".join([c.zh for c in CARRIERS if not carried or c.code in carried])
        return Refusal("unknown_carrier", {"carrier": named[:80], "known": known})
    return code
