"""Whom we call: the database, and by `kit/` as their folders declare channels, systems, carriers, messengers."""
