"""Labels and lists that a printer, a scanner and a person can read."""

from __future__ import annotations

import base64
import io

import msgspec
import pypdfium2
import pytest
from PIL import Image, ImageChops

from orderloom.adapters.paper.draw import draw
from orderloom.adapters.paper.printing import document_as, document_in, printed_as
from orderloom.adapters.paper.zpl import as_zpl, crc, from_zpl
from orderloom.application.not_kept import NotKept
from orderloom.domain.paper.code128 import can_be_barred, modules_of
from orderloom.domain.paper.code_label import draw_code_label
from orderloom.domain.paper.label import LABEL_SIZES, Party, draw_label
from orderloom.domain.paper.listed_paper import PickLine, SlipHead, SlipLine, draw_pick_list, draw_slip, draw_wave_sheet
from orderloom.domain.paper.sheet import Sheet
from orderloom.domain.refusal import Refusal
from tests.support.papers import LABEL, WORST, barcodes


def _sheet(size: str = "100x150", label: object = LABEL) -> Sheet:
    found = draw_label(label, size)  # type: ignore[arg-type]
    assert isinstance(found, Sheet)
    return found


@pytest.mark.parametrize("size", LABEL_SIZES)
def test_the_waybill_is_read_off_the_label_in_every_size_and_form(size: str) -> None:
    sheet = _sheet(size)
    with pypdfium2.PdfDocument(printed_as("pdf", [sheet])) as pdf:
        [page] = pdf
        assert [round(side * 25.4 / 72) for side in page.get_size()] == [sheet.width // 8, sheet.height // 8]
        of_pdf = page.render(scale=3).to_pil()
    [of_zpl] = from_zpl(printed_as("zpl", [sheet]))
    for picture in (printed_as("png", [sheet]), of_pdf, of_zpl):
        assert barcodes(picture) == {LABEL.waybill, LABEL.number}


@pytest.mark.parametrize("is_hex", [False, True])
def test_a_printer_gets_every_dot_that_was_drawn(is_hex: bool) -> None:
    picture = draw(_sheet())
    code = as_zpl(picture, is_hex=is_hex)
    [back] = from_zpl(code)
    assert back.size == picture.size and back.tobytes() == picture.tobytes()
    assert len(code) < (40_000 if is_hex else 20_000), "a label that is slow to send is late"


def test_rows_of_one_colour_are_told_in_the_printers_short_letters() -> None:
    picture = Image.new("1", (4_000, 4), 255)
    picture.paste(0, (0, 1, 4_000, 2))
    picture.paste(0, (8, 3, 3_992, 4))
    code = as_zpl(picture, is_hex=True)
    assert b",500,,!,H0" in code and from_zpl(code)[0].tobytes() == picture.tobytes()


def test_the_check_sum_is_the_one_of_the_printers_book() -> None:
    assert crc(b"123456789") == 0x31C3


@pytest.mark.parametrize("text", ["SF1234567890123", "1234", "123", "A1", "AB123456CD", "A-01-03-2", "12345A", "a~ 1",
                                  "9" * 31, "YT" + "7" * 13])
def test_any_number_is_read_back(text: str) -> None:
    picture = Image.new("1", (len(modules_of(text)) + 20, 1), 255)
    for place, module in enumerate(modules_of(text), 10):
        picture.putpixel((place, 0), 0 if module == "1" else 255)
    assert barcodes(picture.resize((picture.width * 3, 90), Image.Resampling.NEAREST)) == {text}


def test_what_is_no_barcode_is_a_clear_no() -> None:
    assert not can_be_barred("") and not can_be_barred("顺丰1") and not can_be_barred("1" * 81)
    for waybill, size in (("顺丰123", "100x150"), ("A1B" * 26, "76x130")):
        found = draw_label(msgspec.structs.replace(LABEL, waybill=waybill), size)
        assert isinstance(found, Refusal) and found.code == "waybill_no_barcode"
    assert isinstance(draw_code_label("库位一", "", "60x40"), Refusal)


def test_a_rare_name_is_no_empty_box() -> None:
    rare, unknown = (draw(_sheet(label=msgspec.structs.replace(LABEL, receiver=Party(name, "1", "a"))))
                     for name in ("𠮷", "\U0002fa1e"))
    assert ImageChops.logical_xor(rare, unknown).getbbox() is not None


@pytest.mark.parametrize("size", LABEL_SIZES)
def test_the_longest_address_stands_there_in_full_and_the_waybill_is_read(size: str) -> None:
    assert {WORST.waybill} <= barcodes(printed_as("png", [_sheet(size, WORST)]))


def test_an_address_that_fits_on_no_label_is_refused_and_not_cut() -> None:
    label = msgspec.structs.replace(LABEL, receiver=Party("张", "1", "路" * 3_000))
    with pytest.raises(NotKept, match="too long"):
        draw(_sheet("76x130", label))


def test_a_pick_list_loses_no_row_over_its_pages() -> None:
    lines = [PickLine(f"A-{at:03}", f"SKU-{at}", "杯", "690", at) for at in range(1, 60)]
    sheets = draw_pick_list("拣货单 Pick list", "WV-1", lines, "a4")
    told = {block.text for sheet in sheets for block in sheet.blocks if hasattr(block, "text")}
    assert {one.place for one in lines} <= told and len(sheets) == 3
    with pypdfium2.PdfDocument(printed_as("pdf", sheets)) as pdf:
        assert len(pdf) == 3 and barcodes(pdf[2].render(scale=3).to_pil()) == {"WV-1"}


def test_an_empty_list_is_a_sheet_all_the_same() -> None:
    assert len(draw_wave_sheet("WV-1", [], "a4")) == 1 == len(printed_as("pdf", draw_pick_list("", "库", [], "a4"))[:1])


def test_a_slip_names_the_goods_and_is_found_by_its_barcode() -> None:
    sheets = draw_slip(SlipHead("OL1-1", "OL1", "店", "33", "送人"), [SlipLine("M-1", "杯", 2)], "100x150")
    assert barcodes(printed_as("png", sheets)) == {"OL1-1"}


def test_the_same_label_is_the_same_pdf() -> None:
    assert printed_as("pdf", [_sheet()]) == printed_as("pdf", [_sheet()])


def test_a_carriers_own_document_is_printed_as_it_is_or_made_into_what_the_printer_takes() -> None:
    png, zpl = printed_as("png", [_sheet()]), b"^XA^FDx^FS^XZ"
    for told in (png, base64.b64encode(png), b"data:image/png;base64," + base64.b64encode(png)):
        assert document_in(told) == ("png", png)
    assert document_in(b"\n" + zpl) == ("zpl", zpl) and document_in(b'{"encryptedData": "x"}') is None
    assert document_in(b"<html></html>") is None is document_in(b"")
    assert document_as("zpl_hex", "zpl", zpl, "100x150") == zpl
    [picture] = from_zpl(document_as("zpl", "png", png, "76x130"))
    assert picture.size == (608, 1040) and document_as("pdf", "png", png, "100x150").startswith(b"%PDF")
    with pytest.raises(NotKept):
        document_as("zpl", "pdf", b"%PDF-1.4", "100x150")
    with pytest.raises(NotKept):
        document_as("zpl", "png", png[:60], "100x150")


def test_a_half_transparent_picture_of_a_carrier_is_white_where_it_shows_through() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (80, 40), (0, 0, 0, 0)).save(out, "PNG")
    [picture] = from_zpl(document_as("zpl", "png", out.getvalue(), "76x130"))
    assert picture.convert("L").getextrema() == (255, 255)
