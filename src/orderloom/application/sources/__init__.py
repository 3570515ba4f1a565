"""Reading channels and systems: the live pull, the past beside it, what they left out, and their listings."""
