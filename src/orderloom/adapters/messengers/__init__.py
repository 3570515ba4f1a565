"""Messengers: whom the hub tells people by."""
