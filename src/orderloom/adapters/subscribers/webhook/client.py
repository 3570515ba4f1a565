"""Send domain events as Standard Webhooks v1: HMAC-SHA256 over `id.timestamp.body`, base64, key in `whsec_` base64."""

from __future__ import annotations

import base64
import hmac
import time

import httpx2
import orjson

from orderloom.adapters.http_times import wait_told
from orderloom.adapters.only_sends import OnlySends
from orderloom.adapters.outside import KEEP
from orderloom.application.ports import (
    Account,
    Answer,
    Outgoing,
    Probed,
    Terminal,
    Transient,
)

SECRET_PREFIX = "whsec_"
ANSWER_BYTES_KEPT = 2_000
"""Of a subscriber's answer only the status counts; the beginning is kept for the record."""
AGAIN = (408, 425, 429, 500, 502, 503, 504)


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """The `webhook-signature` header. Raises ValueError for a secret that is not `whsec_` and base64."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()


class Webhook(OnlySends):
    """A subscriber only listens: nothing is received or pulled."""

    name = "webhook"

    async def send(self, outgoing: Outgoing, account: Account, http: httpx2.AsyncClient) -> Answer:
        """Post one event; 2xx is a yes, 410 switches the subscriber off for this event, redirects are refused."""
        body = orjson.dumps(outgoing.body)
        now = int(time.time())
        answer = await http.post(account.base_url, content=body, headers={
            "content-type": "application/json", "webhook-id": outgoing.id, "webhook-timestamp": str(now),
            "webhook-signature": sign(account.credentials["secret"], outgoing.id, now, body),
        }, extensions={KEEP: ANSWER_BYTES_KEPT})
        if 200 <= answer.status_code < 300:
            return Answer(answer.content[:500], {"status": str(answer.status_code)})
        words = f"HTTP {answer.status_code}"
        if answer.status_code in AGAIN:
            raise Transient("not_now", words, retry_after=wait_told(answer.headers), answer=answer.content)
        raise Terminal("gone" if answer.status_code == 410 else "refused", words, answer=answer.content)

    async def probe(self, account: Account, http: httpx2.AsyncClient) -> Probed:
        """Whether the address answers at all."""
        try:
            answer = await http.head(account.base_url)
        except httpx2.HTTPError as error:
            return Probed(False, f"连不上 | cannot be reached: {error}")
        return Probed(answer.status_code < 500, f"HTTP {answer.status_code}")


CONNECTOR = Webhook()
