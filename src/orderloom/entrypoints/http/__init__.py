"""The API, the webhook door and the live page."""
