"""Files of orders that a person hands over."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from orderloom.adapters.channels.files.error_file import error_file
from orderloom.adapters.channels.files.vouchers import vouchers
from orderloom.adapters.spreadsheets.columns import is_read
from orderloom.adapters.spreadsheets.names import shown
from orderloom.adapters.spreadsheets.reader import Reader
from orderloom.application.import_errors import FailedItem
from orderloom.application.import_options import ImportOptions
from orderloom.application.ports import Account, Item


class OrderFiles:
    """See `application.import_files.Files`."""

    def reader(self, account: Account) -> Reader:
        """A reader with the account's settings."""
        return Reader(account)

    def vouchers(self, path: Path) -> Iterator[Item]:
        """The file itself, byte for byte."""
        return vouchers(path)

    def digest(self, path: Path) -> str:
        """SHA-256 of the file."""
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def shown(self, name: str) -> str:
        """A name as it can be shown."""
        return shown(name)

    def wrong_names(self, options: ImportOptions) -> list[str]:
        """Names that should be columns of ours and are none."""
        return [name for name in (*options.columns.values(), *options.constants) if not is_read(name)]

    def errors(self, items: Iterable[FailedItem]) -> tuple[str, bytes]:
        """Suffix and bytes of a file with these rows and why each of them stayed."""
        return error_file(items)
