"""How far every unit is with the items assigned to it, and with what it was told to do besides (A-01)."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from shian.domains.campaign.models import CatalogueKind, CatalogueState, Duty, Evaluation, ItemResult
from shian.domains.campaign.queries.catalogues import duties_for
from shian.domains.campaign.queries.evaluations import Sight
from shian.domains.campaign.queries.report_figures import NOT_APPLICABLE, PASSED, outcome_of
from shian.domains.campaign.rules.progress import DONE, OPEN, OVERDUE, standing
from shian.engine.cases.queries import CloseOut, close_out_by, visible_cases
from shian.kernel.scope.rules import Level, columns_of_key, level_of_key
from shian.registers.people.models import Organisation, Post
from shian.registers.people.queries import valid_at

LIAISON, HEAD, COMMITTEE_OFFICE = "联络员", "领导", "FSCO"
MET = frozenset({PASSED, NOT_APPLICABLE})
KINDS = (CatalogueKind.DEPARTMENT, CatalogueKind.COUNTY)
WORK = ("task", "card", "problem")


@dataclass
class UnitProgress:
    """One unit of a catalogue: a department of the city by its code, a county by its key. `work`: cases it must do."""

    kind: str
    audience: str
    name: str
    counts: Counter[str] = field(default_factory=Counter)
    work: CloseOut = field(default_factory=CloseOut)
    unit: str = ""

    @property
    def assigned(self) -> int:
        return sum(self.counts.values())

    @property
    def done(self) -> int:
        return self.counts[DONE]

    @property
    def open(self) -> int:
        return self.counts[OPEN]

    @property
    def overdue(self) -> int:
        return self.counts[OVERDUE]


@dataclass(frozen=True)
class AssignedItem:
    """A line of a catalogue with where it stands. `result` is the item's result in the unit's area, if evaluated."""

    duty: Duty
    standing: str
    result: ItemResult | None


def assigned_duties(user: Any, sight: Sight, today: date) -> QuerySet[Duty]:
    """The lines of the issued catalogues of departments and counties in the sight's area that concern the reader."""
    own = columns_of_key(sight.area_key) if sight.area_key else {}
    here = Q(catalogue__city=own.get("city", ""), catalogue__county=own.get("county", ""))
    here |= Q(catalogue__kind=CatalogueKind.COUNTY, audience=sight.area_key)
    rows = duties_for(user, today).filter(here, catalogue__state=CatalogueState.ISSUED, catalogue__kind__in=KINDS)
    return rows.select_related("catalogue", "indicator")


def assigned_items(user: Any, sight: Sight, today: date, on: date | None = None) -> list[AssignedItem]:
    """Every assigned line with its standing on the day `on`, else the evaluation's; without one nothing is done."""
    duties = list(assigned_duties(user, sight, today).order_by("audience", "indicator__order"))
    on = on or (sight.evaluation.as_of if sight.evaluation else today)
    results = _results(sight.evaluation, {area_of(each) for each in duties}) if sight.evaluation else {}
    found = []
    for duty in duties:
        result = results.get((area_of(duty), duty.indicator_id))
        is_met = result is not None and outcome_of(result) in MET
        found.append(AssignedItem(duty, standing(is_met=is_met, due_on=duty.due_on, on=on), result))
    return found


def deadline_of(result: ItemResult, user: Any, today: date) -> date | None:
    """The first day by which an issued catalogue wants the item of this area done, of the lines the reader sees."""
    rows = duties_for(user, today).filter(indicator=result.indicator_id, catalogue__state=CatalogueState.ISSUED)
    here = Q(catalogue__kind=CatalogueKind.COUNTY, audience=result.area_key)
    here |= Q(catalogue__kind=CatalogueKind.DEPARTMENT, **_columns("catalogue__", result.area_key))
    return rows.filter(here).order_by("due_on").values_list("due_on", flat=True).first()


def area_of(duty: Duty) -> str:
    """The area whose result decides a line: the county itself, or the city that the department works for."""
    return duty.audience if duty.catalogue.kind == CatalogueKind.COUNTY else duty.catalogue.area


def _results(evaluation: Evaluation, areas: set[str]) -> dict[tuple[str, int], ItemResult]:
    """Results of the areas whose lines the reader was given: the line itself says that they are the reader's."""
    rows = ItemResult.objects.filter(evaluation=evaluation, area_key__in=areas)
    wanted = ("area_key", "indicator_id", "evaluation_id", "state", "met", "ratio", "score", "lost", "reasons")
    return {(each.area_key, each.indicator_id): each for each in rows.only(*wanted, "stated_reason")}


def progress_of(items: list[AssignedItem], sight: Sight, user: Any, today: date) -> list[UnitProgress]:
    """The units in order: departments, then counties; each with what it was told to do besides."""
    found: dict[tuple[str, str], UnitProgress] = {}
    for item in items:
        duty = item.duty
        spot = (duty.catalogue.kind, duty.audience)
        unit = found.setdefault(spot, UnitProgress(*spot, duty.audience_name))
        unit.counts[item.standing] += 1
    _add_work(found.values(), sight, user, today)
    order = {kind: place for place, kind in enumerate(KINDS)}
    return sorted(found.values(), key=lambda each: (order[CatalogueKind(each.kind)], each.audience))


def _add_work(found: Collection[UnitProgress], sight: Sight, user: Any, today: date) -> None:
    """A department has the cases that it must do; a county or township those that lie in it."""
    rows = visible_cases(user).filter(type__in=WORK)
    by_unit = close_out_by(rows, "unit", today)
    codes = _unit_codes([each.audience for each in found if each.kind == CatalogueKind.DEPARTMENT], sight)
    levels = {level_of_key(each.audience) for each in found if each.kind == CatalogueKind.COUNTY}
    by_area = {key: out for level in levels for key, out in close_out_by(rows, Level(level).value, today).items()}
    for unit in found:
        if unit.kind == CatalogueKind.COUNTY:
            unit.work = by_area.get(unit.audience, CloseOut())
        else:
            unit.unit = codes.get(unit.audience, "")
            unit.work = by_unit.get(unit.unit, CloseOut())


def _unit_codes(departments: Collection[str], sight: Sight) -> dict[str, str]:
    """Department code → the unit's code, in the sight's own area."""
    own = columns_of_key(sight.area_key)
    rows = Organisation.objects.filter(city=own["city"], county=own["county"], department_code__in=departments)
    return dict(rows.order_by("-code").values_list("department_code", "code"))


def owners_of(kind: str, audience: str, sight: Sight, today: date) -> str:
    """Who answers for a unit's items today: its liaison officers, or its head where it has none; "" for nobody."""
    posts = Post.objects.filter(valid_at(today), kind__in=(LIAISON, HEAD)).select_related("person")
    if kind == CatalogueKind.COUNTY:
        spot = _columns("organisation__", audience)
        posts = posts.filter(organisation__department_code=COMMITTEE_OFFICE, **spot)
    else:
        spot = _columns("organisation__", sight.area_key)
        posts = posts.filter(organisation__department_code=audience, **spot)
    found = list(posts.order_by("pk"))
    named = [each for each in found if each.kind == LIAISON] or found
    return "、".join(f"{each.person.name}（{each.title}）" for each in named[:2])


def _columns(prefix: str, key: str) -> dict[str, str]:
    own = columns_of_key(key)
    return {f"{prefix}{name}": own[name] for name in ("city", "county", "township")}
