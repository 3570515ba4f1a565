"""Cut order pages and item pages into exact byte slices, and put an order and its items together for landing.

SP-API v0 answers an order without its items; the items are a second call. What is landed is one body:

    {"Order":<bytes of the order in the page>,"OrderItems":<bytes of the items array>}

Both parts are the platform's own bytes. Only when the items came on several pages is the array itself put together:
a bracket, the elements' exact bytes joined by commas, a bracket.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import msgspec

from orderloom.adapters.halving import NotTheAnswer


class _Orders(msgspec.Struct, frozen=True):
    Orders: list[msgspec.Raw]
    NextToken: str | None = ""
    LastUpdatedBefore: str | None = ""


class _OrdersEnvelope(msgspec.Struct, frozen=True):
    payload: _Orders


class _Items(msgspec.Struct, frozen=True):
    OrderItems: msgspec.Raw
    NextToken: str | None = ""


class _ItemsEnvelope(msgspec.Struct, frozen=True):
    payload: _Items


class _Pagination(msgspec.Struct, frozen=True, rename="camel"):
    next_token: str | None = ""


class _Search(msgspec.Struct, frozen=True, rename="camel"):
    orders: list[msgspec.Raw]
    pagination: _Pagination | None = None
    last_updated_before: str | None = ""


class Order(msgspec.Struct, frozen=True):
    """What is read of an order while it is cut; texts that are not there, or no texts, are empty."""

    AmazonOrderId: str = ""
    LastUpdateDate: str = ""


class OrderPage(msgspec.Struct, frozen=True):
    """One page of (order, its exact slice). `horizon` is the platform's `LastUpdatedBefore` ("" when absent)."""

    orders: tuple[tuple[Order, bytes], ...]
    next_token: str
    horizon: str


_Kind = TypeVar("_Kind", _OrdersEnvelope, _ItemsEnvelope, _Search, list[msgspec.Raw])


def cut_orders(body: bytes) -> OrderPage:
    """Cut the answer of getOrders; raises NotTheAnswer."""
    page = _decode(body, _OrdersEnvelope).payload
    orders = tuple((_read(bytes(raw), "AmazonOrderId", "LastUpdateDate"), bytes(raw)) for raw in page.Orders)
    return OrderPage(orders, page.NextToken or "", page.LastUpdatedBefore or "")


def cut_search(body: bytes) -> OrderPage:
    """Cut the answer of searchOrders (2026-01-01), whose orders hold their items; raises NotTheAnswer."""
    page = _decode(body, _Search)
    orders = tuple((_read(bytes(raw), "orderId", "lastUpdatedTime"), bytes(raw)) for raw in page.orders)
    token = page.pagination.next_token if page.pagination else ""
    return OrderPage(orders, token or "", page.last_updated_before or "")


def _read(raw: bytes, number: str, changed: str) -> Order:
    """Whose it is and when it changed: of a record that says neither, nothing; its neighbours are whole."""
    said = msgspec.json.decode(raw)
    known = said if isinstance(said, dict) else {}
    texts = [text if isinstance(text := known.get(name), str) else "" for name in (number, changed)]
    return Order(*texts)


def cut_items(body: bytes) -> tuple[bytes, str]:
    """The items array of one getOrderItems answer and the token of the next page ("" on the last)."""
    page = _decode(body, _ItemsEnvelope).payload
    return bytes(page.OrderItems), page.NextToken or ""


def join_items(arrays: Sequence[bytes]) -> bytes:
    """One array from the arrays of several pages; a single one is left untouched."""
    if len(arrays) == 1:
        return arrays[0]
    elements = [bytes(raw) for array in arrays for raw in _decode(array, list[msgspec.Raw])]
    return b"[" + b",".join(elements) + b"]"


def compose(order: bytes, items: bytes) -> bytes:
    """The body to land: the order and its items, byte for byte."""
    return b'{"Order":' + order + b',"OrderItems":' + items + b"}"


def _decode(body: bytes, kind: type[_Kind]) -> _Kind:
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.DecodeError as error:
        raise NotTheAnswer(str(error)) from error
