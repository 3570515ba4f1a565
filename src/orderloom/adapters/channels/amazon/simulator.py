"""SP-API and its token service on loopback: checks tokens, filters and quotas as Amazon documents them.

Settings: `rates` ({operation: [per second, burst]}, default the published ones), `horizon_seconds` (120),
`access_seconds` (3600), `slow_seconds`. It shares no code with the client.
"""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import orjson
from starlette.responses import RedirectResponse, Response

from orderloom.adapters.channels.amazon.order_form import STATUSES, Record, head_of, item_id, items, record
from orderloom.adapters.channels.amazon.simulated_listing import (
    LISTINGS,
    MARKETPLACE_NAMES,
    ORDERS,
    SEARCH,
    Question,
    instant,
    listing,
    search_listings,
    wrong,
)
from orderloom.adapters.channels.amazon.simulated_returns import Reports, content_of
from orderloom.adapters.channels.amazon.simulated_search import included, old_query
from orderloom.adapters.channels.amazon.simulated_search import shown as new_shape
from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked, Call
from orderloom.adapters.simulated.book import PAID, RETURN, UNPAID, Order, Parcel
from orderloom.adapters.simulated.clock import Now, iso
from orderloom.adapters.simulated.draw import hex_token
from orderloom.adapters.simulated.limits import Limits
from orderloom.adapters.simulated.platform import same
from orderloom.adapters.simulated.refused import No, Refused
from orderloom.adapters.simulated.shop import ShopSimulator
from orderloom.adapters.simulated.tokens import FOREVER, NotGranted, Tokens

RATES = {
    "getOrders": (0.0167, 20), "getOrder": (0.5, 30), "getOrderItems": (0.5, 30), "confirmShipment": (2.0, 10),
    "searchOrders": (0.0056, 20), "getOrder2026": (0.5, 30), "getListingsItem": (5.0, 10),
    "searchListingsItems": (5.0, 5), "patchListingsItem": (5.0, 10), "createRestrictedDataToken": (1.0, 10),
    "getReports": (0.0222, 10), "getReportSchedules": (0.0222, 10), "createReportSchedule": (0.0222, 10),
    "getReportDocument": (0.0167, 15),
}  # fmt: skip
DENIED = "Access to requested resource is denied"
NOES = {
    why.RATE_LIMITED: No("QuotaExceeded", "You exceeded your quota for the requested resource.", status=429),
    why.BUSY: No("ServiceUnavailable", "Service is temporarily unavailable", status=503),
    why.EXPIRED_TOKEN: No("Unauthorized", f"{DENIED}: the access token you provided has expired", status=403),
    why.WRONG_TOKEN: No("Unauthorized", f"{DENIED}: the access token you provided is unknown", status=403),
    why.MISSING: No("InvalidInput", "{} is required", status=400),
    why.WRONG_VALUE: No("InvalidInput", "{} is not valid", status=400),
    why.UNKNOWN_PARAMETER: No("InvalidInput", "{} is not a parameter of this operation", status=400),
    why.UNKNOWN_CALL: No("NotFound", "{} is no operation", status=404),
    why.NOT_FOUND: No("NotFound", "{} not found", status=404),
}
CREDENTIALS = {"access_token": ""}
"""Of an account that has asked for none yet."""
SETTINGS = {"rates": dict.fromkeys(RATES, (1_000, 1_000)), "returns_report": True}
"""So that a test may ask as often as it likes and sees returns too; one about quotas says its own."""
GRANTS = {"refresh_token": "refresh_token", "authorization_code": "code"}
REQUIRED_OF_PACKAGE = ("packageReferenceId", "carrierCode", "trackingNumber", "shipDate", "orderItems")
REPORTS = "/reports/2021-06-30"
BASE, NEW, ITEMS = "/orders/v0/orders", "/orders/2026-01-01/orders", "/listings/2021-08-01/items/{seller}"
RESTRICTED = re.compile(r"/orders/v0/orders(/(\{orderId\}|\d{3}-\d{7}-\d{7}))?(/(address|buyerInfo|orderItems))?")
PERSONAL = frozenset({"buyerInfo", "shippingAddress", "buyerTaxInformation"})
RESOURCES_MAX = 50


def external_id(n: int) -> str:
    """The n-th valid Amazon order id: 3-7-7 digits."""
    return f"113-{1_000_000 + n // 10_000_000:07d}-{n % 10_000_000:07d}"


