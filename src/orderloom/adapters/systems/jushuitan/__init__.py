"""Jushuitan (聚水潭): work as uploaded orders, what became of them, and stock."""
