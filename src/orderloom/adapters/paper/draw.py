"""Draws a sheet as a picture of black and white: text with the font that the hub brings along, bars of whole dots.

Text is drawn without grey, for a label printer has none. Nothing is ever drawn outside of its block, so what somebody
wrote in an address cannot reach a barcode.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import manimgx_fonts_cjk
from PIL import Image, ImageDraw, ImageFont

from orderloom.application.not_kept import NotKept
from orderloom.domain.paper.code128 import modules_of
from orderloom.domain.paper.sheet import BarBlock, Sheet, Stroke, TextBlock

FONT = Path(manimgx_fonts_cjk.__file__).with_name("NotoSansCJK-VF.otf.ttc")
SIMPLIFIED = 2
"""The face of the collection that has Chinese shapes."""
WHITE = 255
WEIGHTS = {False: 400, True: 700}
SIGNS_MAX = 4_000
"""Of one block: more could never be read on it."""
LINES_MAX = 200


def draw(sheet: Sheet, scale: int = 1) -> Image.Image:
    """The sheet as a picture, `scale` pixels for each dot. Raises NotKept when a text that must stand there in full
    does not fit."""
    picture = Image.new("1", (sheet.width * scale, sheet.height * scale), WHITE)
    pen = ImageDraw.Draw(picture)
    for block in sheet.blocks:
        if isinstance(block, BarBlock):
            _bars(pen, block, scale)
        elif isinstance(block, Stroke):
            _fill(pen, block.x, block.y, block.width, block.height, scale)
        else:
            _text(picture, block, scale)
    return picture


def _fill(pen: ImageDraw.ImageDraw, x: int, y: int, width: int, height: int, scale: int) -> None:
    pen.rectangle((x * scale, y * scale, (x + width) * scale - 1, (y + height) * scale - 1), fill=0)


def _bars(pen: ImageDraw.ImageDraw, block: BarBlock, scale: int) -> None:
    modules = modules_of(block.code)
    x = block.x + (block.width - len(modules) * block.module) // 2
    for place, module in enumerate(modules):
        if module == "1":
            _fill(pen, x + place * block.module, block.y, block.module, block.height, scale)


def _text(picture: Image.Image, block: TextBlock, scale: int) -> None:
    text = _plain(block.text)
    if not text:
        return
    width, height = block.width * scale, block.height * scale
    size, lines, is_whole = _fitted(text, block, width, height, scale)
    if block.is_whole and not is_whole:
        raise NotKept("not_possible", f"这段文字太长，纸上放不下，请改短或换大一号的纸（{len(text)} 个字）",
                      f"a text is too long for this paper: shorten it, or take larger paper ({len(text)} signs)")
    font, step = _font(size, block.is_bold), _step(size)
    part = Image.new("1", (width, height), WHITE)
    pen = ImageDraw.Draw(part)
    for place, line in enumerate(lines):
        free = width - font.getlength(line)
        x = {"left": 0.0, "centre": free / 2, "right": free}[block.align]
        base = place * step + (step - size) // 2 + size * 22 // 25
        pen.text((max(0.0, x), base), line, font=font, fill=0, anchor="ls")
    picture.paste(part, (block.x * scale, block.y * scale))


def _plain(text: str) -> str:
    """No signs that draw nothing or turn the direction of writing."""
    kept = [sign if sign.isprintable() else "\n" if sign == "\n" else " " for sign in text[:SIGNS_MAX]]
    return "".join(kept).strip()


def _fitted(text: str, block: TextBlock, width: int, height: int, scale: int) -> tuple[int, list[str], bool]:
    """Size in pixels and lines with which it fits, and whether all of it does."""
    size = block.size
    while True:
        font = _font(size * scale, block.is_bold)
        room = 1 if block.is_one_line else max(1, height // _step(size * scale))
        lines = broken(text, font, width, room + 1)
        if len(lines) <= room and _step(size * scale) <= height:
            return size * scale, lines, True
        if size <= block.size_min:
            return size * scale, [*lines[:room - 1], _cut(lines[room - 1], font, width)], False
        size = max(block.size_min, size - max(2, size // 10))


def broken(text: str, font: ImageFont.FreeTypeFont, width: int, most: int) -> list[str]:
    """Lines that are not wider than `width`, at most so many; Chinese breaks anywhere, other words at blanks if they
    can."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        rest = paragraph
        while len(lines) < min(most, LINES_MAX):
            taken = _taken(rest, font, width)
            lines.append(rest[:taken].rstrip())
            rest = rest[taken:].lstrip()
            if not rest:
                break
    return lines[:most]


def _taken(rest: str, font: ImageFont.FreeTypeFont, width: int) -> int:
    """How many signs go on one line, at least one."""
    low, high = 1, min(len(rest), 400)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if font.getlength(rest[:middle]) <= width else (low, middle - 1)
    if low < len(rest) and rest[low - 1].isascii() and rest[low].isascii() and not rest[low].isspace():
        blank = rest.rfind(" ", 0, low)
        return blank + 1 if blank > low // 2 else low
    return max(low, 1)


def _cut(line: str, font: ImageFont.FreeTypeFont, width: int) -> str:
    while line and font.getlength(f"{line}…") > width:
        line = line[:-1]
    return f"{line}…"


def _step(size: int) -> int:
    return size + max(2, size // 6)


@lru_cache(64)
def _font(size: int, is_bold: bool) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(FONT, size, index=SIMPLIFIED, layout_engine=ImageFont.Layout.BASIC)
    font.set_variation_by_axes([WEIGHTS[is_bold]])
    return font
