"""Prints the API's OpenAPI document, without a database: what the console's client is generated from."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from pathlib import Path

from orderloom.bootstrap import open_hub
from orderloom.entrypoints.http.app import create_app
from orderloom.settings import Settings

NOWHERE = "postgresql://nobody@127.0.0.1:1/nothing"


async def main() -> None:
    """Open a hub over a database that is not there, and print what its API says of itself."""
    with tempfile.TemporaryDirectory() as home:
        async with open_hub(Settings(home=Path(home)), NOWHERE) as hub:
            json.dump(create_app(hub).openapi(), sys.stdout, ensure_ascii=False, indent=1, sort_keys=True)


if __name__ == "__main__":
    asyncio.run(main())
