"""What people edited of a connector's mapping for one account, as it is carried with the account."""

from __future__ import annotations

import msgspec

WORDS = "words"
"""The topic of an override that adds words to the status dictionaries, for all documents of the account."""


class Override(msgspec.Struct, frozen=True):
    """One edited mapping in force; `content` is a text in YAML or JSON (`blueprint/mapping/override.py`: Edited)."""

    topic: str
    version: int
    digest: str
    content: str

    @property
    def label(self) -> str:
        """Such as `order@3`: what a message keeps of who read it."""
        return f"{self.topic}@{self.version}"
