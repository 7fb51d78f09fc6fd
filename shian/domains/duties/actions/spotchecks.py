"""A spot check's way: planned, drawn, looked at visit by visit, scored, published (C-09)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shian.domains.duties.actions.locking import locked_in
from shian.domains.duties.actions.refusals import DutyRefused
from shian.domains.duties.actions.spotscores import keep_scores, scores_told
from shian.domains.duties.actions.untrue import open_matter
from shian.domains.duties.models import DutyVisit, SpotCheck, SpotItem, SpotState, Truth
from shian.domains.duties.permissions import SPOT_KEEP
from shian.domains.duties.queries.spotchecks import FRAME, frame_of, level_of, spot_numbers
from shian.domains.duties.rules.spotchecks import TIERS_BELOW, sheet_score, whole_quarters
from shian.engine.cases.series import next_in_series
from shian.engine.draws.actions import Draft, Randomness, create_draw, freeze_draw
from shian.engine.draws.events import DrawMoved
from shian.engine.draws.models import Draw, DrawState
from shian.engine.draws.queries import draw_owned_by, sample_of
from shian.engine.draws.rules.sampling import Parameters
from shian.kernel.accounts.permissions import acting
from shian.kernel.files.actions import store_file
from shian.kernel.notary.actions import seal
from shian.kernel.scope.rules import columns_of_key, key_of_code
from shian.kernel.scope.walls import system_scope
from shian.kernel.ui.languages import language_of_record
from shian.registers.areas.queries import area_names

PICTURES = ("png", "jpg")
AREA_COLUMNS = ("province", "city", "county", "township", "village")


@dataclass(frozen=True)
class SpotPlan:
    """What a check is to be. `area`: a code; since and until bound whole quarters; share: a part of 1."""

    title: str
    area: str
    since: date
    until: date
    team: str
    share: Decimal
    least: int


@transaction.atomic
def plan_check(*, plan: SpotPlan, by: Any, at: datetime) -> SpotCheck:
    """A new check of quarters that are over. Raises PermissionDenied, OutOfReach, DutyRefused."""
    key = key_of_code(plan.area)
    name = acting(SPOT_KEEP, by, key)
    if level_of(key).value not in TIERS_BELOW:
        raise DutyRefused(_("这个区划下没有包保干部可查。"), "area")
    try:
        whole_quarters(plan.since, plan.until)
    except ValueError:
        raise DutyRefused(_("请选择完整的季度。"), "period") from None
    if plan.until >= timezone.localdate(at):
        raise DutyRefused(_("这个期间还没有结束。"), "period")
    if not 0 < plan.share <= 1 or plan.least < 1:
        raise DutyRefused(_("抽取比例应在 0 到 1 之间，每层至少 1 次。"), "share")
    made = SpotCheck.objects.create(
        number=next_in_series(SpotCheck.objects, f"DC{plan.until.year}-{key}-"), title=plan.title.strip(),
        area_code=plan.area, since=plan.since, until=plan.until, team=plan.team.strip(), share=plan.share,
        least=plan.least, planned_at=at, planned_by=name, **columns_of_key(key),
    )  # fmt: skip
    told = {
        "number": made.number, "title": made.title, "from": plan.since.isoformat(), "to": plan.until.isoformat(),
        "share": str(plan.share), "least": plan.least, "team": made.team,
    }  # fmt: skip
    _seal("duties.spotcheck_planned", made, name, at, told)
    return made


@transaction.atomic
def draft_check_draw(*, check: SpotCheck, randomness: Randomness, by: Any, at: datetime) -> Draw:
    """Freeze the visits of the period with share and least, before the randomness can be known; the other steps stand
    on the page of the draw. Raises PermissionDenied, OutOfReach, DutyRefused, DrawRefused."""
    name = acting(SPOT_KEEP, by, check.area)
    locked = locked_in(check, SpotState.PLANNED)
    if draw_owned_by(locked.subject) is not None:
        raise DutyRefused(_("已经起草抽签；要重抽，请先作废原来的抽签。"))
    day = timezone.localdate(at)
    with system_scope(), language_of_record():  # every visit may be drawn, whatever of them the drafter may read
        lines = frame_of(locked, area_names(day))
    if not any(not line.row.excluded for line in lines):
        raise DutyRefused(_("这个期间没有可抽的督导记录。"))
    draft = Draft(
        title=locked.title, area=locked.area_code, frame_kind=FRAME, as_of=day,
        parameters=Parameters(ratio=f"{locked.share.normalize():f}", minimum=locked.least),
        method=randomness.method, basis=_("按乡镇（街道）抽取督导记录"), sources=randomness.sources,
        known_at=randomness.known_at, parties=randomness.parties, lines=lines, owner=locked.subject,
    )  # fmt: skip
    draw = freeze_draw(draw=create_draw(draft=draft, by=by, at=at), by=by, at=at)
    _seal("duties.spotcheck_frozen", locked, name, at, {"draw": str(draw.uid), "visits": len(lines)})
    return draw


@transaction.atomic
def follow_check_draw(event: DrawMoved) -> None:
    """The sample of a check's draw is confirmed: its visits are to be looked at."""
    if event.frame_kind != FRAME or event.state != DrawState.CONFIRMED:
        return
    with system_scope():
        found = SpotCheck.objects.select_for_update().filter(pk=int(event.owner.rpartition(":")[2])).first()
        if found is None or found.state != SpotState.PLANNED:
            return
        draw = Draw.objects.get(pk=event.draw)
        visits = DutyVisit.objects.filter(uid__in=[UUID(each.key) for each in sample_of(draw)]).order_by("pk")
        SpotItem.objects.bulk_create(
            SpotItem(check_of=found, visit=each, **{name: getattr(each, name) for name in AREA_COLUMNS})
            for each in visits
        )
        found.state = SpotState.SAMPLED
        found.save(update_fields=["state"])
    told = {"draw": str(draw.uid), "visits": [each.number for each in visits]}
    _seal("duties.spotcheck_sampled", found, event.by, event.at, told)


