"""The declared connector: reads `connector.yaml` and speaks to a platform as it says. Start at `declared.py`."""
