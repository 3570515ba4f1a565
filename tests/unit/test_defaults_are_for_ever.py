"""What a stored fact leaves out means for ever what it meant when it was written."""

from __future__ import annotations

import types
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, get_args, get_type_hints

import msgspec
import pytest

from orderloom.domain.event import AnyEvent, OrderRecorded, StockBound, StockConverted
from orderloom.domain.log import decode, defaults, encode, told
from orderloom.domain.order import Claim, Line, StockBinding
from orderloom.domain.states import BindingKind, BindingState, PaymentState

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
STATED: dict[str, Any] = {
    "province": "", "country": "", "city": "", "is_masked": False, "is_unsure": False, "paid_at": None, "note": "",
    "flags": [], "charges": [], "facts": {}, "external_number": "",
}
FROZEN: dict[str, dict[str, Any]] = {
    "OrderRecorded": STATED | {
        "parent_external_id": "", "source_zone": "UTC", "source_placed_at": "", "is_fulfilled_elsewhere": False,
        "claims": [],
    },
    "OrderAmended": STATED,
    "ReceiverChanged": {"city": ""},
    "StockBound": {"expires_at": None, "arm": ""},
    "Candidate": {"missing": [], "services": []},
    "ServiceLooked": {"cost": 0, "promised_at": None, "stop": ""},
    "WorkAssigned": {"is_queued": True, "decision": None},
    "WorkMoved": {"native": ""},
    "WorkAccepted": {"wave": ""}, "PromiseMoved": {"refused_by": ""}, "WorkMerged": {"decision": None},
    "ParcelShipped": {
        "items": [], "id": "", "state": "label_ready", "told": [], "heard_at": None, "delivered_at": None,
    },
    "ParcelTracked": {"delivered_at": None},
    "ParcelNamed": {"id": "", "state": "label_ready", "shipped_at": None, "heard_at": None, "delivered_at": None},
    "Line": {
        "factor": 1, "native": "", "is_closed": False, "is_disputed": False, "cancelled": 0, "fulfilled": 0,
        "shipped": 0, "returned": 0, "kind": "goods", "elsewhere": 0, "unpaid": 0, "parts": [],
    },
    "Charge": {"tax": 0, "title": ""},
    "AfterSale": {
        "currency": "", "amount": None, "refunded": 0, "refund_external_id": "", "reason": "", "native": "",
        "asked_at": None, "waybill": "", "carrier": "", "lines": [],
        "decision": "", "decision_amount": None, "decision_state": "",
    },
    "PersonErased": {"texts": [], "vouchers": []},
    "AfterSaleDecided": {"amount": None}, "DecisionAnswered": {"why": ""},
    "Claim": {"waybill": "", "work": "", "carrier": ""},
    "Hold": {"expires_at": None, "released_by": "", "released_at": None},
    "GiftsReviewed": {"decisions": [], "given": [], "left_out": [], "withdrawn": [], "why": ""},
    "RuleDecision": {"candidates": [], "traits": {}},
    "StockBinding": {"kind": "allocation", "state": "active", "quota": ""},
}
"""Add a new field with its default here, once; never change or remove a line: stored facts of every installation read
by it. Where another default is wanted, the field that has it is a new one."""
LINE = Line(no=1, external_id="L1", sku_id=7, sku_external="M-1", title="杯", ordered=2, price=5, discount=0, amount=10)
CLAIM = Claim("TB01", "placed", "WAIT", AT, AT)
RECORDED = OrderRecorded(
    revision=AT, currency="CNY", total=10, freight=0, discount=0, tax=0, payment=PaymentState.PAID, paid=10, native="X",
    lines=(LINE,), receiver="d", number="N", account_id=1, external_id="E", placed_at=AT, received_at=AT, stage="paid",
    claims=(CLAIM,),
)
BY_0_1 = (
    '{"event":"order_recorded","revision":"2026-01-02T03:04:05Z","currency":"CNY","total":10,"freight":0,"discount":0,'
    '"tax":0,"payment":"paid","paid":10,"native":"X","lines":[{"no":1,"external_id":"L1","sku_id":7,"sku_external":"M-1",'
    '"title":"杯","ordered":2,"price":5,"discount":0,"amount":10,"factor":1,"native":"","is_closed":false,'
    '"is_disputed":false,"cancelled":0,"fulfilled":0,"shipped":0,"returned":0,"kind":"goods","elsewhere":0,"unpaid":0,'
    '"parts":[]}],"receiver":"d","number":"N","account_id":1,"external_id":"E","placed_at":"2026-01-02T03:04:05Z",'
    '"received_at":"2026-01-02T03:04:05Z","stage":"paid","claims":[{"system":"TB01","milestone":"placed","native":"WAIT",'
    '"said_at":"2026-01-02T03:04:05Z","seen_at":"2026-01-02T03:04:05Z","waybill":"","work":"","carrier":""}]}'
)
HELD_BY_0_1 = (
    '{"event":"stock_held","holds":[{"no":1,"line_no":1,"sku_id":7,"warehouse_id":3,"quantity":2,"kind":"allocation",'
    '"state":"active","held_at":"2026-01-02T03:04:05Z"}],"candidates":[],"rule":"default@1"}'
)


def _structs(kind: Any) -> Iterator[type[msgspec.Struct]]:
    """Every struct that can stand in a fact."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        yield kind
        for hint in get_type_hints(kind).values():
            yield from _structs(hint)
    elif get_args(kind) or isinstance(kind, types.UnionType):
        for part in get_args(kind):
            yield from _structs(part)


STRUCTS = {struct.__name__: struct for struct in _structs(AnyEvent)}


def test_no_default_of_a_stored_fact_has_changed() -> None:
    now = {name: msgspec.json.decode(msgspec.json.encode(defaults(struct))) for name, struct in STRUCTS.items()}
    assert {name: left_out for name, left_out in now.items() if left_out} == FROZEN


@pytest.mark.parametrize("name", sorted(STRUCTS))
def test_facts_leave_out_what_is_a_default(name: str) -> None:
    assert STRUCTS[name].__struct_config__.omit_defaults or not defaults(STRUCTS[name])


def test_a_fact_of_before_that_spells_its_defaults_means_the_same_and_takes_more_room() -> None:
    assert decode(BY_0_1) == decode(encode(RECORDED)) == RECORDED
    assert len(encode(RECORDED)) < len(BY_0_1) - 200
    held = decode(HELD_BY_0_1)
    assert isinstance(held, StockBound)
    assert held.bindings == (StockBinding(1, 1, 7, 3, 2, AT, BindingKind.ALLOCATION, BindingState.ACTIVE),)
    assert decode(encode(held)) == held


def test_people_are_told_a_fact_in_full_however_it_was_stored() -> None:
    assert told(encode(RECORDED)) == told(BY_0_1) == msgspec.json.decode(BY_0_1)
    assert list(told(encode(RECORDED))["lines"][0]) == list(Line.__struct_fields__)
    held = msgspec.json.decode(HELD_BY_0_1)
    held["holds"][0]["quota"] = ""  # which came later
    assert told(HELD_BY_0_1) == held
    assert told(encode(StockConverted((1, 2))))["holds"] == [1, 2]
