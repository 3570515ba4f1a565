"""Wangdiantong (旺店通旗舰版): the seller's warehouse and ERP, told of work and asked what became of it."""
