"""Fetching from addresses: never into the own network, never without end."""

import io
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from shian.kernel.files import outbound
from shian.kernel.files.outbound import FetchRefused, fetch, is_public


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "192.0.2.1", "198.18.0.1", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2002:808:808::", "2001:db8::1",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_public_addresses(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd", "ftp://example.org/x", "gopher://x", "//example.org/x", "http://", "http:///x",
        "http://user:word@example.org/", "http://[::1/", "http://example.org:0/", "http://example.org:99999/", "随便",
        "http://127.0.0.1/", "http://localhost/", "http://[::ffff:127.0.0.1]/", "http://2130706433/", "http://0x7f.1/",
    ],
)  # fmt: skip
def test_addresses_that_are_refused(url: str) -> None:
    with pytest.raises(FetchRefused):
        fetch(url, io.BytesIO(), most_bytes=100)


def test_a_name_with_one_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def answers(*_args: Any, **_more: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 80)) for each in ("8.8.8.8", "10.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", answers)
    with pytest.raises(FetchRefused, match="内部网络"):
        fetch("http://rebinding.example/", io.BytesIO(), most_bytes=100)


class Handler(BaseHTTPRequestHandler):
    """A small server with bad manners."""

    hosts: list[str]

    def do_GET(self) -> None:
        Handler.hosts.append(self.headers["Host"])
        if self.path.startswith("/drip"):
            self.send_response(200)
            self.end_headers()
            for _ in range(40):
                self.wfile.write(b"x")
                self.wfile.flush()
                time.sleep(0.1)
        elif self.path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/to/"))
            self.end_headers()
        elif self.path.startswith("/cut"):
            self.send_response(200)
            self.send_header("Content-Length", "10")
            self.end_headers()
            self.wfile.write(b"12345")
        elif self.path.startswith("/loop"):
            self.send_response(302)
            self.send_header("Location", "/loop")
            self.end_headers()
        elif self.path.startswith("/none"):
            self.send_error(404)
        else:
            self.send_response(200)
            self.end_headers()
            self.wfile.write("名称\n".encode() * 20)

    def log_message(self, *_args: Any) -> None:
        pass


@contextmanager
def server() -> Iterator[int]:
    Handler.hosts = []
    served = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=served.serve_forever, daemon=True)
    thread.start()
    try:
        yield served.server_address[1]
    finally:
        served.shutdown()
        served.server_close()
        thread.join()


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The server stands for a public one under the name files.example; every other name stays what it is."""
    with server() as number:
        real = outbound.public_address
        monkeypatch.setattr(
            outbound, "public_address", lambda host, port: "127.0.0.1" if host == "files.example" else real(host, port)
        )
        yield number


def test_content_arrives_under_its_name_and_the_host_stays_the_name(port: int) -> None:
    out = io.BytesIO()

    found = fetch(f"http://files.example:{port}/a/%E5%93%81.csv?x=1", out, most_bytes=10_000)

    assert (found.name, found.size) == ("品.csv", len(out.getvalue()))
    assert out.getvalue().decode().startswith("名称\n")
    assert Handler.hosts == [f"files.example:{port}"]


def test_a_redirect_is_followed_but_checked(port: int) -> None:
    away = f"http://files.example:{port}/to"

    assert fetch(f"{away}//file.csv", io.BytesIO(), most_bytes=10_000).name == "file.csv"
    for target in (f"http://127.0.0.1:{port}/x", "http://169.254.169.254/latest", "file:///etc/passwd"):
        with pytest.raises(FetchRefused):
            fetch(f"{away}/{target}", io.BytesIO(), most_bytes=10_000)


@pytest.mark.parametrize(
    ("path", "most", "seconds", "said"),
    [
        ("x", 10, 5, "上限"),
        ("drip", 10_000, 0.6, "超过时限|传输中断"),
        ("cut", 10_000, 5, "没有取到文件"),
        ("loop", 10_000, 5, "转了"),
        ("none", 10_000, 5, "404"),
    ],
)
def test_what_is_no_file_ends_with_a_reason(port: int, path: str, most: int, seconds: float, said: str) -> None:
    began = time.monotonic()

    with pytest.raises(FetchRefused, match=said):
        fetch(f"http://files.example:{port}/{path}", io.BytesIO(), most_bytes=most, seconds=seconds)

    assert time.monotonic() - began < 3
