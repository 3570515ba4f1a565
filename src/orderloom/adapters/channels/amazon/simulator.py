"""SP-API and its token service on loopback: checks tokens, filters and quotas as Amazon documents them.

Settings: `rates` ({operation: [per second, burst]}, default the published ones), `horizon_seconds` (120),
`token_seconds` (3600), `marketplace_ids`, `slow_seconds`. It shares no code with the client.
"""

from __future__ import annotations

import asyncio
import hmac
import secrets
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from orderloom.adapters.channels.amazon.order_book import OrderBook, iso
from orderloom.adapters.channels.amazon.simulated_listing import (
    MARKETPLACE_NAMES,
    Question,
    SpError,
    instant,
    listing,
    refuse_unknown,
    search_listings,
)
from orderloom.adapters.channels.amazon.simulated_search import included, old_query
from orderloom.adapters.channels.amazon.simulated_search import shown as new_shape
from orderloom.adapters.hiding import Hiding

RATES = {
    "getOrders": (0.0167, 20), "getOrderItems": (0.5, 30), "confirmShipment": (2.0, 10),
    "searchOrders": (0.0056, 20), "getOrder2026": (0.5, 30),
    "getOrder": (0.5, 30), "getListingsItem": (5.0, 10), "searchListingsItems": (5.0, 5),
    "patchListingsItem": (5.0, 10), "createRestrictedDataToken": (1.0, 10),
}  # fmt: skip
STATUS_CODES = {400: "InvalidInput", 403: "Unauthorized", 404: "NotFound", 429: "QuotaExceeded", 500: "InternalFailure"}
REQUIRED_OF_PACKAGE = ("packageReferenceId", "carrierCode", "trackingNumber", "shipDate", "orderItems")
CREDENTIALS = {"access_token": ""}
"""Of an account that has asked for none yet."""
Answer = tuple[int, Any]


def external_id(n: int) -> str:
    """The n-th valid Amazon order id: 3-7-7 digits."""
    return f"113-{1_000_000 + n // 10_000_000:07d}-{n % 10_000_000:07d}"


