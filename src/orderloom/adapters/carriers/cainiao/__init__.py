"""Cainiao (菜鸟): electronic waybills of the carriers that the seller has at the LINK gateway, bought once."""
