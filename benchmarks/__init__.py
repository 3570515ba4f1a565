"""Measures the budgets of the architecture on this machine, each beside a hand-written floor of the same run."""
