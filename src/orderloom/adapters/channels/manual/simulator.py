"""A clerk at the telephone: what is bought, as it is typed into the hub's API or form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orderloom.adapters.simulated.draw import amount

ASKED = ("name", "phone", "province", "city", "district", "detail", "postcode", "country")


def typed(purchase: Mapping[str, Any], account: str = "") -> dict[str, Any]:
    """The body of POST /api/v1/orders for a purchase."""
    currency, receiver = str(purchase["currency"]), purchase["receiver"]
    return {
        **({"account": account} if account else {}), "currency": currency,
        "payment": "paid" if purchase.get("paid_at") else "unpaid", "buyer": purchase["buyer"],
        "note": purchase.get("note") or "", "freight": amount(purchase["freight"], currency),
        "discount": amount(purchase["discount"], currency),
        "lines": [{"sku": line["sku"], "title": line["title"], "quantity": line["quantity"],
                   "price": amount(line["price"], currency), "discount": amount(line["discount"], currency)}
                  for line in purchase["lines"]],
        "receiver": {name: receiver[name] for name in ASKED if receiver.get(name)},
    }  # fmt: skip
