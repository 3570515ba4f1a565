"""How platforms cut a list into pages: by number, by offset, by cursor or key, by a Link header."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, NamedTuple, Protocol, TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import orjson

from orderloom.adapters.hiding import Hiding
from orderloom.adapters.simulated.trouble import Trouble


class Listed(Protocol):
    """Whatever stands in a list under an id: an order, an after-sale application."""

    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=Listed)


class Page(NamedTuple, Generic[T]):
    """What is shown of a list. `total` counts all of it; `next`: the cursor of the page after it, "" at the end."""

    rows: list[T]
    total: int
    has_more: bool
    next: str = ""


class Pages:
    """Cuts lists of orders, hides what is to be hidden, and lets things happen between two pages (`meanwhile`)."""

    def __init__(self, hiding: Hiding, trouble: Trouble) -> None:
        self._hiding, self._trouble = hiding, trouble
        self._doings: list[Callable[[], object]] = []

    def meanwhile(self, *doings: Callable[[], object]) -> None:
        """Let each of these happen after one more page of a list was shown: an order changes while it is walked."""
        self._doings += doings

    def by_number(self, rows: Sequence[T], number: int, size: int, first: int = 1) -> Page[T]:
        """Page `number` of pages counted from `first` (0 or 1). ValueError for a number before it."""
        if number < first or size < 1:
            raise ValueError("page")
        return self.by_offset(rows, (number - first) * size, size)

    def by_offset(self, rows: Sequence[T], offset: int, size: int) -> Page[T]:
        """The rows from `offset` on."""
        if offset < 0 or size < 1:
            raise ValueError("offset")
        is_following = offset > 0
        if is_following and self._trouble.take("repeated_page"):
            offset = 0
        return self._page(rows, offset, size, is_following=is_following)

    def by_cursor(
        self, rows: Sequence[T], cursor: str, size: int, key: Callable[[T], Any] | None = None
    ) -> Page[T]:
        """The rows after the cursor; ValueError for one that was not given here.

        Without `key` a cursor counts rows, and moves under who reads when rows come and go. With it the cursor is the
        last row's key (JSON values that sort as `rows` does, rising), and nothing is skipped.
        """
        after = read_cursor(cursor)
        if key is None:
            start = int(after) if cursor else 0
        else:
            start = next((n for n, row in enumerate(rows) if not cursor or key(row) > after), len(rows))
        if cursor and self._trouble.take("repeated_page"):
            start = 0
        page = self._page(rows, start, size, is_following=bool(cursor))
        if not page.has_more:
            return page
        last = start + size
        return page._replace(next=write_cursor(last if key is None else key(rows[last - 1])))

    def _page(self, rows: Sequence[T], start: int, size: int, *, is_following: bool) -> Page[T]:
        cut = {row.id: row for row in rows[start : start + size]}
        shown = self._hiding.page(list(cut), is_following=is_following)
        page = Page([cut[key] for key in shown], len(rows), len(rows) > start + size)
        if self._doings:
            self._doings.pop(0)()
        return page


def write_cursor(value: Any) -> str:
    """A text that only `read_cursor` reads."""
    return base64.urlsafe_b64encode(orjson.dumps(value)).decode()


def read_cursor(text: str) -> Any:
    """What `write_cursor` wrote; None for "". ValueError for anything else."""
    if not text:
        return None
    try:
        return orjson.loads(base64.urlsafe_b64decode(text))
    except (binascii.Error, ValueError) as error:
        raise ValueError("cursor") from error


def link(url: str, rel: str = "next", **changed: Any) -> str:
    """One entry of a Link header: the same address with some parameters changed (None: left out)."""
    parts = urlsplit(url)
    query = {**dict(parse_qsl(parts.query)), **changed}
    kept = urlencode({name: value for name, value in query.items() if value is not None})
    return f'<{urlunsplit(parts._replace(query=kept))}>; rel="{rel}"'


def some(ids: Iterable[str], found: Mapping[str, T], at_most: int) -> list[T]:
    """Details of ids that a list gave before; those that are not there are left out. ValueError: more than allowed."""
    wanted = [key for key in ids if key]
    if not wanted or len(wanted) > at_most:
        raise ValueError(f"1-{at_most} ids")
    return [found[key] for key in wanted if key in found]
