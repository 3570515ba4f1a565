"""Shopify: orders by webhook and by the GraphQL Admin API, which is told of shipments and stock too; REST as a choice."""
