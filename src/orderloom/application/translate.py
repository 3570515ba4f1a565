"""Bytes of a landed message to drafts: decode, read by the connector's mapping, clean. Pure: no IO and no clock."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol

import msgspec

from orderloom.application.ports import UNREADABLE
from orderloom.domain.address import complete
from orderloom.domain.beyond import beyond
from orderloom.domain.carriers import kept_as
from orderloom.domain.cleaning import can_be_called, clean_phone, is_cipher, is_hidden, says_something
from orderloom.domain.countries import country_code
from orderloom.domain.credit_note import credit_note
from orderloom.domain.draft import (
    AfterSaleReport,
    Draft,
    Nothing,
    OrderDraft,
    Problem,
    Receiver,
    TrackReport,
    WorkReport,
)
from orderloom.domain.encoding import charset_of, decode
from orderloom.domain.glued import Glued, take_apart
from orderloom.domain.limits import fits
from orderloom.domain.override import Override
from orderloom.domain.shown import WORD, key_of, shown, shown_of
from orderloom.domain.waybill import plain_waybill

PLACE_MAX, MEND_MAX = 120, 600
"""Characters of a problem's place and text."""
NO_RECEIVER = "no_receiver"
"""Flag of an order that nobody, or no place, is stated for."""
FUTURE_MAX = timedelta(minutes=5)
"""Clocks differ: an order dated further than this beyond its receipt is flagged, and still goes through."""

OfParcel = WorkReport | TrackReport | AfterSaleReport
QUOTING = ("unknown_status", "unknown_value")
SLIPPED_MEND = (
    "这条消息的列或字段似乎错位了，请先更正来源中的金额与时间"
    " / columns or fields of this message seem to have slipped: correct its amounts and times at the source"
)
UNTOLD = "读不出来，已原样保存 / it cannot be read; it is kept as it came"
"""Why a message of the topic `UNREADABLE` waits, where the connector does not say."""

Results = list[Draft | tuple[Problem, ...]]


class Reading(NamedTuple):
    """What a mapping made of a message, with what its bytes were like. `is_judged`: what stands in the way is told."""

    results: Results
    is_broken: bool = False
    is_misdeclared: bool = False
    is_judged: bool = False


class SourceAccount(Protocol):
    """What translate needs of an account."""

    @property
    def code(self) -> str: ...
    @property
    def connector(self) -> str: ...
    @property
    def zone(self) -> str: ...
    @property
    def settings(self) -> Mapping[str, Any]: ...
    @property
    def overrides(self) -> Sequence[Override]: ...


class Reader(Protocol):
    """A connector's compiled mapping."""

    def read(
        self,
        account_code: str,
        zone_name: str,
        topic: str,
        text: str,
        headers: Mapping[str, str],
        received_at: datetime,
        raw: bytes = b"",
        settings: Mapping[str, Any] = ...,
    ) -> Results: ...


class Readers(Protocol):
    """The compiled mappings by connector."""

    def of(self, connector: str) -> Reader | None: ...
    def edited(self, connector: str, overrides: Sequence[Override]) -> Reader:
        """The connector's mapping with what was edited for an account on top."""


def translate(
    account: SourceAccount, topic: str, body: bytes, headers: Mapping[str, str], received_at: datetime,
    mappings: Readers,
) -> Results:
    """The drafts of a message, in its order; where one cannot be made, all its problems at once.

    `headers` are the landed ones (lower-case names) with the item's context among them. Who has many messages reads
    them all and then judges them all: the code of a step then stays in the processor's cache.
    """
    return judged(read(account, topic, body, headers, received_at, mappings), account, received_at)


def read(
    account: SourceAccount, topic: str, body: bytes, headers: Mapping[str, str], received_at: datetime,
    mappings: Readers,
) -> Reading:
    """The first half of `translate`: what the connector's mapping makes of a message."""
    if topic == UNREADABLE:
        mend = headers.get("reason_text") or UNTOLD
        return Reading([(_told(Problem("unreadable_body", "body", headers.get("reason", ""), mend)),)], is_judged=True)
    reader = mappings.of(account.connector) if not account.overrides else mappings.edited(
        account.connector, account.overrides)
    if reader is None:
        mend = "该连接器没有映射 / this connector has no mapping"
        unread = Problem("no_mapping", "connector", account.connector, mend, f"mapping:{account.connector}")
        return Reading([(unread,)], is_judged=True)
    decoded = decode(body, charset_of(headers.get("content-type", "")))
    results = reader.read(account.code, account.zone, topic, decoded.text, headers, received_at, decoded.raw,
                          account.settings)
    return Reading(results, decoded.is_broken, decoded.is_misdeclared)


def judged(reading: Reading, account: SourceAccount, received_at: datetime) -> Results:
    """The second half: drafts that the hub can keep, cleaned, or what stands in the way."""
    if reading.is_judged:
        return reading.results
    return [_judge(one, account, reading, received_at) for one in reading.results]


def _unfit(draft: OrderDraft, account: SourceAccount) -> tuple[Problem, ...]:
    """Why a draft is no order that can be kept; none when it only looked so."""
    note = credit_note(draft, account.code)
    return (note,) if note is not None else beyond(draft)


