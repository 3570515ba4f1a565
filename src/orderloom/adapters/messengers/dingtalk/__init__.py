"""A group robot of DingTalk."""
