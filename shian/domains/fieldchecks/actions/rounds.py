"""A round's way: planned, drawn, visiting, closed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.fieldchecks.actions.refusals import CheckRefused
from shian.domains.fieldchecks.actions.steps import locked_in
from shian.domains.fieldchecks.actions.visits import Errand, Team, assign_visits, give_up
from shian.domains.fieldchecks.models import FieldPoint, FieldRound, FieldTeam, FieldVisit, RoundFormat, RoundState
from shian.domains.fieldchecks.models.visits import BEFORE_SHEET
from shian.domains.fieldchecks.permissions import ROUND_PLAN
from shian.domains.fieldchecks.queries.formats import CheckFormat
from shian.domains.fieldchecks.queries.rounds import FRAME, frame_of_round, unassigned
from shian.engine.cases.series import next_in_series
from shian.engine.draws.actions import Draft, Randomness, create_draw, freeze_draw, replace_pick
from shian.engine.draws.events import DrawMoved, PickReplaced
from shian.engine.draws.models import Draw, DrawState, Replacement
from shian.engine.draws.queries import draw_owned_by
from shian.engine.draws.rules.sampling import Parameters
from shian.kernel.accounts.permissions import acting
from shian.kernel.notary.actions import seal
from shian.kernel.scope.rules import columns_of_key, key_of_code
from shian.kernel.scope.walls import system_scope
from shian.kernel.ui.languages import language_of_record
from shian.registers.areas.queries import area_names


@dataclass(frozen=True)
class RoundPlan:
    """What a round is to be. `area`: a code; shares as decimals."""

    title: str
    area: str
    starts_on: date
    ends_on: date
    ratio: Decimal
    least: int
    reserves: Decimal
    quiet_days: int
    formats: Sequence[CheckFormat]
    teams: Sequence[FieldTeam] = field(default_factory=list)


@transaction.atomic
def plan_round(*, plan: RoundPlan, by: Any, at: datetime) -> FieldRound:
    """A new round with its formats as they are in the dictionary. Raises PermissionDenied, OutOfReach, CheckRefused."""
    key = key_of_code(plan.area)
    name = acting(ROUND_PLAN, by, key)
    if not plan.formats:
        raise CheckRefused(_("请至少选择一个业态。"), "formats")
    if plan.ends_on < plan.starts_on:
        raise CheckRefused(_("结束日期不能早于开始日期。"), "ends_on")
    if not 0 < plan.ratio <= 1:
        raise CheckRefused(_("抽取比例应在 0 到 1 之间。"), "ratio")
    made = FieldRound.objects.create(
        number=next_in_series(FieldRound.objects, f"{key}-{plan.starts_on.year}-"), title=plan.title,
        area_code=plan.area, starts_on=plan.starts_on,
        ends_on=plan.ends_on, ratio=plan.ratio, least=plan.least, reserves=plan.reserves, quiet_days=plan.quiet_days,
        planned_at=at, planned_by=name, **columns_of_key(key),
    )  # fmt: skip
    RoundFormat.objects.bulk_create(
        RoundFormat(round=made, mode=each.mode, code=each.code, name=each.name, form=each.form, weight=each.weight)
        for each in plan.formats
    )
    made.teams.set(plan.teams)
    told = {
        "number": made.number, "title": made.title, "from": plan.starts_on.isoformat(),
        "to": plan.ends_on.isoformat(), "ratio": str(plan.ratio),
        "formats": [f"{each.mode}:{each.code}" for each in plan.formats], "teams": [each.code for each in plan.teams],
    }  # fmt: skip
    _seal("fieldchecks.round_planned", made, name, at, told)
    return made


@transaction.atomic
def draft_round_draw(*, round: FieldRound, randomness: Randomness, by: Any, at: datetime) -> Draw:
    """Take the frame of the day and freeze it with the round's parameters, before the randomness can be known; the
    steps that follow stand on the page of the draw. Raises PermissionDenied, OutOfReach, CheckRefused, DrawRefused."""
    name = acting(ROUND_PLAN, by, round.area)
    locked = locked_in(round, RoundState.PLANNED)
    if draw_owned_by(locked.subject) is not None:
        raise CheckRefused(_("这一轮已经起草抽签；要重抽，请先作废原来的抽签。"))
    day = timezone.localdate(at)
    with system_scope(), language_of_record():  # the whole area is drawn, whatever of it the drafter may read
        lines = frame_of_round(locked, day, area_names(day))
    if not any(not line.row.excluded for line in lines):
        raise CheckRefused(_("没有可抽的点位：点位须已就绪、不是标杆、近期没有检查过。"))
    draft = Draft(
        title=locked.title, area=locked.area_code, frame_kind=FRAME, as_of=day,
        parameters=Parameters(
            ratio=_plain(locked.ratio), minimum=locked.least, reserves=_plain(locked.reserves)
        ),
        method=randomness.method, basis=_("按业态抽取现场检查点位"), sources=randomness.sources,
        known_at=randomness.known_at, parties=randomness.parties, lines=lines, owner=locked.subject,
    )  # fmt: skip
    draw = freeze_draw(draw=create_draw(draft=draft, by=by, at=at), by=by, at=at)
    _seal("fieldchecks.round_frozen", locked, name, at, {"draw": str(draw.uid), "points": len(lines)})
    return draw


def _plain(share: Decimal) -> str:
    """0.2000 → "0.2": what is published is not padded."""
    return f"{share.normalize():f}"


@transaction.atomic
def follow_draw(event: DrawMoved) -> None:
    """The sample of a round's draw is confirmed: the round is drawn."""
    if event.frame_kind != FRAME or event.state != DrawState.CONFIRMED:
        return
    with system_scope():
        found = FieldRound.objects.select_for_update().filter(pk=int(event.owner.rpartition(":")[2])).first()
        if found is None or found.state != RoundState.PLANNED:
            return
        found.state = RoundState.DRAWN
        found.save(update_fields=["state"])
    _seal("fieldchecks.round_drawn", found, event.by, event.at, {"draw": event.draw})


