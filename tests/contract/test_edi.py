"""Interchanges of a trading partner: orders in, acknowledged and known again, notices out, nothing broken believed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderloom.adapters.kit import dropped
from orderloom.adapters.systems.edi import edifact, partner, x12
from orderloom.adapters.systems.edi.interchange import Interchange, NoInterchange
from orderloom.application.deliver import Leased, Tried, send_all
from orderloom.application.ports import Account, Cursor, Inbound, Page
from orderloom.application.translate import translate
from orderloom.domain.draft import OrderDraft
from tests.support.connector_folders import RECEIVED_AT, Folder, caller, folders, now, serve

[FOLDER] = [f for f in folders("systems") if f.name == "edi"]
SAMPLES = FOLDER.path / "samples"
X12, EDIFACT = (SAMPLES / "x12_850.edi").read_bytes(), (SAMPLES / "edifact_orders.edi").read_bytes()
US = {"own_id": "ORDERHUB", "partner_id": "RETAILER"}
EU = {"standard": "edifact", "own_qualifier": "14", "partner_qualifier": "14", "own_id": "4098765000003",
      "partner_id": "4012345000009", "currency": "EUR"}  # fmt: skip
BOTH = [pytest.param(X12, US, id="x12"), pytest.param(EDIFACT, EU, id="edifact")]


def account(base: str = "http://127.0.0.1:9", **given: Any) -> Account:
    return FOLDER.account(base, **given)


def answered(raw: bytes) -> Interchange:
    return x12.read(raw) if raw.startswith(b"ISA") else edifact.read(raw)


@pytest.mark.parametrize(("raw", "given_"), BOTH)
def test_an_order_lands_whole_under_its_control_numbers_and_is_acknowledged(raw: bytes, given_: dict[str, Any]) -> None:
    got = partner.take(raw, account(**given_), RECEIVED_AT)
    again = partner.take(raw, account(**given_), RECEIVED_AT)
    [item] = got.items
    name = "x12_850" if raw is X12 else "edifact_orders"
    assert (got.fault, item.topic, item.body) == ("", "order", (SAMPLES / f"{name}.in.json").read_bytes())
    assert item.event_id == again.items[0].event_id and item.event_id.count("/") == 4
    assert json.loads(item.body)["raw"].encode() in raw, "the message's exact text is kept"
    said = answered(got.reply).messages[0]
    assert (said.kind, said.fault) == (("997", "") if raw is X12 else ("CONTRL", ""))
    assert ["AK5", "A"] in [[part[0] for part in s] for s in said.segments] or raw is EDIFACT


def test_the_acknowledgement_is_the_one_of_the_standards_example() -> None:
    got = partner.take(X12, account(**US), RECEIVED_AT).reply.decode()
    wanted = json.loads(json.dumps("ST*997*0001~AK1*PO*101~AK2*850*0001~AK5*A~AK9*A*1*1*1~SE*6*0001~"))
    assert wanted in got


@pytest.mark.parametrize(("old", "new", "code"), [
    (b"SE*14*0001", b"SE*13*0001", "4"), (b"SE*14*0001", b"SE*14*0002", "3"), (b"SE*14*0001~", b"", "2"),
    (b"ST*850*0001", b"ST*860*0001", "1"), (b"BEG*00*DS*PO-77001", b"BEG*00*DS*", "5"),
])  # fmt: skip
def test_a_set_that_is_not_whole_is_refused_by_its_code_and_stops_no_other(old: bytes, new: bytes, code: str) -> None:
    inside = X12[X12.index(b"ST*850") : X12.index(b"GE*1")]
    second = inside.replace(b"*0001~", b"*0009~").replace(b"PO-77001", b"PO-77002")
    raw = X12.replace(inside, inside.replace(old, new) + second).replace(b"GE*1*101", b"GE*2*101")
    got = partner.take(raw, account(**US), RECEIVED_AT)
    assert [item.topic for item in got.items] == ["refused", "order"] and not got.fault
    text = got.reply.decode()
    assert f"AK5*R*{code}~" in text and "AK2*850*0009~AK5*A~" in text and "AK9*P*2*2*1~" in text
    [problems] = translate(account(**US), "refused", got.items[0].body, {}, RECEIVED_AT, FOLDER.mappings())
    assert [one.code for one in problems] == ["no_mapping"], "a person sees it"  # type: ignore[union-attr]


@pytest.mark.parametrize(("old", "new"), [
    (b"IEA*1*000000101", b"IEA*1*000000102"), (b"IEA*1", b"IEA*2"), (b"GE*1*101", b"GE*1*102"), (b"GE*1*", b"GE*5*"),
    (b"RETAILER ", b"SOMEBODY "), (b"*ZZ*ORDERHUB       *", b"*ZZ*ORDERHUB      *"),
])  # fmt: skip
def test_an_envelope_that_cannot_be_believed_is_kept_apart_and_not_acknowledged(old: bytes, new: bytes) -> None:
    got = partner.take(X12.replace(old, new), account(**US), RECEIVED_AT)
    assert got.fault and got.reply == b"" and got.items[0].body == X12.replace(old, new)


def test_delimiters_come_from_the_interchange_and_not_from_habit() -> None:
    odd = X12.decode().replace("*", "|").replace("~", "\x1e").replace(">", "^").encode()
    got = partner.take(odd, account(**US), RECEIVED_AT)
    assert json.loads(got.items[0].body)["lines"] == json.loads((SAMPLES / "x12_850.in.json").read_bytes())["lines"]
    lines = partner.take(X12.replace(b"~", b"~\r\n"), account(**US), RECEIVED_AT)
    assert lines.items[0].topic == "order" and not lines.fault
    plain = EDIFACT.decode().removeprefix("UNA:+.? '")
    assert partner.take(plain.encode(), account(**EU), RECEIVED_AT).items[0].topic == "order"
    other = "UNA|*.# ~" + plain.replace("'", "~").replace("+", "*").replace(":", "|")
    assert partner.take(other.encode(), account(**EU), RECEIVED_AT).items[0].topic == "order"


def test_a_released_sign_is_part_of_the_name() -> None:
    raw = EDIFACT.replace(b"Max Muster+", b"Max ?+ Co?'s ?: M?") .replace(b"Max ?+ Co?'s ?: M?", b"Max ?+ Co?'s+")
    [item] = partner.take(raw, account(**EU), RECEIVED_AT).items
    assert json.loads(item.body)["receiver"]["name"] == "Max + Co's"


def test_an_acknowledgement_of_ours_is_not_acknowledged_again() -> None:
    theirs = partner.take(X12, account(own_id="RETAILER", partner_id="ORDERHUB"), RECEIVED_AT)
    assert theirs.fault, "that one is between the others"
    reply = partner.take(X12, account(**US), RECEIVED_AT).reply
    got = partner.take(reply, account(own_id="RETAILER", partner_id="ORDERHUB"), RECEIVED_AT)
    assert [item.topic for item in got.items] == ["acknowledgement"] and got.reply == b"" and not got.fault


def test_a_cancellation_and_a_replacement_are_news_of_the_same_order() -> None:
    for code, is_cancelled in ((b"01", True), (b"05", False)):
        raw = X12.replace(b"BEG*00*", b"BEG*" + code + b"*").replace(b"260301*1030", b"260302*0800")
        [item] = partner.take(raw, account(**US), RECEIVED_AT).items
        [draft] = translate(account(**US), item.topic, item.body, {}, RECEIVED_AT, FOLDER.mappings())
        assert isinstance(draft, OrderDraft)
        assert (draft.external_id, draft.is_cancelled, draft.revision.day) == ("PO-77001", is_cancelled, 2)


@settings(max_examples=300, deadline=2_000)
@given(st.data())
def test_no_bytes_end_the_reader_in_any_other_way_than_with_its_own_words(data: st.DataObject) -> None:
    raw = bytearray(data.draw(st.sampled_from([X12, EDIFACT])))
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(raw) - 1))
        what = data.draw(st.sampled_from(["change", "cut", "double", "insert"]))
        if what == "change":
            raw[place] = data.draw(st.integers(0, 255))
        elif what == "cut":
            del raw[place : place + data.draw(st.integers(1, 60))]
        elif what == "double":
            raw[place:place] = raw[place : place + 40]
        else:
            raw[place:place] = data.draw(st.binary(max_size=12))
        if not raw:
            raw = bytearray(b"I")
    for given_ in (US, EU):
        got = partner.take(bytes(raw), account(**given_), RECEIVED_AT)
        topics = {item.topic for item in got.items}
        assert topics and (got.fault or topics <= {"order", "refused", "acknowledgement"})


async def _ship(http: httpx2.AsyncClient, to: Account, attempt: int = 1) -> Tried:
    qualifier = "1|EN|4006381333931" if to.settings["standard"] == "edifact" else "1|VP|TEE-BLK*M"
    body = {"external_id": "PO-77001", "carrier": "ups", "waybill": "1Z999AA10123456784", "is_partial": False,
            "shipped_at": "2026-03-02T18:15:00+00:00", "marketplace": "",
            "lines": [{"external_line_id": qualifier, "quantity": 2},
                      {"external_line_id": "2|SA|CAP'+:?1", "quantity": 1}]}  # fmt: skip
    leased = Leased("01a2-delivery", 1, "shipment", "o", "k", body, attempt)
    [tried] = await send_all([leased], to, FOLDER.connector, FOLDER.manifest, http, now())
    return tried


@pytest.mark.parametrize("given_", [pytest.param(US, id="x12"), pytest.param(EU, id="edifact")])
async def test_a_notice_reaches_the_partner_once_and_counts_for_whoever_reads_it(given_: dict[str, Any]) -> None:
    simulator = FOLDER.simulator(**given_)
    async with serve(simulator.app) as base, caller() as http:
        to = account(base, **given_)
        simulator.fault("lost_answer")
        assert (await _ship(http, to)).state == "due"
        assert (await _ship(http, to, 2)).state == "done"
        [plain] = simulator.notices.values()
    got = answered(plain.encode("latin-1"))
    assert [m.fault for m in got.messages] == [""] and "1Z999AA10123456784" in plain and "PO-77001" in plain
    whole = json.dumps(got.messages[0].segments)
    assert "CAP'+:?1" in whole if given_ is EU else "TEE-BLK M" in whole, "no sign of a value breaks the message"


async def _look(folder: Folder, to: Account) -> list[Page]:
    async with caller() as http:
        return [page async for page in folder.connector.pull(to, Cursor(now()), now(), http)]


async def test_a_watched_folder_is_read_and_acknowledged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dropped, "QUIET_SECONDS", 0.0)
    inbox, outbox = tmp_path / "in", tmp_path / "out"
    inbox.mkdir(), outbox.mkdir()
    (inbox / "a.edi").write_bytes(X12)
    (inbox / "b.edi").write_bytes(b"not one")
    (inbox / "c.edi.tmp").write_bytes(X12)
    to = account(**US, inbox=str(inbox), outbox=str(outbox))
    pages = await _look(FOLDER, to)
    assert [item.topic for page in pages for item in page.items] == ["order", "unreadable"]
    assert [bool(page.problem) for page in pages] == [False, True, False]
    assert answered((outbox / "ack-a.edi").read_bytes()).messages[0].kind == "997"
    assert sorted(p.name for p in inbox.iterdir()) == ["c.edi.tmp", "done", "refused"]
    async with caller() as http:
        for attempt in (1, 2):
            assert (await _ship(http, to, attempt)).state == "done"
    assert len([p for p in outbox.iterdir() if p.name.startswith("asn-")]) == 1


def test_the_door_believes_the_token_and_answers_with_the_acknowledgement() -> None:
    to = account(**US)
    good = {"authorization": f"Bearer {to.credentials['door_token']}"}
    verdict = FOLDER.connector.receive(Inbound("POST", "/webhooks/E", {}, good, X12), to, RECEIVED_AT)
    assert not verdict.quarantine and b"997" in verdict.reply and verdict.reply_type == "application/edi-x12"
    for headers in ({}, {"authorization": "Bearer no"}):
        other = FOLDER.connector.receive(Inbound("POST", "/webhooks/E", {}, headers, X12), to, RECEIVED_AT)
        assert (other.quarantine, other.status) == ("token", 401)
    broken = FOLDER.connector.receive(Inbound("POST", "/webhooks/E", {}, good, b"ISA"), to, RECEIVED_AT)
    assert broken.quarantine.startswith("no interchange") and broken.items[0].body == b"ISA"
    with pytest.raises(NoInterchange):
        x12.read(b"ISA" + b"x" * 6_000_000)
