"""Xiaohongshu's shops through the ARK open API: orders and applications after the sale, shipments, stock, pushes."""
