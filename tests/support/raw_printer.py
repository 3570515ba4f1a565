"""A printer on a port of this machine, as label printers of the network are."""

from __future__ import annotations

import socket
import threading


class RawPrinterDouble:
    """A printer on a port of this machine: keeps what it is sent; closes after `most` bytes."""

    def __init__(self, most: int | None = None) -> None:
        self.got = b""
        self._most = most
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._door.getsockname()[1])
        self.is_over = threading.Event()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        line, _ = self._door.accept()
        with line:
            while (part := line.recv(4_096)) and (self._most is None or len(self.got) < self._most):
                self.got += part
            if self._most is not None:
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.is_over.set()

    def close(self) -> None:
        self._door.close()
