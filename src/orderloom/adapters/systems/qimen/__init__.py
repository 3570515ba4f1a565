"""Qimen (奇门): the trade's standard interface to third-party warehouses; work goes out, confirmations come in."""
