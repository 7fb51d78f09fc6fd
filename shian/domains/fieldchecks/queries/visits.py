"""Named reads of visits: what the user may see, what is assigned, what a visit still lacks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Avg, Count, Q, QuerySet

from shian.domains.fieldchecks.models import FieldPoint, FieldRound, FieldVisit, VisitState
from shian.domains.fieldchecks.models.visits import BEFORE_SHEET, COUNTED, PASSED, UNDER_WAY
from shian.domains.fieldchecks.queries.formats import formats_at
from shian.domains.fieldchecks.rules.visits import Lack, Standing, lacking
from shian.engine.draws.models import Draw
from shian.engine.draws.rules.inference import Result
from shian.engine.forms.assignments import Assignment
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import Level, level_of_key

RELATED = ("point__operator", "issuer")
PREFIX = "visit:"


@dataclass(frozen=True)
class VisitChoice:
    """What the filters of a list leave. standing: mine (to be done by the user), open, done, "" (all)."""

    standing: str = ""
    mode: str = ""
    format: str = ""
    round_no: str = ""
    verdict: str = ""
    area: str = ""
    text: str = ""


def visible_visits(user: Any) -> QuerySet[FieldVisit]:
    """Visits that exist for the user."""
    return FieldVisit.objects.visible_to(user).select_related(*RELATED)


def visit_for(user: Any, pk: int) -> FieldVisit:
    """Raises Http404; OutOfReach, which is logged, for one that the user may not see."""
    rows = FieldVisit.objects.select_related(
        *RELATED, "submission__version__form", "operator_signature", "team_signature"
    )
    found: FieldVisit = rows.get_visible(user, pk=pk)
    return found


def may_see_visit(user: Any, key: str) -> bool:
    """Whether the visit of that uid exists for the user."""
    return FieldVisit.objects.has_visible(user, uid=key)


def visits_chosen(choice: VisitChoice, user: Any) -> QuerySet[FieldVisit]:
    """The visible visits that the choice leaves."""
    rows = visible_visits(user)
    match choice.standing:
        case "mine":
            rows = rows.filter(mine(user))
        case "open":
            rows = rows.filter(state__in=UNDER_WAY)
        case "done":
            rows = rows.filter(state__in=COUNTED)
    conditions = Q()
    for name in ("mode", "format", "round_no", "verdict"):
        if value := getattr(choice, name):
            conditions &= Q(**{name: value})
    if choice.area:
        conditions &= Q(**{Level(level_of_key(choice.area)).value: choice.area})
    if choice.text:
        conditions &= Q(point__name__icontains=choice.text) | Q(number__icontains=choice.text)
    return rows.filter(conditions)


def mine(user: Any) -> Q:
    """What the user still has to do as one of the team."""
    return Q(state__in=UNDER_WAY) & (Q(lead=user.pk) | Q(second=user.pk))


def is_member(user: Any, visit: FieldVisit) -> bool:
    return user.pk is not None and user.pk in (visit.lead_id, visit.second_id)


def is_of_issuer(user: Any, visit: FieldVisit) -> bool:
    """Does the user belong to the unit that sent the team?"""
    reach = reach_of(user)
    return reach.everything or visit.issuer_id in reach.organisations


def may_work(user: Any, visit: FieldVisit) -> bool:
    """One of the team, or of the unit that sent it."""
    return is_member(user, visit) or is_of_issuer(user, visit)


def lacks_of(visit: FieldVisit) -> list[Lack]:
    """What keeps it from being a record that counts. That each item which applies is scored is what makes a sheet
    complete (engine/forms): without one there is no submission."""
    return lacking(
        Standing(
            is_covert=visit.is_covert,
            is_scored=visit.submission_id is not None,
            has_place=visit.lat is not None and visit.lon is not None,
            has_second=bool(visit.second_name) and visit.second_name != visit.lead_name,
            has_operator_signature=visit.operator_signature_id is not None,
            has_team_signature=visit.team_signature_id is not None,
        )
    )


def assignment_key(visit: FieldVisit) -> str:
    """How phones name the visit."""
    return f"{PREFIX}{visit.uid}"


def assignments_for(user: Any, day: date) -> Iterable[Assignment]:
    """What the user has to fill in, for phones."""
    rows = FieldVisit.objects.visible_to(user).filter(mine(user), state__in=BEFORE_SHEET)
    return [_assignment(each) for each in rows.select_related(*RELATED).order_by("due_on", "pk")]


def _assignment(visit: FieldVisit) -> Assignment:
    point = visit.point
    return Assignment(
        key=assignment_key(visit), title=point.name, form=visit.form, place=point.address,
        note=visit.get_mode_display(), due_on=visit.due_on,
        lon=float(point.lon) if point.lon is not None else None,
        lat=float(point.lat) if point.lat is not None else None,
        answers={"operator": entity_of(visit)},
    )  # fmt: skip


def entity_of(visit: FieldVisit) -> str:
    """The point's key in the list of operators that a sheet chooses from: its operator's code, else its own."""
    operator = visit.point.operator
    return operator.code if operator else visit.point.code


def open_visit_of(user: int, form: str, key: str) -> int | None:
    """The visit, by primary key, in which the user (likewise) goes and which waits for this form: by the key of an
    assignment, else by that of the point's entity."""
    team = Q(lead=user) | Q(second=user)
    rows = FieldVisit.objects.filter(team, state__in=BEFORE_SHEET, form=form).values_list("pk", flat=True)
    if key.startswith(PREFIX):
        try:
            return rows.filter(uid=UUID(key.removeprefix(PREFIX))).first()
        except ValueError:
            return None
    if not key or ":" in key:  # an assignment of another domain's, which names no point
        return None
    named = Q(point__operator__code=key) | Q(point__operator__isnull=True, point__code=key)
    return rows.filter(named).order_by("due_on", "pk").first()


