"""Hears the devices of cold stores on an MQTT broker: a thread of the worker process, where SHIAN_MQTT names a broker.

A device publishes to shian/cold/<its number>/readings, with QoS 1: the first line is its signature (HMAC-SHA256 with
its key over number, line feed and body), the rest is the JSON body. What cannot be taken is told in the log and not
asked for again; a message that the database could not take comes again. docs/cold-chain.md tells more.
"""

import logging
import os
import threading

from django.db import Error, close_old_connections

from shian.config.mqtt import Message, Subscription

TOPIC, CLIENT = "shian/cold/+/readings", "shian-cold"
PAUSE, LONGEST_PAUSE = 1.0, 60.0
log = logging.getLogger("shian.tracing")


def keep_listening(address: str, stopped: threading.Event) -> None:
    """Until `stopped`: take what devices publish; after each error again, later and later (a minute at most)."""
    pause = 0.0
    while not stopped.wait(pause):
        try:
            _listen(address, stopped)
        except ValueError as error:
            log.error("SHIAN_MQTT: %s", error)
            return
        except (OSError, Error) as error:
            pause = min(max(pause, PAUSE) * 2, LONGEST_PAUSE)
            log.warning("devices are not heard: %s; again in %.0f s", error, pause)


def _listen(address: str, stopped: threading.Event) -> None:
    """On one connection, as long as it holds."""
    with Subscription(address, TOPIC, CLIENT) as subscription:
        for message in subscription.messages():
            if stopped.is_set():
                return
            if message is not None:
                close_old_connections()
                hear(message)


def hear(message: Message) -> None:
    """Take one message, or say in the log why not. Raises Error where the database cannot take it now."""
    from django.utils import timezone

    from shian.domains.tracing.actions.coldchain.readings import (
        ReadingsRefused,
        device_with_mac,
        read_readings,
        take_readings,
    )

    number, now = message.topic.removeprefix("shian/cold/").removesuffix("/readings"), timezone.now()
    mac, _line, body = message.payload.partition(b"\n")
    device = device_with_mac(number[:40], mac.decode(errors="replace").strip(), body)
    if device is None:
        log.warning("readings of %s: unknown device or wrong signature", number[:40])
        return
    try:
        take_readings(device=device, readings=read_readings(body, now), by=device.subject, at=now)
    except ReadingsRefused as refused:
        log.warning("readings of %s: %s", number[:40], refused)


def start_listening() -> threading.Event | None:
    """Start the thread where a broker is named; it ends with the process, or when the event is set."""
    address = os.environ.get("SHIAN_MQTT", "")
    if not address:
        return None
    stopped = threading.Event()
    threading.Thread(target=keep_listening, args=(address, stopped), name="listening", daemon=True).start()
    return stopped