def _judge(
    found: Draft | tuple[Problem, ...], account: SourceAccount, reading: Reading, received_at: datetime
) -> Draft | tuple[Problem, ...]:
    """A draft that the hub can keep, or every problem in words that quote little and nobody."""
    if isinstance(found, tuple):
        problems = tuple(_told(problem) for problem in found)
        return tuple(map(_hidden, problems)) if any(map(_is_slipped, problems)) else problems
    if isinstance(found, OrderDraft):
        problems = () if fits(found) else _unfit(found, account)
        return problems or _finish(found, account, reading, received_at)
    if isinstance(found, OfParcel):
        found = _in_our_words(found)
    return found if isinstance(found, Nothing) else (beyond(found) or found)


def _in_our_words(found: OfParcel) -> OfParcel:
    """The report with the waybill as it is kept and our code for the carrier; a carrier that nobody knows as it is."""
    waybill, carrier = plain_waybill(found.waybill), kept_as(found.carrier)
    if (waybill, carrier) == (found.waybill, found.carrier):
        return found
    return msgspec.structs.replace(found, waybill=waybill, carrier=carrier)


def _told(p: Problem) -> Problem:
    return Problem(p.code, p.field[:PLACE_MAX], shown_of(p.field, p.value, p.code), p.mend[:MEND_MAX], key_of(p.key))


def _is_slipped(p: Problem) -> bool:
    """Whether words stand where a number or a time should: then a street or a name may stand anywhere."""
    return WORD in p.value


def _hidden(p: Problem) -> Problem:
    """A problem that quotes what it found, of a message whose fields have slipped: without its words."""
    if p.code not in QUOTING:
        return p
    return msgspec.structs.replace(p, value=re.sub(r"\w", WORD, p.value), key="", mend=SLIPPED_MEND)


def _finish(
    draft: OrderDraft, account: SourceAccount, reading: Reading, received_at: datetime
) -> OrderDraft | tuple[Problem, ...]:
    country = draft.receiver.country
    code = country if country == "CN" else country_code(country) if country else ""
    if code is None:
        return (_unknown_country(country, account.code),)
    if code != country:
        draft = msgspec.structs.replace(draft, receiver=msgspec.structs.replace(draft.receiver, country=code))
    flags = _flags(draft, reading, received_at)
    receiver = clean_receiver(draft.receiver)
    if not is_reachable(receiver):
        flags += (NO_RECEIVER,)
    if receiver is draft.receiver and flags == draft.flags:
        return draft
    return msgspec.structs.replace(draft, receiver=receiver, flags=flags)


def is_reachable(receiver: Receiver) -> bool:
    """Whether a parcel can be sent there: a name and a place, and in China a phone, which every carrier asks for.

    A token stands for all of it; masked values count, the platform knows the clear ones.
    """
    if receiver.token:
        return True
    is_somebody = says_something(receiver.name) and says_something(receiver.detail)
    return is_somebody and (receiver.country != "CN" or can_be_called(receiver.phone))


def _unknown_country(name: str, account_code: str) -> Problem:
    told = shown(name)
    return Problem(
        "unknown_value", "country", told,
        f"国家“{told}”不认识；请在映射的 values 里对应到两个字母的代码，如 CN | "
        f"the country {told!r} is not known; map it to a code of two letters, such as CN",
        key_of(f"country:{account_code}:{name}"),
    )  # fmt: skip


def _flags(draft: OrderDraft, reading: Reading, received_at: datetime) -> tuple[str, ...]:
    flags = draft.flags
    if reading.is_broken and "broken_bytes" not in flags:
        flags += ("broken_bytes",)
    if reading.is_misdeclared:
        flags += ("misdeclared_charset",)
    if draft.placed_at > received_at + FUTURE_MAX:
        flags += ("from_the_future",)
    return flags


def clean_receiver(receiver: Receiver) -> Receiver:
    """The receiver with a plain phone and, in China, a split address; masked values and the token stay as they are.

    A name and phone written into the address fill what is missing; a phone of somebody else stays readable in it.
    """
    if masked := receiver.is_masked or is_hidden(receiver):
        receiver = _as_token(receiver)
    phone = clean_phone(receiver.phone, receiver.country).number
    is_whole = receiver.country != "CN" or masked  # what is hidden is taken apart by nobody
    glued = Glued(receiver.detail) if is_whole else take_apart(receiver.detail)
    if receiver.country != "CN" or not (receiver.province or receiver.detail):
        if phone == receiver.phone and masked == receiver.is_masked:
            return receiver
        return msgspec.structs.replace(receiver, phone=phone, is_masked=masked)
    area = complete(receiver.province, receiver.city, receiver.district, glued.address)
    return Receiver(
        receiver.name or glued.name,
        phone or clean_phone(glued.phone).number,
        receiver.country,
        area.province,
        area.city,
        area.district,
        _with_second_phone(area.detail, glued.phone, phone),
        receiver.postcode,
        receiver.token,
        masked,
        area.is_unsure and not receiver.token,
    )


def _as_token(receiver: Receiver) -> Receiver:
    """Cipher text is no name, phone or address: it stands for them, as a token that the platform takes back."""
    fields = {name: getattr(receiver, name) for name in ("name", "phone", "detail")}
    hidden = {name: text for name, text in fields.items() if is_cipher(text)}
    return receiver if not hidden else msgspec.structs.replace(
        receiver, **dict.fromkeys(hidden, ""), token=receiver.token or "|".join(hidden.values()), is_masked=True,
    )


def _with_second_phone(detail: str, glued: str, phone: str) -> str:
    other = clean_phone(glued).number if glued else ""
    return f"{detail} {other}" if other and phone and other != phone else detail
