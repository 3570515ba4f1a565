"""Which orders a text finds: it stands in their document, or it is a whole phone number or the last digits of one.

The document is compared in the end, whatever led to it. Three ways lead to it: pairs of letters (of the order's own
numbers; as bigrams those of whole documents from before 0.2), the product words that hold the text, and, where it is in
so many of them that most orders will do, the orders themselves from the newest on.
"""

from __future__ import annotations

import re
from typing import Any

from orderloom.application.identity.sight import SIGHT
from orderloom.application.publish import grams, pairs, words
from orderloom.application.queries.order_lead import Condition
from orderloom.application.queries.sql import Connection
from orderloom.statements import beside

SQL = beside(__file__)
GRAMS_MAX = 8
"""About how many bigrams of a text are looked up."""
TERMS_MAX = 1_000
SAMPLED, COMMON = 500, 10
"""A text that stands in so many of so many documents, the newest, is met soon enough by reading them in turn."""
BY_GRAMS = (
    "select order_id as id from order_search "
    "where pairs is null and grams @> %(grams)s and strpos(document, %(q)s) > 0"
)
BY_PAIRS = "select order_id as id from order_search where pairs @> %(pairs)s::integer[] and strpos(document, %(q)s) > 0"
BY_WORDS = "select order_id as id from order_search where words && %(words)s::integer[] and strpos(document, %(q)s) > 0"
BY_ITSELF = "select order_id as id from order_search where strpos(document, %(q)s) > 0"
OF_ORDER = "exists (select 1 from order_search s where s.order_id = orders.id and strpos(s.document, %(q)s) > 0)"


async def searched(
    connection: Connection, q: str, phone: bytes | None, values: dict[str, Any], after: str | None,
) -> list[str]:
    """Conditions for the newest orders that the text finds; what they need is added to `values`. Nothing else is asked
    for, so the newest page of each way is enough, however many orders hold the text."""
    values["q"] = text = q.strip().lower()
    ways = [*(await _by_document(connection, text, values) or [BY_ITSELF]), *_by_phone(text, phone, values)]
    older = "" if after is None else " and {key} < %(after)s::uuid"
    newest = [f"(select id from ({way}{older.format(key=way.split()[1])}) b order by id desc limit %(limit)s)"
              for way in ways]
    return [f"id in ({' union '.join(newest)})"]


async def text_condition(
    connection: Connection, q: str, phone: bytes | None, values: dict[str, Any],
) -> Condition:
    """The text as one of several filters, or in another order; what it needs is added to `values`."""
    values["q"] = text = q.strip().lower()
    ways, others = await _by_document(connection, text, values), _by_phone(text, phone, values)
    if not ways or await _is_common(connection, text):
        return Condition(f"({' or '.join([OF_ORDER, *[f'id in ({way})' for way in others]])})")
    every = " union ".join([*ways, *others])
    return Condition(f"id in ({every})", every)


async def _is_common(connection: Connection, text: str) -> bool:
    rows = await connection.execute(SQL["sampled"], {"q": text, "sampled": SAMPLED})
    row = await rows.fetchone()
    return row is not None and int(row[0]) >= COMMON


async def _by_document(connection: Connection, text: str, values: dict[str, Any]) -> list[str]:
    """The ways to documents that may hold the text; none when it is in too many words to begin with them.

    A document that holds the text holds the longest of its words within one word.
    """
    word = max(words(text), key=len, default="")
    values["grams"] = chosen = _chosen(word)
    values["pairs"] = pairs(" ".join(chosen))
    rows = await connection.execute(SQL["terms"], {"grams": chosen, "term": word, "limit": TERMS_MAX + 1})
    values["words"] = [row[0] for row in await rows.fetchall()]
    if len(values["words"]) > TERMS_MAX:
        return []
    return [BY_PAIRS, BY_GRAMS, BY_WORDS] if values["words"] else [BY_PAIRS, BY_GRAMS]


def _chosen(word: str) -> list[str]:
    """A few bigrams narrow enough, and each one more is another long list to intersect; the text is compared anyway."""
    found = grams(word)
    return found[::max(len(found) // GRAMS_MAX, 1)]


def _by_phone(text: str, phone: bytes | None, values: dict[str, Any]) -> list[str]:
    """A whole phone number, the last four digits of one; nobody finds by them who does not see receivers."""
    ways: list[str] = []
    if not SIGHT.get().sees("receiver"):
        return ways
    if phone is not None:
        ways.append("select id from orders where receiver_phone_index = %(phone)s")
        values["phone"] = phone
    if re.fullmatch(r"[0-9]{4}", text):
        ways.append("select id from orders where receiver_phone_last4 = %(q)s")
    return ways
