"""The shapes of mending: what is offered for a case, what somebody wishes, and what that would change."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from orderloom.application.preview import Preview
from orderloom.blueprint.mapping.fragment import Fragment
from orderloom.domain.likeness import Likeness
from orderloom.domain.words import Words


class MendChoice(msgspec.Struct, frozen=True):
    """One thing to choose: `key` is what is sent. A SKU has its reasons, units available to promise and last price."""

    key: str
    title: str
    words: Words | None = None
    is_best: bool = False
    score: int = 0
    reasons: list[Likeness] = []
    available: int | None = None
    price: int | None = None
    currency: str = ""


class Mend(msgspec.Struct, frozen=True):
    """A way to mend a case. `on`: messages, deliveries, order, goods, case, page. What works on an order goes by that
    order's own command `verb` and its preview; a page is at `page` with `ref`. `told`: what it is about, by name.
    `scope` is what the caller lacks, empty when it is allowed."""

    mend: str
    on: str
    is_best: bool
    scope: str
    needs_preview: bool
    told: dict[str, str | int] = {}
    choices: list[MendChoice] = []
    order: str = ""
    verb: str = ""
    page: str = ""
    ref: str = ""


class Try(msgspec.Struct, frozen=True):
    """What was tried by itself. `code`: replayed (times), sent (times), likeness (a candidate, not sure enough)."""

    code: str
    count: int
    at: datetime | None = None
    told: str = ""


class Mends(msgspec.Struct, frozen=True):
    """What is offered, the right way first; what was tried by itself; `waiting` messages are in the queue again."""

    mends: list[Mend]
    tries: list[Try]
    waiting: int = 0


class Evidence(msgspec.Struct, frozen=True):
    """The payload's part that matters, of one message of `count` that wait; null where none is about a message."""

    count: int = 0
    message: str = ""
    account: str = ""
    connector: str = ""
    topic: str = ""
    received_at: datetime | None = None
    external_id: str = ""
    payload: Fragment | None = None


class Corrected(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A value that stands in a message's body, by its path there, and what is to be read in its place."""

    path: str
    value: str | int | None


class NewSku(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A SKU that is not there yet."""

    code: str
    name: str = ""
    unit: str = ""


class MendWish(msgspec.Struct, frozen=True):
    """What somebody wants done, as far as the way asks for it. `reach` of an alias: shop, connector or all; unless
    `is_replaying` what waits stays where it is."""

    sku: str = ""
    new_sku: NewSku | None = None
    factor: int = 1
    reach: str = "shop"
    is_replaying: bool = True
    corrections: tuple[Corrected, ...] = ()
    dictionary: str = ""
    meaning: dict[str, Any] = {}
    warehouse: str = ""
    reason: str = ""
    token: str = ""


class ToldGoods(msgspec.Struct, frozen=True):
    """A line of an order in a row: units of the channel."""

    sku: str
    title: str
    quantity: int


class RowTold(msgspec.Struct, frozen=True):
    """What a row of the preview is about: the message, its order's lines, money and warehouse."""

    ref: str
    message: str
    received_at: datetime
    stage: str = ""
    goods: list[ToldGoods] = []
    paid: int | None = None
    currency: str = ""
    warehouse: str = ""


class MendPreview(Preview, frozen=True):
    """What all that waits for the case would become. `told` explains the rows, by their ref; of more than `total` were
    looked at only the first: `is_cut`."""

    told: list[RowTold] = []
    messages: int = 0
    is_cut: bool = False


class Mended(msgspec.Struct, frozen=True):
    """It is done: so many messages or deliveries go on by themselves; the case closes as they do."""

    released: int
    closed: bool = False