class Simulator(ShopSimulator):
    """One seller at Amazon."""

    NOES, RATES = NOES, RATES

    def __init__(self, credentials: dict[str, str], now: Now, settings: dict[str, Any]) -> None:
        super().__init__(credentials, now, settings)
        # Quotas fill up by the trade's clock: a rehearsal that lets hours pass has hours' worth of calls.
        self.limits = Limits({**RATES, **(settings.get("rates") or {})}, lambda: self.now().timestamp())
        self.tokens = Tokens(now, float(settings.get("access_seconds", 3600)), FOREVER)
        self.tokens.prefix = "Atza|"
        self.tokens.know(credentials.get("access_token", ""), credentials["refresh_token"])
        self.restricted: dict[str, tuple[datetime, list[str]]] = {}
        self.wishes: dict[tuple[str, int], str] = {}
        self.reports = Reports(lambda: self.now())
        self.files_at = ""
        """Where files lie, when a caller names another host than the one that it calls."""
        self._packages: dict[tuple[str, str], Parcel] = {}

    def declare(self) -> dict[str, Call]:
        token = "grant_type client_id client_secret refresh_token code redirect_uri"
        return {
            "token": Call(self._token, token, "POST /auth/o2/token", is_open=True, is_spared=True),
            "consent": Call(self._consent, "application_id state redirect_uri version", "GET /apps/authorize/consent",
                            is_open=True, is_spared=True),
            "createRestrictedDataToken": Call(self._restricted_token,
                                              f"restrictedResources targetApplication {MARKETPLACE_NAMES}",
                                              "POST /tokens/2021-03-01/restrictedDataToken", is_spared=True),
            "getOrders": Call(self._orders, ORDERS, f"GET {BASE}"),
            "getOrder": Call(self._order, MARKETPLACE_NAMES, f"GET {BASE}/{{id}}"),
            "getOrderItems": Call(self._items, f"{MARKETPLACE_NAMES} NextToken", f"GET {BASE}/{{id}}/orderItems"),
            "confirmShipment": Call(self._confirm,
                                    f"marketplaceId codCollectionMethod packageDetail {MARKETPLACE_NAMES}",
                                    f"POST {BASE}/{{id}}/shipmentConfirmation", is_write=True),
            "searchOrders": Call(self._search, SEARCH, f"GET {NEW}"),
            "getOrder2026": Call(self._get, "includedData", f"GET {NEW}/{{id}}"),
            "searchListingsItems": Call(self._search_listings, LISTINGS, f"GET {ITEMS}"),
            "getListingsItem": Call(self._listing, "marketplaceIds includedData issueLocale",
                                    f"GET {ITEMS}/{{sku:path}}"),
            "patchListingsItem": Call(self._patch, "marketplaceIds includedData mode issueLocale productType patches",
                                      f"PATCH {ITEMS}/{{sku:path}}", is_write=True),
            "getReportSchedules": Call(lambda asked: self.reports.scheduled(asked.text("reportTypes")),
                                       f"reportTypes {MARKETPLACE_NAMES}",
                                       f"GET {REPORTS}/schedules", is_spared=True),
            "createReportSchedule": Call(lambda asked: self.reports.schedule(asked.args),
                                         f"reportType reportOptions period nextReportCreationTime {MARKETPLACE_NAMES}",
                                         f"POST {REPORTS}/schedules", is_spared=True),
            "getReports": Call(lambda asked: self.reports.listed(asked.query), "reportTypes processingStatuses "
                               f"pageSize createdSince createdUntil {MARKETPLACE_NAMES}", f"GET {REPORTS}/reports"),
            "getReportDocument": Call(self._document, "enableContentEncodingUrlHeader",
                                      f"GET {REPORTS}/documents/{{id}}"),
            "file": Call(self._file, "Signature", "GET /presigned/{id}", is_open=True),
        }  # fmt: skip

    def name_of(self, asked: Asked) -> str:
        """Nothing else is here."""
        return ""

    def line_id(self, order_id: str, place: int) -> str:
        return item_id(order_id, place)

    def status(self, external_id: str) -> str:
        return STATUSES[self.book.orders[external_id].phase]

    def list_again(self, sku: str) -> None:
        """A SKU is the seller's own name of one offer: there is no second one."""
        self.list_sku(sku)

    def cancel(self, external_id: str, at: datetime) -> None:
        if self.book.orders[external_id].phase not in (UNPAID, PAID):
            raise ValueError(f"{external_id} is {self.status(external_id)}")
        super().cancel(external_id, at)

    def ask_cancel(self, external_id: str, line: int, at: datetime, reason: str = "Ordered by mistake") -> None:
        """The buyer asks to cancel the line at index `line`; the order stays Unshipped."""
        self.wishes[external_id, line] = reason
        self.book.note(external_id, "cancel asked", at)

    def expire_tokens(self) -> None:
        """Every token ends now, those for personal data too."""
        super().expire_tokens()
        self.restricted = {token: (self.now(), paths) for token, (_, paths) in self.restricted.items()}

    def write(self, content: Any, asked: Asked) -> Response:
        if content is None:
            return Response(status_code=204, headers=self._headers(asked))
        return self.respond(orjson.dumps(content), 200, self._headers(asked))

    def write_no(self, refused: Refused, asked: Asked) -> Response:
        error = {"code": refused.code, "message": refused.message, "details": ""}
        return self.respond(orjson.dumps({"errors": [error]}), refused.status, self._headers(asked))

    def _headers(self, asked: Asked) -> dict[str, str]:
        """Amazon names the sustained rate, and no time to wait."""
        rate = self.limits.rate(asked.name)
        told = {"x-amzn-ratelimit-limit": f"{rate[0]:g}"} if rate else {}
        return {"x-amzn-requestid": secrets.token_hex(8), **told}

    def verify(self, asked: Asked) -> None:
        """A live access token, or a restricted one on a path that it was made for."""
        assert self.tokens is not None
        for name in ("x-amz-access-token", "x-amz-date", "user-agent"):
            if not asked.headers.get(name):
                raise Refused("Unauthorized", f"{DENIED}: {name} is missing", status=403)
        token = asked.headers["x-amz-access-token"]
        if token in self.restricted:
            until, paths = self.restricted[token]
            if self.now() >= until:
                raise self.no(why.EXPIRED_TOKEN)
            if not any(_fits(path, asked.path) for path in paths):
                raise Refused("Unauthorized", f"{DENIED}: the token is for {', '.join(paths)}", status=403)
        elif not self.tokens.holder(token):
            raise self.no(why.EXPIRED_TOKEN if self.tokens.was_known(token) else why.WRONG_TOKEN)

    # Tokens

    def _token(self, asked: Asked) -> Response:
        """LWA: a refresh token, or the code of a seller who agreed, is exchanged for an access token."""
        assert self.tokens is not None
        error, kind = "", GRANTS.get(asked.text("grant_type"), "")
        if not kind:
            error = "unsupported_grant_type"
        elif not all(same(asked.text(name), self.credentials[name]) for name in ("client_id", "client_secret")):
            error = "invalid_client"
        else:
            ask = self.tokens.by_code if kind == "code" else self.tokens.refresh
            try:
                grant = ask(asked.text(kind))
            except NotGranted:
                error = "invalid_grant"
        if error:
            self.rejected.append(f"token: {error}")
            return self.respond(orjson.dumps({"error": error, "error_description": error}), 400)
        answer = {"access_token": grant.access, "refresh_token": grant.refresh, "token_type": "bearer",
                  "expires_in": grant.lives(self.now())[0]}  # fmt: skip
        return self.respond(orjson.dumps(answer))

    def _consent(self, asked: Asked) -> Response:
        """The page on which the seller agrees: back with code, state and the seller's own id."""
        assert self.tokens is not None
        (back,) = self.need(asked, "redirect_uri")
        self.need(asked, "application_id", "state")
        told = {"spapi_oauth_code": self.tokens.consent(), "state": asked.text("state"),
                "selling_partner_id": self.credentials["seller_id"]}  # fmt: skip
        return RedirectResponse(f"{back}?{urlencode(told)}", 302)

    def _restricted_token(self, asked: Asked) -> dict[str, Any]:
        resources = asked.args.get("restrictedResources") or []
        if not 1 <= len(resources) <= RESOURCES_MAX:
            raise wrong("restrictedResources")
        for name in MARKETPLACE_NAMES.split():
            asked.text(name)  # clients send it with every call
        for one in resources:
            is_known = one.get("method") == "GET" and RESTRICTED.fullmatch(str(one.get("path")))
            if not is_known or not set(one.get("dataElements") or ()) <= PERSONAL:
                raise wrong(f"restrictedResources: {one}")
        seconds = int(self.settings.get("access_seconds", 3600))
        token = "Atz.sprdt|" + secrets.token_urlsafe(32)
        self.restricted[token] = (self.now() + timedelta(seconds=seconds), [one["path"] for one in resources])
        return {"restrictedDataToken": token, "expiresIn": seconds}

    # Orders

    def _orders(self, asked: Asked) -> dict[str, Any]:
        question = Question(asked.query, self.now(), self._horizon)
        found, token = self._listed(question)
        shown = [record(order, self._has_personal(asked)) for order in found]
        payload: dict[str, Any] = {"Orders": shown, f"{question.by}Before": iso(question.before)}
        return {"payload": payload | ({"NextToken": token} if token else {})}

    def _search(self, asked: Asked) -> dict[str, Any]:
        wanted = included(asked.query)
        question = Question(old_query(asked.query), self.now(), self._horizon)
        found, token = self._listed(question)
        by = question.by[0].lower() + question.by[1:]
        answer: dict[str, Any] = {"orders": [self._new(order, wanted) for order in found],
                                  f"{by}Before": iso(question.before)}  # fmt: skip
        return answer | ({"pagination": {"nextToken": token}} if token else {})

    @property
    def _horizon(self) -> float:
        return float(self.settings.get("horizon_seconds", 120))

    def _listed(self, asked: Question) -> tuple[list[Order], str]:
        """The orders of one page, and the token of the next."""
        found = self.shown(self.book.between(asked.after, asked.before, asked.field))
        try:
            page = self.pages.by_cursor([o for o in found if asked.takes(o)], asked.cursor, asked.size, asked.key)
        except ValueError as error:
            raise wrong("NextToken is not valid") from error
        return page.rows, asked.token(page.next) if page.next else ""

    def _get(self, asked: Asked) -> dict[str, Any]:
        return {"order": self._new(self._known(asked), included(asked.query))}

    def _new(self, order: Order, wanted: frozenset[str]) -> dict[str, Any]:
        return new_shape(record(order, True), items(order, self.wishes), self.shipments[order.id], wanted)

    def _order(self, asked: Asked) -> dict[str, Any]:
        return {"payload": record(self._known(asked), self._has_personal(asked))}

    def _items(self, asked: Asked) -> dict[str, Any]:
        order = self._known(asked)
        found: list[Record] = items(order, self.wishes)
        return {"payload": {"AmazonOrderId": order.id, "OrderItems": found}}

    def _has_personal(self, asked: Asked) -> bool:
        return asked.headers["x-amz-access-token"] in self.restricted

    def _known(self, asked: Asked) -> Order:
        order = self.book.orders.get(asked.parts["id"])
        named = {one for name in MARKETPLACE_NAMES.split() for one in asked.query.get(name, "").split(",") if one}
        if order is None or (named and head_of(order)["MarketplaceId"] not in named):
            raise self.no(why.NOT_FOUND, asked.parts["id"])
        return order

    # Parcels

    def _confirm(self, asked: Asked) -> None:
        order, detail = self._known(asked), asked.args.get("packageDetail") or {}
        missing = [name for name in REQUIRED_OF_PACKAGE if not detail.get(name)]
        if missing or not str(detail["packageReferenceId"]).isdigit():
            raise wrong(f"packageDetail: {', '.join(missing) or 'packageReferenceId'}")
        if detail["carrierCode"] == "Other" and not detail.get("carrierName"):
            raise wrong("carrierName is required when carrierCode is Other")
        known = head_of(order)
        if known["FulfillmentChannel"] == "AFN" or known["OrderStatus"] in ("Pending", "Canceled"):
            raise wrong(f"order is {known['FulfillmentChannel']} {known['OrderStatus']}")
        instant(detail["shipDate"])
        places = {item_id(order.id, line.place): line.place for line in order.lines}
        named = {str(line["orderItemId"]): int(line["quantity"]) for line in detail["orderItems"]}
        if strange := named.keys() - places.keys():
            raise wrong(f"orderItemId {', '.join(sorted(strange))} cannot ship")
        self._package(order, str(detail["packageReferenceId"]), {places[key]: n for key, n in named.items()}, detail)

    def _package(self, order: Order, reference: str, quantities: dict[int, int], detail: dict[str, Any]) -> None:
        """A known reference edits its package, a new one adds a package."""
        before = self._packages.get((order.id, reference))
        if before is not None:
            order.parcels.remove(before)
            _count(order, before, -1)
        try:
            self.ship(order.id, quantities, detail["carrierCode"], detail["trackingNumber"],
                      lambda words: wrong(f"cannot ship: {words}"))  # fmt: skip
        except Refused:
            if before is not None:
                order.parcels.append(before)
                _count(order, before, 1)
            raise
        self._packages[order.id, reference] = order.parcels[-1]
        *others, told = self.shipments[order.id]
        kept = [one for one in others if one["reference"] != reference]
        self.shipments[order.id] = [*kept, told | {"reference": reference}]

    # Reports

    def move_claim(self, claim_id: str, state: str, at: datetime, carrier: str = "", waybill: str = "") -> None:
        super().move_claim(claim_id, state, at, carrier, waybill)
        self._report(at)

    def ask_refund(self, external_id: str, line: int, at: datetime, kind: str = RETURN) -> str:
        claim = super().ask_refund(external_id, line, at, kind)
        self._report(at)
        return claim

    def _report(self, at: datetime) -> None:
        """The returns changed: the next report says so."""
        self.reports.make(content_of([(self.book.orders[one.order_id], one) for one in self.book.claims.values()]), at)

    def _document(self, asked: Asked) -> dict[str, Any]:
        key = asked.parts["id"]
        if not (key[1:].isdecimal() and int(key[1:]) < len(self.reports.made)):
            raise self.no(why.NOT_FOUND, key)
        base = self.files_at or asked.url.partition("/reports/")[0]
        url = f"{base}/presigned/{key}?Signature={_presigned(key)}"
        return {"reportDocumentId": key, "compressionAlgorithm": "GZIP", "url": url}

    def _file(self, asked: Asked) -> Response:
        """The file behind its address. A token of the caller's would be handed to strangers here."""
        if asked.headers.get("x-amz-access-token") or asked.text("Signature") != _presigned(asked.parts["id"]):
            raise Refused("AccessDenied", "a presigned address and nothing else", status=403)
        body = self.reports.made[int(asked.parts["id"][1:])][1]
        return Response(body, 200, {"content-type": "text/plain;charset=Cp1252"})

    # Listings

    def _patch(self, asked: Asked) -> dict[str, Any]:
        self.need(asked, "marketplaceIds", "productType", "patches")
        sku, answer = asked.parts["sku"], {"submissionId": secrets.token_hex(8), "issues": list[Record]()}
        offer = next(iter(self.shelf.offers(sku)), None)
        if offer is None:
            raise self.no(why.NOT_FOUND, f"SKU '{sku}'")
        for patch in asked.args["patches"]:
            if patch["path"] != "/attributes/fulfillment_availability" or patch["op"] != "replace":
                raise wrong("only fulfillment_availability can be replaced here")
            refused = self.put_stock([(offer, sku, int(patch["value"][0]["quantity"]))])
            answer["issues"] = [{"code": "4000001", "message": no, "severity": "ERROR"} for no in refused.values()]
        return {"sku": sku, "status": "INVALID" if answer["issues"] else "ACCEPTED", **answer}

    def _search_listings(self, asked: Asked) -> dict[str, Any]:
        return search_listings(asked.query, [offer.sku for offer in self.shelf.all()], self.stock)

    def _listing(self, asked: Asked) -> dict[str, Any]:
        self.need(asked, "marketplaceIds")
        if not self.shelf.offers(asked.parts["sku"]):
            raise self.no(why.NOT_FOUND, f"SKU '{asked.parts['sku']}'")
        return listing(asked.parts["sku"], asked.query, self.stock)


def _presigned(key: str) -> str:
    return hex_token(f"presigned {key}")


def _fits(path: str, asked: str) -> bool:
    return re.fullmatch(re.escape(path).replace(r"\{orderId\}", "[^/]+"), asked) is not None


def _count(order: Order, parcel: Parcel, sign: int) -> None:
    for place, units in parcel.quantities.items():
        order.lines[place].shipped += sign * units
