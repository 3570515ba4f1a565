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
from orderloom.application.ports import Item, Page, Transient

UNREADABLE = "unreadable"
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
    own = urlsplit(platform.account.base_url).scheme
    if urlsplit(url).scheme not in ("https", own):
        raise Transient("unreadable_answer", f"{name}: no address of a file")
    try:
        answer = await platform.http.request("GET", url)
    except (httpx2.RequestError, httpx2.InvalidURL, UnicodeError) as error:
        raise Transient("unreachable", f"{name}: {type(error).__name__}") from error
    if answer.status_code != httpx2.codes.OK:
        raise Transient("unreachable", f"{name}: HTTP {answer.status_code} for the file")
    body = answer.content
    if packed.upper() == "GZIP" and body[:2] == b"\x1f\x8b":
        opener = zlib.decompressobj(GZIP)
        try:
            body = opener.decompress(body, BYTES_MAX + 1)
        except zlib.error:
            return None
        if not opener.eof:
            return None
    if len(body) > BYTES_MAX or (packed and packed.upper() != "GZIP"):
        return None
    charset = answer.headers.get("content-type", "").partition("charset=")[2].partition(";")[0].strip(" \"'")
    return _Fetched(body, charset)
