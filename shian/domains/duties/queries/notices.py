"""Named reads of notices: the figures of a quarter area by area, what opens each, what they propose (C-10)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count
from django.urls import reverse

from shian.domains.duties.models import DutyNotice, DutyVisit, NoticeLine, QuarterFigure, SpotCheck
from shian.domains.duties.models.notices import NoticeQuerySet
from shian.domains.duties.permissions import DUTY_READ
from shian.domains.duties.queries.coverage import coverage
from shian.domains.duties.queries.spotchecks import latest_published, level_of
from shian.domains.duties.rules.notices import NoticeNumbers, Told, proposal, rate, read_notice_numbers
from shian.domains.duties.rules.visits import Quarter
from shian.engine.measures.queries import figures
from shian.kernel.parameters.dated import Dated
from shian.kernel.scope.rules import LEVELS, Level, code_of_key

NUMBERS = Dated("duty_notices", read_notice_numbers)
PROBLEMS = {"problems": "duty_problems.found", "handled": "duty_problems.handled"}
Figures = dict[str, Told]


def notice_numbers(day: date) -> NoticeNumbers:
    """The version in force on the day."""
    return NUMBERS.at(day)


def notices_of(user: Any) -> NoticeQuerySet:
    """Notices that the user sees, the newest first."""
    return DutyNotice.objects.visible_to(user).order_by("-quarter", "-pk")


def notice_for(user: Any, pk: int) -> DutyNotice:
    """Raises Http404, OutOfReach."""
    found: DutyNotice = DutyNotice.objects.select_related("check_of").get_visible(user, pk=pk)
    return found


def may_see_notice(user: Any, key: str) -> bool:
    """For the seals of a notice."""
    return key.isdecimal() and DUTY_READ(user).allowed and notices_of(user).filter(pk=int(key)).exists()


def closed_quarters(area: str) -> list[str]:
    """Those whose figures are frozen for the area, the newest first."""
    rows = QuarterFigure.objects.filter(area_key=area, tier="")
    return sorted(rows.values_list("quarter", flat=True), reverse=True)


def level_named(area: str) -> Level:
    """The areas that a notice of this area names: those of the next level."""
    return list(LEVELS)[LEVELS.index(level_of(area)) + 1]


@dataclass(frozen=True)
class Quarterly:
    """A quarter of the areas below one: the spot check that is told, and the figures by area."""

    area: str
    quarter: Quarter
    check: SpotCheck | None
    figures: Mapping[str, Figures]


def quarterly(area: str, quarter: Quarter, *, live: bool = False) -> Quarterly:
    """The quarter's figures: completion as it was frozen (`live`: as it reads today), the rest as it stands. A few
    statements, however many areas."""
    check, level = latest_published(area, quarter), level_named(area)
    found: dict[str, Figures] = defaultdict(dict)
    done = _live(area, quarter, level) if live else _frozen(area, quarter, level)
    for key, (visited, in_force) in done.items():
        found[key] = {"completion": rate(visited, in_force), "due": Told(Decimal(in_force - visited))}
    _add_visits(found, area, quarter, level)
    _add_problems(found, area, quarter, level)
    if check is not None:
        for each in check.scores.filter(area_key__in=list(found)):
            found[each.area_key] |= {
                "checked": Told(Decimal(each.checked)), "untrue": Told(Decimal(each.untrue)), "score": Told(each.score),
            }  # fmt: skip
    return Quarterly(area, quarter, check, dict(found))


def _frozen(area: str, quarter: Quarter, level: Level) -> dict[str, tuple[int, int]]:
    here = {level_of(area).value: area, f"{level.value}__gt": ""}
    below = {each.value: "" for each in LEVELS[LEVELS.index(level) + 1 :]}
    rows = QuarterFigure.objects.filter(quarter=quarter.key, tier="", **here, **below)
    return {key: (visited, whole) for key, visited, whole in rows.values_list("area_key", "visited", "in_force")}


def _live(area: str, quarter: Quarter, level: Level) -> dict[str, tuple[int, int]]:
    rows = coverage(area, quarter.last, level.value)
    return {each.key: (each.visited, each.in_force) for each in rows if each.key}


def _add_visits(found: dict[str, Figures], area: str, quarter: Quarter, level: Level) -> None:
    rows = DutyVisit.objects.filter(visited_on__range=(quarter.first, quarter.last), **{level_of(area).value: area})
    for key, wanted in (("late", rows.filter(is_late=True)), ("faults", rows.filter(faults__gt=0))):
        counts = dict(wanted.order_by().values_list(level.value).annotate(Count("pk")))
        for each in found:
            found[each][key] = Told(Decimal(counts.get(each, 0)))


def _add_problems(found: dict[str, Figures], area: str, quarter: Quarter, level: Level) -> None:
    told = figures(PROBLEMS.values(), as_of=quarter.last, area_prefix=area, period=quarter.key, levels=(level,))
    for key, measure in PROBLEMS.items():
        for each in found:
            figure = told[measure].get(each)
            found[each][key] = Told(figure.value if figure else None)


def proposed(told: Quarterly, day: date) -> dict[str, tuple[str, list[str]]]:
    """Area → what its figures propose, by the numbers of the day."""
    numbers = notice_numbers(day)
    return {area: proposal(found, numbers) for area, found in told.figures.items()}


def figure_url(key: str, area: str, quarter: Quarter, check: int | None) -> str:
    """The records of that quarter and area that a figure counts."""
    told = f"?area={area}&quarter={quarter.key}"
    if key in PROBLEMS:
        rows = reverse("figures:figure_rows", args=[PROBLEMS[key]])
        return f"{rows}?area={code_of_key(area)}&as_of={quarter.last}&period={quarter.key}"
    if key in {"checked", "untrue", "score"}:
        sample = reverse("duties:spotitem_list", args=[check]) if check else ""
        return f"{sample}?area={area}{'&truth=untrue' if key == 'untrue' else ''}" if sample else ""
    if key in {"late", "faults"}:
        return f"{reverse('duties:visit_list')}{told}&{key}=1"
    return reverse("duties:due_list" if key == "due" else "duties:coverage_detail") + told


def lines_of(notice: DutyNotice) -> dict[str, dict[str, NoticeLine]]:
    """Named area → figure → line; whoever reads the notice reads all that it names."""
    found: dict[str, dict[str, NoticeLine]] = {}
    for line in NoticeLine.objects.filter(notice=notice).order_by("pk"):
        found.setdefault(line.area_key, {})[line.key] = line
    return found


def areas_named(notices: Sequence[DutyNotice]) -> dict[int, list[str]]:
    """Notice → the areas that it names. One statement."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = NoticeLine.objects.filter(notice__in=[each.pk for each in notices], key="completion").order_by("pk")
    for notice, area in rows.values_list("notice", "area_key"):
        found[notice].append(area)
    return found
