"""A rehearsed day has a hub of its own: what listens on the port of a folder that has none is somebody else's."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from orderloom.entrypoints.cli.rehearsed_day import working_hub
from orderloom.entrypoints.cli.screen import Stop
from orderloom.settings import Settings


def test_a_port_that_another_program_has_is_told_as_that_and_nothing_is_made(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        settings = Settings(home=tmp_path / "new", port=other.getsockname()[1])
        with pytest.raises(Stop, match="ORDERLOOM_PORT"), working_hub(settings):
            pass
    assert not settings.home.exists()
