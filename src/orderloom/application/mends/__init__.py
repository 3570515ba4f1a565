"""Mending a case: what is offered, what it would change, and doing just that."""
