"""What the phone of an operator's people takes along: each business with its list, its last days and closures."""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse

from shian.domains.selfcontrol.queries.accounts import own_operators
from shian.domains.selfcontrol.queries.controls import closures_of, items_of_day, records_between
from shian.domains.selfcontrol.queries.lists import list_in_force
from shian.registers.operators.models import Operator

BACK, AHEAD = 7, 31  # days that the phone knows of


def work_of(user: Any, day: date) -> dict[str, Any]:
    """As JSON. `assignments`, `forms` and `lists` are empty: the page has the frame of the field portal's, which asks
    for these. `zone`: the time zone whose days count."""
    businesses = [_business(each, day) for each in own_operators(user)]
    told = {"businesses": businesses, "zone": settings.TIME_ZONE}
    return {"assignments": [], "forms": [], "lists": {}, **told}


def _business(operator: Operator, day: date) -> dict[str, Any]:
    listed = list_in_force(operator, day)
    records = records_between(operator, day - timedelta(days=BACK), day)
    closed = closures_of(operator, day, day + timedelta(days=AHEAD))
    items = items_of_day(operator, day) if listed else []
    return {
        "id": operator.pk,
        "code": operator.code,
        "name": operator.name,
        "desk": reverse("operator:desk_detail", args=[operator.code]),
        "list_version": listed.version if listed else None,
        "items": [
            {
                "key": each.key, "process": each.process, "risk": each.risk, "control": each.control,
                "is_decision": bool(each.decision), "due_on": each.due_on.isoformat() if each.due_on else "",
            }
            for each in items
        ],
        "recorded": [each.isoformat() for each in sorted(records)],
        "closed": [[each.from_on.isoformat(), each.to_on.isoformat()] for each in closed],
    }  # fmt: skip
