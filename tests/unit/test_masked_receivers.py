"""A receiver that a platform hides is known by its token: never by what the stars leave over, and never in clear."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from orderloom.adapters.vault import Vault
from orderloom.application import commands as c
from orderloom.application.correct_receiver import corrected, nobody_there
from orderloom.application.translate import clean_receiver
from orderloom.domain.actor import connector
from orderloom.domain.cleaning import is_cipher
from orderloom.domain.draft import Receiver
from orderloom.testing.builders import a_draft, a_line, a_receiver
from tests.support.bench import Shop
from tests.support.moves import CHANNEL

VAULT = Vault({1: b"k" * 32}, b"i" * 32)
PDD = "~AgAAAAMJsFkGaR8qZwB5c3lLk9QmBn1oO2XbYg==~SR8qZw~1~"
DOUYIN = "#3ZPv9QmBn1oO2XbYgAAMJsFkGaR8qZwB5c3lLk9Qg#1Vm#2PgQ7#"
JD = "AAS/8qZwB5c3lLk9QmBn1oO2XbYgAAMJsFkGaR9Vm1PgQ7"
HIDDEN = st.text(alphabet="张李王*林138省路号", min_size=1, max_size=12).filter(lambda text: "*" in text)


@given(HIDDEN, HIDDEN, HIDDEN)
def test_no_index_is_ever_made_of_masked_text(name: str, phone: str, detail: str) -> None:
    sealed = VAULT.seal(clean_receiver(Receiver(name, phone, "CN", "浙江省", "杭州市", "余杭区", detail)), name)
    assert (sealed.name_index, sealed.phone_index, sealed.merge_key, sealed.buyer_index, sealed.last4) == (
        None, None, None, None, "")


@given(HIDDEN, HIDDEN)
def test_what_the_stars_leave_over_tells_no_two_statements_of_one_person_apart(one: str, other: str) -> None:
    place = Receiver("", "", "CN", "浙江省", "杭州市", "余杭区", token="oaid", is_masked=True)
    first, second = (VAULT.seal(replace(place, name=text, phone=text, detail=text), "") for text in (one, other))
    assert (first.digest, first.merge_key) == (second.digest, second.merge_key) and first.merge_key is not None


def test_two_people_who_look_alike_under_their_stars_are_not_one() -> None:
    stars: dict[str, Any] = {"name": "张*", "phone": "138****1234", "detail": "文一西路***", "is_masked": True}
    mine, yours = (VAULT.seal(a_receiver(**stars, token=token), "") for token in ("oaid-1", "oaid-2"))
    assert mine.merge_key != yours.merge_key and mine.digest != yours.digest
    nobody = VAULT.seal(a_receiver(**stars), "")
    assert nobody.merge_key is None, "without a token nobody is merged with anybody"


@pytest.mark.parametrize("cipher", [PDD, DOUYIN, JD])
def test_cipher_text_is_a_token_and_no_name(cipher: str) -> None:
    assert is_cipher(cipher)
    found = clean_receiver(Receiver(cipher, cipher, "CN", "浙江省", "杭州市", "余杭区", cipher))
    assert (found.name, found.phone, found.detail) == ("", "", "")
    assert found.is_masked and found.token == "|".join([cipher] * 3) and not found.is_unsure
    assert VAULT.seal(found, "").merge_key == VAULT.seal(found, "").merge_key is not None


@pytest.mark.parametrize("text", [
    "", "张三", "Maximilian-Alexander Müller", "13800001234", "+49 30 901820", "18877771111-123", "文一西路969号",
    "1600 Pennsylvania Avenue NW", "MAXIMILIANALEXANDERHOHENLOHE", "123456789012345678901234567890",
])
def test_what_people_are_called_is_no_cipher_text(text: str) -> None:
    assert not is_cipher(text)


def test_masked_text_is_not_taken_apart_into_names_and_phones() -> None:
    found = clean_receiver(Receiver("", "", "CN", "浙江省", "杭州市", "", "收货人:张* 电话:138****1234 文一西路***"))
    assert (found.name, found.phone) == ("", "") and found.is_masked


# Statements of the channel


def said(shop: Shop, receiver: Receiver, **changes: Any) -> None:
    """The channel states the order, to this receiver."""
    shop.at += timedelta(seconds=60)
    draft = a_draft("E0", a_line("A", 2, 1_000, external_id="L1"), at=shop.at, receiver=receiver, **changes)
    shop.ask(c.RecordOrder(actor=connector("TB01"), account_id=CHANNEL, draft=draft, received_at=shop.at,
                           sealed=VAULT.seal(receiver, "")))


HERE: dict[str, Any] = {
    "country": "CN", "province": "浙江省", "city": "杭州市", "district": "余杭区", "is_masked": True,
}
SHOWN = Receiver(name="张*", phone="138****1234", detail="文一西路***", token="oaid-1", **HERE)


@pytest.mark.parametrize("later", [
    replace(SHOWN, name="**", phone="****", detail="***"), replace(SHOWN, token=""),
    replace(SHOWN, name="", phone="", detail="", token=""), replace(SHOWN, token="", province="", city="", district=""),
], ids=["more stars", "no token any more", "nothing any more", "no region any more"])
def test_a_channel_that_hides_more_by_and_by_moves_nobody(later: Receiver) -> None:
    shop = Shop()
    said(shop, SHOWN)
    known = shop.order().receiver
    shop.warehouse_says("packed")
    said(shop, later)
    assert shop.order().receiver == known and shop.order().province == "浙江省"
    assert len(shop.sent("work")) == 1 and "address_changed_late" not in shop.opened()


@pytest.mark.parametrize("later", [
    replace(SHOWN, token="oaid-2"), replace(SHOWN, token="", province="四川省", city="成都市"),
], ids=["another token", "another region"])
def test_another_token_or_region_is_another_place(later: Receiver) -> None:
    shop = Shop()
    said(shop, SHOWN)
    said(shop, later)
    assert len(shop.sent("work")) == 2, "the warehouse is told again"


def test_a_person_s_clear_address_outlives_the_stars() -> None:
    shop = Shop()
    said(shop, SHOWN)
    clear = a_receiver()
    shop.person(c.AdjustReceiver, receiver=clear, sealed=VAULT.seal(clear, ""), reason="asked")
    known = shop.order().receiver
    said(shop, replace(SHOWN, token=""))
    said(shop, SHOWN)
    assert shop.order().receiver == known


def test_an_order_that_an_earlier_version_recorded_is_not_told_anew() -> None:
    shop = Shop()
    sealed = VAULT.seal(SHOWN, "")
    before = replace(sealed, digest=sealed.digest_before)
    draft = a_draft("E0", a_line("A", 2, 1_000, external_id="L1"), at=shop.at, receiver=SHOWN)
    shop.ask(c.RecordOrder(actor=connector("TB01"), account_id=CHANNEL, draft=draft, sealed=before,
                           received_at=shop.at))
    said(shop, SHOWN)
    assert len(shop.sent("work")) == 1 and shop.order().receiver == sealed.digest_before


# A person's word


@pytest.mark.parametrize("given", [{"phone": "13800001234"}, {"name": "张三丰", "phone": "13800001234"},
                                   {"name": "张*", "phone": "13800001234", "address": "浙江省杭州市余杭区文一西路9号"}])
def test_a_correction_that_leaves_stars_is_refused(given: dict[str, str]) -> None:
    refusal = nobody_there(corrected(SHOWN, given))
    assert refusal is not None and refusal.code == "still_masked"


def test_a_whole_correction_is_taken() -> None:
    told = {"name": "张三丰", "phone": "13800001234", "address": "浙江省杭州市余杭区文一西路969号"}
    found = corrected(SHOWN, told)
    assert nobody_there(found) is None and not found.is_masked and found.token == ""
