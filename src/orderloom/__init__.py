"""Orderloom (织单): a self-hosted order hub. Start reading at `route.py`."""

__version__ = "0.1.0"
