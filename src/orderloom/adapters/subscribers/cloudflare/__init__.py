"""Cloudflare's cache, told to forget the figures of shown stock that changed."""
