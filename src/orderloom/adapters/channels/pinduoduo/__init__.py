"""Pinduoduo through its open platform: orders and applications after the sale, shipments, stock."""
