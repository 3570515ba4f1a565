"""A Shopify shop to rehearse against: GraphQL and REST, webhooks, tokens, both buckets, as the platform documents them.

Settings: shop_zone, shop_domain, bucket_size, leak_per_second (of REST calls; GraphQL points are 50 for each),
slow_seconds, sign_with (which secret signs webhooks), locations (SKU to the place that it lies in).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from orderloom.adapters.channels.shopify import simulated_graph as graph
from orderloom.adapters.channels.shopify.simulated_resource import gid, number, order_of, return_status
from orderloom.adapters.channels.shopify.simulated_rest import RestRefused, RestShop, Row
from orderloom.adapters.channels.shopify.simulated_search import tests_of
from orderloom.adapters.channels.shopify.simulated_shop import signature
from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked, Call
from orderloom.adapters.simulated.clock import Now
from orderloom.adapters.simulated.limits import Limits
from orderloom.adapters.simulated.paging import write_cursor
from orderloom.adapters.simulated.platform import same
from orderloom.adapters.simulated.refused import No, Refused
from orderloom.adapters.simulated.tokens import NotGranted, Tokens

ACCESS_SECONDS, REFRESH_SECONDS = 3_600, 90 * 86_400
PATH = re.compile(r"/admin/api/(\d{4}-(?:01|04|07|10)|unstable)/graphql\.json")
GRAPHQL = ("query", "variables", "operationName")
ASKS = ("shop", "order", "orders", "ordersCount", "productVariants", "inventoryItems", "graphql")
TELLS = ("fulfillmentCreate", "inventorySetQuantities")
"""Calls of GraphQL by the first field of the document; what is none of them is refused by the schema."""
NO_TOKEN = "[API] Invalid API key or access token (unrecognized login or wrong password)"
NOES = {
    why.RATE_LIMITED: No("THROTTLED", "Throttled", status=429, headers={"Retry-After": "2.0"}),
    why.BUSY: No("INTERNAL_SERVER_ERROR", "Internal error. Looks like something went wrong on our end.", status=503),
    why.EXPIRED_TOKEN: No("", NO_TOKEN, status=401),
    why.WRONG_TOKEN: No("", NO_TOKEN, status=401),
    why.UNKNOWN_CALL: No("", "Not Found", status=404), why.NOT_FOUND: No("", "Not Found", status=404),
    why.UNKNOWN_PARAMETER: No("", "{}: is not a known parameter", status=400),
    why.MISSING: No("", "{}: Required parameter missing or invalid", status=400),
    why.WRONG_VALUE: No("", "{}: is invalid", status=400),
}  # fmt: skip


def external_id(n: int) -> str:
    """The n-th valid order id."""
    return str(5_500_000_000_000 + n)


class Simulator(RestShop):
    """One shop."""

    NOES = NOES

    def __init__(self, credentials: dict[str, str], now: Now, settings: dict[str, Any]) -> None:
        super().__init__(credentials, now, settings)
        self.tokens = Tokens(now, settings.get("access_seconds", ACCESS_SECONDS), REFRESH_SECONDS, is_single_use=True)
        self.tokens.know(credentials.get("offline_token", ""), credentials.get("refresh_token", ""))
        size, leak = settings.get("bucket_size", 40), settings.get("leak_per_second", 2)
        self.bucket = Limits({"rest": (leak, size), "points": (leak * graph.POINTS_A_CALL, size * graph.POINTS_A_CALL)})
        self._points, self._points_at = float(size * graph.POINTS_A_CALL), time.monotonic()

    def declare(self) -> dict[str, Call]:
        known = " ".join(GRAPHQL)
        return self.rest() | {
            "authorize": Call(self._authorize, "client_id scope redirect_uri state", at="GET /admin/oauth/authorize",
                              is_open=True),
            "access_token": Call(self._grant, "client_id client_secret code grant_type refresh_token expiring",
                                 at="POST /admin/oauth/access_token", is_open=True),
            **{name: Call(self._graphql, known) for name in ASKS},
            **{name: Call(self._graphql, known, is_write=True) for name in TELLS},
        }  # fmt: skip

    # The door

    def name_of(self, asked: Asked) -> str:
        """GraphQL has one address; a call is named by the first field of its document."""
        if asked.method == "POST" and PATH.fullmatch(asked.path):
            root = graph.root_of(asked.json)
            return root if root in self.calls else "graphql"
        return ""

    def verify(self, asked: Asked) -> None:
        """The access token, and the bucket of calls."""
        token, entered = asked.headers.get("x-shopify-access-token", ""), self.credentials.get("access_token", "")
        assert self.tokens is not None
        if not (entered and same(token, entered)) and not self.tokens.holder(token):
            raise self.no(why.EXPIRED_TOKEN if self.tokens.was_known(token) else why.WRONG_TOKEN)
        if asked.name.endswith(".json") and self.bucket.wait("rest"):
            raise self.no(why.RATE_LIMITED)

    def write(self, content: Any, asked: Asked) -> Response:
        headers = {"X-Shopify-API-Version": asked.parts.get("version", "2026-04")}
        if "link" in asked.parts:
            headers["Link"] = asked.parts["link"]
        status = 201 if asked.name == "fulfill.json" else 200
        body = json.dumps(content, ensure_ascii=False).encode()
        return Response(body, status, headers, "application/json; charset=utf-8")

    def write_no(self, refused: Refused, asked: Asked) -> Response:
        if asked.name.endswith(".json") or refused.status in (401, 404):
            told = refused.errors if isinstance(refused, RestRefused) else refused.message
            return self.respond(json.dumps({"errors": told}).encode(), refused.status, refused.headers)
        if asked.name == "access_token":
            body = {"error": refused.code, "error_description": refused.message}
            return self.respond(json.dumps(body).encode(), refused.status, refused.headers)
        errors = [{"message": refused.message, "extensions": {"code": refused.code}}]
        cost = {"cost": self._cost(202, 2.0)} if refused.code == "THROTTLED" else {}
        return self.respond(json.dumps({"errors": errors, "extensions": cost}).encode())

    # GraphQL

    def _graphql(self, asked: Asked) -> dict[str, Any]:
        try:
            document = graph.read(asked.args)
            if not self._has_points(document.cost):
                self.rejected.append("THROTTLED")
                errors = [{"message": "Throttled", "extensions": {"code": "THROTTLED"}}]
                return {"errors": errors, "extensions": {"cost": self._cost(document.cost, self._points)}}
            data = graph.run(document, self._root(document))
        except graph.GraphRefused as refusal:
            self.rejected.append(f"{asked.name}: {refusal}")
            return {"errors": refusal.errors}
        actual = max(1, graph.weight_of(data)) if not document.is_write else document.cost
        self._points -= actual
        return {"data": data, "extensions": {"cost": {**self._cost(document.cost, self._points),
                                                      "actualQueryCost": actual}}}  # fmt: skip

    def _has_points(self, cost: int) -> bool:
        """The bucket fills in real time, as the calls come in real time; what a call may cost must be there."""
        per_second, size = self.bucket.rates["points"]
        at = time.monotonic()
        self._points = min(size, self._points + (at - self._points_at) * per_second)
        self._points_at = at
        return self._points >= min(cost, size)

    def _cost(self, requested: int, left: float) -> dict[str, Any]:
        per_second, size = self.bucket.rates["points"]
        status = {"maximumAvailable": float(size), "currentlyAvailable": int(left), "restoreRate": float(per_second)}
        return {"requestedQueryCost": requested, "actualQueryCost": None, "throttleStatus": status}

    def _root(self, document: graph.Document) -> dict[str, Callable[..., Any]]:
        return {
            "shop": lambda: {"id": gid("Shop", 1), "name": "Demo Shop", "ianaTimezone": str(self.zone),
                             "currencyCode": "USD", "myshopifyDomain": self.settings.get("shop_domain", "")},
            "order": self._order_of, "orders": self._orders_of, "ordersCount": self._orders_count,
            "fulfillmentCreate": self._fulfillment_create,
            **self.items.roots(document.variables, document.tree),
        }  # fmt: skip

    def _order_of(self, id: str) -> dict[str, Any] | None:
        return self._resource(number(id)) if number(id) in self.orders else None

    def _resource(self, key: str) -> dict[str, Any]:
        order = self.orders[key]
        return order_of(order, partial(self.fulfilment.work, order), self.book.orders[key].claims)

    def _found(self, query: str | None) -> list[str]:
        tests, at = tests_of(query), self.now()
        rows = ((key, self._light(key)) for key in self.orders if self.hiding.is_there(key, at))
        return [key for key, row in rows if all(test(row) for test in tests)]

    def _light(self, key: str) -> dict[str, Any]:
        """What an order is searched and sorted by."""
        order = self.orders[key]
        return {
            "updatedAt": order["updated_at"], "createdAt": order["created_at"], "processedAt": order["processed_at"],
            "cancelledAt": order["cancelled_at"], "closed": order["closed_at"], "name": order["name"],
            "displayFinancialStatus": order["financial_status"], "legacyResourceId": order["id"],
            "displayFulfillmentStatus": order["fulfillment_status"] or "unfulfilled",
            "returnStatus": return_status(self.book.orders[key].claims),
        }  # fmt: skip

    def _orders_of(
        self, first: int | None = None, after: str | None = None, reverse: bool = False, sortKey: str = "PROCESSED_AT",
        query: str | None = None,
    ) -> graph.Rows:
        names = {"CREATED_AT": "created_at", "PROCESSED_AT": "processed_at", "UPDATED_AT": "updated_at"}
        sign = -1 if reverse else 1
        rows = []
        for key in self._found(query):
            at = datetime.fromisoformat(self.orders[key][names[sortKey]]).timestamp() if sortKey in names else 0
            rows.append(Row(key, [sign * at, sign * int(key)]))
        rows.sort(key=lambda row: row.key)
        try:
            page = self.pages.by_cursor(rows, after or "", first or graph.PAGE_MAX, lambda row: row.key)
        except ValueError as error:
            raise graph.GraphRefused("Invalid cursor for current pagination sort.") from error
        cursors = [write_cursor(row.key) for row in page.rows]
        if page.next and cursors:
            cursors[-1] = page.next  # of a page that hides somebody, the place of the last who stood there
        return graph.Rows([self._resource(row.id) for row in page.rows], cursors, page.has_more)

    def _orders_count(self, query: str | None = None, limit: int | None = None) -> dict[str, Any]:
        found = len(self._found(query))
        return {"count": min(found, limit or found), "precision": "AT_LEAST" if limit and found > limit else "EXACT"}

    def _fulfillment_create(self, fulfillment: dict[str, Any], message: str = "") -> dict[str, Any]:
        try:
            order, made = self.fulfilment.create(
                [(number(part["fulfillmentOrderId"]), [(number(one["id"]), one["quantity"])
                  for one in part.get("fulfillmentOrderLineItems") or ()]) for part in fulfillment[
                      "lineItemsByFulfillmentOrder"]], fulfillment.get("trackingInfo") or {})
        except ValueError as error:
            return {"fulfillment": None, "userErrors": [{"field": ["fulfillment"], "message": str(error)}]}
        shown = self._resource(str(order["id"]))["fulfillments"]
        found = next(one for one in shown if one["legacyResourceId"] == str(made["id"]))
        return {"fulfillment": found, "userErrors": []}

    # Consent

    def _authorize(self, asked: Asked) -> Response:
        """The merchant agrees, and did at once."""
        self.need(asked, "client_id", "scope", "redirect_uri", "state")
        if asked.text("client_id") != self.credentials.get("client_id"):
            raise self.no(why.WRONG_VALUE, "client_id")
        assert self.tokens is not None
        back = self.sign_back({"code": self.tokens.consent(), "state": asked.text("state"),
                               "timestamp": str(int(self.wall().timestamp()))})  # fmt: skip
        return RedirectResponse(f"{asked.text('redirect_uri')}?{urlencode(back)}", 302)

    def sign_back(self, params: dict[str, str]) -> dict[str, str]:
        """What the browser brings back, signed as the platform signs it."""
        told = {"shop": self.settings.get("shop_domain") or "demo-shop.myshopify.com", **params}
        return {**told, "hmac": _signed_params(self.credentials["client_secret"], told)}

    def _grant(self, asked: Asked) -> dict[str, Any]:
        """A code or a refresh token becomes an offline token that ends."""
        self.need(asked, "client_id", "client_secret")
        if not same(asked.text("client_secret"), self.credentials.get("client_secret", "")):
            raise Refused("invalid_client", "The client credentials are wrong", status=401)
        assert self.tokens is not None
        try:
            if asked.text("grant_type") == "refresh_token":
                grant = self.tokens.refresh(self.need(asked, "refresh_token")[0])
            else:
                if asked.text("expiring") != "1":
                    raise self.no(why.MISSING, "expiring")
                grant = self.tokens.by_code(self.need(asked, "code")[0])
        except NotGranted as refused:
            raise Refused("invalid_request", f"The token or code is {refused.reason}", status=400) from refused
        access, refresh = grant.lives(self.now())
        return {"access_token": grant.access, "scope": "read_orders", "expires_in": access,
                "refresh_token": grant.refresh, "refresh_token_expires_in": refresh}  # fmt: skip


def prove(vector: Mapping[str, Any]) -> str:
    """The signature of one of the platform's vectors by this simulator's own code."""
    secret = vector["given"]["client_secret"]
    if "params" in vector:
        return _signed_params(secret, vector["params"])
    return signature(secret, vector["given"]["raw_body"].encode())


def _signed_params(secret: str, params: Mapping[str, str]) -> str:
    told = "&".join(f"{name}={value}" for name, value in sorted(params.items()) if name not in ("hmac", "signature"))
    return hmac.new(secret.encode(), told.encode(), hashlib.sha256).hexdigest()
