"""The smallest mapping that reads an order, to which tests add what they are about."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec

from orderloom.blueprint.mapping import CompiledMapping, load_text

AT = datetime(2026, 3, 9, tzinfo=UTC)
HEAD = """
mapping: 1
documents:
  - topic: order
    produces: order
    fields:
      external_id: id
      revision: updated
      placed_at: created
      currency: {const: CNY}
      total: total
"""
LINES = """
    lines:
      each: lines
      fields: {external_id: id, sku_external: sku, quantity: qty, price: price}
"""


def compiled(text: str, statuses: str = "") -> CompiledMapping:
    """The mapping of a text, which has no mistake."""
    found = load_text(text, statuses, connector="acme")
    assert isinstance(found, CompiledMapping), "\n".join(map(str, found))
    return found


def read(text: str, body: Any, *, statuses: str = "", topic: str = "order", zone: str = "Asia/Shanghai") -> Any:
    """What becomes of one message: a draft, or its problems."""
    raw = body if isinstance(body, str) else msgspec.json.encode(body).decode()
    (result,) = compiled(text, statuses).read("AC01", zone, topic, raw, {"x-shop": "s1"}, AT)
    return result
