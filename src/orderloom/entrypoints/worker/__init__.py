"""The loops that move orders on."""
