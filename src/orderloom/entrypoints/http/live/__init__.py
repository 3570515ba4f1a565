"""People who watch: the live page, its words and its counts."""
