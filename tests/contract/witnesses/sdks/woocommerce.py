"""WooCommerce's own Python client: a key as basic authorisation or in the query, or OAuth 1.0a without HTTPS."""

from __future__ import annotations

from typing import Any

from woocommerce import API


class Client:
    """One site. `sealed`: as behind a proxy that ends HTTPS, which is what the client goes by."""

    def __init__(self, base: str, consumer_key: str, consumer_secret: str, sealed: bool = True, in_query: bool = False):
        front = "https://shop.example" if sealed else base
        self._api = API(front, consumer_key, consumer_secret, version="wc/v3", query_string_auth=in_query, timeout=30)
        self._api.url = base

    def get(self, endpoint: str, **params: Any) -> Any:
        """Body, and what the headers say of pages."""
        answer = self._api.get(endpoint, params=params)
        answer.raise_for_status()
        names = ("x-wp-total", "x-wp-totalpages")
        return {"body": answer.json(), "pages": [int(answer.headers[one]) for one in names if one in answer.headers]}

    def put(self, endpoint: str, data: dict[str, Any]) -> Any:
        """Body of a change."""
        answer = self._api.put(endpoint, data)
        assert answer.ok, answer.text
        return answer.json()
