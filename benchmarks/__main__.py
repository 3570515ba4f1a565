"""`python -m benchmarks`, which `make bench` runs."""

from __future__ import annotations

import sys

from benchmarks.main import main

sys.exit(main(sys.argv[1:]))
