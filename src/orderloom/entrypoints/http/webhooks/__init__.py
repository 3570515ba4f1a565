"""Platforms that call: the door where their messages land."""
