"""Fetching a file from, or posting to, an address that a user named, without reaching into the own network.

The host is resolved once, every address of it must be public, and the connection goes to that very address, so that a
name that resolves otherwise a moment later gains nothing. Redirects are checked like first addresses. Proxies of the
environment, cookies and credentials are not used; size and time are limited, also against a server that drips. What is
posted follows no redirect, and reaches an inner host only where whoever runs the program has named it.
"""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import PurePosixPath
from typing import BinaryIO
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from django.utils.translation import gettext as _

PORTS = {"http": 80, "https": 443}
REDIRECTS = {301, 302, 303, 307, 308}
MOST_REDIRECTS = 5
CHUNK = 1 << 16
CONNECT_SECONDS = 10.0
FETCH_SECONDS = 300.0
POST_SECONDS = 10.0
MOST_ANSWER = 64 * 1024


class FetchRefused(ValueError):
    """The address must not be fetched, or did not answer as a file should; the text says why, for the user."""


@dataclass(frozen=True)
class Answer:
    """What a posted message was answered with: the HTTP status and the beginning of the body."""

    status: int
    text: str


@dataclass(frozen=True)
class Fetched:
    """Where the file came from in the end, the name in that address, and its size in bytes."""

    url: str
    name: str
    size: int


def is_public(address: str) -> bool:
    """Is this an address of the public internet? Private, loopback, link-local, shared, reserved, multicast and
    addresses that carry a non-public one inside are not."""
    found: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inner is not None:
            return is_public(str(inner)) and found.ipv4_mapped is not None
        if found.exploded.startswith("0064:ff9b:"):
            return False
    return found.is_global and not found.is_multicast and not found.is_reserved


def check_url(url: str) -> SplitResult:
    """The parts of an address that may be asked for: http or https, a host, no credentials. Raises FetchRefused."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError as error:
        raise FetchRefused(_("“%(url)s”不是网址。") % {"url": url[:200]}) from error
    if parts.scheme not in PORTS or not parts.hostname:
        raise FetchRefused(_("只能用 http 或 https 网址：%(url)s") % {"url": url[:200]})
    if parts.username or parts.password:
        raise FetchRefused(_("网址里不能写用户名和密码。"))
    if port == 0:
        raise FetchRefused(_("“%(url)s”不是网址。") % {"url": url[:200]})
    return parts


def public_address(host: str, port: int) -> str:
    """The address to connect to. Raises FetchRefused unless every address of the host is public."""
    try:
        found = {str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError) as error:
        raise FetchRefused(_("找不到主机 %(host)s。") % {"host": host}) from error
    if not found or not all(map(is_public, found)):
        raise FetchRefused(_("主机 %(host)s 在内部网络，不能从这里访问。") % {"host": host})
    return sorted(found, key=lambda address: (":" in address, address))[0]


def fetch(url: str, out: BinaryIO, *, most_bytes: int, seconds: float = FETCH_SECONDS) -> Fetched:
    """Write the content behind an address to `out`. Raises FetchRefused."""
    deadline = time.monotonic() + seconds
    for _hop in range(MOST_REDIRECTS + 1):
        parts = check_url(url)
        connection = _connection(parts)
        stopper = threading.Timer(max(0.0, deadline - time.monotonic()), _shut, [connection])
        stopper.daemon = True
        stopper.start()
        try:
            answer = _asked(connection, parts)
            if answer.status not in REDIRECTS:
                size = _copied(answer, out, most_bytes, deadline)
                name = PurePosixPath(unquote(parts.path)).name or parts.hostname or "file"
                return Fetched(url, name, size)
            following = urljoin(url, answer.getheader("Location") or "")
        except (OSError, http.client.HTTPException) as error:
            late = time.monotonic() >= deadline
            why = _("超过时限") if late else str(error)[:200]
            raise FetchRefused(_("没有取到文件：%(why)s") % {"why": why}) from error
        finally:
            stopper.cancel()
            connection.close()
        if parts.scheme == "https" and urlsplit(following).scheme != "https":
            raise FetchRefused(_("网址从 https 转到了不加密的地址，已拒绝。"))
        url = following
    raise FetchRefused(_("网址转了 %(count)s 次仍没有文件，已放弃。") % {"count": MOST_REDIRECTS})


def post(url: str, body: bytes, *, headers: Mapping[str, str], inner_hosts: Collection[str] = ()) -> Answer:
    """Post a message and read the answer, whatever its status. Raises FetchRefused when there is none.

    `inner_hosts` ("host:port") are believed although they lie in the own network.
    """
    parts = check_url(url)
    connection = _connection(parts, inner_hosts)
    stopper = threading.Timer(POST_SECONDS, _shut, [connection])
    stopper.daemon = True
    stopper.start()
    try:
        connection.request("POST", _target(parts), body, {"User-Agent": "shian", **headers})
        answer = connection.getresponse()
        return Answer(answer.status, answer.read(MOST_ANSWER).decode(errors="replace"))
    except (OSError, http.client.HTTPException) as error:
        raise FetchRefused(_("没有送到：%(why)s") % {"why": str(error)[:200] or type(error).__name__}) from error
    finally:
        stopper.cancel()
        connection.close()


def _target(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _connection(parts: SplitResult, inner_hosts: Collection[str] = ()) -> http.client.HTTPConnection:
    """A connection that is pinned to the checked address; the name stays in Host and in the certificate's check."""
    host = parts.hostname or ""
    port = parts.port or PORTS[parts.scheme]
    address = host if f"{host}:{port}" in inner_hosts else public_address(host, port)
    if parts.scheme == "http":
        return _Pinned(host, port, address, None)
    return _Pinned(host, port, address, ssl.create_default_context())


class _Pinned(http.client.HTTPConnection):
    def __init__(self, host: str, port: int, address: str, context: ssl.SSLContext | None) -> None:
        super().__init__(host, port, timeout=CONNECT_SECONDS)
        self.default_port = PORTS["https" if context else "http"]
        self.address, self.context = address, context

    def connect(self) -> None:
        plain = socket.create_connection((self.address, self.port), CONNECT_SECONDS)
        self.sock = self.context.wrap_socket(plain, server_hostname=self.host) if self.context else plain


def _shut(connection: http.client.HTTPConnection) -> None:
    """Ends a read that waits: the time is up."""
    if connection.sock is not None:
        try:
            connection.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            return


def _asked(connection: http.client.HTTPConnection, parts: SplitResult) -> http.client.HTTPResponse:
    connection.request("GET", _target(parts), headers={"Accept-Encoding": "identity", "User-Agent": "shian"})
    answer = connection.getresponse()
    if answer.status != http.client.OK and answer.status not in REDIRECTS:
        raise FetchRefused(_("对方答复 %(status)s，没有文件。") % {"status": answer.status})
    return answer


def _copied(answer: http.client.HTTPResponse, out: BinaryIO, most: int, deadline: float) -> int:
    size, stated = 0, answer.getheader("Content-Length")
    while chunk := answer.read1(CHUNK):
        size += len(chunk)
        if size > most:
            raise FetchRefused(_("文件超过 %(limit)s MB 的上限。") % {"limit": most >> 20})
        if time.monotonic() > deadline:
            raise FetchRefused(_("没有取到文件：%(why)s") % {"why": _("超过时限")})
        out.write(chunk)
    if time.monotonic() > deadline or (stated and stated.isdecimal() and int(stated) != size):
        raise FetchRefused(_("没有取到文件：%(why)s") % {"why": _("传输中断")})
    return size
