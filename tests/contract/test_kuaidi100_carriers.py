"""Carriers by one code, whatever word a channel, a warehouse or a person uses for them."""

from __future__ import annotations

import pytest

from orderloom.adapters.carriers.kuaidi100.simulator import COMPANIES
from orderloom.domain import carriers


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


def test_a_channel_is_told_the_carrier_in_its_own_word() -> None:
    assert carriers.channel_code("zhongtong", "taobao") == "ZTO"
    assert carriers.channel_code("shunfeng", "shopify") == "SF Express"
    assert carriers.channel_code("zhongtong", "amazon") == "Other"
    assert carriers.channel_code("zhongtong", "somewhere") == "zhongtong"
    assert carriers.canonical("8", "wangdiantong") == "shunfeng"
    assert (carriers.name("yunda"), carriers.name("yunda", "en")) == ("韵达快递", "Yunda Express")
    assert carriers.name("x") == "x"


def test_every_word_leads_back_to_the_carrier_it_was_given_for() -> None:
    words = [(channel, word, carrier.code) for carrier in carriers.CARRIERS for channel, word in carrier.channels]
    shared = {("amazon", "China Post"), ("shopify", "China Post")}
    assert [
        (channel, word, code)
        for channel, word, code in words
        if (channel, word) not in shared and carriers.canonical(word, channel) != code
    ] == []
    assert {carriers.canonical(carrier.zh) for carrier in carriers.CARRIERS} == {c.code for c in carriers.CARRIERS}
    assert {carriers.canonical(carrier.en) for carrier in carriers.CARRIERS} == {c.code for c in carriers.CARRIERS}
    assert {carrier.code for carrier in carriers.CARRIERS} <= COMPANIES
