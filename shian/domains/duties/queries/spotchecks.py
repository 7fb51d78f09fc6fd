"""Named reads of spot checks: the frame of a draw, the sample, what areas come to."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.duties.models import DutyVisit, SpotCheck, SpotItem, SpotScore, SpotState, Truth
from shian.domains.duties.models.spotchecks import CheckQuerySet
from shian.domains.duties.permissions import DUTY_READ
from shian.domains.duties.queries.coverage import coverage
from shian.domains.duties.rules.spotchecks import (
    TIERS_BELOW,
    Findings,
    SpotNumbers,
    read_spot_numbers,
    spot_score,
    whole_quarters,
)
from shian.domains.duties.rules.visits import Quarter
from shian.engine.draws.frames import FrameLine
from shian.engine.draws.rules.sampling import FrameRow
from shian.kernel.parameters.dated import Dated
from shian.kernel.scope.rules import LEVELS, Level, code_of_key, level_of_key

FRAME = "duties.visits"
NUMBERS = Dated("duty_spotchecks", read_spot_numbers)
SCORED_LEVELS = 2  # townships and communities of a county, counties and townships of a city


def spot_numbers(check: SpotCheck) -> SpotNumbers:
    """The version in force when the check was planned: sheet and weights stay while it runs."""
    return NUMBERS.at(timezone.localdate(check.planned_at))


def quarters_of(check: SpotCheck) -> list[Quarter]:
    """The quarters that it covers."""
    return whole_quarters(check.since, check.until)


def checks_of(user: Any) -> CheckQuerySet:
    """Spot checks that the user sees, the newest first."""
    return SpotCheck.objects.visible_to(user).order_by("-since", "-pk")


def check_for(user: Any, pk: int) -> SpotCheck:
    """Raises Http404, OutOfReach."""
    found: SpotCheck = SpotCheck.objects.get_visible(user, pk=pk)
    return found


def item_for(user: Any, pk: int) -> SpotItem:
    """Raises Http404, OutOfReach."""
    rows = SpotItem.objects.select_related("check_of", "visit__operator", "visit__official", "photo", "matter")
    found: SpotItem = rows.get_visible(user, pk=pk)
    return found


def may_see_check(user: Any, key: str) -> bool:
    """For the seals of a check."""
    return key.isdecimal() and DUTY_READ(user).allowed and checks_of(user).filter(pk=int(key)).exists()


def level_of(area: str) -> Level:
    """The level of an area key."""
    return Level(level_of_key(area))


def tiers_below(check: SpotCheck) -> tuple[str, ...]:
    """The tiers whose officials stand below whoever checks."""
    return TIERS_BELOW[level_of(check.area).value]


def levels_scored(check: SpotCheck) -> list[Level]:
    """The two levels below the check's area."""
    place = LEVELS.index(level_of(check.area)) + 1
    return list(LEVELS[place : place + SCORED_LEVELS])


def visits_in_frame(check: SpotCheck) -> QuerySet[DutyVisit]:
    """Visits of the period by officials of the levels below, whoever asks."""
    here = {level_of(check.area).value: check.area}
    return DutyVisit.objects.filter(visited_on__range=(check.since, check.until), tier__in=tiers_below(check), **here)


def frame_of(check: SpotCheck, names: Mapping[str, str]) -> list[FrameLine]:
    """The frame of its draw: every visit by township, with why one is left out. Keys are opaque: the record is
    published. One query."""
    looked_at = SpotItem.objects.filter(visit=OuterRef("pk")).exclude(truth=Truth.OPEN)
    rows = visits_in_frame(check).annotate(was_checked=Exists(looked_at)).order_by("pk").values_list(
        "uid", "township", "county", "was_checked", "operator__name", "visited_on"
    )  # fmt: skip
    already = _("已经核查过")
    return [
        FrameLine(
            FrameRow(str(uid), f"{town or county} {names.get(town or county, '')}".strip(), area=town or county,
                     excluded=already if known else ""),
            f"{name} {day}",
        )
        for uid, town, county, known, name, day in rows
    ]  # fmt: skip


@dataclass(frozen=True)
class ItemChoice:
    """What the filters of a sample leave."""

    area: str = ""
    truth: str | None = None


def items_of(check: SpotCheck, user: Any, choice: ItemChoice) -> QuerySet[SpotItem]:
    """The sample of a check as far as the user sees it."""
    rows = SpotItem.objects.visible_to(user).filter(check_of=check)
    rows = rows.select_related("visit__operator", "visit__official", "check_of", "matter")
    if choice.area:
        rows = rows.filter(**{level_of(choice.area).value: choice.area})
    return rows if choice.truth is None else rows.filter(truth=choice.truth)


