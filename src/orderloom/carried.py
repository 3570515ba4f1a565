"""The files that come with the code: beside `src` in a checkout, inside the package where a wheel was installed."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_ROOT = _PACKAGE.parents[1]

CHECKOUT = _ROOT if (_ROOT / "pyproject.toml").is_file() else None
"""The folder of the sources; None where a wheel was installed."""
BLUEPRINT = (CHECKOUT or _PACKAGE) / "blueprints" / "default"
"""The blueprint that a new installation begins with."""
LOCK = (CHECKOUT or _PACKAGE) / "requirements.lock"
"""The packages that this build was made and tested with."""
CONSOLE = _PACKAGE / "console"
"""The console as `make up` builds it from `web/`; not there before."""
