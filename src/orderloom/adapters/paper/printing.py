"""Sheets in the form that a printer or a reader takes, and a carrier's own document for what it is."""

from __future__ import annotations

import base64
import binascii
import io
from collections.abc import Sequence

from PIL import Image, UnidentifiedImageError

from orderloom.adapters.paper.draw import draw
from orderloom.adapters.paper.pdf import as_pdf
from orderloom.adapters.paper.zpl import DOTS_MAX, as_zpl
from orderloom.application.not_kept import NotKept
from orderloom.domain.paper.sheet import DOTS_PER_MM, Paper, Sheet, size_of

FINE = 3
"""A PDF goes to any printer: three pixels for each dot of a label printer, 610 dpi."""
_MAGIC = ((b"%PDF-", "pdf"), (b"\x89PNG\r\n\x1a\n", "png"), (b"^XA", "zpl"), (b"~DG", "zpl"))


def paper_as(form: str, paper: Paper, size: str) -> bytes:
    """A paper in a form: what its carrier gave to be printed as it is, else its sheets. Raises NotKept."""
    if (own := document_in(paper.told) if paper.told else None) is not None:
        return document_as(form, *own, size)
    return printed_as(form, paper.sheets)


def document_kind(content: bytes) -> str:
    """What a document is, by its first bytes: pdf, png or zpl."""
    return next((kind for magic, kind in _MAGIC if content.startswith(magic)), "zpl")


def printed_as(form: str, sheets: Sequence[Sheet]) -> bytes:
    """Sheets as `zpl`, `zpl_hex`, `pdf` or `png` (of the first alone). Raises NotKept."""
    if form == "pdf":
        return as_pdf([draw(sheet, FINE) for sheet in sheets], DOTS_PER_MM * FINE)
    if form == "png":
        return _png(draw(sheets[0]))
    return b"".join([as_zpl(draw(sheet), is_hex=form == "zpl_hex") for sheet in sheets])


def document_in(told: bytes) -> tuple[str, bytes] | None:
    """A carrier's own document in what it answered, as it is or in base64: its kind (pdf, png, zpl) and its bytes."""
    head = told.lstrip()[:64]
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind, told.lstrip()
    text = told.strip()
    if text.startswith(b"data:"):
        text = text.partition(b",")[2]
    try:
        plain = base64.b64decode(b"".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    return next(((kind, plain) for magic, kind in _MAGIC if plain.startswith(magic)), None)


def document_as(form: str, kind: str, content: bytes, size: str) -> bytes:
    """A carrier's document as `form`. Raises NotKept where it cannot be made into that."""
    if form.removesuffix("_hex") == kind:
        return content
    if kind == "png":
        picture = _fitted(content, size)
        if form == "pdf":
            return as_pdf([picture], DOTS_PER_MM)
        return as_zpl(picture, is_hex=form == "zpl_hex")
    raise NotKept("not_possible", f"承运商给的是 {kind.upper()}，这里打不成 {form}；请用 {kind.upper()} 的打印机",
                  f"the carrier gave {kind.upper()}, which cannot be made into {form}: take a printer for that")


def _fitted(content: bytes, size: str) -> Image.Image:
    try:
        with Image.open(io.BytesIO(content), formats=("PNG",)) as found:
            if found.width * found.height > DOTS_MAX * 4:
                raise NotKept("not_possible", "承运商给的图片太大", "the carrier's picture is too large")
            plain = Image.new("L", found.size, 255)
            shown = found.convert("RGBA")
            plain.paste(shown.convert("L"), mask=shown.getchannel("A"))
    except (UnidentifiedImageError, OSError) as error:
        raise NotKept("not_possible", "承运商给的图片打不开", "the carrier's picture cannot be opened") from error
    width, height = size_of(size)
    if plain.size != (width, height):
        ratio = min(width / plain.width, height / plain.height)
        plain = plain.resize((max(1, int(plain.width * ratio)), max(1, int(plain.height * ratio))))
    page = Image.new("L", (width, height), 255)
    page.paste(plain)
    return page.point(lambda value: 255 if value > 127 else 0).convert("1", dither=Image.Dither.NONE)


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG", dpi=(DOTS_PER_MM * 25.4, DOTS_PER_MM * 25.4))
    return out.getvalue()
