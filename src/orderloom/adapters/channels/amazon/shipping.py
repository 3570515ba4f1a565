"""Confirm a shipment to Amazon: one package of a merchant-fulfilled order."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx2

from orderloom.adapters.carrier_words import carrier_words
from orderloom.adapters.channels.amazon.gateway import call
from orderloom.application.ports import Account, Answer, Outgoing
from orderloom.domain.carriers import canonical, name

MARKETPLACE_DEFAULT = "ATVPDKIKX0DER"
WORDS = carrier_words(Path(__file__).parent)


async def send(outgoing: Outgoing, account: Account, at: datetime, http: httpx2.AsyncClient) -> Answer:
    """Confirm the package `outgoing`. Raises Transient or Terminal.

    The package reference comes from the delivery's id and is the same on every attempt: the platform then edits the
    package instead of adding a second one.
    """
    path = f"/orders/v0/orders/{outgoing.body['external_id']}/shipmentConfirmation"
    package = _package(outgoing)
    marketplace = str(outgoing.body.get("marketplace") or _marketplace(account))
    body = {"marketplaceId": marketplace, "packageDetail": package}
    raw = await call("POST", path, account, at, http, body=body)
    return Answer(raw, {"package_reference": str(package["packageReferenceId"])})


def _package(outgoing: Outgoing) -> dict[str, Any]:
    body = outgoing.body
    carrier = canonical(str(body["carrier"])) or str(body["carrier"])
    code = WORDS.of(carrier)
    package: dict[str, Any] = {
        "packageReferenceId": package_reference(outgoing.id),
        "carrierCode": code,
        "trackingNumber": body["waybill"],
        "shipDate": body["shipped_at"],
        "orderItems": [
            {"orderItemId": str(line["external_line_id"]), "quantity": int(line["quantity"])} for line in body["lines"]
        ],
    }
    if code == WORDS.other:
        package["carrierName"] = name(carrier, "en")
    return package


def package_reference(delivery_id: str) -> str:
    """A positive number, as the platform asks for, that depends on the delivery's id alone."""
    return str(int.from_bytes(hashlib.sha256(delivery_id.encode()).digest()[:4]) + 1)


def _marketplace(account: Account) -> str:
    """Of an order that names none: the account's first."""
    value: Any = account.settings.get("marketplace_ids") or MARKETPLACE_DEFAULT
    return value.split(",")[0] if isinstance(value, str) else str(value[0])
