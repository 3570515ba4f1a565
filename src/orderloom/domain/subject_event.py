"""Reads the events of subjects: a closed set apart from the orders' one, which stays as small as it is."""

from __future__ import annotations

import msgspec

from orderloom.domain.floor.wave_event import AnyWaveEvent
from orderloom.domain.inventory.document_event import AnyDocumentEvent
from orderloom.domain.inventory.purchase_event import AnyPurchaseEvent
from orderloom.domain.inventory.quota_event import AnyQuotaEvent
from orderloom.domain.inventory.snapshot_event import AnySnapshotEvent

AnySubjectEvent = AnyDocumentEvent | AnyQuotaEvent | AnySnapshotEvent | AnyPurchaseEvent | AnyWaveEvent
"""Every kind's events: a kind adds its own union here."""
_decoder = msgspec.json.Decoder(AnySubjectEvent)


def subject_event_of(facts: str) -> AnySubjectEvent:
    """The event that `domain/log.py: encode` wrote."""
    event: AnySubjectEvent = _decoder.decode(facts)
    return event
