"""Youzan's shops through its open cloud: orders and applications after the sale, shipments, stock, pushes."""
