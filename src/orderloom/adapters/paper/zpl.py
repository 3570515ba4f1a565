"""Pictures as ZPL: one graphic field of the whole label, which every printer that speaks ZPL draws dot for dot.

    ^GFA,bytes,bytes,bytes a row,:Z64:base64 of zlib:CRC     small; printers of the make, and most clones
    ^GFA,bytes,bytes,bytes a row,hex with run lengths        larger; clones that do not know the first

A dot is 1 where it is black. The CRC is CRC-16/XMODEM over the base64, four hex digits (ZPL II Programming Guide, ^GF).
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib

from PIL import Image

DOTS_MAX = 4_000_000
INVERTED = bytes(range(255, -1, -1))
_RUNS = re.compile(r"([0-9A-F])\1*")
_FIELD = re.compile(r"\^GFA,(\d+),(\d+),(\d+),([^^]*)")
_COUNTED = re.compile(r"([g-zG-Y]*)([0-9A-F])")
_MANY, _FEW = "ghijklmnopqrstuvwxyz", "GHIJKLMNOPQRSTUVWXY"
"""Letters that stand for 20, 40 … 400 and for 1, 2 … 19."""


def as_zpl(picture: Image.Image, *, is_hex: bool = False) -> bytes:
    """One label: printed once, from its top left corner."""
    assert picture.mode == "1" and picture.width % 8 == 0, "sheets are whole millimetres wide"
    row = picture.width // 8
    raw = picture.tobytes().translate(INVERTED)
    data = _hex(raw, row) if is_hex else _z64(raw)
    field = f"^GFA,{len(raw)},{len(raw)},{row},{data}^FS"
    return f"^XA^PW{picture.width}^LL{picture.height}^LH0,0^FO0,0{field}^PQ1^XZ\n".encode()


def from_zpl(code: bytes) -> list[Image.Image]:
    """The pictures of the graphic fields of ZPL that was made here."""
    found = []
    for total, _, row, data in _FIELD.findall(code.decode()):
        raw = _from_z64(data) if data.startswith(":Z64:") else _from_hex(data, int(row))
        assert len(raw) == int(total), "the field holds other bytes than it says"
        size = (int(row) * 8, int(total) // int(row))
        found.append(Image.frombytes("1", size, raw.translate(INVERTED)))
    return found


def crc(text: bytes) -> int:
    """CRC-16/XMODEM: polynomial 0x1021, from 0."""
    return binascii.crc_hqx(text, 0)


def _z64(raw: bytes) -> str:
    packed = base64.b64encode(zlib.compress(raw, 9))
    return f":Z64:{packed.decode()}:{crc(packed):04X}"


def _from_z64(data: str) -> bytes:
    packed, _, check = data.removeprefix(":Z64:").strip().rpartition(":")
    assert int(check, 16) == crc(packed.encode()), "the check sum is wrong"
    return zlib.decompress(base64.b64decode(packed), bufsize=DOTS_MAX)


def _hex(raw: bytes, row: int) -> str:
    """Rows of hex: `,` the rest is white, `!` the rest is black, `:` as the row before."""
    lines: list[str] = []
    before = ""
    for at in range(0, len(raw), row):
        line = raw[at:at + row].hex().upper()
        lines.append(":" if line == before else _counted(line))
        before = line
    return "".join(lines)


def _counted(line: str) -> str:
    kept = line.rstrip("0") if line.endswith("00") else line
    end = "," if kept != line else ""
    if not end and line.endswith("FF"):
        kept, end = line.rstrip("F"), "!"
    return "".join([_count(len(run[0])) + run[1] for run in _RUNS.finditer(kept)]) + end


def _count(length: int) -> str:
    if length == 1:
        return ""
    many, few = divmod(length, 20)
    letters = ""
    while many > 20:
        letters, many = letters + "z", many - 20
    return letters + (_MANY[many - 1] if many else "") + (_FEW[few - 1] if few else "")


def _from_hex(data: str, row: int) -> bytes:
    rows: list[str] = []
    line = ""
    for token in re.findall(r"[g-zG-Y]*[0-9A-F]|[,!:]", data):
        if token == ":":
            line = rows[-1]
        elif token in ",!":
            line = line.ljust(row * 2, "0" if token == "," else "F")
        else:
            line += token[-1] * (sum([_worth(letter) for letter in token[:-1]]) or 1)
        if len(line) == row * 2:
            rows.append(line)
            line = ""
    return bytes.fromhex("".join(rows))


def _worth(letter: str) -> int:
    return (_MANY.index(letter) + 1) * 20 if letter in _MANY else _FEW.index(letter) + 1
