"""The older door of the simulated shop: REST, with its leaky bucket of calls and its `errors`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from orderloom.adapters.channels.shopify.simulated_listing import (
    FILTERS,
    LIST,
    ParameterRefused,
    Question,
    refuse_unknown,
)
from orderloom.adapters.channels.shopify.simulated_shop import Shop
from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked, Call
from orderloom.adapters.simulated.refused import Refused


class RestRefused(Refused):
    """A no with the platform's `errors`: by field, or a text."""

    def __init__(self, errors: dict[str, Any], status: int) -> None:
        super().__init__("", str(errors), status=status)
        self.errors = errors


@dataclass(slots=True)
class Row:
    """An order in a list, and what it is sorted by."""

    id: str
    key: list[Any]


class RestShop(Shop):
    """What the REST API answers."""

    def rest(self) -> dict[str, Call]:
        """Its calls by name."""
        base, order = "/admin/api/{version}", "/admin/api/{version}/orders/{id}"
        return {
            "shop.json": Call(self._shop, at=f"GET {base}/shop.json"),
            "orders.json": Call(self._list, " ".join(LIST), at=f"GET {base}/orders.json"),
            "count.json": Call(self._count, " ".join(FILTERS), at=f"GET {base}/orders/count.json"),
            "order.json": Call(self._one, "fields", at=f"GET {order}.json"),
            "fulfillments.json": Call(self._fulfillments, "limit", at=f"GET {order}/fulfillments.json"),
            "fulfillment_orders.json": Call(self._work, at=f"GET {order}/fulfillment_orders.json"),
            "fulfill.json": Call(self._fulfill, "fulfillment", at=f"POST {base}/fulfillments.json", is_write=True),
            "levels.json": Call(self._levels, "inventory_item_ids location_ids",
                                at=f"GET {base}/inventory_levels.json"),
            "set_level.json": Call(self._set_level, "inventory_item_id location_id available disconnect_if_necessary",
                                   at=f"POST {base}/inventory_levels/set.json", is_write=True),
        }  # fmt: skip

    def _asked_of(self, asked: Asked, known: frozenset[str]) -> Question:
        try:
            return Question(asked.query, known)
        except ParameterRefused as refused:
            raise RestRefused(refused.errors, 400) from refused

    def _refuse_unknown(self, asked: Asked, call: Call) -> None:
        """REST says which parameter it does not know; the answer names it."""
        if not asked.name.endswith(".json"):
            super()._refuse_unknown(asked, call)
            return
        try:
            refuse_unknown(asked.args, frozenset(call.known.split()))
        except ParameterRefused as refused:
            raise RestRefused(refused.errors, 400) from refused

    def _shop(self, asked: Asked) -> dict[str, Any]:
        return {"shop": {"id": 1, "name": "Demo Shop", "iana_timezone": str(self.zone)}}

    def _list(self, asked: Asked) -> dict[str, Any]:
        question = self._asked_of(asked, LIST)
        rows = [Row(str(one["id"]), question.key(one)) for one in self._asked_for(question)]
        rows.sort(key=lambda row: row.key)
        page = self.pages.by_cursor(rows, question.after, question.limit, lambda row: row.key)
        if page.has_more:
            token = question.token(page.next)
            address = asked.url.partition("?")[0]
            asked.parts["link"] = f'<{address}?limit={question.limit}&page_info={token}>; rel="next"'
        return {"orders": [question.shown(self.orders[row.id]) for row in page.rows]}

    def _asked_for(self, question: Question) -> list[dict[str, Any]]:
        at = self.now()
        return [one for key, one in self.orders.items() if question.takes(one) and self.hiding.is_there(key, at)]

    def _count(self, asked: Asked) -> dict[str, Any]:
        return {"count": len(self._asked_for(self._asked_of(asked, FILTERS)))}

    def _one(self, asked: Asked) -> dict[str, Any]:
        question = self._asked_of(asked, frozenset({"fields"}))
        return {"order": question.shown(self._here(asked))}

    def _here(self, asked: Asked) -> dict[str, Any]:
        order = self.orders.get(asked.parts["id"])
        if order is None:
            raise self.no(why.NOT_FOUND)
        return order

    def _fulfillments(self, asked: Asked) -> dict[str, Any]:
        return {"fulfillments": self._here(asked)["fulfillments"][: self.need_number(asked, "limit", 50, 1, 250)]}

    def _work(self, asked: Asked) -> dict[str, Any]:
        return {"fulfillment_orders": self.fulfilment.work(self._here(asked))}

    def _fulfill(self, asked: Asked) -> dict[str, Any]:
        told = asked.args["fulfillment"]
        try:
            _, made = self.fulfilment.create([
                (str(part["fulfillment_order_id"]), [(str(one["id"]), one["quantity"])
                 for one in part.get("fulfillment_order_line_items") or ()])
                for part in told["line_items_by_fulfillment_order"]], told.get("tracking_info") or {})
        except ValueError as error:
            raise RestRefused({"fulfillment": [str(error)]}, 422) from error
        return {"fulfillment": made}

    def _levels(self, asked: Asked) -> dict[str, Any]:
        return {"inventory_levels": self.items.levels(asked.text("inventory_item_ids").split(","))}

    def _set_level(self, asked: Asked) -> dict[str, Any]:
        level = self.items.set_level(asked.args)
        if level is None:
            raise RestRefused({"inventory_item_id": ["not found"]}, 422)
        return {"inventory_level": level}
