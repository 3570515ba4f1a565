"""Send what was queued: at the target's own rate, in order per order, again after 3, 6, 12, 24 and 48 seconds, then
parked for a person. A lease marks what is being sent, so a killed worker's deliveries are taken up by another; the
delivery's id is the target's idempotency key.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

import httpx2
import msgspec
import structlog

from orderloom.application.ports import (
    NOT_THERE,
    Account,
    Answer,
    BatchSender,
    Connector,
    Outgoing,
    Terminal,
    Transient,
    Trouble,
)
from orderloom.domain.contract import Lengths, obey, people_in, prints_stars
from orderloom.domain.draft import Receiver
from orderloom.domain.fault import kind_of, where
from orderloom.domain.limits import TEXT_MAX
from orderloom.domain.waybill import waybills

BACK_OFF_SECONDS = (3, 6, 12, 24, 48)
MESSAGE, STOCK = "message", "stock"
PATIENCE = {MESSAGE: (300, 288)}
"""(seconds, tries) after those, by kind: a message to people is not parked before its messenger was away for a day."""
BELIEVED_AFTER = 2
"""So often it is asked before work counts as not there: what one answer knew nothing of was packed all the same."""
LEASE_SECONDS = 60
SEND_SECONDS_MAX = 40.0
"""How long a group's sending may take, all its calls together: shorter than the lease, with time to write it down."""
NO_VERDICT = ("oversize_field", "private_address", "receiver_damaged", "in_doubt")
"""Refusals of ours: the target was not asked."""
TO_AUTHORISE, TO_AUTHORISE_SECONDS = "to_authorise", 30.0
"""Code of a Terminal: nobody has authorised the account yet. What it is to be told waits until somebody has."""
NOT_ASKED = ("rate_limited", "token_busy", "credentials_changed", TO_AUTHORISE)
"""Troubles in which the target has done nothing: such a try counts for none, however many there are in a row."""
AT_ONCE_MAX = 50
OF_BOXES, OF_PEOPLE = ("label", "label_cancel", "pickup", "pickup_cancel"), ("label", "pickup")
NAMED_BY = {"label_cancel": "label_no", "pickup_cancel": "pickup_no"}
BOOKING_MAX = 64
PRINT_BYTES_MAX = 200_000
ANSWER_MAX = 2_000
log = structlog.get_logger()


class Leased(msgspec.Struct, frozen=True):
    """A delivery that this worker sends now. `receiver` is decrypted for work and watch deliveries."""

    id: str
    account_id: int
    kind: str
    order_id: str | None
    order_key: str
    body: dict[str, Any]
    attempt: int
    receiver: Receiver | None = None
    is_damaged: bool = False
    """Its receiver is stored and cannot be opened: nothing may leave without one."""
    address: str = ""
    """Where a message's recipient is reached, decrypted; empty for a room."""


class Bought(msgspec.Struct, frozen=True):
    """A label: the waybill, and what prints it. That names the receiver, and is kept encrypted or not at all."""

    waybill: str
    print_data: bytes


class Tried(msgspec.Struct, frozen=True):
    """How a try ended: `state` done, due (again at `due_at`) or parked."""

    leased: Leased
    state: str
    due_at: datetime
    error: str = ""
    message: str = ""
    answer: str = ""
    retry_after: float = 0.0
    is_counted: bool = True
    """False: nothing was asked of the target, for it allows no more calls now, or a token is being renewed."""
    label: Bought | None = None
    """Of a label that was bought: what the carrier gave."""
    refused: Mapping[str, str] = {}
    """Of figures of shown stock: those that the channel refused, by its spelling, and why; the others were taken."""
    reference: str = ""
    """Of a courier that was booked, whose booking `message` names: the carrier's second word for it."""


class Contract(Protocol):
    """A target's outbound contract."""

    @property
    def outbound(self) -> Mapping[str, Lengths]: ...
    @property
    def outbound_oversize(self) -> Mapping[str, str]: ...


