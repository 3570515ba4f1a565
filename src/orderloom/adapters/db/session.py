"""What every connection sets for itself, so that a server of the seller's own plans and waits as ours does."""

from __future__ import annotations

SETTINGS = (
    "set timezone to 'UTC'",
    "set lock_timeout to '20s'",
    "set jit to off",
    # Disks have no arm any more. With the server's own 4.0 a queue of 50,000 is read whole to take 500 from it.
    "set random_page_cost to 1.1",
)
