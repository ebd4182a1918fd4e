"""A server that records whether anything connected to it."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread


class Listener:
    """Counts connections to `url`, and answers none of them."""

    def __init__(self, listening: socket.socket) -> None:
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}/sparql"
        self.connections = 0
        self._socket = listening

    def accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            connection.close()


@contextmanager
def listening() -> Iterator[Listener]:
    """A listener on a free port of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as opened:
        listener = Listener(opened)
        thread = Thread(target=listener.accept, daemon=True)
        thread.start()
        yield listener
        opened.shutdown(socket.SHUT_RDWR)
        thread.join()
