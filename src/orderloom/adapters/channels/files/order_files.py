"""Files of orders that a person hands over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from orderloom.adapters.channels.files.names import shown
from orderloom.adapters.channels.files.reader import Reader
from orderloom.adapters.channels.files.vouchers import vouchers
from orderloom.application.ports import Account, Item


class OrderFiles:
    """See `application.import_files.Files`."""

    def reader(self, account: Account) -> Reader:
        """A reader with the account's settings."""
        return Reader(account)

    def vouchers(self, path: Path) -> Iterator[Item]:
        """The file itself, byte for byte."""
        return vouchers(path)

    def shown(self, name: str) -> str:
        """A name as it can be shown."""
        return shown(name)
