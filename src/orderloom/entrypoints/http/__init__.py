"""Who calls us over HTTP: the API, the door for webhooks, the console, health and metrics."""
