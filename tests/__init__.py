"""The tests. What several of them share is in `support`, and is imported as `tests.support.<file>`."""
