"""A Shopify shop to rehearse against: REST, GraphQL, webhooks, leaky bucket, as the platform documents them."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import random
import time
import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx2
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from orderloom.adapters.channels.shopify.simulated_listing import (
    FILTERS,
    LIST,
    ParameterRefused,
    Question,
    refuse_unknown,
)
from orderloom.adapters.channels.shopify.simulated_order import LOCATION_ID, build, inventory_item_id, stamp
from orderloom.adapters.channels.shopify.simulated_stock import Shelf
from orderloom.adapters.hiding import Hiding


def external_id(n: int) -> str:
    """The n-th valid order id."""
    return str(5_500_000_000_000 + n)


class Simulator:
    """One shop. `settings`: zone, shop_domain, bucket_size, leak_per_second, slow_seconds, sign_with (which secret)."""

    def __init__(self, credentials: dict[str, str], now: Callable[[], datetime], settings: dict[str, Any]) -> None:
        self.credentials, self.now, self.settings = credentials, now, settings
        self.zone = ZoneInfo(settings.get("shop_zone", "America/New_York"))
        self.push_url = ""
        self.orders: dict[str, dict[str, Any]] = {}
        self.held: set[str] = set()
        self.shipments: dict[str, list[dict[str, Any]]] = {}
        self.hiding = Hiding()
        self._shelf = Shelf()
        self.stock = self._shelf.stock
        self.requests: Counter[str] = Counter()
        self.rejected: list[str] = []
        self._faults: list[str] = []
        self._queue: list[tuple[str, bytes]] = []
        self._level, self._level_at = 0.0, time.monotonic()
        self._serial = 9_000_000
        base = "/admin/api/{version}"
        self.app = Starlette(
            routes=[
                Route(f"{base}/shop.json", self._door("shop", self._shop)),
                Route(f"{base}/orders.json", self._door("orders", self._orders)),
                Route(f"{base}/orders/count.json", self._door("count", self._count)),
                Route(f"{base}/orders/{{id:int}}.json", self._door("order", self._one)),
                Route(f"{base}/orders/{{id}}/fulfillments.json", self._door("fulfillments", self._fulfillments)),
                Route(f"{base}/orders/{{id}}/fulfillment_orders.json", self._door("fulfillment_orders", self._work)),
                Route(f"{base}/fulfillments.json", self._door("fulfill", self._fulfill), methods=["POST"]),
                Route(f"{base}/graphql.json", self._door("graphql", self._graphql), methods=["POST"]),
                Route(f"{base}/inventory_levels.json", self._door("levels", self._levels)),
                Route(f"{base}/inventory_levels/set.json", self._door("set_level", self._set_level), methods=["POST"]),
            ]
        )

    # What happens in the shop

    def place(self, purchase: dict[str, Any]) -> None:
        """A buyer places an order (pays it too when `paid_at` is set)."""
        changed = purchase.get("paid_at") or purchase["placed_at"]
        order = build(purchase, changed, self.zone)
        self.orders[purchase["external_id"]] = order
        for line in order["line_items"]:
            self._shelf.put_up(line["sku"])

    def pay(self, external_id: str, at: datetime) -> None:
        """The payment arrives."""
        self._change(external_id, at, financial_status="paid", total_outstanding="0.00")

    def cancel(self, external_id: str, at: datetime) -> None:
        """The order is cancelled; as on the platform, that alone refunds nothing."""
        self._change(external_id, at, cancelled_at=stamp(at, self.zone), cancel_reason="customer")

    def remove(self, external_id: str, sku: str, quantity: int, at: datetime) -> None:
        """The merchant takes `quantity` of a line off the order: `quantity` stays, `current_quantity` shrinks."""
        line = next(one for one in self.orders[external_id]["line_items"] if one["sku"] == sku)
        line["current_quantity"] -= quantity
        line["fulfillable_quantity"] -= quantity
        self._change(external_id, at)

    def hold(self, external_id: str) -> None:
        """Put the order's fulfilment order on hold."""
        self.held.add(external_id)

    def listing(self, sku: str) -> dict[str, str]:
        """The ids under which the shop keeps stock of `sku`: what a stock delivery's `listing` must hold."""
        return self._shelf.put_up(sku)

    def list_again(self, sku: str) -> None:
        """Sell a SKU as one more variant."""
        self._shelf.put_up_again(sku)

    def fault(self, kind: str, count: int = 1) -> None:
        """Answer the next `count` requests with status_500, broken_body, slow or rate_limited."""
        self._faults += [kind] * count

    def _change(self, external_id: str, at: datetime, **fields: Any) -> None:
        self.orders[external_id].update(fields, updated_at=stamp(at, self.zone))

    # Webhooks

    async def push(self, external_id: str, topic: str, times: int = 1) -> list[int]:
        """Send the order's webhook as of now, `times` over with one webhook id. Returns the answers' statuses."""
        body = self._body(external_id)
        headers = self._headers(topic, body)
        async with httpx2.AsyncClient(timeout=5.0) as http:
            return [(await http.post(self.push_url, content=body, headers=headers)).status_code for _ in range(times)]

    def queue(self, external_id: str, topic: str) -> None:
        """Keep the webhook of this moment back, to be sent by `drain`."""
        self._queue.append((topic, self._body(external_id)))

    async def drain(self, seed: int, duplicates: int = 0) -> list[int]:
        """Send what was queued in an order drawn from `seed`, each with `duplicates` extra copies."""
        signed = [(body, self._headers(topic, body)) for topic, body in self._queue]
        deliveries = [one for one in signed for _ in range(1 + duplicates)]
        random.Random(seed).shuffle(deliveries)
        self._queue.clear()
        async with httpx2.AsyncClient(timeout=5.0) as http:
            answers = [await http.post(self.push_url, content=body, headers=head) for body, head in deliveries]
        return [answer.status_code for answer in answers]

    def _body(self, external_id: str) -> bytes:
        return json.dumps(self.orders[external_id], ensure_ascii=False, separators=(",", ":")).encode()

    def _headers(self, topic: str, body: bytes) -> dict[str, str]:
        self._serial += 1
        secret = self.credentials.get(self.settings.get("sign_with", "client_secret"), "")
        return {
            "Content-Type": "application/json",
            "X-Shopify-Topic": topic,
            "X-Shopify-Hmac-Sha256": _signature(secret, body),
            "X-Shopify-Shop-Domain": self.settings.get("shop_domain") or "demo-shop.myshopify.com",
            "X-Shopify-API-Version": "2026-04",
            "X-Shopify-Webhook-Id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{topic}/{self._serial}")),
            "X-Shopify-Event-Id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"event/{self._serial}")),
            "X-Shopify-Triggered-At": self.now().astimezone(UTC).isoformat().replace("+00:00", "Z"),
        }

    # HTTP

    def _door(self, name: str, answer: Callable[[Request], Any]) -> Callable[[Request], Any]:
        async def door(request: Request) -> Response:
            self.requests[name] += 1
            refusal = await self._refuse(name, request)
            try:
                response: Response = refusal or await answer(request)
            except ParameterRefused as refused:
                response = self._no(400, refused.errors)
            response.headers["X-Shopify-Shop-Api-Call-Limit"] = f"{int(self._level)}/{self._bucket_size}"
            response.headers["X-Shopify-API-Version"] = request.path_params["version"]
            return response

        return door

    async def _refuse(self, name: str, request: Request) -> Response | None:
        token = request.headers.get("x-shopify-access-token", "")
        if not hmac.compare_digest(token.encode(), self.credentials.get("access_token", "").encode()):
            return self._no(401, "[API] Invalid API key or access token (unrecognized login or wrong password)")
        fault = self._faults.pop(0) if self._faults else ""
        if fault == "slow":
            await asyncio.sleep(float(self.settings.get("slow_seconds", 2)))
        if fault == "status_500":
            return self._no(500, "Internal Server Error")
        if fault == "broken_body":
            return Response(b'{"orders":[{"id":55', media_type="application/json")
        if name == "graphql":
            return self._throttled() if fault == "rate_limited" else None
        if fault == "rate_limited" or not self._drip():
            answer = self._no(429, "Exceeded 2 calls per second for api client.")
            answer.headers["Retry-After"] = "2.0"
            return answer
        return None

    @property
    def _bucket_size(self) -> int:
        return int(self.settings.get("bucket_size", 40))

    def _drip(self) -> bool:
        """The leaky bucket of the REST API. It leaks in real time, as the calls come in real time."""
        at = time.monotonic()
        leaked = (at - self._level_at) * float(self.settings.get("leak_per_second", 2))
        self._level, self._level_at = max(0.0, self._level - leaked), at
        if self._level + 1 > self._bucket_size:
            return False
        self._level += 1
        return True

    def _no(self, status: int, errors: Any) -> JSONResponse:
        self.rejected.append(f"{status} {errors}")
        return JSONResponse({"errors": errors}, status)

    def _throttled(self) -> JSONResponse:
        self.rejected.append("THROTTLED")
        status = {"maximumAvailable": 2000.0, "currentlyAvailable": 2, "restoreRate": 100.0}
        cost = {"requestedQueryCost": 202, "actualQueryCost": None, "throttleStatus": status}
        errors = [{"message": "Throttled", "extensions": {"code": "THROTTLED"}}]
        return JSONResponse({"errors": errors, "extensions": {"cost": cost}})

    async def _shop(self, request: Request) -> Response:
        refuse_unknown(request.query_params, frozenset())
        return JSONResponse({"shop": {"id": 1, "name": "Demo Shop", "iana_timezone": str(self.zone)}})

    # Orders

    async def _orders(self, request: Request) -> Response:
        asked = Question(request.query_params, LIST)
        found = asked.sort(self._found(asked))
        page = found[: asked.limit]
        shown = self.hiding.page([str(order["id"]) for order in page], is_following=asked.is_following)
        body = {"orders": [asked.shown(self.orders[key]) for key in shown]}
        response = Response(json.dumps(body, ensure_ascii=False), media_type="application/json; charset=utf-8")
        if len(found) > asked.limit:
            link = request.url.replace(query=f"limit={asked.limit}&page_info={asked.token(page[-1])}")
            response.headers["Link"] = f'<{link}>; rel="next"'
        return response

    async def _count(self, request: Request) -> Response:
        return JSONResponse({"count": len(self._found(Question(request.query_params, FILTERS)))})

    async def _one(self, request: Request) -> Response:
        asked, order = Question(request.query_params, frozenset({"fields"})), self._order(request)
        return JSONResponse({"order": asked.shown(order)}) if order else self._no(404, "Not Found")

    def _found(self, asked: Question) -> list[dict[str, Any]]:
        at = self.now()
        return [order for key, order in self.orders.items() if asked.takes(order) and self.hiding.is_there(key, at)]

    # Fulfilment

    def _order(self, request: Request) -> dict[str, Any] | None:
        return self.orders.get(str(request.path_params["id"]))

    async def _fulfillments(self, request: Request) -> Response:
        refuse_unknown(request.query_params, frozenset({"limit"}))
        most = min(int(request.query_params.get("limit", 50)), 250)
        order = self._order(request)
        return JSONResponse({"fulfillments": order["fulfillments"][:most]}) if order else self._no(404, "Not Found")

    async def _work(self, request: Request) -> Response:
        refuse_unknown(request.query_params, frozenset())
        order = self._order(request)
        return JSONResponse({"fulfillment_orders": self._split(order)}) if order else self._no(404, "Not Found")

    def _split(self, order: dict[str, Any]) -> list[dict[str, Any]]:
        """The order's fulfilment orders: one per location (`settings.locations` maps a SKU to another one)."""
        places: dict[int, list[dict[str, Any]]] = {}
        for line in order["line_items"]:
            places.setdefault(self.settings.get("locations", {}).get(line["sku"], LOCATION_ID), []).append(line)
        work = []
        for index, (location, lines) in enumerate(sorted(places.items())):
            key = order["id"] * 10 + index
            shown = [_work_line(key, line) for line in lines]
            is_done = not any(one["fulfillable_quantity"] for one in lines)
            status = "on_hold" if str(order["id"]) in self.held else "closed" if is_done else "open"
            work.append({"id": key, "order_id": order["id"], "assigned_location_id": location, "status": status,
                         "request_status": "unsubmitted", "line_items": shown, "fulfillment_holds": []})  # fmt: skip
        return work

    async def _fulfill(self, request: Request) -> Response:
        asked = (await request.json())["fulfillment"]
        parts = asked["line_items_by_fulfillment_order"]
        order = self.orders.get(str(parts[0]["fulfillment_order_id"] // 10))
        if order is None:
            return self._no(404, "Not Found")
        work = {one["id"]: one for one in self._split(order)}
        chosen = [work.get(part["fulfillment_order_id"]) for part in parts]
        if None in chosen or len({one["assigned_location_id"] for one in chosen if one}) != 1:
            return self._no(422, {"fulfillment": ["All fulfillment orders must be of one order and location"]})
        if any(one["status"] != "open" for one in chosen if one):
            return self._no(422, {"fulfillment": [f"Fulfillment order is {chosen[0]['status']}" if chosen[0] else ""]})
        lines, problem = self._take(order, parts, work)
        if problem:
            return self._no(422, {"fulfillment": [problem]})
        return JSONResponse({"fulfillment": self._record(order, lines, asked.get("tracking_info") or {})}, 201)

    def _take(
        self, order: dict[str, Any], parts: list[dict[str, Any]], work: dict[int, dict[str, Any]]
    ) -> tuple[list[dict[str, Any]], str]:
        items = {line["id"]: line for line in order["line_items"]}
        taken = []
        for part in parts:
            rest = [{"id": one["id"], "quantity": one["fulfillable_quantity"]}
                    for one in work[part["fulfillment_order_id"]]["line_items"]]  # fmt: skip
            for line in part.get("fulfillment_order_line_items") or rest:
                item = items.get(line["id"] // 10)
                if item is None or not 0 < line["quantity"] <= item["fulfillable_quantity"]:
                    return [], "Invalid fulfillment order line item quantity requested."
                taken.append((item, line["quantity"]))
        for item, quantity in taken:
            item["fulfillable_quantity"] -= quantity
            item["fulfillment_status"] = "partial" if item["fulfillable_quantity"] else "fulfilled"
        return [{**item, "quantity": quantity} for item, quantity in taken], ""

    def _record(self, order: dict[str, Any], lines: list[dict[str, Any]], tracking: dict[str, Any]) -> dict[str, Any]:
        self._serial += 1
        at = self.now()
        fulfillment = {
            "id": self._serial, "order_id": order["id"], "status": "success", "created_at": stamp(at, self.zone),
            "updated_at": stamp(at, self.zone), "tracking_company": tracking.get("company"), "shipment_status": None,
            "tracking_number": tracking.get("number"), "tracking_numbers": [tracking.get("number")],
            "line_items": lines,
        }  # fmt: skip
        order["fulfillments"].append(fulfillment)
        is_open = any(line["fulfillable_quantity"] for line in order["line_items"])
        self._change(str(order["id"]), at, fulfillment_status="partial" if is_open else "fulfilled")
        told = {"waybill": tracking.get("number"), "carrier": tracking.get("company"),
                "lines": {str(line["id"]): line["quantity"] for line in lines}}  # fmt: skip
        self.shipments.setdefault(str(order["id"]), []).append(told)
        return fulfillment

    # Stock

    async def _graphql(self, request: Request) -> Response:
        return JSONResponse(self._shelf.graphql(await request.json()))

    async def _levels(self, request: Request) -> Response:
        asked = dict(request.query_params)
        refuse_unknown(asked, frozenset({"inventory_item_ids", "location_ids"}))
        return JSONResponse({"inventory_levels": self._shelf.levels(asked.get("inventory_item_ids", "").split(","))})

    async def _set_level(self, request: Request) -> Response:
        level = self._shelf.set_level(await request.json())
        if level is None:
            return self._no(422, {"inventory_item_id": ["not found"]})
        return JSONResponse({"inventory_level": level})


def _work_line(key: int, line: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": line["id"] * 10,
        "fulfillment_order_id": key,
        "line_item_id": line["id"],
        "quantity": line["quantity"],
        "inventory_item_id": inventory_item_id(line["sku"]),
        "fulfillable_quantity": line["fulfillable_quantity"],
    }


def prove(vector: Mapping[str, Any]) -> str:
    """The signature of one of the platform's vectors by this simulator's own code."""
    given = vector["given"]
    if "query" in vector:
        signed = "&".join(f"{k}={v}" for k, v in sorted(vector["query"].items()) if k not in ("hmac", "signature"))
        return hmac.new(given["client_secret"].encode(), signed.encode(), hashlib.sha256).hexdigest()
    return _signature(given["client_secret"], given["raw_body"].encode())


def _signature(secret: str, body: bytes) -> str:
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
