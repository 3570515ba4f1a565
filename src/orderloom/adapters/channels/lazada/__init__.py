"""Lazada through its Open Platform."""
