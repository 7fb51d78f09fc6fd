"""What the demo's cold stores have told by now: a day and a half of temperatures, with a gap, an excursion that is
over, one that goes on, and a device that fell silent, so that curves, alerts and their problems can be looked at."""

import math
import random
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from shian.config import verbs

SPAN, STEP = timedelta(hours=36), timedelta(minutes=10)
GAP = (timedelta(hours=9), timedelta(hours=7))
OVER = (timedelta(hours=5), timedelta(hours=3, minutes=50))
PRESENT = (timedelta(minutes=55), timedelta(0))
SILENT_AT, SILENT = 3, timedelta(hours=3)


def tell_temperatures() -> int:
    """Nothing where a device was heard before, or there is none; how many devices told."""
    from shian.domains.tracing.actions.coldchain.readings import give_key, take_readings
    from shian.domains.tracing.actions.coldchain.silences import watch_silences
    from shian.domains.tracing.queries.coldstores import running_devices
    from shian.kernel.scope.walls import system_scope

    now = verbs.now()
    with system_scope():
        found = running_devices(verbs.today())
        if any(each.last_at for each in found):
            return 0
        for place, device in enumerate(found):
            take_readings(device=device, readings=_series(place, device, now), by="demo", at=now)
            if place == SILENT_AT:
                give_key(device=device, by="demo", at=now)  # who has a key is waited for
    watch_silences(at=now)
    return len(found)


def _series(place: int, device: Any, now: datetime) -> list[Any]:
    """The second device was warm, the third fell silent for a while, the fourth still is, the fifth is warm."""
    from shian.domains.tracing.rules.coldchain import Reading

    dice = random.Random(device.number)  # noqa: S311
    began, made = now - SPAN, []
    for number in range(int(SPAN / STEP)):
        at = began + STEP * (number + 1)
        ago = now - at
        if place == 2 and GAP[1] <= ago <= GAP[0]:
            continue
        if place == SILENT_AT and ago < SILENT:
            break
        celsius = -19.5 + 1.2 * math.sin(number / 7) + dice.uniform(-0.4, 0.4)
        if (place == 1 and OVER[1] <= ago <= OVER[0]) or (place == 4 and PRESENT[1] <= ago <= PRESENT[0]):
            celsius += 10.5
        made.append(Reading(at, round(Decimal(celsius), 2), Decimal(dice.randrange(62, 78))))
    return made
