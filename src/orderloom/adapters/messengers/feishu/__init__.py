"""A group robot of Feishu."""
