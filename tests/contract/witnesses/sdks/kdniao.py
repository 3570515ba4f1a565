"""A public client of KDNiao. It can also speak through tornado; here that is left out."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

for name in ("tornado", "tornado.gen", "tornado.httpclient"):
    sys.modules.setdefault(name, ModuleType(name))
sys.modules["tornado"].gen = sys.modules["tornado.gen"]  # type: ignore[attr-defined]
sys.modules["tornado.gen"].coroutine = lambda made: made  # type: ignore[attr-defined]
sys.modules["tornado.httpclient"].HTTPRequest = None  # type: ignore[attr-defined]
sys.modules["tornado.httpclient"].AsyncHTTPClient = None  # type: ignore[attr-defined]

from kdniao import KdNiaoClient  # noqa: E402
from kdniao.conf import APIPathBuilder  # noqa: E402


class Client:
    """One business id."""

    def __init__(self, base: str, business_id: str, api_key: str) -> None:
        APIPathBuilder.PROD = base.removeprefix("http://")
        self._client = KdNiaoClient(business_id, api_key)

    def track(self, number: str, carrier: str) -> Any:
        """Where a parcel is."""
        return self._client.track(number, carrier)

    def follow(self, number: str, carrier: str) -> Any:
        """Have a parcel followed."""
        return self._client.follow(number, carrier)

    def label(self, **asked: Any) -> Any:
        """Buy a label."""
        return self._client.create_eorder(asked)

    def is_theirs(self, sign: str, data: str) -> bool:
        """Whether a push is KDNiao's."""
        return bool(self._client._API__sign(data, self._client._app_key) == sign)
