"""Reads for console, portal and command line; they change nothing."""
