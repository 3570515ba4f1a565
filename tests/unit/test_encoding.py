"""Bytes of unknown origin become the text that was written."""

from __future__ import annotations

import pytest

from orderloom.domain.encoding import charset_of, decode

CHINESE = "收货人：张三，浙江省杭州市余杭区文一西路"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "gbk", "gb18030", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "utf-32-le"]
)
def test_a_chinese_order_is_readable_in_every_encoding_that_shops_send(encoding: str) -> None:
    text = '{"name": "' + CHINESE + '"}'
    found = decode(text.encode(encoding))
    assert (found.text, found.is_broken, found.is_misdeclared) == (text, False, False)


@pytest.mark.parametrize("text", ["訂單：臺北市中正區", "陳大文 九龍旺角彌敦道 12號", "台北市信義區王小明"])
def test_a_taiwan_order_in_big5_is_not_read_as_mainland_gibberish(text: str) -> None:
    assert decode(text.encode("big5")).text == text


@pytest.mark.parametrize("text", ["αβγ型号 电阻", "重庆市渝中区", "王喆 堃", "订单 №5", "张三"])
def test_a_mainland_order_is_not_taken_for_big5(text: str) -> None:
    assert decode(text.encode("gb18030")).text == text


@pytest.mark.parametrize("sign", ["é", "ü", "😀", "𠮷", "㛃"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_rare_signs_of_a_name_survive(sign: str, encoding: str) -> None:
    text = f"收货人 {sign} 女士"
    assert decode(text.encode(encoding)).text == text


def test_the_declared_charset_is_believed_when_it_fits() -> None:
    assert decode("联通".encode("gbk"), "gbk").text == "联通"
    assert decode("é".encode("latin-1"), "iso-8859-1").text == "é"


@pytest.mark.parametrize(
    ("encoding", "declared"), [("gbk", "utf-8"), ("utf-8", "gbk"), ("utf-8", "latin-1"), ("gbk", "big5")]
)
def test_a_lying_charset_does_not_cost_the_order_its_names(encoding: str, declared: str) -> None:
    found = decode(CHINESE.encode(encoding), declared)
    assert found.text == CHINESE
    assert found.is_misdeclared


@pytest.mark.parametrize("declared", ["nonsense", "hex", "base64", "rot13"])
def test_a_charset_that_is_none_is_overlooked(declared: str) -> None:
    assert decode(CHINESE.encode(), declared).text == CHINESE


def test_mixed_bytes_keep_every_part_that_can_be_read() -> None:
    body = b'{"a":"' + "中文".encode() + b'","b":"' + "张三".encode("gbk") + b'","c":"\xff\xff"}'
    found = decode(body)
    assert found.is_broken
    assert found.text == '{"a":"中文","b":"张三","c":"\ufffd"}'


def test_one_broken_byte_does_not_swallow_the_quote_beside_it() -> None:
    found = decode(b'{"name":"' + "李四".encode() + b'\xe6","qty":2}')
    assert found.is_broken
    assert found.text == '{"name":"李四\ufffd","qty":2}'


def test_no_bytes_are_an_empty_text() -> None:
    assert decode(b"")[:4] == ("", "utf-8", False, False)


def test_the_charset_of_a_content_type_is_found() -> None:
    assert charset_of('text/xml; charset="GBK"') == "GBK"
    assert charset_of("application/json") is None
