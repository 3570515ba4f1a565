"""Fetches files that a list of a platform names - reports that it prepares - and cuts them into messages by their rows.

The address stands in an answer: it is the platform's word and gets none of our secrets.
"""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import httpx2

from orderloom.adapters.kit.cut import parsed
from orderloom.adapters.kit.dropped import BYTES_MAX, rows_as_messages
from orderloom.adapters.kit.paths import look, text
from orderloom.adapters.kit.plan import ListPlan
from orderloom.adapters.kit.platform import Platform
from orderloom.application.ports import UNREADABLE, Item, Page, Transient

GZIP = 16 + zlib.MAX_WBITS
EXCERPT = 1_000


class _Fetched(NamedTuple):
    body: bytes
    charset: str


async def told_files(
    platform: Platform, plan: ListPlan, found: Sequence[bytes], names: Mapping[str, Any],
) -> AsyncIterator[Page]:
    """The messages of each file, a page a file. Raises Transient or Terminal."""
    assert plan.filed is not None
    said, question = plan.filed
    for body in found:
        record = parsed(body) or {}
        key = text(look(record, plan.said.each.id))
        answer = await platform.ask(question, {**names, "record": record, "id": key})
        url, packed = text(look(answer.data, said.url)), text(look(answer.data, said.packed))
        fetched = await _fetch(platform, question.name, url, packed)
        kept = tuple((name, text(look(record, path))) for name, path in said.keep.items())
        items: tuple[Item, ...] = ()
        problem = f"{question.name}: over {BYTES_MAX} bytes, or packed as nobody knows"
        if fetched is not None:
            items, problem = rows_as_messages(fetched.body, plan.said.each.topic, said.group, said.separator,
                                              fetched.charset)
        told = tuple(Item(one.topic, one.body, one.event_id, one.context + kept) for one in items)
        spoilt = Item(UNREADABLE, fetched.body[:EXCERPT] if fetched else url.partition("?")[0].encode())
        yield Page(told if not problem else (spoilt,), (("file", key[:200]),), None, problem)


async def _fetch(platform: Platform, name: str, url: str, packed: str) -> _Fetched | None:
    """The file as it was before it was packed; None when it is too big or cannot be unpacked."""
    if _scheme(url) not in ("https", _scheme(platform.account.base_url)):
        raise Transient("unreadable_answer", f"{name}: no address of a file")
    try:
        answer = await platform.http.request("GET", url)
    except (httpx2.RequestError, httpx2.InvalidURL, UnicodeError) as error:
        raise Transient("unreachable", f"{name}: {type(error).__name__}") from error
    if answer.status_code != httpx2.codes.OK:
        raise Transient("unreachable", f"{name}: HTTP {answer.status_code} for the file")
    body = answer.content
    if packed.upper() == "GZIP" and body[:2] == b"\x1f\x8b":
        unpacked = _unpacked(body)
        if unpacked is None:
            return None
        body = unpacked
    if len(body) > BYTES_MAX or (packed and packed.upper() != "GZIP"):
        return None
    charset = answer.headers.get("content-type", "").partition("charset=")[2].partition(";")[0].strip(" \"'")
    return _Fetched(body, charset)


def _scheme(url: str) -> str:
    """How an address is gone to; "" where it is none."""
    try:
        return urlsplit(url).scheme
    except ValueError:
        return ""


def _unpacked(packed: bytes) -> bytes | None:
    """All parts of a gzip file, which may be several in a row; None when one is cut, broken, or it is too big."""
    found, rest = b"", packed
    while rest:
        opener = zlib.decompressobj(GZIP)
        try:
            found += opener.decompress(rest, BYTES_MAX + 1 - len(found))
        except zlib.error:
            return None
        if not opener.eof or len(found) > BYTES_MAX:
            return None
        rest = opener.unused_data.lstrip(b"\0")  # padded to whole blocks
    return found
