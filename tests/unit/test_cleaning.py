"""What people typed becomes what a courier can use, and no order is dropped for a sign."""

from __future__ import annotations

import pytest

from orderloom.domain.cleaning import clean_name, clean_phone, clean_text, fit


@pytest.mark.parametrize(
    ("typed", "number", "kind"),
    [
        ("13800138000", "13800138000", "mobile"),
        ("+86 138 0013 8000", "13800138000", "mobile"),
        ("0086-13800138000", "13800138000", "mobile"),
        ("１３８００１３８０００", "13800138000", "mobile"),
        ("013800138000", "13800138000", "mobile"),
        ("18800001111-1234", "18800001111-1234", "virtual"),
        ("18800001111转1234", "18800001111-1234", "virtual"),
        ("(010)12345678", "010-12345678", "landline"),
        ("010-12345678-801", "010-12345678-801", "landline"),
        ("02200000000", "022-00000000", "landline"),
        ("400-800-1234", "4008001234", "landline"),
        ("029-8597****", "029-8597****", "masked"),
        ("+16135550100", "+16135550100", "foreign"),
        ("001 613 555 0100", "+16135550100", "foreign"),
        ("11111", "11111", "unknown"),
        ("", "", "empty"),
    ],
)
def test_a_phone_can_be_dialled_or_stays_as_typed(typed: str, number: str, kind: str) -> None:
    assert clean_phone(typed) == (number, kind)


def test_a_foreign_number_without_plus_is_read_in_its_country() -> None:
    assert clean_phone("613-555-0100", "CA").number == "6135550100"
    assert clean_phone("10812345678", "CA").kind == "foreign"


def test_invisible_signs_go_and_visible_ones_stay() -> None:
    assert clean_text("  王\u200b小\u3000 明\x00\t") == "王小 明"
    assert clean_text("👨\u200d👩\u200d👧 礼物") == "👨\u200d👩\u200d👧 礼物"
    assert clean_text("a\ud800b") == "a\ufffd\ufffd\ufffdb"
    assert clean_text("e\u0301") == "é"
    assert clean_name("Ｊｏｈｎ（张）") == "John（张）"


def test_an_order_goes_out_though_the_target_lacks_the_sign() -> None:
    assert fit("𠮷野家 é 😀", "gbk", 50) == "吉野家 é"
    assert fit("Ærøskøbing é", "ascii", 50) == "AEroskobing e"
    assert fit("中", "ascii", 50) == "[U+4E2D]"
    assert fit("😀", "gbk", 5) == "?"
    assert fit("春天花园1号楼", "gbk", 4) == "春天花园"
    assert fit("e\u0301x", "utf-8", 1) == ""
