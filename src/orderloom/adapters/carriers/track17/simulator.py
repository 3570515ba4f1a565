"""A rehearsed 17TRACK: numbers that are registered, signed pushes and live questions, checked by itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, ClassVar

from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked, Call
from orderloom.adapters.simulated.clock import iso
from orderloom.adapters.simulated.parcels import Parcel, Scan
from orderloom.adapters.simulated.platform import same
from orderloom.adapters.simulated.pushes import Push
from orderloom.adapters.simulated.refused import No, Refused
from orderloom.adapters.simulated.road import RoadSimulator, Watch

NUMBERS_MAX = 40
WORDS = {
    "collected": "InTransit_PickedUp", "in_transit": "InTransit_Departure", "arrived": "InTransit_Arrival",
    "out_for_delivery": "OutForDelivery_Other", "delivered": "Delivered_Other",
    "pickup_ready": "AvailableForPickup_Other", "refused": "DeliveryFailure_Rejected",
    "returning": "Exception_Returning", "returned": "Exception_Returned",
}  # fmt: skip
NUMBER = {"number", "carrier", "final_carrier", "auto_detection", "order_no", "tag", "param"}


class Simulator(RoadSimulator):
    """One key. Its pushes go to `push_url`, the address that was given in the back office."""

    NOES: ClassVar[dict[str, No]] = {
        why.RATE_LIMITED: No(429, "too many requests", status=429), why.BUSY: No(503, "unavailable", status=503),
        why.WRONG_KEY: No(-18010002, "The security key is invalid."), why.WRONG_VALUE: No(-18010013, "{} is wrong"),
        why.UNKNOWN_CALL: No(404, "no {}", status=404), why.UNKNOWN_PARAMETER: No(-18010013, "{} is not known"),
        why.MISSING: No(-18010012, "{} is missing"),
    }

    def __init__(self, credentials: dict[str, str], now: Callable[[], datetime], settings: dict[str, Any]) -> None:
        super().__init__(credentials, now, settings)
        self.push_url = ""

    def declare(self) -> dict[str, Call]:
        """Three calls."""
        return {
            "register": Call(self._register, at="POST /track/v2.2/register", is_write=True),
            "gettrackinfo": Call(self._info, at="POST /track/v2.2/gettrackinfo"),
            "getquota": Call(lambda _: {"quota_total": 1_000}, at="POST /track/v2.2/getquota"),
        }

    def verify(self, asked: Asked) -> None:
        """The key is the whole proof."""
        if not same(asked.headers.get("17token", ""), self.credentials["token"]):
            raise self.no(why.WRONG_KEY)

    def write(self, content: Any, asked: Asked) -> Any:
        """A good answer."""
        return self.respond(json.dumps({"code": 0, "data": content}).encode())

    def write_no(self, refused: Refused, asked: Asked) -> Any:
        """A refusal."""
        said = {"code": refused.code, "data": {"errors": [{"code": refused.code, "message": refused.message}]}}
        return self.respond(json.dumps(said).encode(), refused.status, refused.headers)

    def _numbers(self, asked: Asked) -> list[dict[str, Any]]:
        said = asked.json
        if not isinstance(said, list) or not 0 < len(said) <= NUMBERS_MAX:
            raise self.no(why.WRONG_VALUE, "body")
        for one in said:
            if not isinstance(one, dict) or set(one) - NUMBER or not one.get("number"):
                raise self.no(why.UNKNOWN_PARAMETER, ", ".join(sorted(set(one) - NUMBER)) or "number")
        return said

    def _register(self, asked: Asked) -> dict[str, Any]:
        accepted, rejected = [], []
        for one in self._numbers(asked):
            number, parcel = str(one["number"]), self.find(str(one["number"]))
            if any(known == number for _, known in self.watches):
                error = {"code": -18019901, "message": f"The tracking number '{number}' has been registered."}
                rejected.append({"number": number, "error": error})
                continue
            self.watch(parcel.carrier if parcel else "", number, self.push_url, tag=one.get("tag"))
            accepted.append({"origin": 1, "number": number, "carrier": one.get("carrier", 0)})
        return {"accepted": accepted, "rejected": rejected}

    def _info(self, asked: Asked) -> dict[str, Any]:
        accepted, rejected = [], []
        for one in self._numbers(asked):
            parcel = self.find(str(one["number"]))
            if parcel is None:
                error = {"code": -18019902, "message": "is not registered"}
                rejected.append({"number": one["number"], "error": error})
            else:
                accepted.append(self._data(parcel, None))
        return {"accepted": accepted, "rejected": rejected}

    def _data(self, parcel: Parcel, tag: str | None) -> dict[str, Any]:
        events = [self._event(scan) for scan in reversed(parcel.scans)]
        number = 3011 if parcel.carrier == "youzhengguonei" else 100_003
        latest = events[0] if events else None
        info = {"latest_status": {"status": latest["sub_status"].partition("_")[0], "sub_status": latest["sub_status"]}
                if latest else None, "latest_event": latest,
                "tracking": {"providers": [{"provider": {"key": number, "name": parcel.carrier}, "events": events}]}}
        return {"number": parcel.waybill, "carrier": number, "param": None, "tag": tag, "track_info": info}

    def _event(self, scan: Scan) -> dict[str, Any]:
        return {"time_iso": iso(scan.due), "time_utc": iso(scan.due), "description": scan.word, "location": scan.place,
                "stage": None, "sub_status": WORDS[scan.word]}

    def hand_over(self, carrier: str, waybill: str, at: datetime, province: str = "", phone_last4: str = "") -> None:
        """A number that was registered before its carrier was known is that parcel's."""
        early = self.watches.pop(("", waybill), None)
        super().hand_over(carrier, waybill, at, province, phone_last4)
        if early is not None:
            early.carrier = carrier
            self.watches[carrier, waybill] = early

    def news(self, watch: Watch, parcel: Parcel) -> Push:
        """Everything known of the number, its plain hash with the key in a header."""
        said = {"event": "TRACKING_UPDATED", "data": self._data(parcel, watch.agreed.get("tag"))}
        body = json.dumps(said, ensure_ascii=False)
        sign = _signature(body, self.credentials["token"])
        return Push(body.encode(), {"content-type": "application/json", "sign": sign}, url=self.push_url)


def prove(vector: Mapping[str, Any]) -> str:
    """The signature of one of the platform's vectors by this simulator's own code."""
    return _signature(vector["given"]["raw_body"], vector["given"]["token"])


def _signature(body: str, token: str) -> str:
    return hashlib.sha256(f"{body}/{token}".encode()).hexdigest()
