"""Rooms for shop fronts and their caches: anybody reads, nobody signs in, and every figure is signed."""
