"""Rounds as lists and pages show them: what is planned by format, and what its draw came to."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Max, Q
from django.utils import timezone

from shian.domains.fieldchecks.models import FieldPoint, FieldRound, FieldVisit, Finding, Mode, RoundFormat, VisitState
from shian.domains.fieldchecks.models.points import FieldPointQuerySet
from shian.domains.fieldchecks.models.visits import COUNTED
from shian.domains.fieldchecks.permissions import ROUND_READ
from shian.domains.fieldchecks.queries.visits import Tally, tallies
from shian.domains.fieldchecks.rules.rounds import format_of, left_out, stratum_of
from shian.engine.draws.frames import FrameLine
from shian.engine.draws.models import Draw, DrawCell, DrawState
from shian.engine.draws.queries import draw_owned_by, sample_of
from shian.engine.draws.rules.sampling import FrameRow
from shian.kernel.scope.models import ScopedQuerySet
from shian.kernel.scope.reach import reach_of
from shian.kernel.scope.rules import level_of_key
from shian.kernel.scope.walls import system_scope

FRAME = "fieldchecks.points"


def rounds_of(user: Any) -> ScopedQuerySet[FieldRound]:
    """Rounds of the user's areas and of those above, newest first."""
    found: ScopedQuerySet[FieldRound] = FieldRound.objects.visible_to(user)
    return found.order_by("-starts_on", "-pk")


def round_for(user: Any, pk: int) -> FieldRound:
    """One round. Raises Http404, OutOfReach."""
    found: FieldRound = FieldRound.objects.get_visible(user, pk=pk)
    return found


def may_see_round(user: Any, key: str) -> bool:
    """For the seals of a round."""
    return ROUND_READ(user).allowed and FieldRound.objects.has_visible(user, pk=key)


def points_in_round(round_: FieldRound, day: date) -> FieldPointQuerySet:
    """Points of the round's formats inside its area that were live on the day, whoever asks."""
    wanted = Q(pk__in=[])
    for form in round_.formats.all():
        wanted |= Q(mode=form.mode, format=form.code)
    here = {level_of_key(round_.area).value: round_.area}
    live = Q(listed_on__lte=day) & (Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=day))
    rows: FieldPointQuerySet = FieldPoint.objects.filter(wanted, live, **here)
    return rows


def frame_of_round(round_: FieldRound, day: date, areas: dict[str, str]) -> list[FrameLine]:
    """The frame of a round's draw on a day: every live point, with why it is left out. Keys are opaque, and the area
    told is the county: the record is published. One query."""
    visited = Max("visits__visited_on", filter=Q(visits__state__in=COUNTED))
    rows = points_in_round(round_, day).with_benchmarks(day).annotate(visited=visited).order_by("pk").values_list(
        "uid", "code", "name", "mode", "format", "county", "state", "is_benchmark", "checked_on", "visited"
    )  # fmt: skip
    return [
        FrameLine(
            FrameRow(
                str(uid), stratum_of(areas.get(county, county), mode, form), area=county,
                excluded=left_out(
                    is_ready=state == "ready", is_benchmark=is_benchmark, day=day,
                    last_checked=max((each for each in (checked, visited_on) if each), default=None),
                    quiet_days=round_.quiet_days,
                ),
            ),
            f"{code} {name}",
        )
        for uid, code, name, mode, form, county, state, is_benchmark, checked, visited_on in rows
    ]  # fmt: skip


@dataclass
class FormatLine:
    """A format of a round: points, sample, visits that are done with their mean score, and problems that are still
    open; cut to what the reader may see."""

    format: RoundFormat
    points: int = 0
    drawn: int = 0
    tally: Tally = field(default_factory=Tally)
    open_problems: int = 0

    @property
    def planned(self) -> int:
        """The sample; of a round of earlier times, which was not drawn here, what was assigned."""
        return self.drawn or self.tally.planned


def format_lines(round_: FieldRound, user: Any) -> list[FormatLine]:
    """Every format of the round, overt ones first; what was drawn counts once the draw is confirmed. The reader's own
    areas only, and no covert visit that is hidden from the reader. Six queries."""
    formats = round_.formats.order_by(F("mode").desc(), "code")
    lines = {(each.mode, each.code): FormatLine(each) for each in formats}
    counted = (
        points_in_round(round_, timezone.localdate())
        .visible_to(user)
        .values_list("mode", "format")
        .annotate(n=Count("pk"))
    )
    for mode, code, count in counted.order_by():
        lines[mode, code].points = count
    for mode, code, count in _drawn(round_, user):
        if (mode, code) in lines:
            lines[mode, code].drawn = count
    visits = FieldVisit.objects.visible_to(user).filter(round_no=round_.number)
    for key, tally in tallies(visits).items():
        if key in lines:
            lines[key].tally = tally
    problems = Finding.objects.visible_to(user).filter(visit__round_no=round_.number, problem__is_open=True)
    found = problems.values_list("visit__mode", "visit__format").annotate(n=Count("pk"))
    for mode, code, count in found.order_by():
        if (mode, code) in lines:
            lines[mode, code].open_problems = count
    return list(lines.values())


def _drawn(round_: FieldRound, user: Any) -> Iterable[tuple[str, str, int]]:
    draw, reach = draw_owned_by(round_.subject), reach_of(user)
    if draw is None or draw.state != DrawState.CONFIRMED:
        return ()
    picked = Counter(format_of(each.stratum) for each in sample_of(draw) if reach.covers(each.area_key))
    holds = reach.covers(round_.area)
    return [(mode, code, count) for (mode, code), count in picked.items() if holds or mode == Mode.OVERT]


def short_strata(draw: Draw) -> list[DrawCell]:
    """Strata that have fewer who can be drawn than the parameters ask for."""
    return list(draw.cells.filter(drawn__lt=F("wanted")).order_by("stratum"))


def sampled_points(round_: FieldRound, user: Any) -> list[FieldPoint]:
    """The points of the confirmed sample that the user may see, in order of code: which covert ones were drawn is the
    business of whoever holds the round, not of those inside it who are checked. Three queries."""
    draw = draw_owned_by(round_.subject)
    if draw is None or draw.state != DrawState.CONFIRMED:
        return []
    keys = [UUID(each.key) for each in sample_of(draw)]
    rows = FieldPoint.objects.visible_to(user).filter(uid__in=keys).select_related("operator").order_by("code")
    return list(rows if reach_of(user).covers(round_.area) else rows.filter(mode=Mode.OVERT))


def unassigned(round_: FieldRound, user: Any) -> list[FieldPoint]:
    """Points of the sample that nobody has been sent to yet, as far as the user may see them."""
    with system_scope():  # a covert visit that the user does not see is assigned all the same
        assigned = set(
            FieldVisit.objects.filter(round_no=round_.number).exclude(state=VisitState.REPLACED)
            .values_list("point_id", flat=True)
        )  # fmt: skip
    return [point for point in sampled_points(round_, user) if point.pk not in assigned]


def key_in_sample(round_: FieldRound, point: FieldPoint) -> bool:
    """Is the point in the confirmed sample as it stands?"""
    draw = draw_owned_by(round_.subject)
    if draw is None or draw.state != DrawState.CONFIRMED:
        return False
    return str(point.uid) in {each.key for each in sample_of(draw)}
