"""Outgoing webhooks in the Standard Webhooks form."""
