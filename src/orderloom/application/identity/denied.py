"""The "no" of this package."""

from __future__ import annotations


class Denied(Exception):
    """Who calls is not let in, or may not do this. `code` names a problem of the API; `detail` is `中文 | English`."""

    def __init__(self, code: str, detail: str, *, retry_after: int | None = None) -> None:
        super().__init__(f"{code}: {detail}")
        self.code, self.detail, self.retry_after = code, detail, retry_after
