"""Reads for the API, the page and the portal: plain SQL in, typed rows out; nothing here writes."""
