"""Shopee through its Open Platform, version 2."""
