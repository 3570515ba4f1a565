"""Papers of the warehouse as they lie on a sheet: labels, packing slips, pick lists, wave sheets, place labels."""
