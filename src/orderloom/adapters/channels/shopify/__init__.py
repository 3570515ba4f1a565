"""Shopify: orders by webhook and by REST pull, shipments by fulfilment orders, stock by GraphQL."""
