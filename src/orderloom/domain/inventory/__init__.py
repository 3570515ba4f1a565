"""Stock decisions: what is free, what is bound, by what cause."""
