"""Shipped for tests, rehearsal and benchmarks: builders, frozen clock, failing doubles, the rehearsed world."""