class Simulator:
    """One seller at Amazon. `requests` counts calls by operation, `rejected` tells why calls were refused."""

    def __init__(
        self, credentials: dict[str, str], now: Callable[[], datetime], settings: dict[str, Any]
    ) -> None:
        self._credentials, self._now, self._settings = credentials, now, settings
        self._faults: list[str] = []
        self._book = OrderBook()
        self._tokens: dict[str, tuple[datetime, str]] = {}
        self._buckets: dict[str, tuple[float, datetime]] = {}
        self._packages: dict[tuple[str, str], dict[str, int]] = {}
        self._skus: dict[str, str] = {}
        self.hiding = Hiding()
        self.requests: Counter[str] = Counter()
        self.rejected: list[str] = []
        self.shipments: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.stock: dict[str, int] = {}
        orders = "/orders/v0/orders"
        rdt = "/tokens/2021-03-01/restrictedDataToken"
        listings = "/listings/2021-08-01/items/{seller}"
        self.app = Starlette(routes=[
            Route("/auth/o2/token", self._token, methods=["POST"]),
            self._route(rdt, "POST", "createRestrictedDataToken", self._restricted_token),
            self._route(orders, "GET", "getOrders", self._orders),
            self._route(orders + "/{id}", "GET", "getOrder", self._order),
            self._route("/orders/2026-01-01/orders", "GET", "searchOrders", self._search),
            self._route("/orders/2026-01-01/orders/{id}", "GET", "getOrder2026", self._get),
            self._route(orders + "/{id}/orderItems", "GET", "getOrderItems", self._items),
            self._route(orders + "/{id}/shipmentConfirmation", "POST", "confirmShipment", self._confirm),
            self._route(listings, "GET", "searchListingsItems", self._search_listings),
            self._route(listings + "/{sku:path}", "GET", "getListingsItem", self._listing),
            self._route(listings + "/{sku:path}", "PATCH", "patchListingsItem", self._patch),
        ])  # fmt: skip

    def fault(self, kind: str, count: int = 1) -> None:
        """Let the next `count` SP-API requests fail: status_500, broken_body, slow, rate_limited."""
        self._faults += [kind] * count

    def place(self, purchase: dict[str, Any]) -> None:
        """A buyer orders; without `paid_at` the order is Pending. `fulfillment_channel: AFN` is Amazon's to ship."""
        self._book.place(purchase)
        for line in purchase["lines"]:
            self.list_sku(line["sku"])

    def list_sku(self, sku: str, product_type: str = "HOME") -> None:
        """Put a SKU up for sale."""
        self._skus[sku] = product_type

    def pay(self, external_id: str, at: datetime) -> None:
        """The payment is authorised."""
        self._book.pay(external_id, at)

    def cancel(self, external_id: str, at: datetime) -> None:
        """The order is cancelled."""
        self._book.cancel(external_id, at)

    def ask_cancel(self, external_id: str, line: int, at: datetime, reason: str = "Ordered by mistake") -> None:
        """The buyer asks to cancel the line at index `line`."""
        self._book.ask_cancel(external_id, line, reason, at)

    def status(self, external_id: str) -> str:
        """The platform's own status word of an order."""
        return str(self._book.orders[external_id]["OrderStatus"])

    def expire_tokens(self) -> None:
        """Let every token that was handed out expire now."""
        self._tokens = {token: (self._now() - timedelta(seconds=1), path) for token, (_, path) in self._tokens.items()}

    def _route(
        self, path: str, method: str, operation: str, handle: Callable[[Request, bytes], Answer]
    ) -> Route:
        async def answer(request: Request) -> Response:
            self.requests[operation] += 1
            body = await request.body()
            fault = self._faults.pop(0) if self._faults and operation != "createRestrictedDataToken" else ""
            if fault == "slow":
                await asyncio.sleep(float(self._settings.get("slow_seconds", 2)))
            if fault == "broken_body":
                return Response(b'{"payload":{"Orders":[{"AmazonOrderId":"113', media_type="application/json")
            rate, burst = self._rate(operation)
            headers = {"x-amzn-ratelimit-limit": str(rate), "x-amzn-requestid": secrets.token_hex(8)}
            try:
                if fault == "status_500":
                    raise SpError(500, "InternalFailure")
                self._verify(request, operation)
                if fault == "rate_limited" or not self._take(operation, rate, burst):
                    raise SpError(429, "You exceeded your quota for the requested resource.")
                refuse_unknown(operation, request.query_params)
                status, content = handle(request, body)
            except SpError as error:
                status = error.status
                self.rejected.append(f"{operation}: {status} {error}")
                code = STATUS_CODES[status]
                content = {"errors": [{"code": code, "message": str(error), "details": ""}]}
            if status == 204:
                return Response(status_code=204, headers=headers)
            return Response(orjson.dumps(content), status, headers, "application/json")

        return Route(path, answer, methods=[method])

    async def _token(self, request: Request) -> Response:
        """LWA: a refresh token is exchanged for an access token."""
        self.requests["token"] += 1
        form = {name: str(value) for name, value in (await request.form()).items()}
        error = ""
        if form.get("grant_type") != "refresh_token":
            error = "unsupported_grant_type"
        elif not all(_same(form.get(name, ""), self._credentials[name]) for name in ("client_id", "client_secret")):
            error = "invalid_client"
        elif not _same(form.get("refresh_token", ""), self._credentials["refresh_token"]):
            error = "invalid_grant"
        if error:
            self.rejected.append(f"token: {error}")
            return Response(orjson.dumps({"error": error, "error_description": error}), 400)
        token, seconds = self._hand_out("Atza|", "")
        answer = {"access_token": token, "refresh_token": form["refresh_token"], "token_type": "bearer"}
        return Response(orjson.dumps(answer | {"expires_in": seconds}), 200, None, "application/json")

    def _hand_out(self, prefix: str, path: str) -> tuple[str, int]:
        seconds = int(self._settings.get("token_seconds", 3600))
        token = prefix + secrets.token_urlsafe(32)
        self._tokens[token] = (self._now() + timedelta(seconds=seconds), path)
        return token, seconds

    def _verify(self, request: Request, operation: str) -> None:
        """A live access token, or a restricted one on the very path that it was made for."""
        for name in ("x-amz-access-token", "x-amz-date", "user-agent"):
            if not request.headers.get(name):
                raise SpError(403, f"Access to requested resource is denied: {name} is missing")
        until, path = self._tokens.get(request.headers["x-amz-access-token"], (datetime.min.replace(tzinfo=UTC), ""))
        if self._now() >= until:
            raise SpError(403, "The access token you provided has expired or is unknown")
        if path and path != request.url.path:
            raise SpError(403, f"{operation}: the restricted data token is for {path}")

    def _rate(self, operation: str) -> tuple[float, float]:
        rate, burst = (self._settings.get("rates") or {}).get(operation, RATES[operation])
        return float(rate), float(burst)

    def _take(self, operation: str, rate: float, burst: float) -> bool:
        """Take one call from the operation's token bucket."""
        now = self._now()
        level, at = self._buckets.get(operation, (burst, now))
        level = min(burst, level + (now - at).total_seconds() * rate)
        self._buckets[operation] = (level - 1 if level >= 1 else level, now)
        return level >= 1

    def _restricted_token(self, request: Request, body: bytes) -> Answer:
        resources = orjson.loads(body).get("restrictedResources") or []
        if not resources or resources[0].get("method") != "GET":
            raise SpError(400, "restrictedResources")
        token, seconds = self._hand_out("Atz.sprdt|", resources[0]["path"])
        return 200, {"restrictedDataToken": token, "expiresIn": seconds}

    def _orders(self, request: Request, _: bytes) -> Answer:
        horizon = float(self._settings.get("horizon_seconds", 120))
        page, asked = self._listed(Question(request.query_params, self._now(), horizon))
        shown = [self._book.shown(order_id, self._has_personal(request)) for order_id in page]
        payload: dict[str, Any] = {"Orders": shown, f"{asked.by}Before": iso(asked.before)}
        return 200, {"payload": payload | ({"NextToken": asked.next_token} if asked.next_token else {})}

    def _search(self, request: Request, _: bytes) -> Answer:
        wanted = included(request.query_params)
        horizon = float(self._settings.get("horizon_seconds", 120))
        found, asked = self._listed(Question(old_query(request.query_params), self._now(), horizon))
        by = asked.by[0].lower() + asked.by[1:]
        answer: dict[str, Any] = {"orders": [self._new(order_id, wanted) for order_id in found],
                                  f"{by}Before": iso(asked.before)}
        return 200, answer | ({"pagination": {"nextToken": asked.next_token}} if asked.next_token else {})

    def _get(self, request: Request, _: bytes) -> Answer:
        return 200, {"order": self._new(self._known(request), included(request.query_params))}

    def _new(self, order_id: str, wanted: frozenset[str]) -> dict[str, Any]:
        return new_shape(self._book.shown(order_id, True), self._book.items[order_id], self.shipments[order_id], wanted)

    def _listed(self, asked: Question) -> tuple[list[str], Question]:
        """The ids of one page; the question then knows the token of the next."""
        there = [o for o in self._book.orders.values() if asked.takes(o) and self._is_there(o["AmazonOrderId"])]
        found = [o["AmazonOrderId"] for o in sorted(there, key=asked.sort_key)]
        if len(found) > asked.start + asked.size:
            asked.next_token = f"{asked.start + asked.size}.{asked.filters}"
        page = found[asked.start : asked.start + asked.size]
        return self.hiding.page(page, is_following=asked.start > 0), asked

    def _order(self, request: Request, _: bytes) -> Answer:
        return 200, {"payload": self._book.shown(self._known(request), self._has_personal(request))}

    def _has_personal(self, request: Request) -> bool:
        return bool(self._tokens[request.headers["x-amz-access-token"]][1])

    def _is_there(self, order_id: str) -> bool:
        return self.hiding.is_there(order_id, self._now())

    def _items(self, request: Request, _: bytes) -> Answer:
        order_id = self._known(request)
        return 200, {"payload": {"AmazonOrderId": order_id, "OrderItems": self._book.items[order_id]}}

    def _confirm(self, request: Request, body: bytes) -> Answer:
        order_id = self._known(request)
        order, detail = self._book.orders[order_id], orjson.loads(body).get("packageDetail") or {}
        missing = [name for name in REQUIRED_OF_PACKAGE if not detail.get(name)]
        if missing or not str(detail["packageReferenceId"]).isdigit():
            raise SpError(400, f"packageDetail: {', '.join(missing) or 'packageReferenceId'}")
        if detail["carrierCode"] == "Other" and not detail.get("carrierName"):
            raise SpError(400, "carrierName is required when carrierCode is Other")
        if order["FulfillmentChannel"] == "AFN" or order["OrderStatus"] in ("Pending", "Canceled"):
            raise SpError(400, f"order is {order['FulfillmentChannel']} {order['OrderStatus']}")
        instant(detail["shipDate"])
        quantities = {str(line["orderItemId"]): int(line["quantity"]) for line in detail["orderItems"]}
        self._ship(order_id, str(detail["packageReferenceId"]), quantities)
        lines = [{"external_line_id": item_id, "quantity": quantity} for item_id, quantity in quantities.items()]
        told = {"waybill": detail["trackingNumber"], "carrier": detail["carrierCode"], "lines": lines}
        kept = [old for old in self.shipments[order_id] if old["reference"] != detail["packageReferenceId"]]
        self.shipments[order_id] = [*kept, told | {"reference": detail["packageReferenceId"]}]
        return 204, None

    def _ship(self, order_id: str, reference: str, quantities: dict[str, int]) -> None:
        """A known reference edits its package, a new one adds a package."""
        before = self._packages.get((order_id, reference), {})
        self._book.unship(order_id, before)
        try:
            self._book.ship(order_id, quantities, self._now())
        except ValueError as error:
            self._book.unship(order_id, {item_id: -quantity for item_id, quantity in before.items()})
            raise SpError(400, str(error)) from error
        self._packages[order_id, reference] = quantities

    def _patch(self, request: Request, body: bytes) -> Answer:
        asked, sku = orjson.loads(body), request.path_params["sku"]
        if not request.query_params.get("marketplaceIds") or not asked.get("productType"):
            raise SpError(400, "marketplaceIds and productType are required")
        for patch in asked["patches"]:
            if patch["path"] != "/attributes/fulfillment_availability" or patch["op"] != "replace":
                raise SpError(400, "only fulfillment_availability can be replaced here")
            quantity = int(patch["value"][0]["quantity"])
            if quantity < 0:
                return 200, {"sku": sku, "status": "INVALID", "submissionId": secrets.token_hex(8), "issues": []}
            self.stock[sku] = quantity
        return 200, {"sku": sku, "status": "ACCEPTED", "submissionId": secrets.token_hex(8), "issues": []}

    def _search_listings(self, request: Request, _: bytes) -> Answer:
        return 200, search_listings(request.query_params, self._skus)

    def _listing(self, request: Request, _: bytes) -> Answer:
        sku, marketplaces = request.path_params["sku"], request.query_params.get("marketplaceIds")
        if not marketplaces:
            raise SpError(400, "marketplaceIds is required")
        if sku not in self._skus:
            raise SpError(404, f"SKU '{sku}' not found")
        return 200, listing(sku, self._skus[sku], marketplaces.split(",")[0])

    def _known(self, request: Request) -> str:
        order_id = str(request.path_params["id"])
        if order_id not in self._book.orders:
            raise SpError(404, f"{order_id} not found")
        named = {m for name in MARKETPLACE_NAMES for m in request.query_params.get(name, "").split(",") if m}
        if named and self._book.orders[order_id]["MarketplaceId"] not in named:
            raise SpError(404, f"{order_id} not found in {', '.join(sorted(named))}")
        return order_id


def _same(given: str, known: str) -> bool:
    return hmac.compare_digest(given.encode(), known.encode())
