"""Kingdee K3 Cloud (金蝶云星空): sales orders in and out by bill query and save, outbound bills and stock read."""
