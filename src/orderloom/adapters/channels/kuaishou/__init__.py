"""Kuaishou's shops through their open platform: orders and applications after the sale, shipments, stock."""
