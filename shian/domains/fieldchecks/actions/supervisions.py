"""A special supervision's way: planned with every topic of every area, drawn, filled in, reported, rectified."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.fieldchecks.actions.refusals import CheckRefused
from shian.domains.fieldchecks.actions.steps import locked_in
from shian.domains.fieldchecks.models import SpecialSupervision, SupervisionCell, SupervisionState
from shian.domains.fieldchecks.permissions import SUPERVISION_KEEP
from shian.domains.fieldchecks.queries.numbers import numbers_at
from shian.domains.fieldchecks.queries.supervisions import FRAME, empty_cells, township_lines
from shian.engine.cases.series import next_in_series
from shian.engine.draws.actions import Draft, Randomness, create_draw, freeze_draw
from shian.engine.draws.events import DrawMoved
from shian.engine.draws.models import Draw, DrawState
from shian.engine.draws.queries import draw_owned_by
from shian.engine.draws.rules.sampling import Parameters
from shian.kernel.accounts.permissions import acting
from shian.kernel.notary.actions import seal
from shian.kernel.scope.rules import columns_of_key, key_of_code
from shian.kernel.ui.languages import language_of_record
from shian.registers.areas.queries import areas_valid_at

TINY = "0.000001"  # the share asks for nothing; the number for each area comes from the minimum
STEPS = {SupervisionState.DRAWN: SupervisionState.CHECKED, SupervisionState.REPORTED: SupervisionState.RECTIFIED}


@dataclass(frozen=True)
class SupervisionPlan:
    """`area`: the code of the city; so many townships are drawn of each of its areas."""

    title: str
    area: str
    starts_on: date
    ends_on: date
    per_area: int


@transaction.atomic
def plan_supervision(*, plan: SupervisionPlan, by: Any, at: datetime) -> SpecialSupervision:
    """With one cell for each topic in force and each county. Raises PermissionDenied, OutOfReach, CheckRefused."""
    key, today = key_of_code(plan.area), timezone.localdate(at)
    name = acting(SUPERVISION_KEEP, by, key)
    if plan.ends_on < plan.starts_on:
        raise CheckRefused(_("结束日期不能早于开始日期。"), "ends_on")
    areas = list(areas_valid_at(today).filter(level="county", key__startswith=key).values_list("key", flat=True))
    if not areas:
        raise CheckRefused(_("这个区划下没有县（市、区）。"), "area")
    made = SpecialSupervision.objects.create(
        number=next_in_series(SpecialSupervision.objects, f"{key}-ZX{plan.starts_on.year}-"), title=plan.title,
        area_code=plan.area, starts_on=plan.starts_on,
        ends_on=plan.ends_on, per_area=plan.per_area, planned_at=at, planned_by=name, **columns_of_key(key),
    )  # fmt: skip
    topics = numbers_at(today).topics
    SupervisionCell.objects.bulk_create(
        SupervisionCell(supervision=made, area_key=area, topic=topic, order=order, **columns_of_key(area))
        for area in sorted(areas)
        for order, topic in enumerate(topics)
    )
    told = {"number": made.number, "title": made.title, "topics": list(topics), "areas": sorted(areas)}
    _seal("fieldchecks.supervision_planned", made, name, at, told)
    return made


@transaction.atomic
def draft_supervision_draw(
    *, supervision: SpecialSupervision, randomness: Randomness, by: Any, at: datetime
) -> Draw:  # fmt: skip
    """Freeze the townships of every area, so many of which are drawn. Raises PermissionDenied, OutOfReach,
    CheckRefused, DrawRefused."""
    name = acting(SUPERVISION_KEEP, by, supervision.area)
    locked = locked_in(supervision, SupervisionState.PLANNED)
    if draw_owned_by(locked.subject) is not None:
        raise CheckRefused(_("已经起草抽签；要重抽，请先作废原来的抽签。"))
    day = timezone.localdate(at)
    with language_of_record():
        lines = township_lines(locked.area, day)
    parameters = Parameters(ratio=TINY, minimum=locked.per_area, reserves="1")
    draft = Draft(
        title=locked.title, area=locked.area_code, frame_kind=FRAME, as_of=day, parameters=parameters,
        method=randomness.method, basis=_("专项督查随机抽取乡镇（街道）"), sources=randomness.sources,
        known_at=randomness.known_at, parties=randomness.parties, lines=lines, owner=locked.subject,
    )  # fmt: skip
    draw = freeze_draw(draw=create_draw(draft=draft, by=by, at=at), by=by, at=at)
    _seal("fieldchecks.supervision_frozen", locked, name, at, {"draw": str(draw.uid)})
    return draw


@transaction.atomic
def follow_township_draw(event: DrawMoved) -> None:
    """The townships of a supervision are confirmed: it is drawn."""
    if event.frame_kind != FRAME or event.state != DrawState.CONFIRMED:
        return
    found = SpecialSupervision.objects.select_for_update().filter(pk=int(event.owner.rpartition(":")[2])).first()
    if found is None or found.state != SupervisionState.PLANNED:
        return
    found.state = SupervisionState.DRAWN
    found.save(update_fields=["state"])
    _seal("fieldchecks.supervision_drawn", found, event.by, event.at, {"draw": event.draw})


@transaction.atomic
def fill_cell(
    *, cell: SupervisionCell, findings: str, score: Decimal | None, reason: str, by: Any, at: datetime
) -> SupervisionCell:
    """What was found on a topic in an area with its score, or why nothing was looked at. Raises PermissionDenied,
    OutOfReach, CheckRefused."""
    name = acting(SUPERVISION_KEEP, by, cell.area_key)
    locked_in(cell.supervision, SupervisionState.DRAWN)
    findings, reason = findings.strip(), reason.strip()
    if bool(findings) == bool(reason):
        raise CheckRefused(_("写明发现情况，或者写明未检查的原因，二者填一项。"), "findings")
    if bool(findings) != (score is not None):
        raise CheckRefused(_("有发现情况就要打分，未检查的不打分。"), "score")
    locked: SupervisionCell = SupervisionCell.objects.select_for_update().get(pk=cell.pk)
    locked.findings, locked.score, locked.reason = findings, score, reason
    locked.filled_at, locked.filled_by = at, name
    locked.save(update_fields=["findings", "score", "reason", "filled_at", "filled_by"])
    told = {
        "area": locked.area_key, "topic": locked.topic, "findings": findings, "reason": reason,
        "score": None if score is None else str(score),
    }  # fmt: skip
    _seal("fieldchecks.supervision_filled", cell.supervision, name, at, told)
    return locked


@transaction.atomic
def report_supervision(*, supervision: SpecialSupervision, by: Any, at: datetime) -> SpecialSupervision:
    """The report stands; refused while a topic of an area is empty without a reason. Raises PermissionDenied,
    OutOfReach, CheckRefused."""
    name = acting(SUPERVISION_KEEP, by, supervision.area)
    locked = locked_in(supervision, SupervisionState.CHECKED)
    locked.state, locked.reported_at = SupervisionState.REPORTED, at
    locked.save(update_fields=["state", "reported_at"])
    _seal("fieldchecks.supervision_reported", locked, name, at, {})
    return locked


@transaction.atomic
def advance_supervision(*, supervision: SpecialSupervision, by: Any, at: datetime) -> SpecialSupervision:
    """From drawn to checked, once every cell is filled; from reported to rectified. Raises as the others."""
    name = acting(SUPERVISION_KEEP, by, supervision.area)
    locked: SpecialSupervision = SpecialSupervision.objects.select_for_update().get(pk=supervision.pk)
    then = STEPS.get(SupervisionState(locked.state))
    if then is None:
        raise CheckRefused(_("现在是“%(state)s”，不能这样办理。") % {"state": locked.get_state_display()})
    if then == SupervisionState.CHECKED and (empty := empty_cells(locked)):
        raise CheckRefused(_("还有 %(count)s 项没有填写，也没有写明原因。") % {"count": empty})
    locked.state = then
    locked.save(update_fields=["state"])
    _seal("fieldchecks.supervision_advanced", locked, name, at, {"state": locked.state})
    return locked


def _seal(action: str, supervision: SpecialSupervision, by: str, at: datetime, told: dict[str, Any]) -> None:
    seal(action=action, by=by, subject=supervision.subject, data=told, at=at)
