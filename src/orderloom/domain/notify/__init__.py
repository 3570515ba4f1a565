"""Notification rules: what is told to whom, when, in which words - decided from facts and a given clock."""
