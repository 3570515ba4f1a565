"""Rollups and scores computed from read models."""
