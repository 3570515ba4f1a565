"""People whom a platform sends back: the door where an authorisation ends."""
