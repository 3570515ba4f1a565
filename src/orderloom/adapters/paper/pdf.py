"""Pictures as a PDF: a page each, of the very size of its paper. The same pictures are the same bytes."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

from PIL import Image


def as_pdf(pictures: Sequence[Image.Image], dots_per_mm: int) -> bytes:
    """A page for each picture, in black and white, packed without loss."""
    count = len(pictures)
    kids = " ".join([f"{3 + 3 * at} 0 R" for at in range(count)])
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Count {count} /Kids [{kids}] >>".encode()]
    for at, picture in enumerate(pictures):
        objects += _page(3 + 3 * at, picture, dots_per_mm)
    return _file(objects)


def _page(number: int, picture: Image.Image, dots_per_mm: int) -> list[bytes]:
    width, height = (f"{side * 72 / 25.4 / dots_per_mm:.3f}" for side in picture.size)
    shown = f"q {width} 0 0 {height} 0 0 cm /P Do Q".encode()
    packed = zlib.compress(picture.convert("1").tobytes(), 9)
    about = (f"/Type /XObject /Subtype /Image /Width {picture.width} /Height {picture.height} /ColorSpace /DeviceGray "
             f"/BitsPerComponent 1 /Filter /FlateDecode")
    return [
        (f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Contents {number + 1} 0 R "
         f"/Resources << /XObject << /P {number + 2} 0 R >> >> >>").encode(),
        _stream("", shown), _stream(about, packed),
    ]


def _stream(about: str, content: bytes) -> bytes:
    return f"<< {about} /Length {len(content)} >>\nstream\n".encode() + content + b"\nendstream"


def _file(objects: Sequence[bytes]) -> bytes:
    out, places = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join([f"{place:010d} 00000 n \n".encode() for place in places])
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)
