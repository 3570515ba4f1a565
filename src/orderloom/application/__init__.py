"""What the hub does: one verb per file, each reading as read and lock, decide, write."""
