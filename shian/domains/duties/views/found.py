"""What a spot check found of a visit, on the page of the visit."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _n

from shian.domains.duties.models import DutyVisit, SpotItem, SpotState, Truth
from shian.domains.duties.queries.spotchecks import check_for, found_at, spot_numbers
from shian.domains.duties.tables.spotchecks import TRUTH_TONES, check_url
from shian.domains.duties.views.spotchecks import may_keep
from shian.engine.cases.queries import may_see_case
from shian.engine.cases.tables import case_url
from shian.kernel.scope.models import OutOfReach
from shian.kernel.ui.actors import actor
from shian.kernel.ui.pieces import Action, Callout, Fact, Section
from shian.kernel.ui.states import OVERDUE

SPOT_PHOTO = "spot_photo"
WORDS = {"yes": _n("是"), "no": _n("否"), "na": _n("不适用")}


def found_for(user: Any, visit: DutyVisit) -> SpotItem | None:
    """As far as the reader sees the check: before it is published only who keeps it does."""
    found = found_at(visit)
    if found is None:
        return None
    try:
        check_for(user, found.check_of_id)
    except OutOfReach:
        return None
    return found if may_keep(user, found.check_of) or found.check_of.state == SpotState.PUBLISHED else None


def found_notes(found: SpotItem | None) -> list[Callout]:
    """An untrue visit says so above everything else."""
    if found is None or found.truth != Truth.UNTRUE:
        return []
    return [Callout(_("经督查核查不属实，这次督导不计入完成率"), found.note, state=OVERDUE)]


def found_sections(found: SpotItem | None) -> list[Section]:
    """Result and sheet."""
    if found is None:
        return []
    truth, check = Truth(found.truth), found.check_of
    photo = reverse("duties:visit_download", args=[found.visit_id, SPOT_PHOTO])
    facts = [
        Fact(_("核查结果"), truth.label, state=TRUTH_TONES[truth]), Fact(_("督查"), check.title, url=check_url(check)),
        Fact(_("核查得分"), found.score, kind="number"), Fact(_("核查情况"), found.note),
        Fact(_("现场照片"), _("查看") if found.photo_id else None, url=photo if found.photo_id else ""),
        Fact(_("核查时间"), found.checked_at, kind="moment"), Fact(_("核查人"), actor(found.checked_by)),
        *(Fact(each.title, _(WORDS[found.answers[each.key]])) for each in spot_numbers(check).items
          if each.key in found.answers),
    ]  # fmt: skip
    return [Section(_("督查核查"), [fact for fact in facts if fact.value not in (None, "")])]


def steps_of(user: Any, found: SpotItem | None) -> list[Action]:
    """To the matter, and taking the finding back."""
    if found is None or found.truth != Truth.UNTRUE:
        return []
    steps = []
    if found.matter is not None and may_see_case(user, str(found.matter_id)):
        steps.append(Action(_("督导不实事项"), case_url(found.matter), icon="eye"))
    if may_keep(user, found.check_of) and (found.matter is None or found.matter.is_open):
        url = reverse("duties:spotitem_withdraw", args=[found.pk])
        steps.append(Action(_("撤销认定"), url, icon="arrow-left", kind="danger-quiet"))
    return steps
