"""Carriers by one code, whatever word a channel, a warehouse or a person uses for them."""

from __future__ import annotations

import pytest

from orderloom.adapters.carrier_words import carrier_words
from orderloom.adapters.carriers.kuaidi100.simulator import COMPANIES
from orderloom.domain import carriers
from tests.support.connector_folders import folders


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("shunfeng", "shunfeng"), ("SF", "shunfeng"), ("顺丰速运", "shunfeng"), ("SF Express", "shunfeng"),
        (" ＳＦ-express ", "shunfeng"), ("圆通", "yuantong"), ("YTO", "yuantong"), ("申通快递", "shentong"),
        ("STO", "shentong"), ("极兔速递", "jtexpress"), ("J&T Express", "jtexpress"), ("中国邮政EMS", "ems"),
        ("EMS", "ems"),
        ("順豐速運", "shunfeng"), ("顺丰标快", "shunfeng"), ("圓通速遞", "yuantong"), ("韻達", "yunda"),
        ("UPS Ground", "ups"), ("UPS®", "ups"), ("FEDEX_2_DAY", "fedex"), ("FedEx™ International Priority", "fedex"),
        ("USPS First Class Mail", "usps"), ("SF Express (CN)", "shunfeng"), ("DHL eCommerce", ""), ("Ground", ""),
        ("京东快运", ""), ("Royal Mail", ""), ("UPS or FedEx", ""),
        ("邮政快递包裹", "youzhengguonei"), ("FedEx", "fedex"), ("某某快递", ""), ("", ""), ("8", ""),
    ],
)  # fmt: skip
def test_a_parcel_is_not_lost_between_two_spellings_of_its_carrier(word: str, code: str) -> None:
    assert carriers.canonical(word) == code


def test_every_name_leads_back_to_its_carrier() -> None:
    assert (carriers.name("yunda"), carriers.name("yunda", "en")) == ("韵达快递", "Yunda Express")
    assert carriers.name("x") == "x"
    assert {carriers.canonical(carrier.zh) for carrier in carriers.CARRIERS} == carriers.CODES
    assert {carriers.canonical(carrier.en) for carrier in carriers.CARRIERS} == carriers.CODES
    assert carriers.CODES <= COMPANIES


def test_what_a_platform_calls_a_carrier_is_understood_when_it_says_so_itself() -> None:
    told = {
        (word, code) for folder in folders("channels") for code, word in carrier_words(folder.path).words.items()
        if not str(word).isdecimal()  # a number of the platform's is no name that it says anywhere else
    }
    shared = {("China Post", "ems"), ("HTKY", "jtexpress"), ("DNJY", "danniao")}
    assert {(word, code) for word, code in told if carriers.canonical(word) != code} == shared
