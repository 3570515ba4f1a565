"""Notification rules: what is told to whom, when, in which words - decided from occasions and a given clock."""
