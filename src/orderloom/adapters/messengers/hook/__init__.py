"""A webhook of one's own that hears messages."""
