"""Numbers as people copy them: from sheets, chats, pages and files, parted without one lost or made up."""

from __future__ import annotations

import pytest

from orderloom.application.not_kept import NotKept
from orderloom.application.queries.order_numbers import NUMBER_LENGTH_MAX, NUMBERS_MAX, parted


@pytest.mark.parametrize("text", [
    "A1,B2,C3", "A1，B2、C3", "A1\r\nB2\n\nC3\n", " A1\tB2\u3000C3 ", "A1;B2；C3", "\ufeffA1\u200b\nB2\u00a0C3",
    "'A1\n\"B2\"\n“C3”", "A1,B2,A1,C3,B2", "A1\x00B2\x1fC3",
])
def test_whatever_stands_between_numbers_parts_them(text: str) -> None:
    assert parted(text) == ("A1", "B2", "C3")


def test_what_belongs_to_a_number_stays() -> None:
    assert parted("#1001 231011-12345/2 a.b_c %27 小单1") == ("#1001", "231011-12345/2", "a.b_c", "%27", "小单1")
    assert parted("") == ()


@pytest.mark.parametrize(("text", "zh", "en"), [
    (",， \n;'", "里面没有单号", "there is no number"),
    (" ".join(map(str, range(NUMBERS_MAX + 1))), "最多 200 个单号，这里有 201 个", "there are 201"),
    ("x" * (NUMBER_LENGTH_MAX + 1), "最长 64 个字符", "64 characters at most"),
    ("8" * 3_000_000, "文字太长", "the text is too long"),
    ("8 " * 1_500_000, "文字太长", "the text is too long"),
])
def test_what_cannot_be_looked_up_is_said_in_both_languages(text: str, zh: str, en: str) -> None:
    with pytest.raises(NotKept) as told:
        parted(text)
    assert zh in told.value.zh and en in told.value.en and len(told.value.zh) < 100


def test_as_many_as_may_be_are_taken() -> None:
    most = [f"{n:064}" for n in range(NUMBERS_MAX)]
    assert list(parted("\n".join(most + most))) == most