@dataclass(frozen=True)
class Tally:
    """How far the looking is."""

    drawn: int
    open: int
    untrue: int


def tally_of(rows: QuerySet[SpotItem]) -> Tally:
    """Of these items. One query."""
    told = rows.order_by().aggregate(
        drawn=Count("pk"), open=Count("pk", filter=Q(truth=Truth.OPEN)),
        untrue=Count("pk", filter=Q(truth=Truth.UNTRUE)),
    )  # fmt: skip
    return Tally(told["drawn"], told["open"], told["untrue"])


def findings_of(check: SpotCheck) -> dict[str, Findings]:
    """Area → what was found, for the areas of the levels that are scored: the first level whole, of the second those
    with a drawn visit. A few statements, however many areas."""
    first, *second = levels_scored(check)
    looked = {level: _looked_at(check, level) for level in (first, *second)}
    done = {level: _completed(check, level) for level in (first, *second)}
    found = {}
    for level, completed in done.items():
        wanted = completed if level == first else looked[level]
        for area in wanted:
            in_force, visited = completed.get(area, (0, 0))
            checked, untrue, quality = looked[level].get(area, (0, 0, None))
            found[area] = Findings(in_force, visited, checked, untrue, quality)
    return found


def _looked_at(check: SpotCheck, level: Level) -> dict[str, tuple[int, int, Decimal | None]]:
    rows = SpotItem.objects.filter(check_of=check).exclude(**{level.value: ""}).order_by().values_list(level.value)
    told = rows.annotate(n=Count("pk"), untrue=Count("pk", filter=Q(truth=Truth.UNTRUE)), mean=Avg("score"))
    return {
        area: (checked, untrue, None if mean is None else Decimal(mean).quantize(Decimal("0.01")))
        for area, checked, untrue, mean in told
    }


def _completed(check: SpotCheck, level: Level) -> dict[str, tuple[int, int]]:
    """Businesses to be visited and visited, summed over the quarters; visits that were found untrue do not count."""
    sums: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for quarter in quarters_of(check):
        for each in coverage(check.area, quarter.last, level.value, tiers_below(check)):
            if each.key:
                in_force, visited = sums[each.key]
                sums[each.key] = (in_force + each.in_force, visited + each.visited)
    return dict(sums)


def scores_now(check: SpotCheck) -> dict[str, tuple[Findings, Decimal]]:
    """Area → findings and score, as things stand."""
    numbers = spot_numbers(check)
    return {area: (found, spot_score(found, numbers)) for area, found in findings_of(check).items()}


def scores_of(check: SpotCheck, level: Level) -> QuerySet[SpotScore]:
    """The kept scores of one level, best first; also those of areas beyond the reader's: they are compared."""
    above = {f"{level.value}__gt": ""}
    rows = SpotScore.objects.filter(check_of=check, **above)
    below = LEVELS[LEVELS.index(level) + 1 :]
    return rows.filter(**{each.value: "" for each in below}).order_by("place", "area_key")


def own_untrue(user: Any) -> QuerySet[SpotItem]:
    """Visits of the user's own, as an official, that were found untrue and wait for a word. Read under
    `system_scope`: cases are walled by area and unit."""
    if not getattr(user, "pk", None):
        return SpotItem.objects.none()
    rows = SpotItem.objects.filter(visit__official__person__user=user.pk, matter__state="told")
    return rows.select_related("visit__operator", "check_of", "matter").order_by("checked_at", "pk")


def found_at(visit: DutyVisit) -> SpotItem | None:
    """What a spot check found of the visit; nothing while it is being looked at."""
    rows = SpotItem.objects.filter(visit=visit).exclude(truth=Truth.OPEN).select_related("check_of", "photo", "matter")
    return rows.order_by("-checked_at").first()


def latest_published(area: str, quarter: Quarter) -> SpotCheck | None:
    """The newest published check of the area that covers the quarter."""
    rows = SpotCheck.objects.filter(state=SpotState.PUBLISHED, since__lte=quarter.first, until__gte=quarter.last)
    return rows.filter(area_code=code_of_key(area)).order_by("-published_at").first()


def periods_offered(today: date, earliest: Quarter, count: int = 8) -> list[tuple[str, date, date]]:
    """(words, first, last) of the quarters that are over, the newest first, and of the half years that they make."""
    found: list[tuple[str, date, date]] = []
    quarter = Quarter.of(today).former
    while quarter >= earliest and len(found) < count:
        found.append((quarter.key, quarter.first, quarter.last))
        if quarter.number in {2, 4} and quarter.former >= earliest:
            words = _("%(year)s年上半年") if quarter.number == 2 else _("%(year)s年下半年")
            found.append((words % {"year": quarter.year}, quarter.former.first, quarter.last))
        quarter = quarter.former
    return found
