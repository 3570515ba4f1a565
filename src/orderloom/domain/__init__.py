"""Pure decisions about orders, stock and evidence: no IO, clock, randomness, async, float or logging."""
