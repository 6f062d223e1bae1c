"""A small proxy before several servers: each new connection goes to the next one that takes it."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Sequence
from contextlib import suppress
from itertools import count


class Proxy(socketserver.ThreadingTCPServer):
    """Passes bytes on, both ways; a server that does not answer is passed over."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, ports: Sequence[int]) -> None:
        super().__init__(("127.0.0.1", 0), _Line)
        self.ports, self.turn = list(ports), count()
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05})

    def __enter__(self) -> Proxy:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        """Take no more connections."""
        self.shutdown()
        self._thread.join()
        self.server_close()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])

    def reach(self) -> socket.socket | None:
        """A connection to the next server that takes one."""
        for _ in self.ports:
            port = self.ports[next(self.turn) % len(self.ports)]
            with suppress(OSError):
                return socket.create_connection(("127.0.0.1", port), 5)
        return None


class _Line(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        assert isinstance(self.server, Proxy)
        onward = self.server.reach()
        if onward is None:
            return
        onward.settimeout(None)
        back = threading.Thread(target=_pass_on, args=(onward, self.request), daemon=True)
        back.start()
        _pass_on(self.request, onward)
        back.join()
        onward.close()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    """Pass on what comes until there is no more; then neither side can say anything."""
    with suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data)
    for line in (source, target):
        with suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)
