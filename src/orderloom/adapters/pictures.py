"""Pictures of goods on this machine's disk, named by the SHA-256 of their bytes: the same picture is stored once."""

from __future__ import annotations

import os
import re
from hashlib import sha256
from pathlib import Path

BYTES_MAX = 5 << 20
_NAME = re.compile(r"[0-9a-f]{64}")
_MAGIC = (
    (b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)


class Pictures:
    """See `application.show_picture.PictureStore`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def kind_of(self, content: bytes) -> str:
        """The media type by the first bytes; empty for what is no picture that browsers only show. No SVG: it may carry
        a program."""
        if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
            return "image/webp"
        return next((kind for magic, kind in _MAGIC if content.startswith(magic)), "")

    def put(self, content: bytes) -> str:
        """Store the bytes durably; returns their name."""
        name = sha256(content).hexdigest()
        place = self._place(name)
        if not place.exists():
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            part = place.with_suffix(f".{os.getpid()}.part")
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            part.replace(place)
        return name

    def get(self, name: str) -> bytes | None:
        """The bytes under a name; None when they are not on this machine, or are not what they were."""
        if not _NAME.fullmatch(name):
            return None
        place = self._place(name)
        content = place.read_bytes() if place.is_file() else None
        return content if content is not None and sha256(content).hexdigest() == name else None

    def _place(self, name: str) -> Path:
        return self._folder / name[:2] / name
