"""Who calls us: HTTP, worker loops, command line."""
