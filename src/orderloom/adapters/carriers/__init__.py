"""Carriers and tracking services, one folder each."""
