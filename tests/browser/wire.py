"""The wire between browser and server, in the test's hand: requests can be cut where a dead phone would cut them."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

# before: the request never leaves; half: half of it arrives; after: it arrives, its answer does not.
Cut = Literal["before", "half", "after"]
PATIENCE = 30.0


@dataclass
class Wire:
    """A relay on a port of its own, one connection for each request. `posts` are the paths of posts that arrived."""

    upstream: tuple[str, int]
    url: str = ""
    posts: list[str] = field(default_factory=list)
    is_down: bool = False
    reached: threading.Event = field(default_factory=threading.Event)
    _part: str = ""
    _skip: int = 0
    _cut: Cut | None = None

    def cut(self, part: str, cut: Cut, *, after: int = 0) -> None:
        """Cut the post whose path holds the part, once, after so many others of these."""
        self._part, self._cut, self._skip = part, cut, after
        self.reached.clear()

    def wait(self) -> None:
        """Until the cut was made."""
        assert self.reached.wait(PATIENCE), "nothing was posted"

    def relay(self, client: socket.socket) -> None:
        with client:
            head, body = _read_request(client)
            if not head or self.is_down:
                return
            cut = self._cut_of(head)
            if cut == "before":
                self.reached.set()
                return
            self._carry(client, head, body, cut)

    def _carry(self, client: socket.socket, head: bytes, body: bytes, cut: Cut | None) -> None:
        with socket.create_connection(self.upstream, timeout=PATIENCE) as server:
            request = head.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1) + body
            if cut == "half":
                server.sendall(request[: len(request) // 2])
                self.reached.set()
                return
            server.sendall(request)
            if head.startswith(b"POST "):
                self.posts.append(head.split(b" ", 2)[1].decode())
            while chunk := server.recv(1 << 16):
                if cut is None:
                    client.sendall(chunk)
            if cut == "after":
                self.reached.set()

    def _cut_of(self, head: bytes) -> Cut | None:
        if self._cut is None or not head.startswith(b"POST ") or self._part.encode() not in head.split(b"\r\n", 1)[0]:
            return None
        if self._skip:
            self._skip -= 1
            return None
        found, self._cut = self._cut, None
        return found


def _read_request(client: socket.socket) -> tuple[bytes, bytes]:
    """Head, without the browser's own word on the connection, and body; nothing when the browser hangs up before."""
    client.settimeout(PATIENCE)
    read = b""
    try:
        while b"\r\n\r\n" not in read:
            if not (chunk := client.recv(1 << 16)):
                return b"", b""
            read += chunk
        head, _, body = read.partition(b"\r\n\r\n")
        lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
        lengths = [int(line.split(b":")[1]) for line in lines if line.lower().startswith(b"content-length:")]
        while len(body) < (lengths or [0])[0]:
            if not (chunk := client.recv(1 << 16)):
                return b"", b""
            body += chunk
    except OSError:
        return b"", b""
    return b"\r\n".join(lines) + b"\r\n\r\n", body


@contextmanager
def wired(url: str) -> Iterator[Wire]:
    """A wire to the server at the address."""
    parts = urlsplit(url)
    listener = socket.create_server(("127.0.0.1", 0))
    wire = Wire((str(parts.hostname), int(parts.port or 80)), f"http://127.0.0.1:{listener.getsockname()[1]}")
    threading.Thread(target=_serve, args=(listener, wire), daemon=True).start()
    try:
        yield wire
    finally:
        listener.close()


def _serve(listener: socket.socket, wire: Wire) -> None:
    while True:
        try:
            client, _address = listener.accept()
        except OSError:
            return
        threading.Thread(target=_quietly, args=(wire, client), daemon=True).start()


def _quietly(wire: Wire, client: socket.socket) -> None:
    try:
        wire.relay(client)
    except OSError:
        client.close()  # a browser that was killed
