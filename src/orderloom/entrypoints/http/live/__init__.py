"""The order form that people fill in with a telephone in their hand."""
