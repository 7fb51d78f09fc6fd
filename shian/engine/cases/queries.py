"""Named reads of cases. "My work" is one statement, whatever the types and however many cases there are."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case as Choose
from django.db.models import Count, F, Q, QuerySet, Value, When, Window
from django.db.models.functions import Coalesce

from shian.engine.cases.declarations import CaseType, case_types
from shian.engine.cases.models import CalendarFeed, Case, CaseClock, CaseEvent, CaseFile, CaseQuerySet, CaseRequest
from shian.engine.cases.rules import turn_keys
from shian.kernel.accounts.permissions import any_user
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import Level, level_of_key

FAR = date(9999, 12, 31)
RELATED = ("unit", "issuer", "verifier", "owner")
LISTED = ("unit", "issuer")  # what a row of a list names
CLOSED = Q(is_open=False, merged_into__isnull=True)


@dataclass(frozen=True)
class CaseChoice:
    """What the filters of a list leave. whose: mine, unit, issued, all. standing: open, overdue, closed, "" (all).

    type: one, or several between commas.
    """

    whose: str = "all"
    type: str = ""
    state: str = ""
    standing: str = ""
    area: str = ""
    unit: str = ""
    source: str = ""
    text: str = ""
    opened_from: date | None = None
    opened_to: date | None = None


def types_for(user: Any) -> list[CaseType]:
    """The types that the user may see at all."""
    return [each for each in case_types() if each.view(user).allowed]


def types_for_all() -> list[str]:
    """Keys of the types that everybody may see who reaches a case of them."""
    return [each.key for each in case_types() if each.view is any_user]


def visible_cases(user: Any) -> CaseQuerySet:
    """Cases inside the user's reach, of the types that the user may see."""
    return _of_types(Case.objects.visible_to(user), user)


def _of_types(rows: CaseQuerySet, user: Any) -> CaseQuerySet:
    kinds = types_for(user)
    return rows if len(kinds) == len(case_types()) else rows.filter(type__in=[each.key for each in kinds])


def case_for(user: Any, pk: int) -> Case:
    """The case with its units, or Http404 (OutOfReach, which is logged, for one beyond the user's reach)."""
    found: Case = Case.objects.select_related(*RELATED, "parent", "merged_into").get_visible(user, pk=pk)
    if found.type not in {each.key for each in types_for(user)}:
        return Case.objects.none().get_visible(user, pk=pk)
    return found


def awaiting(user: Any) -> CaseQuerySet:
    """Open cases, of types that the user may see, whose move is theirs: as owner, as one of the unit, or to answer."""
    units = list(reach_of(user).organisations)
    mine = Q(turn__in=turn_keys(user.pk, units))
    return _of_types(Case.objects.filter(mine | Q(asked_unit__in=units), is_open=True), user)


def my_work(user: Any, limit: int) -> tuple[list[Case], int]:
    """The first of the user's open cases, what is due first, and how many there are in all. One statement."""
    rows = awaiting(user).annotate(found=Window(Count("*")), due=Coalesce("due_on", Value(FAR)))
    found = list(rows.select_related(*LISTED).order_by("due", "pk")[:limit])
    return found, getattr(found[0], "found") if found else 0  # noqa: B009 - an annotation


def chosen_cases(choice: CaseChoice, user: Any, today: date) -> CaseQuerySet:
    """The visible cases that the choice leaves, with `due` for sorting: closed ones and those without a day last."""
    rows = _whose(choice.whose, user)
    conditions = Q()
    if choice.type:
        conditions &= Q(type__in=choice.type.split(","))
    for name in ("state", "source"):
        if value := getattr(choice, name):
            conditions &= Q(**{name: value})
    if choice.unit:
        conditions &= Q(unit=choice.unit)
    if choice.area:
        conditions &= Q(**{Level(level_of_key(choice.area)).value: choice.area})
    if choice.text:
        conditions &= Q(title__icontains=choice.text) | Q(number__icontains=choice.text)
    if choice.opened_from:
        conditions &= Q(opened_on__gte=choice.opened_from)
    if choice.opened_to:
        conditions &= Q(opened_on__lte=choice.opened_to)
    rows = rows.filter(conditions & standing_q(choice.standing, today))
    due = Choose(When(is_open=True, then=Coalesce("due_on", Value(FAR))), default=Value(FAR))
    return rows.annotate(due=due).select_related(*LISTED)


