"""Sheets drawn: a description in dots becomes a picture of black and white, and that ZPL, PNG or PDF."""
