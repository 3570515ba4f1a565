"""Cut a page of trades into the exact bytes of each trade, whatever its character set.

JSON is found by its ASCII marks, yet in GBK and GB18030 the second byte of a character may look like one (0x5C is a
backslash). So every character beyond ASCII is blotted out byte for byte, the blotted copy is parsed, and the cuts are
made in the original. Broken bytes are blotted out too: a spoilt note does not cost its neighbours on the page.
"""

from __future__ import annotations

import re

import msgspec

from orderloom.adapters.halving import NotTheAnswer

_GB_CHARACTER = re.compile(rb"[\x81-\xfe](?:[\x40-\x7e\x80-\xfe]|[\x30-\x39][\x81-\xfe][\x30-\x39])|[\x80-\xff]")
_HIGH_BYTES = re.compile(rb"[\x80-\xff]+")


class _Trades(msgspec.Struct, frozen=True):
    trade: list[msgspec.Raw] = []


class _Answer(msgspec.Struct, frozen=True):
    trades: _Trades = _Trades()
    total_results: int = 0
    has_next: bool = False


class _Envelope(msgspec.Struct, frozen=True):
    trades_sold_increment_get_response: _Answer


class Trade(msgspec.Struct, frozen=True):
    """What is read of a trade while it is cut: whose it is, how it stands, when it last changed (China time)."""

    tid: int | str = ""
    status: str = ""
    modified: str = ""


class TradePage(msgspec.Struct, frozen=True):
    """The trades of one page as exact byte slices, and what was read of each.

    `total` counts the window (0 when it was not asked for).
    """

    trades: tuple[bytes, ...]
    total: int
    has_next: bool
    read: tuple[Trade, ...] = ()


def cut(body: bytes, charset: str) -> TradePage:
    """Cut the answer of `taobao.trades.sold.increment.get`; `charset` is what its header declares.

    A page that does not parse in its likely character set is tried in the other. Raises NotTheAnswer when the body is
    not that answer in either.
    """
    patterns = (_GB_CHARACTER, _HIGH_BYTES) if _is_gb(body, charset) else (_HIGH_BYTES, _GB_CHARACTER)
    reasons = []
    for pattern in patterns:
        blotted = pattern.sub(lambda match: b"x" * len(match.group()), body)
        try:
            answer = msgspec.json.decode(blotted, type=_Envelope).trades_sold_increment_get_response
        except msgspec.DecodeError as error:
            reasons.append(str(error))
            continue
        read = tuple(_read(bytes(piece)) for piece in answer.trades.trade)
        originals = _originals(body, blotted, answer.trades.trade)
        return TradePage(originals, answer.total_results, answer.has_next, read)
    raise NotTheAnswer(reasons[0])


def _read(piece: bytes) -> Trade:
    try:
        return msgspec.json.decode(piece, type=Trade)
    except msgspec.DecodeError:
        return Trade()


def _originals(body: bytes, blotted: bytes, pieces: list[msgspec.Raw]) -> tuple[bytes, ...]:
    position, found = 0, []
    for piece in map(bytes, pieces):
        start = blotted.index(piece, position)
        position = start + len(piece)
        found.append(body[start:position])
    return tuple(found)


def _is_gb(body: bytes, charset: str) -> bool:
    name = charset.lower().replace("-", "").replace("_", "")
    if name.startswith("gb") or name == "cp936":
        return True
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return not name.startswith("utf")
    return False