def standing_q(standing: str, today: date) -> Q:
    """open, overdue (open and past its day), closed (not merged into another); anything else is no condition."""
    match standing:
        case "open":
            return Q(is_open=True)
        case "overdue":
            return Q(is_open=True, due_on__lt=today)
        case "closed":
            return CLOSED
    return Q()


def _whose(whose: str, user: Any) -> CaseQuerySet:
    units = list(reach_of(user).organisations)
    match whose:
        case "mine":
            return awaiting(user)
        case "unit":
            return visible_cases(user).filter(Q(unit__in=units))
        case "issued":
            return visible_cases(user).filter(Q(issuer__in=units))
    return visible_cases(user)


def events_of(case: Case) -> list[CaseEvent]:
    """What happened, newest first, with the evidence given."""
    return list(CaseEvent.objects.filter(case=case).prefetch_related("files__stored").order_by("-number"))


def clocks_of(case: Case) -> list[CaseClock]:
    """Every clock, in order of start."""
    return list(CaseClock.objects.filter(case=case).order_by("started_at", "pk"))


def files_of(case: Case) -> QuerySet[CaseFile]:
    """The evidence, newest first."""
    return CaseFile.objects.filter(case=case).select_related("stored", "event").order_by("-pk")


def open_requests(case: Case) -> list[CaseRequest]:
    """What waits for an answer."""
    return list(CaseRequest.objects.filter(case=case, decided_at__isnull=True).select_related("to_unit"))


def children_of(case: Case, user: Any) -> list[Case]:
    """The cases made of this one that the user sees, in order of due day."""
    rows = visible_cases(user).filter(parent=case).select_related(*LISTED)
    return list(rows.order_by(F("due_on").asc(nulls_last=True), "pk"))


def may_see_case(user: Any, key: str) -> bool:
    """Whether the user may open the seals of the case with this key."""
    return key.isdecimal() and visible_cases(user).filter(pk=int(key)).exists()


def cases_about(user: Any, *, type: str = "", **about: Any) -> CaseQuerySet:
    """Visible cases about something: subject=, item_code=, operator_code= …; of one type where given."""
    rows = visible_cases(user).filter(**about)
    return rows.filter(type=type) if type else rows


@dataclass(frozen=True)
class CloseOut:
    """How far a set of cases is closed: the rate is closed ÷ total; the open ones are a list of their own. What went
    into another case is neither: its work goes on there. `merged` tells how many those are."""

    total: int = 0
    closed: int = 0
    overdue: int = 0
    merged: int = 0

    @property
    def open(self) -> int:
        return self.total - self.closed


def close_out(rows: QuerySet[Any], today: date) -> CloseOut:
    """Total, closed, overdue and merged of these cases. One statement."""
    return CloseOut(**rows.order_by().aggregate(**_counts(today)))


def close_out_by(rows: QuerySet[Any], column: str, today: date) -> dict[Any, CloseOut]:
    """The same for each value of a column (unit, county, source, item_code …). One statement."""
    grouped = rows.order_by().values(column).annotate(**_counts(today))
    return {each.pop(column): CloseOut(**each) for each in grouped.filter(total__gt=0)}


def _counts(today: date) -> dict[str, Count]:
    return {
        "total": Count("pk", filter=Q(merged_into__isnull=True)),
        "closed": Count("pk", filter=CLOSED),
        "overdue": Count("pk", filter=Q(is_open=True, due_on__lt=today)),
        "merged": Count("pk", filter=Q(merged_into__isnull=False)),
    }


def feed_of(user: Any) -> CalendarFeed | None:
    """The user's calendar address, if there is one."""
    return CalendarFeed.objects.filter(user=user).first()
