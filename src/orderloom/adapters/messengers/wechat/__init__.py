"""Template, subscribe and service messages of WeChat."""
