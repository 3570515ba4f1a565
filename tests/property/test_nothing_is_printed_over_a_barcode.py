"""Whatever people write in addresses, titles and notes: the bars and the white beside them stay as they are."""

from __future__ import annotations

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from orderloom.adapters.paper.draw import draw
from orderloom.domain.paper.label import LABEL_SIZES, Party, draw_label
from orderloom.domain.paper.listed_paper import LISTED_SIZES, SlipHead, SlipLine, draw_slip
from orderloom.domain.paper.sheet import BarBlock, Sheet
from tests.support.papers import LABEL

SIGNS = st.text(st.one_of(st.sampled_from("路号杭州𠮷龘Ag1 ﷽\u202e\u0301\n\t🀄"), st.characters()), max_size=200)


def _is_clear(sheet: Sheet) -> bool:
    whole = draw(sheet)
    bars = [block for block in sheet.blocks if isinstance(block, BarBlock)]
    alone = draw(msgspec.structs.replace(sheet, blocks=tuple(bars)))
    parts = [(b.x, b.y, b.x + b.width, b.y + b.height) for b in bars]
    return all(whole.crop(part).tobytes() == alone.crop(part).tobytes() for part in parts)


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(LABEL_SIZES), SIGNS, SIGNS, st.lists(SIGNS, max_size=8), SIGNS)
def test_a_label_is_scanned_whatever_is_written_on_it(
    size: str, name: str, address: str, goods: list[str], note: str,
) -> None:
    party = Party(name[:60], "13800138000", address)
    sheet = draw_label(msgspec.structs.replace(
        LABEL, receiver=party, sender=party, goods=tuple(goods), note=note, carrier=name, route=note,
        is_again=True), size)
    assert isinstance(sheet, Sheet) and _is_clear(sheet)


@settings(max_examples=8, deadline=None)
@given(st.sampled_from(LISTED_SIZES), SIGNS, st.lists(SIGNS, max_size=5), SIGNS)
def test_a_packing_slip_is_scanned_whatever_is_written_on_it(
    size: str, shop: str, titles: list[str], note: str,
) -> None:
    lines = [SlipLine(title[:80], title, 2**63) for title in titles]
    for sheet in draw_slip(SlipHead("OL20261128000001-1", "OL1", shop, shop, note), lines, size):
        assert _is_clear(sheet)
