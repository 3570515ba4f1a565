"""Douyin's shops (Doudian): orders and applications after the sale, shipments, stock, pushes."""