@dataclass(frozen=True)
class Tally:
    """Visits of one mode and format: planned, done, passed, and their mean score."""

    planned: int = 0
    visited: int = 0
    passed: int = 0
    mean: Any = None


def tallies(rows: QuerySet[FieldVisit]) -> dict[tuple[str, str], Tally]:
    """(mode, format) → tally of these visits; those that were replaced are not planned any more. One statement."""
    done = Q(state__in=COUNTED)
    grouped = (
        rows.exclude(state=VisitState.REPLACED).order_by().values("mode", "format")
        .annotate(
            planned=Count("pk"), visited=Count("pk", filter=done),
            passed=Count("pk", filter=done & Q(verdict__in=PASSED)), mean=Avg("percent", filter=done),
        )
    )  # fmt: skip
    return {(row["mode"], row["format"]): Tally(row["planned"], row["visited"], row["passed"], row["mean"])
            for row in grouped}  # fmt: skip


def errands_for(user: Any, codes: Sequence[str], day: date) -> list[tuple[FieldPoint, str]]:
    """The points of these codes that the user sees, each with its form; raises PointUnknown for the others."""
    rows = FieldPoint.objects.visible_to(user).select_related("operator").filter(code__in=codes)
    found = {each.code: each for each in rows}
    if lost := [code for code in codes if code not in found]:
        raise PointUnknown(lost)
    forms: dict[str, dict[tuple[str, str], str]] = {}
    for point in found.values():
        if point.county not in forms:
            forms[point.county] = {(each.mode.value, each.code): each.form for each in formats_at(point.area, day)}
    return [(each, forms[each.county].get((each.mode, each.format), "")) for each in found.values()]


class PointUnknown(LookupError):
    """No such points in the user's reach; `codes` names them."""

    def __init__(self, codes: Sequence[str]) -> None:
        super().__init__("、".join(codes))
        self.codes = codes


def results_of_draw(draw: Draw, reader: Any) -> Iterable[Result]:
    """What was found at the sample of a round's draw, as far as the reader may know it: counted visits of that round,
    by the key that the point has in the frame. A point that could not be checked counts as it is recorded."""
    numbers = FieldRound.objects.filter(pk=int(draw.owner.rpartition(":")[2])).values_list("number", flat=True)
    rows = FieldVisit.objects.visible_to(reader).filter(round_no__in=list(numbers), state__in=COUNTED).order_by("pk")
    for key, verdict, percent in rows.values_list("point__uid", "verdict", "percent"):
        yield Result(str(key), verdict in PASSED, None if percent is None else float(percent))


def open_checks_at(user: Any, operator_id: int) -> list[FieldVisit]:
    """Visits of an operator that the user is sent on and has not filled in a sheet for; what is due first on top."""
    rows = FieldVisit.objects.filter(mine(user), state__in=BEFORE_SHEET, point__operator=operator_id)
    return list(rows.select_related(*RELATED).order_by("due_on", "pk"))
