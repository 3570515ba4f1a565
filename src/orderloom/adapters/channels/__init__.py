"""Sales channels, one folder each."""
