"""The kit for simulators: orders, pages, tokens, limits and trouble, so that a simulator is mostly its shapes.

`docs/simulators.md` is the page to read. What a platform signs is never here: each simulator checks it by itself.
"""