async def send_all(
    leased: Sequence[Leased], account: Account, connector: Connector, contract: Contract, http: httpx2.AsyncClient,
    at: datetime,
) -> list[Tried]:
    """Send a target's deliveries side by side, several in one call where it takes them so; no two are of one order."""
    groups: list[list[Leased]] = []
    for x in leased:
        most = per_call(connector, x.kind)
        if most > 1 and groups and groups[-1][0].kind == x.kind and len(groups[-1]) < most:
            groups[-1].append(x)
        else:
            groups.append([x])
    until = asyncio.get_running_loop().time() + SEND_SECONDS_MAX
    sent = await asyncio.gather(*[_send_group(g, account, connector, contract, http, at, until) for g in groups])
    return [s for group in sent for s in group]


def per_call(connector: Connector, kind: str) -> int:
    """How many deliveries of a kind the target takes in one call."""
    return connector.batch_max.get(kind, 1) if isinstance(connector, BatchSender) else 1


async def _send_group(
    group: list[Leased], account: Account, connector: Connector, contract: Contract, http: httpx2.AsyncClient,
    at: datetime, until: float,
) -> list[Tried]:
    """Send a group in one call. One that is refused as a whole is sent one by one: one bad item stops no other."""
    if len(group) == 1 or not isinstance(connector, BatchSender):
        return [await _send(x, account, connector, contract, http, at, until) for x in group]
    try:
        bodies = [Outgoing(x.id, x.kind, x.order_key, _body(x, contract, account), x.attempt) for x in group]
        async with asyncio.timeout_at(until):
            results = await connector.send_many(bodies, account, http)
    except Terminal:
        return await asyncio.gather(*[_send(x, account, connector, contract, http, at, until) for x in group])
    except Exception as error:
        return [_ended(x, error, account, at) for x in group]
    return [
        Tried(x, "done", at, answer=_answer(result)) if isinstance(result, Answer) else _ended(x, result, account, at)
        for x, result in zip(group, results, strict=True)
    ]


async def _send(
    leased: Leased, account: Account, connector: Connector, contract: Contract, http: httpx2.AsyncClient, at: datetime,
    until: float,
) -> Tried:
    try:
        outgoing = Outgoing(leased.id, leased.kind, leased.order_key, _body(leased, contract, account), leased.attempt)
        async with asyncio.timeout_at(until):
            answer = await connector.send(outgoing, account, http)
        if leased.kind in OF_BOXES:
            return _of_box(leased, answer, at)
    except Exception as error:
        return _ended(leased, error, account, at)
    return Tried(leased, "done", at, answer=_answer(answer))


def _of_box(leased: Leased, answer: Answer, at: datetime) -> Tried:
    """What a carrier did for a box, of which nothing that names people is written down. Raises Terminal."""
    if leased.kind == "label":
        return _bought(leased, answer, at)
    if leased.kind in NAMED_BY:
        return Tried(leased, "done", at, message=str(leased.body[NAMED_BY[leased.kind]]), answer=_answer(answer))
    booking, reference = [answer.said.get(name, "")[:BOOKING_MAX] for name in ("booking", "reference")]
    return Tried(leased, "done", at, message=booking, reference=reference)


def _bought(leased: Leased, answer: Answer, at: datetime) -> Tried:
    """The label in a carrier's answer; of that the waybill alone is written down, for the rest names the receiver.

    Raises Terminal when it names no one waybill: paying for nothing is no yes."""
    told = waybills(answer.said.get("waybill", ""))
    if len(told) != 1 or len(told[0]) > TEXT_MAX["waybill"]:
        raise Terminal("no_waybill", "承运商的回答里没有唯一的运单号 | the carrier's answer names no one waybill")
    printed = answer.said.get("print_data", "").encode()
    if len(printed) > PRINT_BYTES_MAX:
        raise Terminal("oversize_label", f"面单打印数据超过 {PRINT_BYTES_MAX} 字节 | what prints the label is too big")
    said = _answer(Answer(b"", {"waybill": told[0]}))
    return Tried(leased, "done", at, message=told[0], answer=said, label=Bought(told[0], printed))


