"""A group robot of WeCom."""
