"""Temperatures come in, by HTTP or MQTT, and what they say is looked at as they come (E-10)."""

import hmac
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from shian.domains.tracing.actions.coldchain.alerts import end_silence, follow_excursions
from shian.domains.tracing.models import ColdDevice
from shian.domains.tracing.permissions import ORDER_KEEP
from shian.domains.tracing.rules.coldchain import Reading
from shian.kernel.accounts.cipher import decrypt, encrypt
from shian.kernel.accounts.permissions import acting
from shian.kernel.notary.actions import seal

MOST, LARGEST = 1000, 200_000
EARLIEST, LATEST = timedelta(days=35), timedelta(minutes=5)
COLDEST, WARMEST = Decimal(-99), Decimal(99)
WRITE = """
INSERT INTO tracing_coldreading (device_id, at, celsius, humidity)
SELECT %(device)s, r.at, r.celsius, r.humidity
FROM unnest(%(ats)s::timestamptz[], %(celsius)s::numeric[], %(humidity)s::numeric[]) r (at, celsius, humidity)
ON CONFLICT DO NOTHING
"""


class ReadingsRefused(ValueError):
    """What a device sent cannot be taken; the text says why, for whoever set it up."""


@dataclass(frozen=True)
class Taken:
    """How many readings are new, and how many were known."""

    new: int
    known: int


@transaction.atomic
def give_key(*, device: ColdDevice, by: Any, at: datetime) -> str:
    """A new key for a device, shown once; the one before is worth nothing from now on. By staff of the store's area.

    Raises PermissionDenied, OutOfReach.
    """
    name = acting(ORDER_KEEP, by, device.store.area)
    key = secrets.token_urlsafe(24)
    ColdDevice.objects.filter(pk=device.pk).update(secret=encrypt(key), keyed_at=at)
    seal(action="tracing.cold_keyed", by=name, subject=device.subject, data={"store": device.store.code}, at=at)
    return key


def mac_of(key: str, number: str, body: bytes) -> str:
    """What a device signs a message with: HMAC-SHA256 over its number, a line feed and the body, in hexadecimal."""
    return hmac.new(key.encode(), number.encode() + b"\n" + body, sha256).hexdigest()


def device_with_key(number: str, key: str) -> ColdDevice | None:
    """The running device whose key this is (HTTP: a bearer token)."""
    found = _keyed(number)
    return found if found and _equal(decrypt(found.secret), key) else None


def device_with_mac(number: str, mac: str, body: bytes) -> ColdDevice | None:
    """The running device that signed this body (MQTT: the broker is not trusted)."""
    found = _keyed(number)
    return found if found and _equal(mac_of(decrypt(found.secret), number, body), mac) else None


def _equal(own: str, told: str) -> bool:
    return secrets.compare_digest(own.encode(), told.encode(errors="surrogateescape"))


def _keyed(number: str) -> ColdDevice | None:
    rows = ColdDevice.objects.running(timezone.localdate()).exclude(secret="").select_related("store__operator")
    return rows.filter(number=number).first()


def read_readings(body: bytes, at: datetime) -> list[Reading]:
    """{"readings": [{"at": RFC 3339, "celsius": -18.4, "humidity": 71}]} as readings in order of time.

    Raises ReadingsRefused for anything else, for moments to come or more than 35 days ago, and for values that nothing
    measures. At most 1,000 readings in 200,000 bytes.
    """
    if len(body) > LARGEST:
        raise ReadingsRefused(f"At most {LARGEST} bytes.")
    try:
        rows = json.loads(body, parse_float=Decimal, parse_int=Decimal, parse_constant=_no_number)["readings"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ReadingsRefused('Expected a JSON object with a list "readings".') from None
    if not isinstance(rows, list) or not 0 < len(rows) <= MOST:
        raise ReadingsRefused(f'"readings" holds 1 to {MOST} readings.')
    return sorted((_reading(place, row, at) for place, row in enumerate(rows)), key=lambda each: each.at)


def _no_number(told: str) -> Decimal:
    raise ValueError(told)


def _reading(place: int, row: Any, now: datetime) -> Reading:
    try:
        at, celsius, humidity = datetime.fromisoformat(row["at"]), row["celsius"], row.get("humidity")
        if at.tzinfo is None or not now - EARLIEST <= at <= now + LATEST:
            raise ReadingsRefused(f"readings/{place}/at: with its offset, within the last {EARLIEST.days} days.")
        if not isinstance(celsius, Decimal) or not COLDEST <= celsius <= WARMEST:
            raise ReadingsRefused(f"readings/{place}/celsius: a number from {COLDEST} to {WARMEST}.")
        if humidity is not None and not (isinstance(humidity, Decimal) and 0 <= humidity <= 100):
            raise ReadingsRefused(f"readings/{place}/humidity: a number from 0 to 100.")
        return Reading(at, round(celsius, 2), None if humidity is None else round(humidity, 2))
    except (KeyError, TypeError, AttributeError, ValueError, InvalidOperation) as error:
        if isinstance(error, ReadingsRefused):
            raise
        raise ReadingsRefused(f"readings/{place}: at and celsius are needed.") from None


@transaction.atomic
def take_readings(*, device: ColdDevice, readings: Sequence[Reading], by: str, at: datetime) -> Taken:
    """Keep readings, in order of time; what is known already is not kept twice. Excursions become alerts.

    One seal holds the digest of a message: a temperature that was changed afterwards shows.
    """
    locked = ColdDevice.objects.select_for_update(of=("self",)).select_related("store__operator").get(pk=device.pk)
    values: dict[str, Any] = {
        "device": locked.pk,
        "ats": [each.at for each in readings],
        "celsius": [each.celsius for each in readings],
        "humidity": [each.humidity for each in readings],
    }
    with connection.cursor() as cursor:
        for month in {(each.at.year, each.at.month): each.at for each in readings}.values():
            cursor.execute("SELECT tracing_reading_month(%s)", [month])
        cursor.execute(WRITE, values)
        new = cursor.rowcount
    last = readings[-1]
    if locked.last_at is None or locked.last_at < last.at:
        locked.last_at, locked.last_celsius = last.at, last.celsius
        locked.save(update_fields=["last_at", "last_celsius"])
        end_silence(device=locked, by=by, at=at)
    if new:
        seal(action="tracing.cold_read", by=by, subject=locked.subject, data=told_by(readings), at=at)
        follow_excursions(device=locked, since=readings[0].at, by=by, at=at)
    return Taken(new, len(readings) - new)


def told_by(readings: Sequence[Reading]) -> dict[str, Any]:
    """What the seal of a message says: how many readings, from when to when, and the SHA-256 of their lines."""
    lines = (f"{each.at.astimezone(UTC).isoformat()} {each.celsius} {each.humidity}" for each in readings)
    digest = sha256("\n".join(lines).encode()).hexdigest()
    return {"count": len(readings), "first": readings[0].at, "last": readings[-1].at, "digest": digest}
