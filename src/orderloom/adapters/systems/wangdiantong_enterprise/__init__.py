"""Wangdiantong enterprise edition (旺店通企业版): work as raw trades, stock-outs and stock."""
