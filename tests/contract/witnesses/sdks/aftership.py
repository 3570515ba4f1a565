"""AfterShip's own client, of the version of the interface that the connector speaks."""

from __future__ import annotations

from typing import Any

import tracking


class Client:
    """One organisation."""

    def __init__(self, base: str, api_key: str) -> None:
        self._client = tracking.Client(tracking.Configuration(domain=base, api_key=api_key, max_retry=0))

    def create(self, **said: Any) -> Any:
        """Have a parcel followed."""
        made = self._client.tracking.create_tracking(tracking.TrackingCreateTrackingRequest(**said))
        return made.model_dump(mode="json")

    def list(self, **asked: Any) -> Any:
        """Parcels that are followed."""
        return self._client.tracking.get_trackings(**asked).model_dump(mode="json")
