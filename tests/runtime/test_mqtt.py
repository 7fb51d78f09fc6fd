"""Devices on a broker: the wire against a scripted broker and, where Debian's mosquitto is there, against that; what is
signed is taken once, whatever else is said is not."""

import json
import os
import shutil
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from shian.config import mqtt
from shian.config.listening import TOPIC, hear
from shian.config.mqtt import Message, MqttError, Subscription

MOSQUITTO = (
    os.environ.get("SHIAN_MOSQUITTO") or shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")
)
CONNACK, SUBACK = b"\x20\x02\x00\x00", b"\x90\x03\x00\x01\x01"


def packet(kind: int, body: bytes) -> bytes:
    """Of up to 16,383 bytes."""
    size = len(body)
    return bytes([kind, *([size] if size < 128 else [size & 0x7F | 0x80, size >> 7])]) + body


def published(topic: str, payload: bytes, number: int = 0) -> bytes:
    """QoS 1 where there is a number."""
    head = struct.pack("!H", len(topic)) + topic.encode() + (struct.pack("!H", number) if number else b"")
    return packet(0x32 if number else 0x30, head + payload)


@contextmanager
def broker(*said: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """A broker that says these bytes after each other, whatever it hears; address, and what it heard."""
    heard: list[bytes] = []
    with closing(socket.create_server(("127.0.0.1", 0))) as server:

        def serve() -> None:
            connection, _from = server.accept()
            with closing(connection):
                for each in said:
                    heard.append(connection.recv(65536))
                    connection.sendall(each)
                while told := connection.recv(65536):
                    heard.append(told)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"mqtt://lamp:s%40fe@127.0.0.1:{server.getsockname()[1]}", heard
        thread.join(timeout=10)


def test_a_message_is_acknowledged_when_the_next_one_is_asked_for() -> None:
    long = b"x" * 300
    both = published("shian/cold/T-1/readings", b"one", 7) + published("t", long)
    with broker(CONNACK, SUBACK + both) as (address, heard), Subscription(address, TOPIC, "c") as subscription:
        messages = (each for each in subscription.messages(0.2) if each)
        assert next(messages) == Message("shian/cold/T-1/readings", b"one")
        assert b"\x40\x02\x00\x07" not in b"".join(heard)
        assert next(messages) == Message("t", long)
        subscription.socket.close()
    assert heard[0].endswith(b"\x00\x04MQTT\x04\xc0\x00\x1e\x00\x01c\x00\x04lamp\x00\x04s@fe")
    assert heard[1][0] == 0x82
    assert b"\x40\x02\x00\x07" in b"".join(heard)


@pytest.mark.parametrize("said", [b"\x20\x02\x00\x05", b"HTTP/1.1 400 Bad\r\n", b"\x20\xff\xff\xff\x7f"])
def test_a_broker_that_refuses_or_is_none_is_told(said: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mqtt, "PATIENCE", 0.3)  # the rest of what is no packet never comes
    with broker(said) as (address, _heard), pytest.raises(MqttError):
        Subscription(address, TOPIC, "c")


@pytest.mark.parametrize("address", ["", "http://host", "mqtt://"])
def test_an_address_must_name_a_broker(address: str) -> None:
    with pytest.raises(ValueError, match="mqtt://"):
        Subscription(address, TOPIC, "c")


@pytest.fixture
def device() -> tuple[Any, str]:
    from shian.domains.tracing.actions.coldchain.readings import give_key
    from shian.domains.tracing.tests import scene
    from shian.domains.tracing.tests.cold_scene import make_device, make_store

    scene.make_areas()
    found = make_device(make_store())
    return found, give_key(device=found, by="test", at=timezone.now())


def signed(key: str, number: str = "T-1", celsius: object = -18.5) -> bytes:
    from shian.domains.tracing.actions.coldchain.readings import mac_of

    body = json.dumps({"readings": [{"at": timezone.now().isoformat(), "celsius": celsius}]}).encode()
    return mac_of(key, number, body).encode() + b"\n" + body


@pytest.mark.django_db
def test_what_a_device_signed_is_taken_once_and_nothing_else_is(device: tuple[Any, str]) -> None:
    from shian.domains.tracing.models import ColdReading

    _found, key = device
    good = signed(key)
    wrong = [("T-1", good[:-2] + b"}}"), ("T-2", good), ("T-1", signed("other")), ("T-1", b""), ("T-1", b"\xff\n\xff"),
             ("T-1", signed(key, celsius="warm"))]  # fmt: skip
    for number, payload in wrong:
        hear(Message(f"shian/cold/{number}/readings", payload))
    assert not ColdReading.objects.exists()

    for _ in range(2):
        hear(Message("shian/cold/T-1/readings", good))
    assert [str(each.celsius) for each in ColdReading.objects.all()] == ["-18.50"]


@contextmanager
def mosquitto(folder: Path) -> Iterator[int]:
    """Debian's broker on loopback, until the block ends. Its port."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = int(free.getsockname()[1])
    settings = folder / "mosquitto.conf"
    settings.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\n")
    assert MOSQUITTO
    process = subprocess.Popen([MOSQUITTO, "-c", str(settings)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with closing(socket.socket()) as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=10)


def publish(port: int, topic: str, payload: bytes) -> None:
    """As a device does, with QoS 1; waits for the broker's word that it has it."""
    with closing(socket.create_connection(("127.0.0.1", port), timeout=10)) as there:
        there.sendall(packet(0x10, b"\x00\x04MQTT\x04\x02\x00\x1e\x00\x03dev"))
        assert there.recv(4) == CONNACK
        there.sendall(published(topic, payload, 1))
        assert there.recv(4) == b"\x40\x02\x00\x01"


@pytest.mark.skipif(not MOSQUITTO, reason="Debian's mosquitto is not here")
def test_mosquitto_keeps_what_was_not_acknowledged(tmp_path: Path) -> None:
    topic = "shian/cold/T-1/readings"
    with mosquitto(tmp_path) as port:
        address = f"mqtt://127.0.0.1:{port}"
        with Subscription(address, TOPIC, "c") as subscription:
            publish(port, topic, b"first")
            assert next(each for each in subscription.messages() if each) == Message(topic, b"first")
        publish(port, topic, b"second")  # nobody listens
        with Subscription(address, TOPIC, "c") as subscription:
            messages = (each.payload for each in subscription.messages() if each)
            assert [next(messages), next(messages)] == [b"first", b"second"]
