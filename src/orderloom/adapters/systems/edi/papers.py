"""What goes back to the partner: the ship notice of a parcel, and the acknowledgement of an interchange."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from orderloom.adapters.systems.edi import edifact, x12
from orderloom.adapters.systems.edi.interchange import Interchange, Message

NEVER_ACKNOWLEDGED = ("997", "CONTRL")


class Partner(NamedTuple):
    """Who we are to each other: (qualifier, id), the standard that is spoken, and whether only tests are meant."""

    own: tuple[str, str]
    other: tuple[str, str]
    standard: str
    is_test: bool


def number_of(key: str) -> int:
    """A control number of nine digits that is the same whenever the same thing is written."""
    return int.from_bytes(sha256(key.encode()).digest()[:8]) % 999_999_999 + 1


def notice(body: Mapping[str, Any], partner: Partner, key: str, scac: str, at: datetime) -> bytes:
    """The ship notice of one parcel."""
    number, sent = number_of(key), at.strftime("%Y%m%d%H%M")
    lines = [(*line["external_line_id"].split("|", 2), str(line["quantity"])) for line in body["lines"]]
    write: Callable[..., bytes] = _asn if partner.standard == "x12" else _desadv
    return write(body, partner, number, sent, scac, [line for line in lines if len(line) == 4])


def _asn(
    body: Mapping[str, Any], partner: Partner, number: int, sent: str, scac: str, lines: Sequence[tuple[str, ...]],
) -> bytes:
    shipped = datetime.fromisoformat(body["shipped_at"])
    inside = [
        ["BSN", "00", f"SHP{number}", sent[:8], sent[8:], "0001"],
        ["HL", "1", "", "S"], ["TD1", "CTN25", "1"], ["TD5", "", "2", scac, "M"], ["REF", "CN", body["waybill"]],
        ["DTM", "011", shipped.strftime("%Y%m%d")],
        ["HL", "2", "1", "O"], ["PRF", body["external_id"]],
        ["HL", "3", "2", "P"], ["MAN", "CP", body["waybill"]],
    ]  # fmt: skip
    for place, (no, named, sku, quantity) in enumerate(lines, 4):
        qualifier, _, unit = named.partition(".")
        inside += [["HL", str(place), "3", "I"], ["LIN", no, qualifier, sku], ["SN1", no, quantity, unit or "EA"]]
    inside.append(["CTT", str(3 + len(lines))])
    return x12.write("SH", "856", inside, sender=partner.own, receiver=partner.other, number=number, sent=sent,
                     is_test=partner.is_test)  # fmt: skip


def _desadv(
    body: Mapping[str, Any], partner: Partner, number: int, sent: str, scac: str, lines: Sequence[tuple[str, ...]],
) -> bytes:
    shipped = datetime.fromisoformat(body["shipped_at"])
    inside: list[list[str | list[str]]] = [
        ["BGM", "351", f"SHP{number}", "9"], ["DTM", ["137", sent, "203"]],
        ["DTM", ["11", shipped.strftime("%Y%m%d%H%M"), "203"]], ["RFF", ["ON", body["external_id"]]],
        ["NAD", "BY", [partner.other[1], "", "9"]], ["NAD", "SU", [partner.own[1], "", "9"]],
        ["TDT", "20", "", "", "", [scac, "", ""]], ["CPS", "1"], ["PAC", "1"], ["PCI", "33E"],
        ["GIN", "BN", body["waybill"]],
    ]  # fmt: skip
    for no, named, sku, quantity in lines:
        qualifier, _, unit = named.partition(".")
        if qualifier == "EN":
            inside.append(["LIN", no, "", [sku, "EN"]])
        else:
            inside += [["LIN", no], ["PIA", "1", [sku, qualifier]]]
        inside.append(["QTY", ["12", quantity, unit or "PCE"]])
    return edifact.write("DESADV:D:96A:UN:EAN005", inside, sender=partner.own, receiver=partner.other, number=number,
                         sent=sent, is_test=partner.is_test)  # fmt: skip


def acknowledgement(got: Interchange, refused: Mapping[str, str], partner: Partner, at: datetime) -> bytes:
    """What is said of an interchange: each message taken or refused by its `group/number`; empty for one that holds
    acknowledgements alone."""
    asked = [one for one in got.messages if one.kind not in NEVER_ACKNOWLEDGED]
    if not asked:
        return b""
    number, sent = number_of(f"ack/{got.sender}/{got.number}"), at.strftime("%Y%m%d%H%M")
    if got.standard == "edifact":
        return _contrl(got, asked, refused, partner, number, sent)
    inside: list[list[str]] = []
    for group, function in got.groups.items():
        sets = [one for one in asked if one.group == group]
        if not sets:
            continue
        bad = [one for one in sets if _key(one) in refused]
        inside.append(["AK1", function, group])
        for one in sets:
            code = refused.get(_key(one))
            inside += [["AK2", one.kind, one.number], ["AK5", "R", code] if code else ["AK5", "A"]]
        word = "A" if not bad else "R" if len(bad) == len(sets) else "P"
        inside.append(["AK9", word, str(len(sets)), str(len(sets)), str(len(sets) - len(bad))])
    return x12.write("FA", "997", inside, sender=partner.own, receiver=partner.other, number=number, sent=sent,
                     is_test=got.is_test)  # fmt: skip


def _contrl(
    got: Interchange, asked: Sequence[Message], refused: Mapping[str, str], partner: Partner, number: int, sent: str,
) -> bytes:
    word = "7" if not refused else "4" if len(refused) == len(asked) else "8"
    inside: list[list[str | list[str]]] = [["UCI", got.number, got.sender, got.receiver, word]]
    for one in asked:
        code = refused.get(_key(one))
        inside.append(["UCM", one.number, one.kind, "4", code] if code else ["UCM", one.number, one.kind, "7"])
    return edifact.write("CONTRL:D:3:UN", inside, sender=partner.own, receiver=partner.other, number=number, sent=sent,
                         is_test=got.is_test)  # fmt: skip


def _key(message: Message) -> str:
    return f"{message.group}/{message.number}"
