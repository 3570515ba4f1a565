"""Amazon through the Selling Partner API (SP-API), Orders v0."""