@transaction.atomic
def begin_visits(*, round: FieldRound, by: Any, at: datetime) -> FieldRound:
    """The teams set out. Raises PermissionDenied, OutOfReach, CheckRefused."""
    name = acting(ROUND_PLAN, by, round.area)
    locked = locked_in(round, RoundState.DRAWN)
    locked.state = RoundState.VISITING
    locked.save(update_fields=["state"])
    _seal("fieldchecks.round_begun", locked, name, at, {})
    return locked


@transaction.atomic
def close_round(*, round: FieldRound, by: Any, at: datetime) -> FieldRound:
    """Nothing more is visited in the round. Raises PermissionDenied, OutOfReach, CheckRefused."""
    name = acting(ROUND_PLAN, by, round.area)
    locked = locked_in(round, RoundState.VISITING)
    locked.state, locked.closed_at, locked.closed_by = RoundState.CLOSED, at, name
    locked.save(update_fields=["state", "closed_at", "closed_by"])
    _seal("fieldchecks.round_closed", locked, name, at, {})
    return locked


@transaction.atomic
def assign_sample(
    *, round: FieldRound, points: Sequence[FieldPoint], team: Team, due_on: date | None, by: Any, at: datetime
) -> list[FieldVisit]:  # fmt: skip
    """Send a team to points of the sample, each with the form that the round names. Raises PermissionDenied,
    OutOfReach, CheckRefused."""
    acting(ROUND_PLAN, by, round.area)
    locked = locked_in(round, RoundState.VISITING)
    waiting = {each.pk for each in unassigned(locked, by)}
    if not points or any(each.pk not in waiting for each in points):
        raise CheckRefused(_("这些点位不在样本里，或者已经安排。"), "kind")
    forms = {(each.mode, each.code): each.form for each in locked.formats.all()}
    errand = Errand([(each, forms.get((each.mode, each.format), "")) for each in points], due_on, locked.number)
    return assign_visits(errand=errand, team=team, by=by, at=at)


@transaction.atomic
def replace_site(*, round: FieldRound, point: FieldPoint, reason: str, by: Any, at: datetime) -> Replacement:
    """A drawn point cannot be visited: the next reserve of its stratum takes its place, and its visit if somebody was
    sent there already. Raises PermissionDenied, OutOfReach, CheckRefused, DrawRefused."""
    acting(ROUND_PLAN, by, round.area)
    draw = draw_owned_by(round.subject)
    if draw is None or round.state == RoundState.CLOSED:
        raise CheckRefused(_("这一轮没有可以替换的样本。"))
    return replace_pick(draw=draw, key=str(point.uid), reason=reason.strip(), by=by, at=at)


@transaction.atomic
def follow_replacement(event: PickReplaced) -> None:
    """A reserve stepped in: the visit of the point that is gone is given up, the same team goes to the other one."""
    if event.frame_kind != FRAME:
        return
    with system_scope():
        round_ = FieldRound.objects.get(pk=int(event.owner.rpartition(":")[2]))
        visit = FieldVisit.objects.filter(
            point__uid=event.gone, round_no=round_.number, state__in=BEFORE_SHEET
        ).select_related("issuer", "lead", "second").first()  # fmt: skip
        if visit is None:
            return
        give_up(visit=visit, reason=event.reason, is_replaced=True, by=event.by, at=event.at)
        point = FieldPoint.objects.get(uid=event.stand_in)
        form = round_.formats.filter(mode=point.mode, code=point.format).values_list("form", flat=True).first() or ""
        errand = Errand([(point, form)], visit.due_on, round_.number)
        team = Team(visit.issuer, visit.lead, visit.second)
        assign_visits(errand=errand, team=team, by=event.by, at=event.at)


def _seal(action: str, round_: FieldRound, by: str, at: datetime, told: dict[str, Any]) -> None:
    seal(action=action, by=by, subject=round_.subject, data=told, at=at)
