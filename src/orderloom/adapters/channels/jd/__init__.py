"""JD's marketplace (POP) through JOS: orders and applications after the sale, shipments, stock."""
