"""One file for each public client: `Client(base, …)` with what a test asks of it, made with the client's own means."""
