"""What is answered when something goes on in the background."""

from __future__ import annotations

import msgspec


class JobBegun(msgspec.Struct, frozen=True):
    """The job that does it: GET /api/v1/jobs/{id} tells how far it is."""

    job: str
