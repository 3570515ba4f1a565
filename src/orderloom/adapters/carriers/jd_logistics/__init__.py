"""JD Logistics (京东物流): labels that are bought once, and parcels that are asked for."""
