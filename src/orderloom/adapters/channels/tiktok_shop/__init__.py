"""TikTok Shop through its partner API, 202309 and later."""
