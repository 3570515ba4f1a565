"""The servers of the rehearsed world and of the tests do not let an answer wait for an acknowledgement."""

from __future__ import annotations

import socket

from orderloom.rehearsal.server import open_door


def test_an_answer_on_a_connection_that_is_kept_does_not_wait() -> None:
    with open_door() as door, socket.create_connection(door.getsockname()):
        accepted, _ = door.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0


def test_a_taken_port_is_replaced_by_a_free_one() -> None:
    with open_door() as door, open_door(door.getsockname()[1]) as another:
        assert another.getsockname()[1] != door.getsockname()[1]
