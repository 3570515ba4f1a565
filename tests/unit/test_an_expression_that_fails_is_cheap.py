"""Whatever the environment asks of Rust: a value that an expression cannot compute leaves no stack trace behind, which
would cost ten thousand times what the expression does.
"""

from __future__ import annotations

import os
import subprocess
import sys

FAILS = """
import zen
{before}
try:
    zen.compile_expression("number(a)").evaluate(b'{{"a": "x"}}')
except RuntimeError as error:
    print(error)
"""


def said(before: str) -> str:
    """What the engine says of such a value, in a process whose environment asks for traces."""
    asks = {**os.environ, "RUST_BACKTRACE": "1", "RUST_LIB_BACKTRACE": "1"}
    done = subprocess.run([sys.executable, "-c", FAILS.format(before=before)], env=asks,
                          capture_output=True, text=True, check=True, timeout=60)  # fmt: skip
    return done.stdout


def test_an_expression_that_fails_keeps_no_stack_trace() -> None:
    assert "Stack backtrace" in said(""), "the engine keeps none any more: what holds it back can go"
    told = said("import orderloom.blueprint.mapping.expressions")
    assert "Invalid number" in told
    assert "Stack backtrace" not in told
