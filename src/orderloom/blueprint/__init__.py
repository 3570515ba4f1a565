"""The no-code language: what business users may change, checked before it counts."""

import os

# The engine of expressions is written in Rust, which keeps a stack trace with every error when the environment says
# RUST_BACKTRACE=1: a value that cannot be computed then costs 36 ms instead of 3 µs, and a flood of them the day.
os.environ["RUST_LIB_BACKTRACE"] = "0"
