"""A messenger's account that sends as the worker does, to its simulator."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import msgspec

from orderloom.adapters.alone import OwnLimits, OwnTokens
from orderloom.adapters.kit.declared import declare
from orderloom.adapters.kit.platform import Commons
from orderloom.adapters.manifests import manifests, plans
from orderloom.adapters.outside import Outside
from orderloom.application.deliver import Leased, send_all
from orderloom.application.ports import Account, Rate
from tests.support.ears import EarAccount, an_ear

TITLE, TEXT = "[紧急] 超卖", "超卖（紧急）\n订单：TB01-1 {x} <b>&\n办法：盘点"


class Sending:
    """A messenger's account that sends as the worker does."""

    def __init__(self, at: EarAccount, outside: Outside) -> None:
        self.at, self.ear, self._outside = at, at.ear, outside
        self.connector = declare(plans()[at.connector], Commons(OwnTokens(), OwnLimits(Rate(10_000, 10_000))))
        self.account = Account(7, "M01", "messengers", at.connector, "Asia/Shanghai", at.base_url, at.credentials,
                               {"private_hosts": ["127.0.0.1"], **at.settings})

    async def send(self, ident: str = "d-1", attempt: int = 1, **body: Any) -> Any:
        """Send one message; returns how it ended."""
        fields = {"kind": "超卖", "severity": "紧急", "count": "3", "lines": "超卖 ×3"}
        names = self.at.settings.get("field_names")
        told = {"to": "operations", "template": "case", "language": "zh", "severity": "critical", "count": 1,
                "at": "2026-11-21T01:00:00+00:00", "title": TITLE, "text": TEXT, **body}
        used = ("kind", "severity") if told["template"] == "case" else ("severity", "count")
        told.setdefault("fields", {names[n]: fields[n] for n in used} if names else fields)
        address = str(told.pop("address", self.at.address))
        leased = Leased(ident, 7, "message", None, ident, told, attempt, address=address)
        [tried] = await send_all([leased], self.account, self.connector, manifests()[self.at.connector],
                                 self._outside.client(self.account), datetime.now(UTC))
        return tried

    def with_credentials(self, **changed: str) -> None:
        """The account has these instead."""
        self.account = msgspec.structs.replace(self.account, credentials={**self.account.credentials, **changed})


@asynccontextmanager
async def sending(connector: str, now: Any = None) -> AsyncIterator[Sending]:
    outside = Outside()
    async with an_ear(connector, now or (lambda: datetime.now(UTC))) as at:
        yield Sending(at, outside)
        await outside.close()
