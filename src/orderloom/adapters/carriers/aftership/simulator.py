"""A rehearsed AfterShip: trackings that are created once, signed pushes and live questions, checked by itself."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, ClassVar

from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked, Call
from orderloom.adapters.simulated.clock import iso, seconds
from orderloom.adapters.simulated.draw import hex_token
from orderloom.adapters.simulated.parcels import Parcel, Scan
from orderloom.adapters.simulated.platform import same
from orderloom.adapters.simulated.pushes import Push
from orderloom.adapters.simulated.refused import No, Refused
from orderloom.adapters.simulated.road import RoadSimulator, Watch

TAGS = {
    "collected": "InTransit", "in_transit": "InTransit", "arrived": "InTransit", "out_for_delivery": "OutForDelivery",
    "delivered": "Delivered", "pickup_ready": "AvailableForPickup", "refused": "AttemptFail", "returning": "Exception",
    "returned": "Exception",
}  # fmt: skip
PATH = "/tracking/2024-04/trackings"
KNOWN = frozenset({"tracking_number", "slug", "order_id", "title", "language", "destination_country_iso3"})
FILTERS = ("tracking_numbers", "slug", "tag", "order_id")


class Simulator(RoadSimulator):
    """One organisation. Its pushes go to `push_url`, the address that was given in the back office."""

    NOES: ClassVar[dict[str, No]] = {
        why.RATE_LIMITED: No(429, "You have exceeded the API call rate limit.", status=429),
        why.BUSY: No(503, "unavailable", status=503), why.WRONG_KEY: No(401, "Invalid API key.", status=401),
        why.MISSING: No(4011, "Missing required field: {}", status=400), why.UNKNOWN_CALL: No(404, "no {}", status=404),
        why.WRONG_VALUE: No(4005, "The value of {} is invalid.", status=400),
        why.UNKNOWN_PARAMETER: No(4006, "{} is not known.", status=400),
    }

    def __init__(self, credentials: dict[str, str], now: Callable[[], datetime], settings: dict[str, Any]) -> None:
        super().__init__(credentials, now, settings)
        self.push_url = ""

    def declare(self) -> dict[str, Call]:
        """Two calls."""
        return {
            "create": Call(self._create, "tracking", at=f"POST {PATH}", is_write=True),
            "list": Call(self._list, "page limit tracking_numbers slug tag order_id", at=f"GET {PATH}"),
        }

    def verify(self, asked: Asked) -> None:
        """The key is the whole proof."""
        if not same(asked.headers.get("as-api-key", ""), self.credentials["api_key"]):
            raise self.no(why.WRONG_KEY)

    def write(self, content: Any, asked: Asked) -> Any:
        """A good answer."""
        code = 201 if asked.name == "create" else 200
        return self.respond(json.dumps({"meta": {"code": code}, "data": content}).encode(), code)

    def write_no(self, refused: Refused, asked: Asked) -> Any:
        """A refusal."""
        said = {"meta": {"code": refused.code, "message": refused.message, "type": "BadRequest"}, "data": {}}
        return self.respond(json.dumps(said).encode(), refused.status, refused.headers)

    def _create(self, asked: Asked) -> dict[str, Any]:
        """What is to be followed stands in an object of its own in this version of the interface."""
        said = asked.args.get("tracking")
        if not isinstance(said, dict) or not said.get("tracking_number"):
            raise self.no(why.MISSING, "tracking.tracking_number")
        if unknown := said.keys() - KNOWN:
            raise self.no(why.UNKNOWN_PARAMETER, ", ".join(sorted(unknown)))
        number = str(said["tracking_number"])
        if any(known == number for _, known in self.watches):
            raise Refused(4003, "Tracking already exists.", status=400)
        parcel = self.find(number)
        self.watch(parcel.carrier if parcel else "", number, self.push_url, order_id=str(said.get("order_id") or ""))
        return {"tracking": {"id": hex_token(number, 24), "tracking_number": number, "slug": said.get("slug"),
                             "tag": "Pending", "order_id": said.get("order_id"), "checkpoints": []}}

    def _list(self, asked: Asked) -> dict[str, Any]:
        """Every filter takes several values with commas between."""
        page = self.need_number(asked, "page", 1, low=1)
        limit = self.need_number(asked, "limit", 100, low=1, high=200)
        wanted = {name: asked.text(name).split(",") for name in FILTERS if asked.text(name)}
        followed = wanted.pop("tracking_numbers", [number for _, number in self.watches])
        told = [self._data(parcel) for number in followed if (parcel := self.find(number)) is not None]
        found = [one for one in told if all(one[name] in values for name, values in wanted.items())]
        return {"page": page, "limit": limit, "count": len(found),
                "trackings": found[(page - 1) * limit : page * limit]}

    def _data(self, parcel: Parcel) -> dict[str, Any]:
        points = [self._point(parcel, scan) for scan in parcel.scans]
        tag = points[-1]["tag"] if points else "Pending"
        watch = self.watches.get((parcel.carrier, parcel.waybill))
        return {"id": hex_token(parcel.waybill, 24), "tracking_number": parcel.waybill, "slug": parcel.carrier,
                "tag": tag, "subtag": f"{tag}_001", "order_id": watch.agreed.get("order_id", "") if watch else "",
                "checkpoints": points}

    def _point(self, parcel: Parcel, scan: Scan) -> dict[str, Any]:
        tag = TAGS[scan.word]
        return {"slug": parcel.carrier, "checkpoint_time": iso(scan.due), "city": scan.place, "state": None,
                "country_iso3": "CHN", "message": scan.word, "tag": tag, "subtag": f"{tag}_001"}

    def hand_over(self, carrier: str, waybill: str, at: datetime, province: str = "", phone_last4: str = "") -> None:
        """A number that was followed before its carrier was known is that parcel's."""
        early = self.watches.pop(("", waybill), None)
        super().hand_over(carrier, waybill, at, province, phone_last4)
        if early is not None:
            early.carrier = carrier
            self.watches[carrier, waybill] = early

    def news(self, watch: Watch, parcel: Parcel) -> Push:
        """All checkpoints, the HMAC of the bytes in a header."""
        said = {"ts": seconds(self.now()), "event": "tracking_update", "is_tracking_first_tag": parcel.seen == 1,
                "event_id": hex_token(f"{parcel.waybill}/{parcel.seen}"), "msg": self._data(parcel)}
        body = json.dumps(said, ensure_ascii=False).encode()
        signed = _signature(self.credentials["webhook_secret"], body)
        headers = {"content-type": "application/json", "aftership-hmac-sha256": signed}
        return Push(body, headers, url=self.push_url)


def prove(vector: Mapping[str, Any]) -> str:
    """The signature of one of the platform's vectors by this simulator's own code."""
    return _signature(vector["given"]["webhook_secret"], vector["given"]["raw_body"].encode())


def _signature(secret: str, body: bytes) -> str:
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
