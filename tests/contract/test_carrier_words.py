"""A channel tells its buyers the carrier in the platform's own word, and that word stands in the channel's folder."""

from __future__ import annotations

import ast
from datetime import UTC, datetime
from pathlib import Path

import pytest

from orderloom.adapters.carrier_words import BrokenWords, CarrierWords, carrier_words, read_words
from orderloom.application.translate import translate
from orderloom.domain.draft import WorkReport
from tests.support.connector_folders import folders

SOURCE = Path(__file__).resolve().parents[2] / "src" / "orderloom"
CHANNELS = SOURCE / "adapters" / "channels"
ROOMS = ("domain", "application", "blueprint", "entrypoints", "adapters/db")
NO_PLATFORM = frozenset({"files", "manual", "webhook", "jd"})
"""Not a platform but a way of handing over, which the command line and the API name; and a carrier's code of ours."""


def test_a_channel_is_told_the_carrier_in_its_own_word() -> None:
    assert carrier_words(CHANNELS / "taobao").of("zhongtong") == "ZTO"
    assert carrier_words(CHANNELS / "taobao").of("ups") == "OTHER"
    assert carrier_words(CHANNELS / "shopify").of("shunfeng") == "SF Express"
    assert carrier_words(CHANNELS / "amazon").of("zhongtong") == "Other"
    assert carrier_words(CHANNELS / "files") == CarrierWords() and CarrierWords().of("zhongtong") == "zhongtong"


@pytest.mark.parametrize(("said", "kept"), [
    ("极兔速递", "jtexpress"), ("YTO Express", "yuantong"), ("顺丰标快", "shunfeng"), ("jd", "jd"),
    ("某某货运", "某某货运"),
])
def test_whoever_names_a_carrier_it_is_kept_under_one_word(said: str, kept: str) -> None:
    """Two names of one carrier would be two parcels, and a case that the waybill changed."""
    warehouse = next(f for f in folders("systems") if f.name == "qimen")
    body = ("<request><deliveryOrder><deliveryOrderCode>W-1</deliveryOrderCode><status>DELIVERED</status>"
            "<orderConfirmTime>2026-11-01 10:00:00</orderConfirmTime></deliveryOrder><packages><package>"
            f"<logisticsCode/><logisticsName>{said}</logisticsName><expressCode>X1</expressCode><items><item><itemCode>A</itemCode>"
            "<quantity>1</quantity></item></items></package></packages></request>").encode()
    (report,) = translate(warehouse.account(), "confirm", body, {}, datetime.now(UTC), warehouse.mappings())
    assert isinstance(report, WorkReport) and report.carrier == kept


@pytest.mark.parametrize("folder", [f.path for f in folders("channels") if (f.path / "carriers.yaml").is_file()])
def test_what_is_shipped_can_be_told(folder: Path) -> None:
    assert carrier_words(folder).words and carrier_words(folder) is carrier_words(folder), "read once"


@pytest.mark.parametrize(("text", "wrong"), [
    ("carriers: 1\nwords:\n  shunfen: SF\n", "acme/carriers.yaml:3: words.shunfen: is no carrier of ours; "
                                             "did you mean shunfeng?"),
    ("carriers: 1\nwords:\n  ups: UPS\n  dhl: 8\n", "acme/carriers.yaml:4: words.dhl: a text is expected, not 8: "
                                                    "put it between quotes"),
    ("carriers: 1\nword: {ups: UPS}\n", "acme/carriers.yaml:2: word: is not known; did you mean words?"),
    ("carriers: 1\nother: ''\n", "acme/carriers.yaml:2: other: 1 to 80 characters are expected"),
    ("carriers: 1\nwords: [SF]\n", "acme/carriers.yaml:2: words: a block of our code and the platform's word is "
                                   "expected"),
    ("words: {ups: UPS}\n", "acme/carriers.yaml:1: file: the first line must be carriers: 1"),
    ("", "acme/carriers.yaml:1: file: the first line must be carriers: 1"),
    ("carriers: 1\nwords:\n  ups: UPS\n  ups: U\n", 'acme/carriers.yaml:4: file: "ups" 写了两次 / "ups" stands twice'),
    ("carriers: [1\n", "acme/carriers.yaml:2: file: 不是合法的 YAML，请检查这一行的缩进、引号与冒号 / "
                      "not YAML, look at the line's indent, quotes and colons: did not find expected ',' or ']'"),
])  # fmt: skip
def test_a_mistake_in_the_words_is_told_with_its_line(text: str, wrong: str) -> None:
    with pytest.raises(BrokenWords) as told:
        read_words(text, "acme/carriers.yaml")
    assert str(told.value) == wrong


def test_no_room_of_the_house_knows_a_platform_by_name() -> None:
    names = {folder.name for family in ("channels", "systems", "carriers") for folder in folders(family)} - NO_PLATFORM
    assert {"taobao", "amazon", "kuaidi100"} <= names
    named = [
        f"{file.relative_to(SOURCE)}:{node.lineno}"
        for room in ROOMS for file in (SOURCE / room).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Constant) and node.value in names
    ]
    assert named == [], "what only one platform needs stands in its folder"
