"""Reads calls as JSON lines from standard input, makes them with a public client, answers each in a line.

It runs in a process of its own, with the packages of `requirements.lock` and none of the product's.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from typing import Any


def main() -> None:
    """One line: which client, what it is made from, what is asked of it, with what."""
    out = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # some clients print what they send
    clients: dict[str, Any] = {}
    for line in sys.stdin:
        name, made_from, method, arguments = json.loads(line)
        key = json.dumps([name, made_from], sort_keys=True)
        try:
            if key not in clients:
                clients[key] = importlib.import_module(f"sdks.{name}").Client(**made_from)
            said = {"answer": getattr(clients[key], method)(**arguments)}
        except Exception as error:  # whatever a client raises is what the test wants to know
            said = {"error": {"kind": type(error).__name__, "text": str(error)}}
        out.write(json.dumps(said, default=str) + "\n")
        out.flush()


if __name__ == "__main__":
    main()
