"""The dated duties of a unit, and everything late that is hung out for all to see."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Q

from shian.domains.campaign.models import Catalogue, CatalogueKind, CatalogueState, Duty, Schedule
from shian.domains.campaign.queries.catalogues import duties_for
from shian.domains.campaign.queries.schedules import stages_of, standing_of_step
from shian.domains.campaign.rules.schedules import Standing
from shian.domains.campaign.rules.workcalendars import Dated
from shian.engine.cases.declarations import case_type
from shian.engine.cases.models import Case
from shian.engine.cases.queries import RELATED, visible_cases
from shian.engine.cases.tables import case_url, tone_of, unit_text
from shian.kernel.scope.reach import reach_of
from shian.kernel.ui.states import DONE, DUE, NEUTRAL, OVERDUE, WAITING, Text
from shian.registers.people.models import Organisation

HUNG = ("step", "task", "card", "problem")
TONES = {
    Standing.DONE: DONE, Standing.OVERDUE: OVERDUE, Standing.AT_RISK: DUE, Standing.ON_TRACK: WAITING,
    Standing.NOT_STARTED: WAITING,
}  # fmt: skip


def calendar_units(schedule: Schedule, user: Any, steps: list[Case]) -> list[tuple[str, str]]:
    """Code and name of the units that have a calendar for the reader: those with steps, the own ones first."""
    own = reach_of(user).organisations
    found = {each.unit_id or "": unit_text(each.unit) for each in steps if each.unit}
    for code, name in Organisation.objects.filter(code__in=own).values_list("code", "name"):
        found.setdefault(code, name)
    return sorted(found.items(), key=lambda pair: (pair[0] not in own, pair[0]))


def dated_duties(schedule: Schedule, unit: str, user: Any, today: date, words: Mapping[str, Text]) -> list[Dated]:
    """All that has a day: the unit's cases (open, or steps of the plan), its lines of catalogues, ends of stages.

    `words`: how stages and catalogues are called, under "stage" and "catalogue".
    """
    found = [_of_case(each, today) for each in _cases(schedule, unit, user)]
    found += [Dated(each.ends_on, each.title, str(words["stage"]), NEUTRAL, "", "") for each in stages_of(schedule)]
    return [*found, *_of_catalogues(schedule, unit, user, today, words)]


def _cases(schedule: Schedule, unit: str, user: Any) -> list[Case]:
    own = Q(type="step", data__plan=schedule.key) & ~Q(state="cancelled")
    here = Q(unit=unit, merged_into__isnull=True)
    rows = visible_cases(user).filter(here & (own | Q(is_open=True) & ~Q(type="step")))
    return [each for each in rows.select_related(*RELATED) if _day(each)]


def _day(case: Case) -> date | None:
    """The day under which a case stands: its last one, or that on which it was done."""
    return case.due_on or (case.closed_at.date() if case.closed_at else None)


def _of_case(case: Case, today: date) -> Dated:
    declared = case_type(case.type)
    state = TONES[standing_of_step(case, today)] if case.type == "step" else tone_of(declared, case, today)
    return Dated(_day(case) or today, case.title, str(declared.title), state, case.owner_name, case_url(case))


def _of_catalogues(schedule: Schedule, unit: str, user: Any, today: date, words: Mapping[str, Text]) -> list[Dated]:
    """One line for each catalogue: how many items are due on its day."""
    row = Organisation.objects.filter(code=unit).first()
    if row is None or not row.department_code:
        return []
    lines: dict[tuple[date, int], int] = {}
    own = Duty.objects.filter(
        catalogue__kind=CatalogueKind.DEPARTMENT, catalogue__state=CatalogueState.ISSUED, audience=row.department_code,
        catalogue__city=row.city, catalogue__county=row.county, pk__in=duties_for(user, today).values("pk"),
    )  # fmt: skip
    for due, catalogue in own.values_list("due_on", "catalogue"):
        lines[due, catalogue] = lines.get((due, catalogue), 0) + 1
    titles = {each.pk: each for each in Catalogue.objects.filter(pk__in={pk for _due, pk in lines})}
    return [
        Dated(due, str(words["catalogue"]) % {"count": count}, titles[pk].get_kind_display(),
              OVERDUE if due < today else WAITING)
        for (due, pk), count in lines.items()
    ]  # fmt: skip


def hung_out(user: Any, today: date) -> list[Case]:
    """Everything late of the campaign that the reader sees, the latest first."""
    rows = visible_cases(user).filter(type__in=HUNG, is_open=True, due_on__lt=today, merged_into__isnull=True)
    return list(rows.select_related(*RELATED).order_by("due_on", "pk"))
