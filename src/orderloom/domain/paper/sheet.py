"""A sheet as it is described before anybody draws it: blocks of text, barcodes and strokes, in dots of an eighth of a
millimetre.

A dot is that of a label printer of 203 dpi, so a sheet is whole dots there, and three times as many for a PDF."""

from __future__ import annotations

import msgspec

from orderloom.domain.paper.code128 import QUIET_MODULES, modules_of

DOTS_PER_MM = 8
MODULE_MAX = 4
"""Half a millimetre: wider bars are read no better."""
MODULE_MIN = 2
"""A quarter of one: narrower bars are not read off a thermal printer."""
TEXT_MIN = 16
"""Two millimetres: smaller signs cannot be read."""
SIZES: dict[str, tuple[int, int]] = {
    "76x130": (76, 130), "100x150": (100, 150), "100x180": (100, 180), "60x40": (60, 40), "a4": (210, 297),
}
"""Paper by its name: width and height in mm. The first three are those of carriers, the fourth of shelves."""


class TextBlock(msgspec.Struct, frozen=True):
    """Text in a rectangle, never outside of it: broken where it must be, drawn smaller down to `size_min` where it does
    not fit, and cut with an ellipsis where even that is too large. `is_whole`: it may not be cut."""

    x: int
    y: int
    width: int
    height: int
    text: str
    size: int
    size_min: int = TEXT_MIN
    is_bold: bool = False
    is_whole: bool = False
    is_one_line: bool = False
    align: str = "left"
    """left, centre or right."""


class BarBlock(msgspec.Struct, frozen=True):
    """A Code 128 barcode in a rectangle that holds its quiet zones too."""

    x: int
    y: int
    width: int
    height: int
    code: str

    @property
    def module(self) -> int:
        """Dots of its narrowest bar, as many as fit; 0: it cannot be drawn here so that it is read."""
        count = len(modules_of(self.code)) + 2 * QUIET_MODULES
        fits = min(MODULE_MAX, self.width // count)
        return fits if fits >= MODULE_MIN else 0


class Stroke(msgspec.Struct, frozen=True):
    """A filled rectangle: a line."""

    x: int
    y: int
    width: int
    height: int


Block = TextBlock | BarBlock | Stroke


class Sheet(msgspec.Struct, frozen=True):
    """One sheet; `width` and `height` in dots."""

    width: int
    height: int
    blocks: tuple[Block, ...]


def mm(count: int) -> int:
    """Dots of so many millimetres."""
    return count * DOTS_PER_MM


def size_of(name: str) -> tuple[int, int]:
    """Width and height in dots of a size that there is."""
    width, height = SIZES[name]
    return mm(width), mm(height)


class Paper(msgspec.Struct, frozen=True):
    """A paper before it is in a printer's form: sheets, or in `told` what a carrier gave to print its label."""

    sheets: tuple[Sheet, ...] = ()
    told: bytes = b""
