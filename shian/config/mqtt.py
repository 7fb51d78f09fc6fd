"""As much of MQTT 3.1.1 as somebody needs who only listens: one session that the broker keeps, one topic, QoS 1.

What was handed out is acknowledged when the reader asks for the next message: one that was lost with its process comes
again. Addresses are mqtt://user:password@host:1883 or mqtts://….
"""

import socket
import ssl
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

CONNECT, CONNACK, PUBLISH, PUBACK, SUBSCRIBE, SUBACK, PINGREQ = 0x10, 0x20, 0x30, 0x40, 0x82, 0x90, 0xC0
KEEP_ALIVE, PATIENCE, LARGEST = 30, 10.0, 1 << 20


class MqttError(OSError):
    """The broker refused, fell silent, or said what nobody expects."""


@dataclass(frozen=True)
class Message:
    topic: str
    payload: bytes


class Subscription:
    """A connection to a broker. Raises OSError (MqttError among them) wherever the connection is of no more use."""

    def __init__(self, address: str, topic: str, client: str) -> None:
        self.topic, self.client, self.told = topic, client, urlsplit(address)
        if self.told.scheme not in ("mqtt", "mqtts") or not self.told.hostname:
            raise ValueError("An address like mqtt://host:1883 or mqtts://user:password@host:8883 is needed.")
        self.socket = self._connected()
        self.buffer = bytearray()
        self.heard = self.asked = time.monotonic()
        try:
            self._greet()
        except OSError:
            self.socket.close()
            raise

    def _greet(self) -> None:
        self._send(CONNECT, self._greeting())
        answer = self._expect(CONNACK)
        if answer[1]:
            raise MqttError(f"the broker refused the connection with code {answer[1]}")
        self._send(SUBSCRIBE, struct.pack("!H", 1) + _text(self.topic) + b"\x01")

    def __enter__(self) -> "Subscription":
        return self

    def __exit__(self, *_error: object) -> None:
        self.socket.close()

    def messages(self, pause: float = 1.0) -> Iterator[Message | None]:
        """Messages as they come; None after each pause without one, so that the reader may stop."""
        while True:
            packet = self._packet(pause)
            if packet is None:
                yield None
                continue
            kind, body = packet
            if kind & 0xF0 == SUBACK and body[2] == 0x80:
                raise MqttError(f"the broker refused the subscription to {self.topic}")
            if kind & 0xF0 != PUBLISH:
                continue
            (length,) = struct.unpack("!H", body[:2])
            qos, rest = kind >> 1 & 3, body[2 + length :]
            yield Message(body[2 : 2 + length].decode(errors="replace"), bytes(rest[2:] if qos else rest))
            if qos:
                self._send(PUBACK, bytes(rest[:2]))

    def _connected(self) -> socket.socket:
        port = self.told.port or (8883 if self.told.scheme == "mqtts" else 1883)
        found = socket.create_connection((self.told.hostname, port), timeout=PATIENCE)
        if self.told.scheme == "mqtts":
            return ssl.create_default_context().wrap_socket(found, server_hostname=self.told.hostname)
        return found

    def _greeting(self) -> bytes:
        flags, words = 0, [self.client]
        for flag, word in ((0x80, self.told.username), (0x40, self.told.password)):
            if word:
                flags, words = flags | flag, [*words, unquote(word)]
        return _text("MQTT") + bytes([4, flags]) + struct.pack("!H", KEEP_ALIVE) + b"".join(map(_text, words))

    def _send(self, kind: int, body: bytes = b"") -> None:
        self.socket.settimeout(PATIENCE)
        self.socket.sendall(bytes([kind]) + _length(len(body)) + body)

    def _expect(self, kind: int) -> bytearray:
        packet = self._packet(PATIENCE)
        if packet is None or packet[0] != kind:
            raise MqttError("the broker does not answer as MQTT 3.1.1 says")
        return packet[1]

    def _packet(self, pause: float) -> tuple[int, bytearray] | None:
        """The next packet; None where none came in the pause. Asks the broker for a sign of life in time."""
        until = time.monotonic() + pause
        while (found := self._whole()) is None:
            now = time.monotonic()
            if now - self.heard > KEEP_ALIVE * 1.5:
                raise MqttError("the broker has fallen silent")
            if now - max(self.heard, self.asked) > KEEP_ALIVE / 2:
                self._send(PINGREQ)
                self.asked = now
            if now >= until:
                return None
            self._receive(until - now)
        return found

    def _receive(self, seconds: float) -> None:
        self.socket.settimeout(max(seconds, 0.01))
        try:
            told = self.socket.recv(65536)
        except TimeoutError:
            return
        if not told:
            raise MqttError("the broker has closed the connection")
        self.buffer += told
        self.heard = time.monotonic()

    def _whole(self) -> tuple[int, bytearray] | None:
        """A packet that has arrived in full leaves the buffer."""
        size = shift = 0
        for place in range(1, min(len(self.buffer), 5)):
            size |= (self.buffer[place] & 0x7F) << shift
            shift += 7
            if self.buffer[place] & 0x80:
                continue
            if size > LARGEST:
                raise MqttError("the broker sends more than anybody may say at once")
            if len(self.buffer) < 1 + place + size:
                return None
            kind, body = self.buffer[0], self.buffer[1 + place : 1 + place + size]
            del self.buffer[: 1 + place + size]
            return kind, body
        return None


def _text(word: str) -> bytes:
    told = word.encode()
    return struct.pack("!H", len(told)) + told


def _length(size: int) -> bytes:
    """MQTT's variable length: seven bits a byte, the lowest first."""
    found = bytearray()
    while True:
        size, low = divmod(size, 128)
        found.append(low | (0x80 if size else 0))
        if not size:
            return bytes(found)
