"""A visit that was found untrue: a matter for its official, explained, upheld on its own page, or withdrawn."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from shian.domains.duties.actions.refusals import DutyRefused
from shian.domains.duties.actions.spotscores import rescore, scores_told
from shian.domains.duties.models import DutyVisit, SpotCheck, SpotItem, SpotState, Truth
from shian.domains.duties.permissions import OFFICIAL_WORK, SPOT_KEEP
from shian.domains.duties.queries.problems import UNTRUE, food_office
from shian.domains.duties.queries.spotchecks import own_untrue, spot_numbers
from shian.engine.cases.actions import Given, Opening, move_case, open_case
from shian.engine.cases.declarations import case_type
from shian.engine.cases.models import Case
from shian.kernel.accounts.permissions import acting
from shian.kernel.accounts.permissions import check as permit
from shian.kernel.notary.actions import seal
from shian.kernel.scope.models import OutOfReach
from shian.kernel.scope.walls import system_scope
from shian.kernel.ui.languages import language_of_record
from shian.registers.people.queries import unit_in_charge


def open_matter(*, check: SpotCheck, item: SpotItem, by: str, at: datetime) -> Case | None:
    """The case of an untrue visit; none where no food-safety office is known. In the transaction of the judgement."""
    visit = item.visit
    with system_scope(), language_of_record():
        issuer = food_office(check.area)
        if issuer is None:
            return None
        return open_case(
            declared=case_type(UNTRUE),
            opening=Opening(
                title=_("督导不实：%(place)s") % {"place": visit.operator.name[:90]},
                area_key=visit.township or visit.area, issuer=issuer, unit=unit_in_charge(visit.area), body=item.note,
                subject=visit.subject, operator_code=visit.operator.code,
                data={"visit": visit.number, "spotcheck": check.number, "official": visit.official.code,
                      "place": visit.operator.name[:120]},
            ),
            by=by, at=at,
        )  # fmt: skip


@transaction.atomic
def explain_untrue(*, item: SpotItem, note: str, by: Any, at: datetime) -> Case:
    """The official says how it was. Raises PermissionDenied, OutOfReach, DutyRefused, CaseRefused."""
    permit(OFFICIAL_WORK, by)
    with system_scope():
        if not own_untrue(by).filter(pk=item.pk).exists() or item.matter is None:
            raise OutOfReach(f"duties.spotitem:{item.pk}")
        if not note.strip():
            raise DutyRefused(_("请写明情况。"), "note")
        return _moved(item.matter, "explain", note.strip(), by.get_username(), at)


@transaction.atomic
def withdraw_finding(*, item: SpotItem, note: str, by: Any, at: datetime) -> SpotItem:
    """The team was wrong: the visit counts again as a true one, without a sheet; scores that are kept are corrected.
    Raises PermissionDenied, OutOfReach, DutyRefused, CaseRefused."""
    name = acting(SPOT_KEEP, by, item.check_of.area)
    check = SpotCheck.objects.select_for_update().get(pk=item.check_of_id)
    locked = SpotItem.objects.select_for_update(of=("self",)).select_related("matter", "visit").get(pk=item.pk)
    if locked.truth != Truth.UNTRUE or (locked.matter is not None and not locked.matter.is_open):
        raise DutyRefused(_("不属实的认定已经处理或者撤销，不能再撤销。"))
    if not note.strip():
        raise DutyRefused(_("请写明撤销的理由。"), "note")
    with language_of_record():
        locked.truth, locked.note = Truth.TRUE, (_("撤销认定：%(note)s") % {"note": note.strip()})[:300]
    locked.save(update_fields=["truth", "note"])
    DutyVisit.objects.filter(pk=locked.visit_id).update(is_untrue=False)
    with system_scope():
        if locked.matter is not None:
            _moved(locked.matter, "withdraw", note.strip(), name, at)
    told = {"visit": locked.visit.number, "note": note.strip(), "sheet": str(spot_numbers(check).valid_from)}
    if check.state in {SpotState.CHECKED, SpotState.PUBLISHED}:
        rescore(check, at)
        told |= scores_told(check)
    seal(action="duties.spotcheck_withdrawn", by=name, subject=check.subject, data=told, at=at)
    return locked


def _moved(matter: Case, step: str, note: str, by: str, at: datetime) -> Case:
    declared = case_type(UNTRUE)
    move_case(declared=declared, case=matter, step=declared.step(step), seen=matter.version, given=Given(note=note),
              by=by, at=at)  # fmt: skip
    return matter