def _ended(leased: Leased, error: Exception, account: Account, at: datetime) -> Tried:
    """What an error of a try means: parked when trying again cannot help, else again later."""
    # What is answered about them may repeat the receiver that was sent.
    said = "" if leased.kind in OF_PEOPLE else _text(error.answer) if isinstance(error, Trouble) else ""
    if isinstance(error, Terminal):
        if error.code == TO_AUTHORISE:
            return _again(leased, at, error.code, error.message, "", TO_AUTHORISE_SECONDS)
        if leased.kind == "work_cancel" and error.code == NOT_THERE:
            return _not_there(leased, error, at, said)
        if leased.kind == STOCK and error.items:  # each is a case; those behind it in its stream are not to wait
            return Tried(leased, "done", at, error.code, error.message, said, refused=error.items)
        return Tried(leased, "parked", at, error.code, error.message, said)
    if isinstance(error, Transient):
        return _again(leased, at, error.code, error.message, said, error.retry_after)
    if isinstance(error, httpx2.HTTPError | OSError | TimeoutError):
        return _again(leased, at, "unreachable", repr(error), "", 0.0)
    log.error("deliver_failed", delivery=leased.id, kind=leased.kind, account=account.code,
              error=kind_of(error), where=where(error))
    return _again(leased, at, "internal", kind_of(error), "", 0.0)


def _not_there(leased: Leased, error: Terminal, at: datetime, said: str) -> Tried:
    """A system says that it never had work that is called back: nothing is to be given back, once that is sure."""
    if leased.attempt < BELIEVED_AFTER:
        return _again(leased, at, error.code, error.message, said, 0.0)
    return Tried(leased, "done", at, error.code, error.message, said)


def _again(leased: Leased, at: datetime, code: str, message: str, answer: str, retry_after: float) -> Tried:
    """The next try, or parked when there were enough of them."""
    if code in NOT_ASKED:
        wait = max(BACK_OFF_SECONDS[0], retry_after)
        return Tried(leased, "due", at + timedelta(seconds=wait), code, message, answer, retry_after, is_counted=False)
    later, more = PATIENCE.get(leased.kind, (0, 0))
    if leased.attempt > len(BACK_OFF_SECONDS) + more:
        return Tried(leased, "parked", at, code, message, answer, retry_after)
    wait = max((*BACK_OFF_SECONDS, later)[min(leased.attempt, len(BACK_OFF_SECONDS) + 1) - 1], retry_after)
    return Tried(leased, "due", at + timedelta(seconds=wait), code, message, answer, retry_after)


def _body(leased: Leased, contract: Contract, account: Account) -> dict[str, Any]:
    """The body with the receiver put in, cut to what the target's contract names. Raises Terminal when it cannot."""
    body = dict(leased.body)
    if leased.is_damaged:
        raise Terminal("receiver_damaged", "存储的收件人已损坏，密钥打不开；请更正收件人后重发 | the stored receiver "
                       "is damaged and no key opens it: correct the receiver, then resend")
    if leased.receiver is not None:
        body |= people_in(leased.kind, leased.receiver, account.settings, body)
    if leased.kind == MESSAGE:
        body["address"] = leased.address
    lengths = contract.outbound.get(leased.kind)
    if leased.receiver and leased.receiver.is_masked and (why := prints_stars(leased.kind, body, lengths)):
        raise Terminal("masked_receiver", f"{account.code}: {why}")
    if lengths is None:
        return body
    obeyed = obey(body, lengths, contract.outbound_oversize)
    if obeyed.not_cut:
        where = ", ".join(f"{field} ({length} > {lengths[field]})" for field, length in obeyed.not_cut.items())
        raise Terminal("oversize_field", f"字段超长，目标不接收，请修正后重发 | too long for the target: {where}")
    if obeyed.cut:
        log.warning("cut_for_target", delivery=leased.id, fields=obeyed.cut)
    return obeyed.body


def is_verdict(attempt: int, error: str) -> bool:
    """Whether the target said no for good (a delivery that only ran out of tries may still be sent by a person)."""
    return attempt <= len(BACK_OFF_SECONDS) and error not in NO_VERDICT


def _answer(answer: Answer) -> str:
    said = msgspec.json.encode(answer.said).decode() if answer.said else ""
    return (said + " " + _text(answer.raw)).strip()[:ANSWER_MAX]


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace").replace("\x00", "")[:ANSWER_MAX]
