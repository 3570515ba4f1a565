"""Who listens to the hub: outgoing webhooks, one folder per form."""
