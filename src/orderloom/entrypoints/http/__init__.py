"""Who calls us over HTTP: the API, the door for webhooks, the live page, health and metrics."""
