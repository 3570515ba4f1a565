"""EDI with a trading partner: X12 850 and EDIFACT ORDERS in, 856 and DESADV out, each interchange acknowledged."""