@dataclass(frozen=True)
class Judgement:
    """What was found at the place: is the visit true, the answers of the sheet (of a true one), what is told."""

    is_true: bool
    answers: Mapping[str, str]
    note: str
    photo: BinaryIO | None = None


@transaction.atomic
def judge_item(*, item: SpotItem, judgement: Judgement, by: Any, at: datetime) -> SpotItem:
    """Found true with the sheet, or untrue with the reason. An untrue visit no longer counts, and becomes a matter for
    its official. Judged once; a mistake is withdrawn. Raises PermissionDenied, OutOfReach, DutyRefused, FileRefused."""
    name = acting(SPOT_KEEP, by, item.check_of.area)
    check = locked_in(item.check_of, SpotState.SAMPLED)
    locked = SpotItem.objects.select_for_update().get(pk=item.pk)
    if locked.truth != Truth.OPEN:
        raise DutyRefused(_("这次督导已经由他人核查，您的操作没有保存。"))
    note = judgement.note.strip()
    if not judgement.is_true and not note:
        raise DutyRefused(_("不属实的，请写明理由。"), "note")
    locked.truth = Truth.TRUE if judgement.is_true else Truth.UNTRUE
    if judgement.is_true:
        try:
            locked.score = sheet_score(judgement.answers, spot_numbers(check).items)
        except ValueError:
            raise DutyRefused(_("核查表的每一项都要回答。")) from None
        locked.answers = dict(judgement.answers)
    if judgement.photo is not None:
        file_name = f"spot-{locked.pk}.jpg"
        locked.photo = store_file(name=file_name, stream=judgement.photo, kinds=PICTURES, by=name, at=at)
    locked.note, locked.checked_at, locked.checked_by = note[:300], at, name
    if not judgement.is_true:
        DutyVisit.objects.filter(pk=locked.visit_id).update(is_untrue=True)
        locked.matter = open_matter(check=check, item=locked, by=name, at=at)
    locked.save()
    told = {
        "visit": locked.visit.number, "truth": str(locked.truth), "note": note, "answers": locked.answers,
        "photo": locked.photo.sha256 if locked.photo else "",
    }  # fmt: skip
    _seal("duties.spotcheck_judged", check, name, at, told)
    return locked


@transaction.atomic
def score_check(*, check: SpotCheck, by: Any, at: datetime) -> int:
    """Score every area once each drawn visit was looked at. How many scores. Raises PermissionDenied, OutOfReach,
    DutyRefused."""
    name = acting(SPOT_KEEP, by, check.area)
    locked = locked_in(check, SpotState.SAMPLED)
    left = locked.items.filter(truth=Truth.OPEN).count()
    if left:
        raise DutyRefused(_("还有 %(count)s 次督导没有核查。") % {"count": left})
    written = keep_scores(locked)
    locked.state = SpotState.CHECKED
    locked.save(update_fields=["state"])
    _seal("duties.spotcheck_scored", locked, name, at, scores_told(locked))
    return written


@transaction.atomic
def publish_check(*, check: SpotCheck, by: Any, at: datetime) -> SpotCheck:
    """The areas below may read the ranking and their own sample. Raises PermissionDenied, OutOfReach, DutyRefused."""
    name = acting(SPOT_KEEP, by, check.area)
    locked = locked_in(check, SpotState.CHECKED)
    locked.state, locked.published_at = SpotState.PUBLISHED, at
    locked.save(update_fields=["state", "published_at"])
    _seal("duties.spotcheck_published", locked, name, at, scores_told(locked))
    return locked


def _seal(action: str, check: SpotCheck, by: str, at: datetime, told: Mapping[str, Any]) -> None:
    seal(action=action, by=by, subject=check.subject, data=dict(told), at=at)
