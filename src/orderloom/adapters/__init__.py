"""Whom we call: database, channels, systems, carriers."""
