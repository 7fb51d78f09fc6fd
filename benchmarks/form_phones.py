"""Phones that take next to no processor: what they post is packed beforehand, and one thread waits on all of them.

    python -m benchmarks.form_phones '{"addresses": ["http://127.0.0.1:8000/forms/key/…"], "count": 800, "bytes": 0}'

Each phone keeps its connection and posts its share one after the other. Prints {"seconds", "refused"} as JSON.
"""

import json
import selectors
import socket
import sys
import time
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from shian.engine.forms.tests.collect import sized_photo, written
from shian.engine.forms.tests.phones import Phone, multipart

ANSWERS = {f"item{n}": "pass" for n in range(40)} | {
    "start": "2026-11-20T09:00:00.000+08:00", "end": "2026-11-20T09:25:00.000+08:00",
    "place": "39.437 116.297 20.1 4.5", "shian_earned": "100", "shian_whole": "100", "shian_score": "100",
}  # fmt: skip
HEAD = (
    "POST {path}/submission?deviceID=collect:x HTTP/1.1\r\nHost: {host}\r\nX-OpenRosa-Version: 1.0\r\n"
    "User-Agent: org.odk.collect.android/v2026.1\r\nDate: Sun, 22 Nov 2026 03:00:00 GMT\r\n"
    "Content-Type: {kind}\r\nContent-Length: {length}\r\n\r\n"
)
AT_ONCE = 1 << 16


def packed(address: str, xform: bytes, count: int, size: int, mark: int) -> Iterator[bytes]:
    """Whole requests, each with an instance id of its own and, where `size` is not 0, a photo of about that size."""
    parts = urlsplit(address)
    for turn in range(count):
        name = f"{mark}-{turn}.jpg"
        files = {name: sized_photo(size, mark * 100_000 + turn)} if size else {}
        filled = written(xform, ANSWERS | {"picture": name if files else ""}, f"uuid:{uuid.uuid4()}")
        body, kind = multipart(filled, files)
        yield HEAD.format(path=parts.path, host=parts.netloc, kind=kind, length=len(body)).encode() + body


def post_all(host: str, port: int, requests: list[list[bytes]]) -> tuple[float, list[str]]:
    """Seconds that all of them take, one list for each connection, and the answers that were no 201."""
    refused: list[str] = []
    with selectors.DefaultSelector() as waiting:
        began = time.perf_counter()
        for own in requests:
            phone = socket.create_connection((host, port))
            phone.sendall(own[0])
            waiting.register(phone, selectors.EVENT_READ, iter(own[1:]))
        while waiting.get_map():
            for key, _events in waiting.select(timeout=60):
                connection: Any = key.fileobj
                answer = _read(connection)
                if not answer.startswith(b"HTTP/1.1 201"):
                    refused.append(answer.decode())
                if following := next(key.data, None):
                    connection.sendall(following)
                else:
                    waiting.unregister(connection)
                    connection.close()
        return time.perf_counter() - began, refused


def _read(connection: socket.socket) -> bytes:
    """One whole answer. Raises ConnectionError."""
    found = b""
    while True:
        head, end, body = found.partition(b"\r\n\r\n")
        lengths = [int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
        if end and len(body) >= lengths[0]:
            return found
        more = connection.recv(AT_ONCE)
        if not more:
            raise ConnectionError("the server closed the connection")
        found += more


def main(text: str) -> None:
    told = json.loads(text)
    addresses: list[str] = told["addresses"]
    first = Phone(addresses[0])
    xform = first.asked("GET", first.forms()["open_T1"]["downloadUrl"]).content
    share = told["count"] // len(addresses)
    requests = [list(packed(each, xform, share, told["bytes"], mark)) for mark, each in enumerate(addresses)]
    place = urlsplit(addresses[0])
    seconds, refused = post_all(place.hostname or "", place.port or 80, requests)
    print(json.dumps({"seconds": seconds, "refused": refused[:3]}))


if __name__ == "__main__":
    main(sys.argv[1])
