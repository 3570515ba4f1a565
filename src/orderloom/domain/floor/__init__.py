"""The floor of a house that is run here: places, lots, waves, tasks and what terminals scan. Pure."""
