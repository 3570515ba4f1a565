"""Nothing leaves to a target but what its contract names, and nothing longer than it takes."""

from __future__ import annotations

from orderloom.domain.contract import obey

BODY = {"work_no": "W1", "secret": "cost price", "receiver": {"name": "林清和", "phone": "199", "token": "t"},
        "lines": [{"sku": "A", "cost": 1}, {"sku": "B" * 9, "cost": 2}], "paid": 12_345}


def test_a_field_that_the_contract_does_not_name_never_leaves() -> None:
    found = obey(BODY, {"work_no": None, "receiver.name": None, "lines.sku": None}, {})
    assert found.body == {"work_no": "W1", "receiver": {"name": "林清和"}, "lines": [{"sku": "A"}, {"sku": "B" * 9}]}
    assert not found.cut and not found.not_cut


def test_an_oversize_address_is_cut_where_that_is_agreed_and_refused_where_it_is_not() -> None:
    long = {"receiver": {"detail": "路" * 562}}
    cut = obey(long, {"receiver.detail": 100}, {})
    assert cut.body["receiver"]["detail"] == "路" * 100 and cut.cut == {"receiver.detail": 562}
    refused = obey(long, {"receiver.detail": 100}, {"receiver.detail": "refuse"})
    assert refused.not_cut == {"receiver.detail": 562}


def test_lengths_are_of_characters_and_numbers_have_none() -> None:
    assert obey({"note": "𠮷" * 5, "paid": 10**20}, {"note": 5, "paid": 3}, {}).cut == {}


def test_a_contract_that_names_a_whole_object_lets_it_through() -> None:
    assert obey(BODY, {"receiver": None}, {}).body == {"receiver": BODY["receiver"]}
