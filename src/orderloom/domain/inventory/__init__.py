"""Stock decisions: what is free, what is held, by what cause."""
