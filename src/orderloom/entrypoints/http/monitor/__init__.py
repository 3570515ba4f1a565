"""Load balancers and Prometheus: whether the hub lives, can work, and how much it does."""
