"""A client generated from eBay's own contracts: it renews its token by itself and parses into its models."""

from __future__ import annotations

from typing import Any

from bidkit import EbayClient, EbayConfig
from bidkit.generated.models import sell_fulfillment, sell_inventory
from bidkit.notifications import NotificationVerifier, challenge_response


class Client:
    """One seller."""

    def __init__(self, base: str, client_id: str, client_secret: str, refresh_token: str) -> None:
        self._client = EbayClient(EbayConfig(
            app_id=client_id, cert_id=client_secret, refresh_token=refresh_token, base_url_override=base,
            max_retries=0))

    def orders(self, **filters: Any) -> Any:
        """getOrders."""
        return self._client.sell.fulfillment.get_orders(**filters).model_dump(mode="json", by_alias=True)

    def order(self, key: str) -> Any:
        """getOrder."""
        return self._client.sell.fulfillment.get_order(key).model_dump(mode="json", by_alias=True)

    def ship(self, key: str, **details: Any) -> Any:
        """createShippingFulfillment."""
        body = sell_fulfillment.ShippingFulfillmentDetails.model_validate(details)
        return self._client.sell.fulfillment.create_shipping_fulfillment(key, body=body)

    def parcels(self, key: str) -> Any:
        """getShippingFulfillments."""
        found = self._client.sell.fulfillment.get_shipping_fulfillments(key)
        return found.model_dump(mode="json", by_alias=True)

    def stock(self, requests: list[Any]) -> Any:
        """bulkUpdatePriceQuantity."""
        body = sell_inventory.BulkPriceQuantity.model_validate({"requests": requests})
        return self._client.sell.inventory.bulk_update_price_quantity(body=body).model_dump(mode="json", by_alias=True)

    def hear(self, body: str, signature: str) -> bool:
        """Whether a notification is eBay's, by the key that eBay gives."""
        return NotificationVerifier(self._client).verify(body.encode(), signature)

    def challenge(self, code: str, token: str, url: str) -> Any:
        """What an endpoint answers when it is tried."""
        return challenge_response(code, token, url)
