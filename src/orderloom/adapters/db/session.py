"""What every connection sets for itself, so that a server of the seller's own plans and waits as ours does."""

from __future__ import annotations

IDLE_SECONDS_MAX = 60
"""How long the server lets a transaction of ours stand idle: what a lost line has locked is free again after it."""
GUARD_LINES = (
    "set tcp_keepalives_idle to 30",
    "set tcp_keepalives_interval to 10",
    "set tcp_keepalives_count to 3",
)
"""How soon the server notices that we are gone; its own default are hours, until which our session would lie there."""
GUARDS = "; ".join(GUARD_LINES).encode()
SETTINGS = (
    "set timezone to 'UTC'",
    "set lock_timeout to '20s'",
    f"set idle_in_transaction_session_timeout to '{IDLE_SECONDS_MAX}s'",
    *GUARD_LINES,
    "set jit to off",
    # Disks have no arm any more. With the server's own 4.0 a queue of 50,000 is read whole to take 500 from it.
    "set random_page_cost to 1.1",
)
