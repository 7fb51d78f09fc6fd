"""The push list (重点推进): units that fall behind are each given a task."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import transaction

from shian.domains.campaign.permissions import MEETING_HOLD
from shian.engine.cases.actions import Opening, open_case
from shian.engine.cases.declarations import case_type
from shian.engine.cases.models import Case
from shian.kernel.accounts.permissions import acting
from shian.registers.people.models import Organisation

SOURCE = "push"


@transaction.atomic
def push_units(
    *, units: Collection[Organisation], issuer: Organisation, title: str, body: str, due_on: date, by: Any, at: datetime
) -> list[Case]:
    """A task for each unit, all or none; their timelines show what becomes of it. Raises CaseRefused, OutOfReach."""
    acting(MEETING_HOLD, by, issuer.area)
    return [
        open_case(
            declared=case_type("task"),
            opening=Opening(
                title=title, body=body, area_key=each.area, issuer=issuer, unit=each,
                due_on=due_on, source=SOURCE, data={"basis": title},
            ),
            by=by, at=at,
        )
        for each in units
    ]  # fmt: skip
