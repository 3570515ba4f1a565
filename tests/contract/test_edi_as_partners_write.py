"""Interchanges as trading partners really write them: nothing is lost, misread or sent to another place for it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from orderloom.adapters.systems.edi import edifact, papers, partner, x12
from orderloom.application.translate import translate
from orderloom.domain.draft import OrderDraft
from tests.support.connector_folders import RECEIVED_AT, folders

[FOLDER] = [f for f in folders("systems") if f.name == "edi"]
SAMPLES = FOLDER.path / "samples"
X12, EDIFACT = (SAMPLES / "x12_850.edi").read_bytes(), (SAMPLES / "edifact_orders.edi").read_bytes()
US = FOLDER.account(own_id="ORDERHUB", partner_id="RETAILER")
EU = FOLDER.account(standard="edifact", own_qualifier="14", partner_qualifier="14", own_id="4098765000003",
                    partner_id="4012345000009", currency="EUR")  # fmt: skip
BOTH = [pytest.param(X12, id="x12"), pytest.param(EDIFACT, id="edifact")]
NAME = "Jörg Müller – Söhne"


def read(raw: bytes) -> list[Any]:
    """The orders of an interchange, and the topics of what is none."""
    account = US if raw.startswith(b"ISA") else EU
    got = partner.take(raw, account, RECEIVED_AT)
    assert not got.fault, got.fault
    return [draft for item in got.items for draft in (
        translate(account, item.topic, item.body, {}, RECEIVED_AT, FOLDER.mappings()) if item.topic == "order"
        else [item.topic])]  # fmt: skip


def one(raw: bytes) -> OrderDraft:
    [draft] = read(raw)
    assert isinstance(draft, OrderDraft), draft
    return draft


def more(raw: bytes, count: int) -> bytes:
    """With so many segments more in the count of the message."""
    for tail, segments in ((b"SE*%d*", 14), (b"UNT+%d+", 16)):
        raw = raw.replace(tail % segments, tail % (segments + count))
    return raw


def wrapped(raw: bytes, width: int = 80) -> bytes:
    return b"\r\n".join(raw[start : start + width] for start in range(0, len(raw), width)) + b"\r\n"


@pytest.mark.parametrize("raw", BOTH)
def test_leading_zeros_of_counts_and_what_stands_behind_the_end_cost_no_order(raw: bytes) -> None:
    for plain, padded in ((b"SE*14*", b"SE*0014*"), (b"GE*1*", b"GE*000001*"), (b"IEA*1*", b"IEA*00001*"),
                          (b"UNT+16+", b"UNT+000016+"), (b"UNZ+1+", b"UNZ+000001+")):  # fmt: skip
        changed = raw.replace(plain, padded)
        assert one(changed) == one(raw)
        if changed != raw:
            account = US if raw is X12 else EU
            wrong = changed.replace(padded, padded.replace(b"1", b"7"))
            got = partner.take(wrong, account, RECEIVED_AT)
            assert got.fault or got.items[0].topic == "refused", "another number is still another number"
    for tail in (b"\n\n", b"   ", b"\r\n\x1a", b"\0\0"):
        assert one(raw + tail) == one(raw)


def test_segments_may_end_with_the_line_and_lines_may_be_empty() -> None:
    assert one(X12.replace(b"~", b"\n") + b"\n\n") == one(X12)
    assert one(X12.replace(b"~", b"\n\n", 5).replace(b"~", b"\n")) == one(X12)


@pytest.mark.parametrize("raw", BOTH)
def test_a_message_that_was_wrapped_at_eighty_signs_reads_the_same(raw: bytes) -> None:
    assert one(wrapped(raw)) == one(raw)


@pytest.mark.parametrize("level", [b"UNOA", b"UNOB", b"UNOC", b"UNOY"])
@pytest.mark.parametrize("written", ["utf-8", "cp1252"])
def test_names_keep_their_letters_whatever_character_set_is_named(level: bytes, written: str) -> None:
    raw = EDIFACT.replace(b"UNOC", level).replace(b"Max Muster+", NAME.encode(written) + b"+")
    got = partner.take(raw, EU, RECEIVED_AT)
    assert one(raw).receiver.name == NAME
    assert NAME in json.loads(got.items[0].body)["raw"]


def test_a_level_of_other_letters_is_believed() -> None:
    raw = EDIFACT.replace(b"UNOC", b"UNOE").replace(b"Max Muster+", "Иван ТА+".encode("iso-8859-5"))
    assert one(raw).receiver.name == "Иван ТА"


def test_a_decimal_comma_is_no_thousand() -> None:
    raw = EDIFACT.replace(b"20.00", b"20,000").replace(b"40.00", b"40,00").replace(b"QTY+21:2:", b"QTY+21:2,000:")
    for announced in (raw.replace(b"UNA:+.? '", b"UNA:+,? '"), raw.replace(b"UNA:+.? '", b""),
                      raw.replace(b"UNOC:3", b"UNOC:4")):  # fmt: skip
        assert one(announced) == one(EDIFACT)
    assert read(raw) == ["refused"], "neither two nor two thousand may be guessed"


@pytest.mark.parametrize(("raw", "old", "new"), [
    (X12, b"~PO1*2", b"~N1*ST*Other Store*92*C9~N3*2 Other St~N4*Otherville*TX*75001*US~PO1*2"),
    (EDIFACT, b"UNS+S", b"LIN+2++4006381333948:EN'QTY+21:1:PCE'NAD+DP+++Anna Beispiel+Ring 2+Bonn++53111+DE'UNS+S"),
], ids=["x12", "edifact"])  # fmt: skip
def test_lines_for_another_place_are_never_sent_to_a_mixture_of_both(raw: bytes, old: bytes, new: bytes) -> None:
    assert read(more(raw.replace(old, new), 3)) == ["refused"]


def test_a_line_may_repeat_the_place_or_be_the_only_one_that_names_it() -> None:
    here = b"N1*ST*Sam Sample*92*C123~N3*1 Test St~N4*Columbus*OH*43217*US~"
    assert one(more(X12.replace(b"PO1*2", b"N1*ST*Sam S.*92*C123~PO1*2"), 1)) == one(X12)
    assert one(X12.replace(here, b"").replace(b"CTT*2", here + b"CTT*2")).receiver == one(X12).receiver


def test_every_part_of_a_name_and_an_address_is_on_the_parcel() -> None:
    got = one(EDIFACT.replace(b"Max Muster+Musterweg 1+", b"Muster GmbH:Herrn Max:+Haus B:Hof 3:2. Stock:Musterweg 1+"))
    assert (got.receiver.name, got.receiver.detail) == ("Muster GmbH Herrn Max", "Haus B, Hof 3, 2. Stock, Musterweg 1")
    got = one(more(X12.replace(b"N3*1 Test St", b"N2*c/o Depot 9~N3*1 Test St*Dock 4~N3*Gate B"), 2))
    assert got.receiver.detail == "c/o Depot 9, 1 Test St, Dock 4, Gate B"


@pytest.mark.parametrize(("raw", "old", "new", "line", "told"), [
    (X12, b"PO1*1*2*EA", b"PO1*1*2*CA", "1|VP.CA|TEE-BLK-M", b"SN1*1*2*CA~"),
    (EDIFACT, b"QTY+21:2:PCE", b"QTY+21:2:CT", "1|SA.CT|CAP-1", b"QTY+12:2:CT'"),
], ids=["x12", "edifact"])  # fmt: skip
def test_two_cases_are_not_two_pieces_neither_in_the_order_nor_in_the_notice(
    raw: bytes, old: bytes, new: bytes, line: str, told: bytes,
) -> None:
    ordered = one(raw.replace(old, new)).lines[0]
    assert (ordered.unit, ordered.quantity, ordered.external_id) == (new[-2:].decode(), 2, line)
    assert one(raw).lines[0].unit == "", "a piece is what goods are counted in"
    account = US if raw is X12 else EU
    body = {"external_id": "PO-1", "waybill": "W1", "shipped_at": "2026-03-02T18:15:00+00:00",
            "lines": [{"external_line_id": line, "quantity": 2}]}  # fmt: skip
    paper = papers.notice(body, partner.partner_of(account), "d-1", "UPSN", RECEIVED_AT)
    assert told in paper


def test_the_first_of_two_parties_of_one_kind_keeps_its_own_address() -> None:
    got = one(more(X12.replace(b"PO1*1", b"N1*ST*Second~N3*9 Second St~N4*Nowhere*TX*1*US~PO1*1"), 3))
    assert got.receiver == one(X12).receiver


def test_signs_that_mean_something_elsewhere_are_letters_in_a_value() -> None:
    assert one(X12.replace(b"Sam Sample", b"ISAAC UNARCISA")).receiver.name == "ISAAC UNARCISA"
    assert one(EDIFACT.replace(b"Max Muster+", b"Max ??????+")).receiver.name == "Max ???"
    notice = edifact.write("DESADV:D:96A:UN", [["FTX", "AAI", "", "", "why?????'"]], sender=("14", "A"),
                           receiver=("14", "B"), number=1, sent="202603011030", is_test=False)  # fmt: skip
    assert edifact.read(notice).messages[0].segments[0][4] == ["why?????'"]
    assert len(x12.read(X12).messages) == 1
