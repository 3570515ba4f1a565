"""The no-code language: what business users may change, checked before it counts."""
