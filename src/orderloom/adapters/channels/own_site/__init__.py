"""A shop of one's own: signed webhooks in the form of Standard Webhooks, or an order form that the hub serves."""
