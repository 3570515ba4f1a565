"""Shopify: orders by webhook and the GraphQL Admin API, which is told of shipments and stock; REST as a choice."""
