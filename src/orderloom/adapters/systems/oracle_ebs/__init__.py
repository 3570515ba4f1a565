"""Oracle E-Business Suite: orders in by interface rows or the gateway, deliveries read back from its report."""
